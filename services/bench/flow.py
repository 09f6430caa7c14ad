"""``beatwire bench flow``: from a web server's pages to searchable articles, end to end."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter, sleep

import msgspec

from processors.query.tree import All
from services.bench.machine import Machine, this_machine
from services.bootstrap import open_bus, open_index
from services.errors import UserError
from services.settings import Settings
from services.stages.flow import FLOW, drained

HOSTS = 8
"""Host names that the pages are spread over, so that politeness to one does not set the pace."""
LINKS_A_FEED = 100
LOOK_SECONDS = 0.1
COMMAND = (sys.executable, "-m", "services.cli")
ADDRESS = "127.0.0.1"


class FlowBench(msgspec.Struct, frozen=True):
    machine: Machine
    pages: int
    processes: int
    """Processes that read; one more crawls and one indexes."""
    seconds: float
    """From the start of all processes until the last article is searchable."""
    pages_per_second: float
    crawl_pages_per_second: float
    """The crawl alone, with nothing else running."""


def bench_flow(pages: int, tell: Callable[[str], None]) -> FlowBench:
    """Serve ``pages`` pages on loopback, crawl them, read them, index them.

    The pages are those of the sample newsroom, each served under many addresses.
    Raises UserError when not every page becomes searchable, because then no figure is true.
    """
    settings = Settings()
    with _server(pages) as port:
        tell(f"crawling {pages} pages alone")
        alone = _timed_crawl(port, pages, settings.workers, work=False)
        tell(f"crawling, reading and indexing {pages} pages")
        whole = _timed_crawl(port, pages, settings.workers, work=True)
    return FlowBench(
        machine=this_machine(),
        pages=pages,
        processes=settings.workers,
        seconds=round(whole, 1),
        pages_per_second=round(pages / whole, 1),
        crawl_pages_per_second=round(pages / alone, 1),
    )


def _timed_crawl(port: int, pages: int, workers: int, *, work: bool) -> float:
    """Seconds of the crawl or, with ``work``, until everything is searchable."""
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as home:
        env = {name: value for name, value in os.environ.items() if "BEATWIRE" not in name}
        env |= {
            "BEATWIRE_HOME": home,
            "BEATWIRE_ALLOW_NETWORKS": f"{ADDRESS}/32",
            "BEATWIRE_HOSTS": ",".join(f"{host}={ADDRESS}" for host in _hosts()),
            "BEATWIRE_CRAWL_DELAY": "0",
            "BEATWIRE_WORKERS": str(workers),
        }
        crawl = ["crawl", *_feeds(port, pages)]
        start = perf_counter()
        if not work:
            _run(crawl, env)
            return perf_counter() - start
        with _started(["work"], env) as family:
            _run(crawl, env)
            _drain(Path(home), family)
            took = perf_counter() - start
        _check(Path(home), pages)
        return took


@contextmanager
def _started(args: Sequence[str], env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([*COMMAND, *args], env=env, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _drain(home: Path, family: "subprocess.Popen[bytes]") -> None:
    with open_bus(Settings(home=home)) as bus:
        while not drained(bus, FLOW[-1].stage):
            if family.poll() is not None:
                raise UserError(f"bench flow: work ended early, with {family.returncode}")
            sleep(LOOK_SECONDS)


def _check(home: Path, pages: int) -> None:
    with open_index(Settings(home=home)) as index:
        found = index.search(All(), limit=1).total
    if found != pages:
        raise UserError(
            f"bench flow: {found} of {pages} pages became searchable; no figure is given"
        )


def _run(args: Sequence[str], env: dict[str, str]) -> None:
    done = subprocess.run([*COMMAND, *args], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"bench flow: {args[0]} failed: {done.stderr.strip()[-500:]}")


def _hosts() -> list[str]:
    return [f"paper{number}.example" for number in range(HOSTS)]


def _feeds(port: int, pages: int) -> Iterator[str]:
    for first in range(0, pages, LINKS_A_FEED):
        yield f"http://{_host(first // LINKS_A_FEED)}:{port}/feed/{first}"


def _host(number: int) -> str:
    return _hosts()[number % HOSTS]


@contextmanager
def _server(pages: int) -> Iterator[int]:
    """Feeds ``/feed/FIRST`` and pages ``/page/NUMBER`` on every host of the bench."""
    bodies = _bodies()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, content_type = _answer(self.path, pages, server.server_port, bodies)
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((ADDRESS, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def _answer(path: str, pages: int, port: int, bodies: Sequence[bytes]) -> tuple[bytes, str]:
    kind, _, number = path.strip("/").partition("/")
    if kind == "feed":
        return _feed(int(number), pages, port), "application/rss+xml"
    if kind == "page":
        return bodies[int(number) % len(bodies)], "text/html; charset=utf-8"
    return b"", "text/plain"


def _feed(first: int, pages: int, port: int) -> bytes:
    host = _host(first // LINKS_A_FEED)
    links = "".join(
        f"<item><title>Page {number}</title><link>http://{host}:{port}/page/{number}</link></item>"
        for number in range(first, min(first + LINKS_A_FEED, pages))
    )
    return f'<rss version="2.0"><channel><title>{host}</title>{links}</channel></rss>'.encode()


def _bodies() -> list[bytes]:
    """The newsroom's pages that become articles, as served."""
    from services.demo.site import build_site
    from services.demo.stories import load_stories

    site = build_site(80, 1)
    return [
        site[story.publisher.domain][story.path].body
        for story in load_stories()
        if story.front.ending == "stored"
    ]
