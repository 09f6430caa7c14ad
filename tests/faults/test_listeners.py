"""Row 3: the pages' server is killed with fifty listeners; each is told of every alert once."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from processors.records import Article
from services.accounts.rules import LOCAL
from services.bootstrap import open_store
from services.settings import load_settings
from services.store import Store
from tests.support.articles import article
from tests.support.serving import Server, server
from tests.support.told import BEGINNING, followed, tell

LISTENERS = 50
PATIENCE_SECONDS = 120.0
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Place:
    """Where the pages are now; nowhere between two servers."""

    port = 0


class Listener:
    """A browser: it comes back by itself, and says where it was."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.last = ""
        self.told: list[tuple[int, str]] = []
        """Id and title of all that came, as it came."""
        self.returns = -1

    async def listen(self) -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                if self._place.port:
                    await self._once()
            await asyncio.sleep(0.1)

    async def _once(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._place.port)
        try:
            last = f"last-event-id: {self.last}\r\n" if self.last else ""
            writer.write(f"GET /live/alerts HTTP/1.1\r\nhost: 127.0.0.1\r\n{last}\r\n".encode())
            self.returns += 1
            while True:
                self._take((await reader.readuntil(b"\n\n")).decode())
        finally:
            writer.close()

    def _take(self, text: str) -> None:
        lines = dict(line.partition(": ")[::2] for line in text.splitlines())
        if lines.get("event") == "here":
            self.last = lines["id"]
        elif "data" in lines:
            self.last = lines["id"]
            self.told.append((int(self.last), msgspec.json.decode(lines["data"])["title"]))


@pytest.mark.slow
def test_fifty_listeners_of_a_server_that_is_killed_miss_nothing(home: str) -> None:
    with open_store(load_settings()) as store:
        followed(store, LOCAL, "nothing", BEGINNING)
        tell(store, [story("before")], NOW)
        asyncio.run(scene(Path(home), store))


async def scene(home: Path, store: Store) -> None:
    place = Place()
    listeners = [Listener(place) for _ in range(LISTENERS)]
    tasks = [asyncio.create_task(each.listen()) for each in listeners]
    with server(home) as first:
        place.port = first.port
        await until(lambda: all(each.last for each in listeners))
        tell(store, [story("a1")], NOW)
        await until(lambda: all(each.told for each in listeners))
        tell(store, [story("a2"), story("a3")], NOW)
        kill(first, place)
    tell(store, [story("b1"), story("b2")], NOW)
    with server(home) as second:
        place.port = second.port
        await until(lambda: all(each.returns for each in listeners))
        tell(store, [story("c1")], NOW)
        titles = ["a1", "a2", "a3", "b1", "b2", "c1"]
        await until(lambda: all(each.told[-1][1] == "c1" for each in listeners))
        for each in listeners:
            assert [title for _, title in sorted(set(each.told))] == titles
            assert len(each.told) == len(set(each.told)), "what it was told, it was told once"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def story(slug: str) -> Article:
    return article(slug, f"Nothing of {slug}.", title=slug)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(0.05)


def kill(served: Server, place: Place) -> None:
    place.port = 0
    os.kill(served.pid, signal.SIGKILL)
