"""The web server that the flow bench crawls: the sample newsroom's pages under many addresses."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOSTS = 8
"""Host names that the pages are spread over, so that politeness to one does not set the pace."""
LINKS_A_FEED = 100
ADDRESS = "127.0.0.1"


def hosts() -> list[str]:
    return [f"paper{number}.example" for number in range(HOSTS)]


def feeds(port: int, pages: int) -> Iterator[str]:
    for first in range(0, pages, LINKS_A_FEED):
        yield f"http://{_host(first // LINKS_A_FEED)}:{port}/feed/{first}"


def _host(number: int) -> str:
    return hosts()[number % HOSTS]


@contextmanager
def serve_pages(pages: int, bodies: Sequence[bytes] = ()) -> Iterator[int]:
    """Feeds ``/feed/FIRST`` and pages ``/page/NUMBER`` on every host of the bench; the port.

    The pages have these bodies by turns, or those of the sample newsroom.
    """
    bodies = bodies or newsroom_bodies()
    with serving(lambda path, port: _answer(path, pages, port, bodies)) as port:
        yield port


@contextmanager
def serving(answer: Callable[[str, int], tuple[bytes, str]]) -> Iterator[int]:
    """A web server on loopback; ``answer`` has body and type of a path, in a thread of its own.

    It is handed the port, too, which this gives.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, content_type = answer(self.path, server.server_port)
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
    return feed_of(host, port, range(first, min(first + LINKS_A_FEED, pages)))


def feed_of(host: str, port: int, numbers: Iterable[int]) -> bytes:
    """RSS with these pages of a host, published now: undated ones would soon look like a trap."""
    date = format_datetime(datetime.now(UTC), usegmt=True)
    links = "".join(
        f"<item><title>Page {number}</title><pubDate>{date}</pubDate>"
        f"<link>http://{host}:{port}/page/{number}</link></item>"
        for number in numbers
    )
    return f'<rss version="2.0"><channel><title>{host}</title>{links}</channel></rss>'.encode()


def newsroom_bodies() -> list[bytes]:
    """The newsroom's pages that become articles, as served."""
    from services.demo.site import build_site
    from services.demo.stories import load_stories

    site = build_site(80, 1)
    return [
        site[story.publisher.domain][story.path].body
        for story in load_stories()
        if story.front.ending == "stored"
    ]
