"""The stream of one's own alerts: told at once, told once, and told what was missed."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.requests import Request
from starlette.types import Message

from processors.records import Article
from services.alerts.topics import muted
from services.errors import TryLater
from services.store import Store
from services.store.store import open_sql_store
from services.web import live
from services.web.alerts import stream
from services.web.alerts.stream import AlertStream
from services.web.who import Who
from tests.support.articles import article
from tests.support.coverage import NOW
from tests.support.told import BEGINNING, followed, tell

Scene = Callable[[], Coroutine[Any, Any, None]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_sql_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as made:
        yield made


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.02)


class Listener:
    """A browser at the other end."""

    def __init__(self, owner: str, last: str = "", *, after: str = "") -> None:
        self.bodies: list[bytes] = []
        self._owner, self._last, self._after = owner, last, after
        self._gone = asyncio.Event()

    async def listen(self, to: AlertStream) -> None:
        headers = [(b"last-event-id", self._last.encode())] if self._last else []
        who = Who(name=self._owner, role="analyst", how="session")
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/live/alerts",
            "headers": headers,
            "query_string": f"after={self._after}".encode() if self._after else b"",
            "state": {"who": who},
        }
        await to.stream(Request(scope))(scope, self._receive, self._send)

    def go(self) -> None:
        self._gone.set()

    async def heard(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.titles) < count:
                await asyncio.sleep(0.01)
        return self.titles

    async def begun(self) -> None:
        async with asyncio.timeout(5):
            while not self.places:
                await asyncio.sleep(0.01)

    @property
    def titles(self) -> list[str]:
        return [each["title"] for each in self._told if each]

    @property
    def places(self) -> list[int]:
        return [int(line[4:]) for line in self._lines if line.startswith(b"id: ")]

    @property
    def _told(self) -> list[dict[str, Any]]:
        data = [line[6:] for line in self._lines if line.startswith(b"data: ")]
        return [msgspec.json.decode(each) for each in data]

    @property
    def _lines(self) -> list[bytes]:
        return b"".join(self.bodies).split(b"\n")

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self.bodies.append(message["body"])


def story(slug: str) -> Article:
    return article(slug, f"Nothing of {slug}.", title=slug)


def play(scene: Scene) -> None:
    asyncio.run(scene())


def test_each_is_told_of_their_own_at_once(store: Store) -> None:
    followed(store, "ada", "nothing", BEGINNING)
    followed(store, "ben", "title:two", BEGINNING)
    tell(store, [story("before")], NOW)

    async def scene() -> None:
        alerts = AlertStream(lambda: store)
        ada, ada_too, ben = Listener("ada"), Listener("ada"), Listener("ben")
        tasks = [asyncio.ensure_future(each.listen(alerts)) for each in (ada, ada_too, ben)]
        for each in (ada, ada_too, ben):
            await each.begun()
        tell(store, [story("one")], NOW)
        tell(store, [story("two")], NOW)
        assert await ada.heard(2) == await ada_too.heard(2) == ["one", "two"]
        assert await ben.heard(1) == ["two"]
        for each in (ada, ada_too, ben):
            each.go()
        await asyncio.gather(*tasks)
        own = [each.seq for each in store.alerts(owner="ada", after=1)]
        assert ada.places == [1, *own]

    play(scene)


@pytest.mark.parametrize("way", ["last", "after"])
def test_who_comes_back_is_told_what_was_missed(
    store: Store, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(stream, "BATCH", 3)
    followed(store, "ada", "nothing", BEGINNING)
    missed = [f"m{number}" for number in range(10)]
    for slug in ["first", *missed]:
        tell(store, [story(slug)], NOW)

    async def scene() -> None:
        first = store.alerts(owner="ada", after=0, limit=1)[0].seq
        back = Listener("ada", **{way: str(first)})
        task = asyncio.ensure_future(back.listen(AlertStream(lambda: store)))
        assert await back.heard(10) == missed
        tell(store, [story("now")], NOW)
        assert (await back.heard(11))[10:] == ["now"]
        back.go()
        await task

    play(scene)


def test_what_a_browser_says_goes_before_the_address(store: Store) -> None:
    followed(store, "ada", "nothing", BEGINNING)
    tell(store, [story("one"), story("two")], NOW)

    async def scene() -> None:
        back = Listener("ada", "1", after="0")
        task = asyncio.ensure_future(back.listen(AlertStream(lambda: store)))
        assert await back.heard(1) == ["two"]
        back.go()
        await task

    play(scene)


@pytest.mark.parametrize("last", ["x", "-1", "1e9", "9" * 40, "١"])
def test_a_place_that_is_none_is_passed_over(store: Store, last: str) -> None:
    followed(store, "ada", "nothing", BEGINNING)
    tell(store, [story("one")], NOW)

    async def scene() -> None:
        odd = Listener("ada", after=last if last.isascii() else "")
        task = asyncio.ensure_future(odd.listen(AlertStream(lambda: store)))
        await odd.begun()
        assert (odd.places, odd.titles) == ([1], [])
        odd.go()
        await task

    play(scene)


def test_a_mute_alert_moves_the_place_and_says_nothing(store: Store) -> None:
    topic = followed(store, "ada", "nothing", BEGINNING)
    store.change_topic(muted(topic, NOW.replace(year=2040)))

    async def scene() -> None:
        ada = Listener("ada")
        task = asyncio.ensure_future(ada.listen(AlertStream(lambda: store)))
        await ada.begun()
        tell(store, [story("quiet")], NOW)
        async with asyncio.timeout(5):
            while len(ada.places) < 2:
                await asyncio.sleep(0.01)
        assert (ada.places, ada.titles) == ([0, 1], [])
        ada.go()
        await task

    play(scene)


def test_a_topic_that_goes_meanwhile_keeps_nobody_busy(store: Store) -> None:
    topic = followed(store, "ada", "nothing", BEGINNING)
    asked: list[int] = []

    async def scene() -> None:
        alerts = AlertStream(lambda: store)
        ada = Listener("ada")
        told = alerts.told

        async def counted(owner: str, known: int) -> Any:
            asked.append(known)
            if len(asked) == 2:
                store.remove_topic(topic.id)
            return await told(owner, known)

        alerts.told = counted  # type: ignore[method-assign]
        task = asyncio.ensure_future(ada.listen(alerts))
        await ada.begun()
        tell(store, [story("gone")], NOW)
        await asyncio.sleep(0.3)
        assert ada.titles == []
        assert len(asked) <= 3
        ada.go()
        await task

    play(scene)


def test_a_store_that_is_away_is_waited_for(store: Store) -> None:
    followed(store, "ada", "nothing", BEGINNING)
    away = True

    def sometimes() -> Store:
        if away:
            raise TryLater("the store is away")
        return store

    async def scene() -> None:
        nonlocal away
        ada = Listener("ada")
        task = asyncio.ensure_future(ada.listen(AlertStream(sometimes)))
        await asyncio.sleep(0.1)
        assert ada.places == []
        away = False
        await ada.begun()
        away = True
        tell(store, [story("one")], NOW)
        await asyncio.sleep(0.1)
        away = False
        assert await ada.heard(1) == ["one"]
        ada.go()
        await task

    play(scene)


def test_silence_is_filled_and_the_stream_has_an_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(live, "LIFE_SECONDS", 0.4)

    async def scene() -> None:
        ada = Listener("ada")
        async with asyncio.timeout(5):
            await ada.listen(AlertStream(lambda: store))
        assert 2 <= ada.bodies.count(live.STILL_HERE) <= 9
        assert ada.bodies[-1] == b""

    play(scene)


def test_nobody_looks_when_nobody_listens(store: Store) -> None:
    looks = 0

    def counted() -> Store:
        nonlocal looks
        looks += 1
        return store

    async def scene() -> None:
        alerts, ada = AlertStream(counted), Listener("ada")
        task = asyncio.ensure_future(ada.listen(alerts))
        await ada.begun()
        ada.go()
        await task
        before = looks
        await asyncio.sleep(0.2)
        assert looks == before

    play(scene)
