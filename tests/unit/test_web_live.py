"""The stream of news: told at once, told once, and left by whoever goes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from starlette.requests import Request
from starlette.types import Message

from services.index import Stats
from services.index.tantivy import TantivyIndex
from services.metrics import SSE_CLIENTS
from services.web import live
from services.web.live import Live, News
from tests.support.articles import article, at

Act = Callable[[], Awaitable[None]]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[TantivyIndex]:
    with TantivyIndex(tmp_path / "index", write=True) as made:
        made.put([article("a")])
        yield made


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.02)


class Listener:
    """A browser at the other end; ``deaf``: it takes nothing after the head of the answer."""

    def __init__(self, known: str = "", *, deaf: bool = False) -> None:
        self.bodies: list[bytes] = []
        self.head: Message = {}
        self._known, self._deaf = known, deaf
        self._gone = asyncio.Event()

    async def listen(self, to: Live) -> None:
        headers = [(b"last-event-id", self._known.encode())] if self._known else []
        scope = {"type": "http", "method": "GET", "path": "/live", "headers": headers}
        await to.stream(Request(scope))(scope, self._receive, self._send)

    def go(self) -> None:
        self._gone.set()

    async def heard(self, count: int) -> list[News]:
        async with asyncio.timeout(5):
            while len(found := self.news) < count:
                await asyncio.sleep(0.01)
        return found

    @property
    def news(self) -> list[News]:
        lines = b"".join(self.bodies).split(b"\n")
        told = [line.removeprefix(b"data: ") for line in lines if line.startswith(b"data: ")]
        return [msgspec.json.decode(one, type=News) for one in told]

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.head = message
            return
        if self._deaf:
            await asyncio.Event().wait()
        self.bodies.append(message["body"])


def test_all_are_told_of_the_state_and_of_its_changes(index: TantivyIndex) -> None:
    async def scene() -> None:
        news = Live(index)
        listeners = [Listener() for _ in range(3)]
        tasks = [asyncio.ensure_future(one.listen(news)) for one in listeners]
        for one in listeners:
            assert await one.heard(1) == [News(1, 0, at(0))]
        index.put([article("b", hours=1)])
        assert SSE_CLIENTS._value.get() == 3
        for one in listeners:
            assert (await one.heard(2))[1] == News(2, 0, at(1))
            one.go()
        await asyncio.gather(*tasks)
        assert SSE_CLIENTS._value.get() == 0
        assert dict(listeners[0].head["headers"])[b"x-accel-buffering"] == b"no"

    asyncio.run(scene())


def test_who_comes_back_is_told_only_what_is_new(index: TantivyIndex) -> None:
    async def scene() -> None:
        news = Live(index)
        back = Listener(News(1, 0, at(0)).id)
        task = asyncio.ensure_future(back.listen(news))
        await asyncio.sleep(0.2)
        assert back.news == []
        index.put([article("b", hours=1)])
        assert await back.heard(1) == [News(2, 0, at(1))]
        back.go()
        await task

    asyncio.run(scene())


def test_silence_is_filled_and_the_stream_has_an_end(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(live, "LIFE_SECONDS", 0.4)

    async def scene() -> None:
        one = Listener()
        async with asyncio.timeout(5):
            await one.listen(Live(index))
        assert b": still here\n\n" in one.bodies
        assert one.bodies[-1] == b""
        assert one.bodies[0].startswith(b"retry: ")

    asyncio.run(scene())


def test_who_takes_nothing_is_left(index: TantivyIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PATIENCE_SECONDS", 0.1)

    async def scene() -> None:
        async with asyncio.timeout(5):
            await Listener(deaf=True).listen(Live(index))

    asyncio.run(scene())


def test_nobody_looks_when_nobody_listens(index: TantivyIndex) -> None:
    class Counting(TantivyIndex):
        looks = 0

        def stats(self) -> Stats:
            self.looks += 1
            return Stats(0, 0, 0, None)

    async def scene() -> None:
        watched = Counting(Path("nowhere"))
        one = Listener()
        task = asyncio.ensure_future(one.listen(Live(watched)))
        await one.heard(1)
        one.go()
        await task
        looks = watched.looks
        await asyncio.sleep(0.2)
        assert watched.looks == looks

    asyncio.run(scene())
