"""The work of one crawler without Scrapy: whatever dies when, what was discovered adds up."""

import asyncio
import contextlib
import io
import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.books import MOST_WAITING, Books, Entry
from crawlers.crew import Crew, Office, Span
from crawlers.desk import Desk
from crawlers.fetching.budget import Budget
from crawlers.fetching.outcomes import UNREACHABLE
from crawlers.looks import Looks
from crawlers.publish import Reply
from crawlers.report import Report
from crawlers.visits import Visit
from processors.records import Page, decode
from services.errors import TryLater
from services.store.places import Source
from services.store.store import open_sql_store
from services.store.watching import Watch
from tests.support.hostile import article, rss
from tests.support.memory import MemoryBus

STORIES = 12
ALL = {"fetched": 4 + 4 * (STORIES - 2), "unreachable": 4, "not-found": 4}


class KilledError(BaseException):
    """Stands for a kill: nothing of the process goes on."""


def now() -> datetime:
    return datetime.now(UTC)


class Dying:
    """Dies at some step, and stays dead."""

    def __init__(self, dice: random.Random, deadly: float) -> None:
        self._dice, self._deadly, self.dead = dice, deadly, False

    def step(self) -> None:
        if self.dead or self._dice.random() < self._deadly:
            self.dead = True
            raise KilledError

    def around(self, flush: Callable[[], list[Entry]]) -> Callable[[], list[Entry]]:
        def outer() -> list[Entry]:
            self.step()
            done = flush()
            self.step()
            return done

        return outer


class World:
    """Four sources of three hosts, a bus, a store; crawls that may die at any step."""

    def __init__(self, path: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self.bus, self.store = MemoryBus(), open_sql_store(f"sqlite:///{path}")
        self.begun: Counter[str] = Counter()
        self.feeds = {
            f"https://press{n}.example/feed": [
                f"https://press{n % 3}.example/{n}/story-{story}" for story in range(STORIES)
            ]
            for n in range(4)
        }
        for n, url in enumerate(self.feeds):
            self.store.put_source(Source(id=f"s{n}", url=url, added_at=now()))

    def crawl(self, deadly: float = 0.0) -> dict[str, Any]:
        """Watch until all is told, with this chance to die at each step; the summary, if it lived.

        It ends too when it breaks off, or when a minute brought it nowhere.
        """
        name, out = f"crawler-{self.dice.random()}", io.StringIO()
        report, books = Report(out), Books(self.bus, self.store, now)
        looks = Looks(self.store, 600.0, now)
        desk = Desk(self.store, books, report, looks, now=now)
        budget = Budget(self.store, name, 0.0, now)
        dying = Dying(self.dice, deadly)
        books.flush = dying.around(books.flush)  # type: ignore[method-assign]
        office = Office(name, self.store, desk, books, looks, budget, now)
        turns = list[float]()
        crew = Crew(office, None, Span(60.0), beat=lambda: turns.append(1))

        async def look(visit: Visit) -> list[Visit]:
            dying.step()
            self.begun[visit.url] += 1
            await asyncio.sleep(0)
            dying.step()
            if visit.url.endswith("story-5"):
                return desk.fail(visit, UNREACHABLE)
            return desk.receive(visit, self.reply(visit.url))

        async def work() -> None:
            working = asyncio.ensure_future(crew.work(look))
            while not working.done() and self.told() != ALL:
                await asyncio.sleep(0.02)
            crew.end()
            await working

        with contextlib.suppress(KilledError):
            asyncio.run(work())
        if dying.dead:
            return {}
        assert turns, "one that stands still could not be told from one that works"
        report.summary()
        return dict(json.loads(out.getvalue().splitlines()[-1])["summary"])

    def reply(self, url: str) -> Reply:
        status = 404 if url.endswith("story-7") else 200
        feed = self.feeds.get(url)
        body = rss(*feed, date=now()).body if feed else article(url)
        return Reply(url=url, status=status, headers={}, body=body)

    def bury(self) -> None:
        """What the next crawl finds out of its dead neighbours by their processes."""
        self.store.bury(self.store.beat("gravedigger", "here").others)
        self.store.leave("gravedigger")

    def told(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for ends in self.store.source_outcomes().values():
            counts.update(ends)
        return counts

    def discovered(self) -> set[str]:
        known = [url for url in self.feeds if self.store.target(url)]
        return {*known, *(each.url for url in known for each in self.store.targets(url))}

    def pages(self) -> list[Page]:
        pages = [decode(event.data) for event in self.bus.events]
        return [page for page in pages if isinstance(page, Page)]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "store.sqlite"
    open_sql_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=range(3))
def world(empty: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    world = World(Path(shutil.copy(empty, tmp_path / "store.sqlite")), request.param)
    yield world
    world.store.close()


def test_what_was_discovered_is_the_sum_of_outcomes_whatever_dies(world: World) -> None:
    kills = 0
    for _ in range(6):
        kills += not world.crawl(deadly=0.08)
        world.bury()
        assert world.told().total() == len(world.discovered())
    summary = world.crawl()
    assert kills
    assert world.told() == ALL
    assert summary["discovered"] == sum(summary["outcomes"].values())
    assert "pending" not in summary["outcomes"]
    assert len({page.url for page in world.pages()}) == 4 * (STORIES - 2)
    again = sum(count - 1 for count in world.begun.values())
    assert again <= (MOST_WAITING + 6) * kills  # noted together, and two of each host


@pytest.mark.parametrize("world", [1], indirect=True)
def test_a_crawl_breaks_off_when_its_ports_are_away(world: World) -> None:
    world.bus.broken = TryLater("the log is locked")
    world.crawl()
    assert world.told()["fetched"] == 4  # the feeds alone
    world.bus.broken = None
    world.crawl()
    assert world.told() == ALL


@pytest.mark.parametrize("world", [1], indirect=True)
def test_a_clock_that_went_back_forgets_nothing(world: World) -> None:
    """Row 26: what was planned by a clock two hours ahead is looked at all the same."""
    later = now() + timedelta(hours=2)
    for source, _ in world.store.claim_sources("one", later, 9).due:
        world.store.note_look(Watch(source=source.id, next_look=later), later)
    world.store.leave("one")
    world.crawl()
    assert world.told() == ALL
