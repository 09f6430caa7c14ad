"""The search page as a browser gets it: how large it is, and what it takes beside the search."""

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, cast
from urllib.parse import quote

import msgspec

from services.bench.timings import Timing, timing
from services.index import Index

HEADERS = ((b"host", b"127.0.0.1"),)


class Html(msgspec.Struct, frozen=True):
    render: Timing
    """The whole answer less the time in the index."""
    largest_kilobytes: float
    """Of the page alone, not compressed."""


class _Timed:
    """An index that knows how long it was asked."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Any] = getattr(self._index, name)

        def timed(*args: Any, **options: Any) -> Any:
            start = perf_counter()
            try:
                return method(*args, **options)
            finally:
                self.seconds += perf_counter() - start

        return timed


def html(index: Index, queries: Sequence[str]) -> Html:
    """Ask for the search page of each query, without a socket."""
    from services.web.app import create_app

    timed = _Timed(index)
    app = create_app(cast(Index, timed))
    times, sizes = asyncio.run(_pages(app, timed, queries))
    return Html(timing(times), round(max(sizes) / 1000, 1))


async def _pages(app: Any, timed: _Timed, queries: Sequence[str]) -> tuple[list[float], list[int]]:
    await _get(app, "")  # the first answer of a process makes what all others share
    times, sizes = [], []
    for query in queries:
        timed.seconds = 0.0
        start = perf_counter()
        sizes.append(await _get(app, f"q={quote(query)}"))
        times.append(perf_counter() - start - timed.seconds)
    return times, sizes


async def _get(app: Any, parameters: str) -> int:
    """The size of ``/?…``. Raises RuntimeError unless it is answered with 200."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": "/", "raw_path": b"/", "root_path": "", "headers": HEADERS,
        "query_string": parameters.encode(), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent[0]["status"] != 200:
        raise RuntimeError(f"the page of {parameters!r} was answered with {sent[0]['status']}")
    return sum(len(message.get("body", b"")) for message in sent)
