"""A web server on loopback that does what its test says, the worst included. Threads, no sleeps.

``Site`` maps paths to answers; an answer is bytes, a ``Reply``, or a function that is handed the
request and writes what it likes to the socket. It remembers every request it got.
"""

import gzip
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import msgspec

HTML = "text/html; charset=utf-8"
RSS_DATE = datetime(2025, 2, 3, 10, tzinfo=UTC)


class Reply(msgspec.Struct, frozen=True):
    """An ordinary response."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = {}


class Asked(msgspec.Struct, frozen=True):
    """A request that arrived."""

    path: str
    headers: dict[str, str]
    """Lower-case names."""
    body: bytes = b""


class Request(BaseHTTPRequestHandler):
    """What a function that answers is handed."""

    site: "Site"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, body)
        answer = self.site.take(asked)
        if callable(answer):
            answer(self)
        else:
            self.reply(answer if isinstance(answer, Reply) else Reply(answer))

    def reply(self, reply: Reply) -> None:
        """Send an ordinary response."""
        headers = {"Content-Type": HTML, "Content-Length": str(len(reply.body)), **reply.headers}
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)

    def pour(self, chunk: bytes) -> int:
        """Write ``chunk`` again and again until the other side hangs up; how often it went."""
        times = 0
        try:
            while not self.site.closing.is_set():
                self.wfile.write(chunk)
                times += 1
        except OSError:
            pass
        return times

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at ``asked``."""


Answer = bytes | Reply | Callable[[Request], object]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """The other side hanging up is what hostile answers are for."""


class Site:
    """One host. ``answers`` may be changed at any time; several answers for a path go in turn."""

    def __init__(
        self, tls: ssl.SSLContext | None = None, /, host: str = "127.0.0.1", **answers: Answer
    ) -> None:
        self.answers: dict[str, Answer | list[Answer]] = {
            f"/{name}": answer for name, answer in answers.items()
        }
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        handler = type("Handler", (Request,), {"site": self})
        self._server = _Server((host, 0), handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def take(self, asked: Asked) -> Answer:
        """Remember a request and choose its answer; 404 where there is none."""
        with self._lock:
            self.asked.append(asked)
            answer = self.answers.get(asked.path, Reply(b"<p>nothing here</p>", 404))
            if isinstance(answer, list):
                return answer.pop(0) if len(answer) > 1 else answer[0]
            return answer

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def count(self) -> dict[str, int]:
        """How often each path was asked for."""
        counts: defaultdict[str, int] = defaultdict(int)
        for asked in self.asked:
            counts[asked.path] += 1
        return dict(counts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def article(title: str, text: str = "Words about chips and models.") -> bytes:
    """A small page."""
    return (
        f"<!doctype html><html><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    ).encode()


def rss(*links: str, title: str = "Feed", date: datetime = RSS_DATE) -> Reply:
    """A feed that lists these addresses."""
    written = format_datetime(date, usegmt=True)
    items = "".join(
        f"<item><title>Item {number}</title><link>{link.replace('&', '&amp;')}</link>"
        f"<pubDate>{written}</pubDate></item>"
        for number, link in enumerate(links, 1)
    )
    body = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"
    return Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})


def remembers(reply: Reply, etag: str = '"v1"') -> Callable[[Request], None]:
    """Answers 304 to those who bring the ETag along."""

    def answer(request: Request) -> None:
        headers = {**reply.headers, "ETag": etag}
        same = request.headers.get("If-None-Match") == etag
        request.reply(Reply(b"", 304, headers) if same else Reply(reply.body, 200, headers))

    return answer


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(b"", status, {"Location": to})


def endless(request: Request) -> None:
    """A page that never ends."""
    request.send_response(200)
    request.send_header("Content-Type", HTML)
    request.end_headers()
    request.wfile.write(b"<!doctype html><html><body>")
    request.pour(b"<p>more</p>" * 8192)


def endless_headers(request: Request) -> None:
    """Headers that never end."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    request.pour(b"X-More: and more\r\n" * 512)


def silent(request: Request) -> None:
    """Accepts, and never says a word."""
    request.site.closing.wait()


def reset(request: Request) -> None:
    """Begins an answer and cuts the connection in the middle of its headers."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-")
    request.wfile.flush()
    cut = struct.pack("ii", 1, 0)
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, cut)
    request.connection.close()


def dripping(request: Request) -> None:
    """Headers that come a byte at a time, and never end."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not request.site.closing.wait(0.02):
        request.wfile.write(b"x")


def gzip_bomb(mib: int = 200) -> Reply:
    """A small body that unpacks to a large one."""
    packer = gzip.compress(b"<p>x</p>" * (131072 * mib), 9)
    return Reply(packer, headers={"Content-Encoding": "gzip"})
