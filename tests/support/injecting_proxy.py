"""A proxy before a real server, which answers in its place when a test says so."""

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import urlsplit

import msgspec

_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Request(msgspec.Struct, frozen=True):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Reply(msgspec.Struct, frozen=True):
    status: int
    headers: dict[str, str]
    body: bytes
    cut: int | None = None
    """Bytes after which the connection breaks off."""


Forward = Callable[[Request], Reply]
Answer = Callable[[Request, Forward], Reply]
"""Given a request and the way to the real server, what the client is told."""


@contextmanager
def proxy_before(address: str, answer: Answer) -> Iterator[str]:
    """The address of a proxy, for the time of the block."""
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer), "real": address})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: ClassVar[Answer]
    real: ClassVar[str]

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = type(self).answer(Request(self.command, self.path, headers, body), self._forward)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            if name not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[: reply.cut])
        if reply.cut is not None:
            self.close_connection = True

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _do  # noqa: N815 - the names of http.server

    def _forward(self, request: Request) -> Reply:
        where = urlsplit(self.real)
        connection = http.client.HTTPConnection(where.hostname or "", where.port or 0, timeout=30)
        try:
            headers = {k: v for k, v in request.headers.items() if k not in _HOP_BY_HOP | {"host"}}
            headers["accept-encoding"] = "identity"
            connection.request(request.method, request.path, request.body, headers)
            told = connection.getresponse()
            found = {name.lower(): value for name, value in told.getheaders()}
            return Reply(told.status, found, told.read())
        finally:
            connection.close()

    def log_message(self, format: str, *args: object) -> None: ...
