"""Crawls the newsroom through the real pipeline: the same processes that anybody starts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import msgspec

from services.bootstrap import open_bus, open_store
from services.bus import Bus
from services.demo.home import Note, read_note, write_note
from services.demo.server import Newsroom
from services.errors import UserError
from services.settings import PREFIX, Settings, check_home, load_settings
from services.stages.flow import waiting
from services.store import Store
from services.store.port import Source

LOOK_SECONDS = 0.2
STOP_SECONDS = 35.0
LAST_EDITION = 2


class Progress(msgspec.Struct, frozen=True):
    """How far the crawl of an edition is."""

    edition: int
    fetched: int
    """Addresses that the newsroom answered for."""
    listed: int
    """Addresses that its feeds name."""
    read: int
    """Pages that the read stage brought to an end, in all editions so far."""
    indexed: int


Tell = Callable[[Progress], None]


def demo_settings() -> Settings:
    """The settings with a home folder of the demo's own, embedded whatever else is set.

    Where the home folder is a demo's already, that one goes on.
    """
    settings = load_settings()
    home = settings.home if read_note(settings.home) else settings.home / "demo"
    own = {"home": home, "bus": "", "index": "", "store": "", "broker": ""}
    own |= {"address": "", "login": "auto"}
    check_home(home)
    return settings.model_copy(update=own)


def demo_environment(home: Path, hosts: dict[str, str]) -> dict[str, str]:
    """The settings that let the processes of a demo reach the newsroom, and nothing else."""
    return {
        f"{PREFIX}HOME": str(home),
        f"{PREFIX}ALLOW_NETWORKS": "127.0.0.1/32",
        f"{PREFIX}HOSTS": ",".join(f"{name}={address}" for name, address in hosts.items()),
        f"{PREFIX}CRAWL_DELAY": "0",
    }


def travel(settings: Settings, newsroom: Newsroom, note: Note, tell: Tell) -> None:
    """Crawl and read both editions, from the one that the note names.

    Interrupted at any moment, it goes on from there when it is called again.
    Raises UserError when a process cannot do its work; its messages are in a file beside the log.
    """
    with (
        open_store(settings) as store,
        open_bus(settings) as bus,
        _process(settings, newsroom, "work", "services.cli", "work") as work,
    ):
        for source, name, url in newsroom.sources:
            store.put_source(Source(id=source, name=name, url=url, added_at=datetime.now(UTC)))
        for edition in range(note.edition, LAST_EDITION + 1):
            note = msgspec.structs.replace(note, edition=edition)
            write_note(settings.home, note)
            newsroom.edition = edition
            with _process(settings, newsroom, "crawl", "crawlers") as crawl:
                _watch(crawl, work, Counts(newsroom, bus, store), tell)
    write_note(settings.home, msgspec.structs.replace(note, done=True))


def _watch(crawl: "Running", work: "Running", counts: "Counts", tell: Tell) -> None:
    """Returns when the crawl is over and everything that it fetched is searchable."""
    while True:
        crawling = crawl.process.poll() is None
        if not crawling and crawl.process.returncode != 0:
            raise crawl.failed()
        if work.process.poll() is not None:
            raise work.failed()
        # The crawl was looked at first: what it published before its end is counted as waiting.
        waiting = counts.waiting()
        tell(counts.progress())
        if not crawling and not waiting:
            return
        time.sleep(LOOK_SECONDS)


class Counts:
    """What the newsroom, the bus and the store say of one crawl."""

    def __init__(self, newsroom: Newsroom, bus: Bus, store: Store) -> None:
        self._newsroom, self._bus, self._store = newsroom, bus, store
        self._listed = {page.url for page in newsroom.expected()}
        self._before = self._answers()

    def waiting(self) -> int:
        """Events that no stage has brought to an end."""
        return sum(waiting(self._bus).values())

    def progress(self) -> Progress:
        ended = {stage: sum(ends.values()) for stage, ends in self._store.outcomes().items()}
        return Progress(
            edition=self._newsroom.edition,
            fetched=self._answers() - self._before,
            listed=len(self._listed),
            read=ended.get("read", 0),
            indexed=ended.get("index", 0),
        )

    def _answers(self) -> int:
        answered = self._newsroom.answered().items()
        return sum(n for (url, _), n in answered if url.partition("?")[0] in self._listed)


class Running(msgspec.Struct, frozen=True):
    """A process of the demo and the file that its messages go to."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def failed(self) -> UserError:
        lines = self.log.read_text("utf-8", "replace").splitlines()
        last = f": {lines[-1][:300]}" if lines else ""
        return UserError(
            f"`beatwire {self.name}` ended with {self.process.returncode}{last} (see {self.log})"
        )


class Stopped(UserError):
    """Ctrl-C or SIGTERM asked the demo to end."""

    def __init__(self, number: int) -> None:
        super().__init__("stopped")
        self.exit_code = 128 + number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ctrl-C and SIGTERM end the block with everything that it started; a second one, at once."""

    def handle(number: int, _frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        raise Stopped(number)

    before = {each: signal.signal(each, handle) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _process(
    settings: Settings, newsroom: Newsroom, name: str, module: str, *args: str
) -> Iterator[Running]:
    """A process of ours in a session of its own, so that Ctrl-C reaches this process alone.

    It is ended with the block; should this process be killed, it ends by itself.
    """
    environment = {k: v for k, v in os.environ.items() if not k.upper().startswith(PREFIX)}
    environment |= demo_environment(settings.home, newsroom.hosts)
    environment[f"{PREFIX}WORKERS"] = str(settings.workers)
    log = settings.home / f"demo-{name}.log"
    with log.open("wb") as messages:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "services.tied", module, *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            cwd=settings.home,  # No .env or beatwire.toml of the folder that we were started in.
            env=environment,
            start_new_session=True,
        )
    try:
        yield Running(name, child, log)
    finally:
        _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdin:
        child.stdin.close()
