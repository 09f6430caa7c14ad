"""The index made again from the log holds what the stage ``index`` had put into it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest

from processors.query.tree import All
from processors.records import Article, decode, encode
from services.bootstrap import open_bus, open_index, open_store
from services.bus import Bus, Event, Lag, Slice, Stored
from services.errors import Reject, TryLater, UserError
from services.index import Index, PutOutcome
from services.index.tantivy import TantivyIndex
from services.settings import load_settings
from services.stages.made_of import OfArticles
from services.stages.rebuild import Rebuild
from services.stages.stories import as_copy, put_joined
from services.store.port import Told
from tests.support.articles import article
from tests.support.memory import MemoryStore
from tests.support.shelf import fresh_index


def publish(*events: Event, topic: str = "articles") -> None:
    with open_bus(load_settings()) as bus:
        bus.publish(topic, events)


def event(slug: str, hours: float = 0, data: bytes = b"") -> Event:
    made = article(slug, f"Text of {hours}.", hours=hours)
    return Event(
        id=f"{made.id}-{hours}",
        type="article/1",
        key=made.id,
        time=made.fetched_at,
        data=data or encode(made),
    )


def test_everything_in_the_log_is_indexed_again(home: str) -> None:
    publish(*(event(f"s{n}") for n in range(300)), event("s7", hours=2), event("bad", data=b"{"))
    settings = load_settings()
    told: list[tuple[int, int]] = []
    for _ in range(2):
        with (
            fresh_index(settings) as index,
            open_bus(settings) as bus,
            open_store(settings) as store,
        ):
            work = Rebuild(bus, store, lambda *at: told.append(at))
            work.fill(index)
        assert work.outcomes == {"stored": 301, "rejected": 1}
    assert told[-1] == (302, 302)
    with open_index(settings) as index:
        assert index.search(All(), limit=0).total == 300
        assert index.stats().revisions == 1
    with open_bus(settings) as bus:
        assert sum(lag.records for lag in bus.lag("index", "articles")) == 302
    assert sorted(path.name for path in Path(home).iterdir() if path.is_dir()) == ["index"]


def test_versions_are_the_same_again_in_whatever_order_they_came(home: str) -> None:
    """As the stage had put them, one by one; the log of another partition may be in any order."""
    settings = load_settings()
    fetches = [event("s", hours) for hours in (3, 0, 5, 1, 4, 1)]
    publish(*fetches)
    name = article("s").id

    def kept() -> tuple[list[Article], Article | None]:
        with open_index(settings) as index:
            return index.revisions(name), index.get(name)

    with open_index(settings, write=True) as index, open_store(settings) as store:
        for one in sorted(fetches, key=lambda it: it.time):
            put_joined(index, store, [cast("Article", decode(one.data))])
    before = kept()
    with fresh_index(settings) as index, open_bus(settings) as bus, open_store(settings) as store:
        Rebuild(bus, store, lambda *_: None).fill(index)
    assert kept() == before
    assert [it.body for it in before[0]] == [f"Text of {hours}." for hours in (4, 3, 1, 0)]


@pytest.mark.usefixtures("home")
def test_history_is_read_too_and_what_was_fetched_last_wins() -> None:
    publish(event("old", hours=5), event("new", hours=1))
    publish(event("old", hours=2), event("new", hours=3), event("gone"), topic="articles.backfill")
    settings = load_settings()
    with fresh_index(settings) as index, open_bus(settings) as bus, open_store(settings) as store:
        Rebuild(bus, store, lambda *at: None).fill(index)
    with open_index(settings) as index:
        found = {
            hit.article.url.rpartition("/")[2]: hit.article for hit in index.search(All()).hits
        }
        assert {slug: each.body for slug, each in found.items()} == {
            "old": "Text of 5.", "new": "Text of 3.", "gone": "Text of 0.",
        }  # fmt: skip
        assert [each.body for each in index.revisions(found["old"].id)] == ["Text of 2."]
        assert [each.body for each in index.revisions(found["new"].id)] == ["Text of 1."]


BATCH = OfArticles.batch


class ListedBus:
    """One partition of live news whose log begins where retention left it; no history."""

    def __init__(self, count: int, begins: int = 0) -> None:
        self.begins = begins
        self.events = [event(f"s{n}") for n in range(begins + count)]
        self.away = 0

    def lag(self, group: str, topic: str) -> list[Lag]:
        return [Lag(topic, 3, self.begins, len(self.events))] if topic == "articles" else []

    def offsets_for(self, topic: str, time: datetime) -> dict[int, int]:
        return {3: self.begins}

    def read(self, part: Slice) -> list[Stored]:
        assert self.begins <= part.first <= part.last < len(self.events)
        if self.away:
            self.away -= 1
            raise TryLater("the log is away")
        places = range(part.first, part.last + 1)
        return [Stored(part.partition, at, self.events[at]) for at in places]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


class GrowingIndex(TantivyIndex):
    """More comes in while it is filled, a third of what is put, for so many times."""

    def __init__(self, folder: Path, bus: ListedBus, times: int) -> None:
        self._bus, self._times = bus, times
        super().__init__(folder, write=True)

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        if articles and self._times:
            self._times -= 1
            at = len(self._bus.events)
            self._bus.events += [event(f"s{n}") for n in range(at, at + len(articles) // 3)]
        return super().put(articles)


class PickyIndex(TantivyIndex):
    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        if any(one.url.endswith("/s7") for one in articles):
            raise Reject("too many words")
        return super().put(articles)


def rebuilding(bus: ListedBus, slept: list[float] | None = None) -> Rebuild:
    slept = [] if slept is None else slept
    return Rebuild(cast(Bus, bus), MemoryStore(), lambda done, of: None, sleep=slept.append)


def test_what_comes_meanwhile_is_caught_up_with(folder: Path) -> None:
    bus = ListedBus(20 * BATCH)
    work = rebuilding(bus)
    with GrowingIndex(folder, bus, times=1000) as index:
        work.fill(index)
        left = len(bus.events) - sum(work.outcomes.values())
        assert left <= BATCH // 3
        work.catch_up(index)
        assert index.stats().articles >= 20 * BATCH + left


def test_a_log_that_grows_faster_is_no_reason_to_go_on_for_ever(folder: Path) -> None:
    class Faster(GrowingIndex):
        def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
            at = len(self._bus.events)
            self._bus.events += [event(f"s{n}") for n in range(at, at + len(articles))]
            return super().put(articles)

    bus = ListedBus(4 * BATCH)
    work = rebuilding(bus)
    with Faster(folder, bus, 0) as index:
        work.fill(index)
    assert sum(work.outcomes.values()) == 8 * BATCH


def test_a_log_whose_beginning_is_gone(folder: Path) -> None:
    work = rebuilding(ListedBus(300, begins=1000))
    with TantivyIndex(folder, write=True) as index:
        work.fill(index)
        assert work.outcomes == {"stored": 300}
        assert index.stats().articles == 300


def test_an_article_that_the_index_refuses_is_left_out(folder: Path) -> None:
    work = rebuilding(ListedBus(50))
    with PickyIndex(folder, write=True) as index:
        work.fill(index)
    assert work.outcomes == {"stored": 49, "rejected": 1}


def test_a_log_that_is_away_is_waited_for(folder: Path) -> None:
    bus, slept = ListedBus(10), list[float]()
    bus.away = 7
    work = rebuilding(bus, slept)
    with TantivyIndex(folder, write=True) as index:
        work.fill(index)
        assert work.outcomes == {"stored": 10}
        assert slept == [1, 2, 4, 8, 16, 30, 30]
        bus.away = 99
        with pytest.raises(UserError, match="as it was: the log is away; start the rebuild again"):
            rebuilding(bus).fill(index)


def text(slug: str, hours: float, body: str = "") -> Article:
    words = body or " ".join(f"word{n}" for n in range(60))
    return article(slug, words, published_hours=hours)


def as_event(made: Article) -> Event:
    return Event(id=made.id, type="article/1", key=made.id, time=made.fetched_at, data=encode(made))


def _told(article: Article) -> Told:
    return Told(article.story, article.original, article.event)


def told_by(index: Index) -> dict[str, Told]:
    hits = index.search(All(), limit=1000).hits
    return {hit.article.id: _told(hit.article) for hit in hits}


def test_stories_are_those_of_the_store_and_unknown_articles_join(home: str) -> None:
    """Its order of joining is not that of the log, and the log's articles have no stories."""
    early, late, new = text("early", 1), text("late", 2), text("new", 0)
    settings = load_settings()
    publish(as_event(early), as_event(late), as_event(new))
    with open_bus(settings) as bus, open_store(settings) as store:
        store.join_stories([as_copy(late)])
        store.join_stories([as_copy(early)])
        with fresh_index(settings) as index:
            Rebuild(bus, store, lambda *at: None).fill(index)
        with open_index(settings) as index:
            assert told_by(index) == store.stories([early.id, late.id, new.id])
            assert told_by(index)[new.id] == Told(late.id, True, late.id)
        # The stage still has to tell the index that is searched.
        assert store.join_stories([as_copy(new)])[0].stale == (early.id, late.id)


def test_stories_that_the_stage_changes_meanwhile_are_followed(home: str, folder: Path) -> None:
    one, other, earlier = text("one", 5), text("other", 6, "Too short."), text("earlier", 1)
    bus = ListedBus(0)
    with (
        open_store(load_settings()) as store,
        TantivyIndex(folder, write=True) as index,
    ):
        work = Rebuild(cast(Bus, bus), store, lambda *at: None)
        bus.events = [as_event(one), as_event(other)]
        work.fill(index)
        store.join_stories([as_copy(earlier)])  # by the stage, which puts it into the old index
        store.note_told(store.stories([one.id]))
        assert work.catch_up(index) == 0
        assert told_by(index) == store.stories([one.id, other.id])
        assert told_by(index)[one.id] == Told(one.id, False, one.id)
