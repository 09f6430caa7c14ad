"""Runs a module that can be trapped.

The module works as ever, but dies by SIGKILL at a point for which there is a trap in the folder
(``killing_traps``). Points stand at the ports, so they are the same with files and with servers.
"""

import atexit
import os
import runpy
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import wraps
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services import bootstrap
from services.bus import Bus, Event, Slice
from services.index import Index
from services.store import Store
from services.store.alerting import Sent
from services.store.port import Finished
from services.tied import end_with_parent
from tests.support.killing_traps import Traps

CRAWL = {
    "fetched": "the response is there, nothing is published",
    "appending": "just before pages are appended",
    "appended": "the pages are on the bus, the store does not know it",
}
DISPATCHER = {
    "polled": "a slice is polled, nothing is sent",
    "sent": "a slice is with the workers, or done where there are none",
    "committing": "the end of a slice is known, nothing is committed",
    "committed": "a slice is committed",
}
"""Each with ``-read`` or ``-index`` after it."""
WORKER = {
    "reading": "in the middle of the language model's work",
    "read": "the articles are made, nothing is published",
    "published": "the articles are on the bus, no outcome is noted",
    "buried": "a dead letter is on the bus, no outcome is noted",
    "noted-read": "the outcomes are noted, the slice has no result",
    "writing": "a bulk request is sent, or a commit of tantivy begun, without an answer",
    "indexed": "the index has the articles, no outcome is noted",
    "noted-index": "the outcomes are noted, the slice has no result",
    "matched": "it is known who is to be told, nothing is decided",
    "decided": "the alerts and their messages are rows, nothing is on the bus",
    "told": "the alerts are on the bus, no outcome is noted",
    "noted-alert": "the outcomes are noted, the slice has no result",
}
JOINED = "joined"
"""A dispatcher has polled for the first time: its group is about to share anew. As above."""
SESSION_SECONDS = 6.0
"""The least that Kafka allows. With the usual time each kill of a dispatcher would take longer."""
COMMIT_SECONDS = 0.004
"""Into a commit of tantivy, which takes about three times as long."""

PUBLISHED = {"pages": "appended", "articles": "published", "alerts": "told", "dead": "buried"}
LEASE_SECONDS = 6.0
"""How long the messages of a process that died wait; usually two minutes."""


