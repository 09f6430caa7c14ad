"""``python -m services.bench.crawl_server PAGES HOSTS``: a fast web server for the crawl's bench.

Prints its port, then for each line of its input what was asked since the last one: JSON with the
number of pages, and the seconds from the first of them to the last.
"""

import asyncio
import json
import sys
import time

from services.bench.pages import feed_of

ADDRESS = "127.0.0.1"
_WORDS = "Chips and models, prices and promises: what was said, by whom, and with which figure. "
BODY_BYTES = 16_000


def host(number: int) -> str:
    return f"paper{number}.example"


def feed(number: int, pages: int, hosts: int, port: int) -> bytes:
    """RSS of the pages of one host."""
    return feed_of(host(number), port, range(number, pages, hosts))


class _Asked:
    def __init__(self) -> None:
        self.pages, self.first, self.last = 0, 0.0, 0.0

    def page(self) -> None:
        self.last = time.perf_counter()
        self.first = self.first or self.last
        self.pages += 1


class _Protocol(asyncio.Protocol):
    def __init__(self, asked: _Asked, pages: int, hosts: int) -> None:
        self._asked, self._pages, self._hosts = asked, pages, hosts
        self._got = b""
        text = _WORDS * (BODY_BYTES // len(_WORDS))
        self._text = f"<article><p>{text}</p></article></body></html>".encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._out = transport
        self._port = transport.get_extra_info("sockname")[1]

    def data_received(self, data: bytes) -> None:
        self._got += data
        while b"\r\n\r\n" in self._got:
            head, _, self._got = self._got.partition(b"\r\n\r\n")
            self._answer(head.split(b" ", 2)[1])

    def _answer(self, path: bytes) -> None:
        kind, _, number = path.strip(b"/").partition(b"/")
        content_type = b"text/html; charset=utf-8"
        if kind == b"page":
            self._asked.page()
            title = b"<!doctype html><html><head><title>Page %s</title></head><body>" % number
            body = title + self._text
        elif kind == b"feed":
            body = feed(int(number), self._pages, self._hosts, self._port)
            content_type = b"application/rss+xml"
        else:
            body, content_type = b"User-agent: *\nDisallow: /private\n", b"text/plain"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        self._out.write(head % (content_type, len(body)) + body)


async def serve(pages: int, hosts: int) -> None:
    """Serve until the input ends."""
    asked = _Asked()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Protocol(asked, pages, hosts), ADDRESS, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps({"pages": asked.pages, "seconds": asked.last - asked.first}), flush=True)
        asked.pages, asked.first = 0, 0.0
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
