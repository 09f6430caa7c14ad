"""The stream of news about the index: how much there is, told whenever that changes.

Server-sent events (HTML Living Standard, 9.2). What is told is the state, never a list of changes,
so one who was away needs nothing but the newest event, and one who reads slowly has one waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.errors import TryLater, UserError
from services.index import Index
from services.metrics import SSE_CLIENTS

LOOK_SECONDS = 2.0
"""Between two looks at the index, by one task however many listen."""
HEARTBEAT_SECONDS = 15.0
PATIENCE_SECONDS = 30.0
"""Who has not taken an event by then is left: the browser comes back by itself."""
LIFE_SECONDS = 600.0
"""Then the stream ends, so that who may no longer read does not, and browsers ask again."""
RETRY_MILLISECONDS = 3_000
STILL_HERE = b": still here\n\n"
HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    # Proxies such as nginx would else keep events until a buffer is full.
    "x-accel-buffering": "no",
}


class News(msgspec.Struct, frozen=True):
    """What an event tells."""

    articles: int
    claims: int
    newest: datetime | None

    @property
    def id(self) -> str:
        """The same for the same state, on every server of this index."""
        return f"{self.articles}-{self.newest.timestamp() if self.newest else 0:.0f}"

    @property
    def event(self) -> bytes:
        return b"id: %s\nevent: news\ndata: %s\n\n" % (self.id.encode(), msgspec.json.encode(self))


class Live:
    """Looks at the index while anybody listens, and wakes all when there is something new."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._news: News | None = None
        self._changed = asyncio.Event()
        self._listeners = 0
        self._looking: asyncio.Task[None] | None = None

    def stream(self, request: Request) -> Response:
        """``/live``: events until the browser goes, or for ``LIFE_SECONDS``."""
        return EventStream(partial(self._tell, request.headers.get("last-event-id", "")))

    async def after(self, known: str, seconds: float) -> News | None:
        """The state once it is another than the known one; None when so long nothing came."""
        try:
            async with asyncio.timeout(seconds):
                while self._news is None or self._news.id == known:
                    await self._changed.wait()
        except TimeoutError:
            return None
        return self._news

    async def _tell(self, known: str, push: "Push", end: float) -> None:
        loop = asyncio.get_running_loop()
        with self:
            while (left := end - loop.time()) > 0:
                news = await self.after(known, min(HEARTBEAT_SECONDS, left))
                if not await push(news.event if news else STILL_HERE):
                    return
                known = news.id if news else known

    def __enter__(self) -> None:
        self._listeners += 1
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def __exit__(self, *exc: object) -> None:
        self._listeners -= 1
        if not self._listeners and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _look(self) -> None:
        while True:
            try:
                stats = await anyio.to_thread.run_sync(self._index.stats)
            except (TryLater, UserError):
                pass  # The index is away, which pages say; who listens is told when it is back.
            else:
                news = News(stats.articles, stats.claims, stats.newest)
                if news != self._news:
                    self._news = news
                    self._changed.set()
                    self._changed = asyncio.Event()
            await asyncio.sleep(LOOK_SECONDS)


Push = Callable[[bytes], Awaitable[bool]]
"""Sends an event; False when the listener has not taken it in time, who is left then."""
Tell = Callable[[Push, float], Awaitable[None]]
"""Sends events until a time of the loop's clock, or until one was not taken."""


_open: set["EventStream"] = set()


def end_streams() -> None:
    """End all streams of this process in good order: browsers come back, to whoever serves then."""
    for stream in _open:
        stream.ended.set()


class EventStream(Response):
    """One listener to whatever ``tell`` tells."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._tell = tell
        self.ended = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        with SSE_CLIENTS.track_inprogress():
            await self._listen(receive, send)

    async def _listen(self, receive: Receive, send: Send) -> None:
        telling = asyncio.ensure_future(self._run(send))
        gone = asyncio.ensure_future(_gone(receive))
        ended = asyncio.ensure_future(self.ended.wait())
        _open.add(self)
        try:
            done, pending = await asyncio.wait(
                {telling, gone, ended}, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            _open.discard(self)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        if telling in done:
            telling.result()
        elif ended in done:
            await _end(send)

    async def _run(self, send: Send) -> None:
        end = asyncio.get_running_loop().time() + LIFE_SECONDS
        lost = False

        async def push(event: bytes) -> bool:
            nonlocal lost
            lost = lost or not await _send(send, event)
            return not lost

        if await push(b"retry: %d\n\n" % RETRY_MILLISECONDS):
            await self._tell(push, end)
        if not lost:
            await _end(send)


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send(send: Send, body: bytes) -> bool:
    """Whether the listener took it in time."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await send({"type": "http.response.body", "body": body, "more_body": True})
    except TimeoutError:
        return False
    return True


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