class Victim:
    """This process: what it works on, and the traps on its way."""

    def __init__(self, traps: Traps) -> None:
        self._traps = traps
        self._part: Slice | None = None
        self._joined = False

    def watch(self, module: str) -> None:
        """Put the points into everything that the module is going to open."""
        _after(bootstrap, "open_bus", self._bus)
        _after(bootstrap, "open_store", self._store)
        if module == "crawlers":
            self._crawl()
        else:
            _after(bootstrap, "open_index", self._index)
            _after(bootstrap, "open_reader", self._reader)
            self._workers()

    def at(self, point: str) -> None:
        self._traps.pass_by(point, self._part)

    def _crawl(self) -> None:
        from crawlers.desk import Desk

        def received(_self: Any, visit: Any, *_: Any) -> None:
            if visit.role == "page":
                self.at("fetched")

        _before(Desk, "receive", received)

    def _workers(self) -> None:
        from services.stages.read import ReadStage
        from services.workers.hands import ByBroker, InProcess
        from services.workers.process import Process

        def begun(_self: Any, _step: Any, part: Slice) -> None:
            self._part = part

        def ended(_result: Any, *_: Any) -> None:
            self._part = None

        def sent(_ticket: Any, hands: Any, _part: Slice) -> None:
            self.at(f"sent-{hands._task.name.rpartition('.')[2]}")

        _before(Process, "run", begun)
        _after(Process, "run", ended)
        _after(InProcess, "send", sent)
        _after(ByBroker, "send", sent)
        _after(ReadStage, "handle", lambda *_: self.at("read"))

    def _bus(self, bus: Bus, *_: Any) -> None:
        def publishing(topic: str, events: list[Event]) -> None:
            if topic == "pages":
                self.at("appending")

        def published(_: None, topic: str, events: list[Event]) -> None:
            if events:
                self.at(PUBLISHED[topic])

        def polled(parts: list[Slice], group: str, *_: Any, **__: Any) -> None:
            if not self._joined:
                self._joined = True
                self.at(f"{JOINED}-{group}")
            if parts:
                self.at(f"polled-{group}")

        _before(bus, "publish", publishing)
        _after(bus, "publish", published)
        _after(bus, "poll", polled)
        _before(bus, "commit", lambda group, _: self.at(f"committing-{group}"))
        _after(bus, "commit", lambda _, group, __: self.at(f"committed-{group}"))

    def _store(self, store: Store, *_: Any) -> None:
        def noted(_: None, ends: list[Finished], *_pages: Any) -> None:
            if ends:
                self.at(f"noted-{ends[0].stage}")

        def taken(parcels: list[Any], *_: Any) -> None:
            if parcels:
                self.at("taken")

        def ending(_message: str, end: Any, _now: Any) -> None:
            if isinstance(end, Sent):
                self.at("posted")

        _after(store, "finish", noted)
        _before(store, "decide", lambda *_: self.at("matched"))
        _after(store, "decide", lambda *_: self.at("decided"))
        _after(store, "take", taken)
        _after(store, "freeze", lambda *_: self.at("frozen"))
        _before(store, "end", ending)

    def _reader(self, reader: Any, *_: Any) -> None:
        def handed(texts: Sequence[Any]) -> None:
            for text in texts:
                self._traps.die_for(text.body)

        _before(reader, "read", handed)
        _before(reader, "_reading", lambda _: self.at("reading"))

    def _index(self, index: Index, *_: Any, write: bool = False) -> None:
        if not write:
            return
        _after(index, "put", lambda *_: self.at("indexed"))
        if type(index).__name__ == "TantivyIndex":
            self._tantivy(index)
        else:
            self._requests()

    def _tantivy(self, index: Any) -> None:
        """A commit is cut short by a signal, which needs no thread of Python to be free."""

        def writing(*_: Any) -> None:
            if self._traps.is_struck("writing", self._part):
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, COMMIT_SECONDS)

        _before(index, "_write", writing)

    def _requests(self) -> None:
        from urllib3.connection import HTTPConnection

        def asking(connection: Any, _method: str, url: str, *_: Any, **__: Any) -> None:
            connection.asked = url

        def waiting(connection: Any) -> None:
            if "_bulk" in connection.asked:
                self.at("writing")

        _before(HTTPConnection, "putrequest", asking)
        _before(HTTPConnection, "getresponse", waiting)


def _before(owner: Any, name: str, look: Callable[..., object]) -> None:
    """Have ``look`` called with the arguments first."""
    inner = getattr(owner, name)

    @wraps(inner)
    def outer(*args: Any, **more: Any) -> Any:
        look(*args, **more)
        return inner(*args, **more)

    patch.object(owner, name, outer).start()


def _after(owner: Any, name: str, look: Callable[..., object]) -> None:
    """Have ``look`` called with the result and the arguments afterwards."""
    inner = getattr(owner, name)

    @wraps(inner)
    def outer(*args: Any, **more: Any) -> Any:
        result = inner(*args, **more)
        look(result, *args, **more)
        return result

    patch.object(owner, name, outer).start()


def play(
    command: Sequence[str], traps: Path, env: Mapping[str, str], tie: Connection, log: Path
) -> None:
    """Run a module and its arguments as a process of its own, which ends when ``tie`` does."""
    os.setsid()
    os.dup2(tie.fileno(), 0)
    with log.open("ab") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    os.environ.clear()
    os.environ.update(env)
    end_with_parent()
    module = command[0]
    if module == "celery":
        _after_its_counters(lambda: lay(traps, module))
    else:
        lay(traps, module)
    sys.argv = [*command]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()  # which a process of multiprocessing leaves out


def lay(folder: Path, module: str) -> None:
    """Put the traps on the module's way, and make short what would take a test long."""
    if os.environ.get("BEATWIRE_BUS", "").startswith("kafka://"):
        from services.bus import kafka_group

        patch.object(kafka_group, "SESSION_SECONDS", SESSION_SECONDS).start()
    from services.alerts import sending

    patch.object(sending, "LEASE", timedelta(seconds=LEASE_SECONDS)).start()
    Victim(Traps(folder)).watch(module)


def _after_its_counters(then: Callable[[], None]) -> None:
    """A worker shares its counters with its children before anything that counts is imported."""
    from celery.signals import import_modules

    import services.workers.app  # noqa: F401 - it is the first to be told

    import_modules.connect(lambda **_: then(), weak=False)
