"""``beatwire bench alerts``: from an article's answer to the webhook that tells of it."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, islice
from time import perf_counter, sleep
from typing import Any

import msgspec

from services.bench.installation import Backend, command, started, trial
from services.bench.machine import Machine, this_machine
from services.bench.newsprint import copied, newsprint
from services.bench.pages import ADDRESS, feed_of, hosts, serving
from services.bench.relay import relayed
from services.bench.timings import Timing, timing
from services.bench.told import subscribe
from services.bootstrap import open_store
from services.errors import UserError

TOPICS = 10
"""Each with a channel of its own: what one topic finds within a moment is one message."""
WARM_UP = 16
"""Articles that are told of before any is measured: processes start, models load."""
START_SECONDS = 120.0
"""What the first one may take, with the start of all."""
PATIENCE_SECONDS = 60.0
"""What may pass after the last answer."""
LOOK_SECONDS = 0.05
RELAYED = 50
"""Articles of the bare relay at the most."""


class AlertBench(msgspec.Struct, frozen=True):
    machine: Machine
    load: float
    """Of the minute before, in processes that wait for a core."""
    backend: Backend
    processes: int
    """That read; on servers they index and tell of it, too."""
    articles_per_second: float
    """At which they were answered."""
    latency: Timing
    """From the moment before an article is answered to the one after its webhook is read."""
    bare: Timing
    """The same of the bare relay."""
    ratio: float
    """The relay's p50 by ours: what is left of the time is what reading and gathering take."""


class Site:
    """Articles on loopback, answered at a steady rate whoever asks how fast."""

    def __init__(self, articles: int, rate: float) -> None:
        self._pages = _pages(articles)
        self._step = 1 / rate
        self._free_at = 0.0
        self._lock = threading.Lock()
        self.answered: dict[int, float] = {}
        """When each was, on the clock of ``perf_counter``."""

    def feeds(self, port: int, numbers: range) -> list[str]:
        """The addresses of feeds, one a host, that have these articles together."""
        part = f"{numbers.start}-{numbers.stop}"
        return [f"http://{host}:{port}/feed/{part}/{at}" for at, host in enumerate(hosts())]

    def answer(self, path: str, port: int) -> tuple[bytes, str]:
        """Body and type of a path."""
        match path.strip("/").split("/"):
            case ["feed", part, at]:
                first, end = map(int, part.split("-"))
                theirs = range(first + (int(at) - first) % len(hosts()), end, len(hosts()))
                return feed_of(hosts()[int(at)], port, theirs), "application/rss+xml"
            case ["page", number]:
                self._wait()
                self.answered[int(number)] = perf_counter()
                return self._pages[int(number)], "text/html; charset=utf-8"
        return b"", "text/plain"

    def _wait(self) -> None:
        with self._lock:
            now = perf_counter()
            at = max(now, self._free_at)
            self._free_at = at + self._step
        sleep(at - now)


class Receiver:
    """Takes webhooks; when each article was told of first."""

    def __init__(self) -> None:
        self.told: dict[int, float] = {}

    def take(self, body: bytes) -> None:
        now = perf_counter()
        for alert in msgspec.json.decode(body)["data"]["alerts"]:
            self.told.setdefault(int(alert["url"].rpartition("/")[2]), now)


def bench_alerts(
    articles: int, rate: float, backend: Backend, processes: int, tell: Callable[[str], None]
) -> AlertBench:
    """Have ``articles`` articles fetched at ``rate`` a second, each of which one topic asks for.

    Raises UserError when not all are told of in time, because then no figure is true.
    """
    load = round(os.getloadavg()[0], 1)
    site, receiver = Site(WARM_UP + articles, rate), Receiver()
    with (
        trial(backend, processes) as place,
        serving(site.answer) as port,
        _receiving(receiver) as hook,
    ):
        with open_store(place.settings) as store:
            subscribe(store, hook, [_word(each) for each in range(TOPICS)])
        env = {**place.env, "BEATWIRE_WEBHOOK_NETWORKS": f"{ADDRESS}/32"}
        with started(["work"], env) as family:
            tell(f"{backend}: starting, with {WARM_UP} articles that do not count")
            command(["crawl", *site.feeds(port, range(WARM_UP))], env, START_SECONDS)
            await_all(receiver, range(WARM_UP), family, START_SECONDS)
            counted = range(WARM_UP, WARM_UP + articles)
            tell(f"{articles} articles at {rate:g} a second")
            longest = articles / rate + PATIENCE_SECONDS
            command(["crawl", *site.feeds(port, counted)], env, longest)
            await_all(receiver, counted, family, PATIENCE_SECONDS)
    times = [site.answered[each] for each in counted]
    pace = (articles - 1) / (max(times) - min(times)) if articles > 1 else rate
    took = [receiver.told[each] - site.answered[each] for each in counted]
    latency, bare = timing(took), _bare(min(articles, RELAYED), rate, tell)
    return AlertBench(
        machine=this_machine(),
        load=load,
        backend=backend,
        processes=processes,
        articles_per_second=round(pace, 2),
        latency=latency,
        bare=bare,
        ratio=round(bare.p50 / latency.p50, 4),
    )


def _bare(articles: int, rate: float, tell: Callable[[str], None]) -> Timing:
    site, receiver = Site(articles, rate), Receiver()
    with serving(site.answer) as port, _receiving(receiver) as hook:
        relayed([f"http://{ADDRESS}:{port}/page/{each}" for each in range(articles)], hook, tell)
    return timing([receiver.told[each] - site.answered[each] for each in range(articles)])


def await_all(
    receiver: Receiver, numbers: range, family: "subprocess.Popen[bytes]", seconds: float
) -> None:
    """Until all of these were told of. Raises UserError after so long, or when ``family`` ended."""
    end = perf_counter() + seconds
    while missing := [each for each in numbers if each not in receiver.told]:
        if family.poll() is not None:
            raise UserError(f"bench alerts: work ended early, with {family.returncode}")
        if perf_counter() > end:
            raise UserError(
                f"bench alerts: {len(missing)} of {len(numbers)} articles were not told of within "
                f"{seconds:.0f} s; no figure is given"
            )
        sleep(LOOK_SECONDS)


def _pages(articles: int) -> list[bytes]:
    """Made-up articles of 600 words, no two of one story, each with the word of its topic."""
    originals = (number for number in count() if copied(number) is None)
    return [
        _page(f"{made.title} {_word(at)}", made.body)
        for at, number in enumerate(islice(originals, articles))
        for made in newsprint(range(number, number + 1))
    ]


def _page(title: str, body: str) -> bytes:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in body.split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head>'
        f"<body><article><h1>{escape(title)}</h1>{paragraphs}</article></body></html>"
    ).encode()


def _word(article: int) -> str:
    return f"wire{article % TOPICS}"


@contextmanager
def _receiving(receiver: Receiver) -> Iterator[str]:
    """The address on loopback where webhooks are taken."""

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
            yield f"http://{ADDRESS}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
