"""``beatwire bench alerts``: from a fetched page to the webhook that tells of it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import perf_counter, sleep
from typing import Any

import msgspec

from services.alerts.rules import new_secret
from services.bench.flow import Backend, command, started, trial
from services.bench.machine import Machine, this_machine
from services.bench.pages import ADDRESS, HOSTS, LINKS_A_FEED, feeds, hosts, serve_pages
from services.bench.timings import Timing, timing
from services.bootstrap import open_store
from services.errors import UserError
from services.settings import Settings
from services.store.alerting import AlertTopic, Channel

WARM_UP = 16
"""Pages that are told of before anything is measured: processes start, models load."""
PATIENCE = 120.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class AlertRun(msgspec.Struct, frozen=True):
    backend: Backend
    latency: Timing
    """From the fetch of a page to the receipt of the webhook that tells of it."""


class AlertBench(msgspec.Struct, frozen=True):
    machine: Machine
    pages: int
    pages_per_second: float
    """At which they are fetched."""
    runs: tuple[AlertRun, ...]


class Told(msgspec.Struct, frozen=True):
    """What the bench looks at of an alert in a webhook's body."""

    url: str
    fetched_at: datetime


class Receiver:
    """Takes webhooks; when each address was told of first, in seconds since it was fetched."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, body: bytes) -> None:
        now = datetime.now(UTC)
        for alert in msgspec.json.decode(body)["data"]["alerts"]:
            told = msgspec.convert(alert, Told)
            with self._lock:
                self.seconds.setdefault(told.url, (now - told.fetched_at).total_seconds())


def bench_alerts(
    pages: int, rate: float, backends: Sequence[Backend], tell: Callable[[str], None]
) -> AlertBench:
    """Crawl ``pages`` pages at ``rate`` a second, each of which some topic's webhook tells of.

    Raises UserError when not every page is told of, because then no figure is true.
    """
    runs = []
    with serve_pages(WARM_UP + pages) as port:
        for backend in backends:
            tell(f"{pages} pages at {rate:g} a second, {backend}")
            runs.append(AlertRun(backend, timing(_run(backend, pages, rate, port))))
    return AlertBench(this_machine(), pages, rate, tuple(runs))


def _run(backend: Backend, pages: int, rate: float, port: int) -> list[float]:
    with trial(backend, 1) as place, _receiving() as (receiver, address):
        _subscribe(place.settings, address)
        env = {**place.env, "BEATWIRE_WEBHOOK_NETWORKS": f"{ADDRESS}/32"}
        with started(["work"], env):
            command(["crawl", *feeds(port, WARM_UP)], env)
            _await(receiver, WARM_UP)
            warm = {*receiver.seconds}
            # The delay is between two requests to one host, and each has a feed's pages.
            used = min(HOSTS, -(-(WARM_UP + pages) // LINKS_A_FEED))
            env["BEATWIRE_CRAWL_DELAY"] = str(used / rate)
            command(["crawl", *feeds(port, WARM_UP + pages)], env)
            _await(receiver, WARM_UP + pages)
    return [took for url, took in receiver.seconds.items() if url not in warm]


def _subscribe(settings: Settings, address: str) -> None:
    """A topic with a webhook of its own for each host, copies told too."""
    with open_store(settings) as store:
        for name in hosts():
            channel = Channel(
                id=name,
                owner="bench",
                kind="webhook",
                address=address,
                secrets=(new_secret(),),
                created_at=LONG_AGO,
            )
            topic = AlertTopic(
                id=name,
                owner="bench",
                name=name,
                query=f"source:{name}",
                copies=True,
                channels=(name,),
                cap=1000,
                created_at=LONG_AGO,
                since=LONG_AGO,
            )
            store.add_channel(channel)
            store.add_topic(topic)


def _await(receiver: Receiver, wanted: int) -> None:
    end = perf_counter() + PATIENCE
    while len(receiver.seconds) < wanted:
        if perf_counter() > end:
            raise UserError(
                f"bench alerts: {len(receiver.seconds)} of {wanted} pages were told of; "
                "no figure is given"
            )
        sleep(0.1)


@contextmanager
def _receiving() -> Iterator[tuple[Receiver, str]]:
    """A receiver on loopback, and its address."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((ADDRESS, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver, f"http://{ADDRESS}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
