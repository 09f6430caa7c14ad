"""The newsroom itself: four publishers behind one port of the loopback interface."""

import gzip
import threading
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from services.demo.site import Resource, Site, build_site, story_url
from services.demo.stories import Ending, load_publishers, load_stories

ADDRESS = "127.0.0.1"
IDLE_SECONDS = 5.0


class Listing(NamedTuple):
    """A source that the newsroom offers: where its feed or news sitemap is."""

    id: str
    name: str
    url: str


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What must come of one address that a listing names."""

    url: str
    source: str
    title: str
    ending: Ending


class Newsroom:
    """Serves the sample newsroom until it is closed; a context manager.

    ``port`` 0 takes any free one. Raises OSError when the port is taken.
    """

    def __init__(self, port: int = 0, edition: int = 1) -> None:
        self._answered: Counter[tuple[str, int]] = Counter()
        self._lock = threading.Lock()
        self._server = _Server((ADDRESS, port), partial(_Handler, self))
        self.port: int = self._server.server_port
        self.edition = edition
        self._sites = {number: build_site(self.port, number) for number in (1, 2)}
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    @property
    def sources(self) -> list[Listing]:
        return [
            Listing(feed.id, feed.title or p.name, f"http://{p.domain}:{self.port}{feed.path}")
            for p in load_publishers().values()
            for feed in p.feeds
        ]

    @property
    def hosts(self) -> dict[str, str]:
        """Every publisher's domain with the address that stands for it."""
        return {p.domain: ADDRESS for p in load_publishers().values()}

    @property
    def site(self) -> Site:
        return self._sites[self.edition]

    def expected(self) -> tuple[Expected, ...]:
        """Every address that a source lists in this edition, with what must come of it."""
        return expected(self.port, self.edition)

    def answer(self, host: str, path: str) -> Resource | None:
        """What ``path`` is at a publisher; ``NAME.localhost`` stands for ``NAME.example``.

        Browsers find ``*.localhost`` on this machine without being told where it is.
        """
        name = host.lower().partition(":")[0]
        if name.endswith(".localhost"):
            name = name.removesuffix("localhost") + "example"
        return self.site.get(name, {}).get(path)

    def count(self, url: str, status: int) -> None:
        with self._lock:
            self._answered[url, status] += 1

    def answered(self) -> Counter[tuple[str, int]]:
        """Address, as asked for, and status to how often it was answered since the start."""
        with self._lock:
            return self._answered.copy()

    def close(self) -> None:
        """Stop answering; returns once every request under way is answered."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def expected(port: int, edition: int = 1) -> tuple[Expected, ...]:
    """The ground truth: what must come of every listed address of a newsroom on ``port``."""
    return tuple(
        Expected(
            url=story_url(story, port),
            source=story.front.feed or story.publisher.feeds[0].id,
            title=story.title,
            ending=story.front.ending,
        )
        for story in load_stories(edition)
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Newsroom"
    timeout = IDLE_SECONDS

    def __init__(self, newsroom: Newsroom, *args: object) -> None:
        self.newsroom = newsroom
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer from the edition of the moment."""
        path = self.path.partition("?")[0]
        found = self.newsroom.answer(self.headers.get("Host", ""), path)
        if found is None:
            self._send(HTTPStatus.NOT_FOUND, b"There is no such page.\n", "text/plain")
        elif unchanged(found, self.headers.get("If-None-Match"), self._since()):
            self._send(HTTPStatus.NOT_MODIFIED, b"", "", found)
        else:
            self._send(HTTPStatus.OK, found.body, found.content_type, found)

    def do_HEAD(self) -> None:
        """The same without the body."""
        self.do_GET()

    def _since(self) -> datetime | None:
        try:
            return parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return None

    def _send(
        self, status: HTTPStatus, body: bytes, content_type: str, found: Resource | None = None
    ) -> None:
        self.newsroom.count(f"http://{self.headers.get('Host', '')}{self.path}", status)
        self.send_response(status)
        if found:
            self.send_header("ETag", found.etag)
            self.send_header("Last-Modified", format_datetime(_utc(found.modified), usegmt=True))
            self.send_header("Vary", "Accept-Encoding")
        if status is not HTTPStatus.NOT_MODIFIED:
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the requests are counted instead."""


def unchanged(found: Resource, etags: str | None, since: datetime | None) -> bool:
    """RFC 9110, 13.2.2: entity tags, when sent, overrule the time."""
    if etags is not None:
        sent = {tag.strip().removeprefix("W/") for tag in etags.split(",")}
        return "*" in sent or found.etag.removeprefix("W/") in sent
    return since is not None and _utc(found.modified).replace(microsecond=0) <= since


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)
