"""The index tells the stories that the store knows, whoever comes in between and whatever dies."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, cast

import msgspec
import pytest

from processors.ids import article_id, content_hash
from processors.records import Article, encode
from services.bus import Event
from services.errors import TryLater
from services.index import Index, PutOutcome
from services.index.changes import Known, decide
from services.metrics import DEDUP_FOLDED
from services.stages import stories
from services.stages.index import IndexStage, born_of
from services.stages.stories import follow, put_joined
from services.store import Store
from services.store.port import Told
from services.store.store import SqlStore, open_sql_store
from tests.support.articles import article, at

TEXT = (
    "the maker of chips said on tuesday that it would build a plant near the river and hire two "
    "thousand people there over the next four years while the town gives land roads and water for "
    "nothing and the state forgoes its taxes until the first wafers leave the door in spring"
)
WORDS = TEXT.split()


def report(
    slug: str, hours: float, text: int = 0, *, fetched: float = 0, words: int = 48
) -> Article:
    """Published so many hours after New Year; the texts of different numbers share no words."""
    body = " ".join(f"{word}{text}" for word in WORDS[:words])
    return article(slug, body, published_hours=hours, hours=fetched)


def both_halves() -> Article:
    """A copy of the texts 2 and 3, as neither is of the other."""
    body = " ".join(f"{word}{text}" for text in (2, 3) for word in WORDS)
    return article("both", body, published_hours=9)


class DictIndex:
    """The rules of ``put`` on a dictionary."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.revisions: list[Article] = []
        self._lock = Lock()

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        with self._lock:
            return [self._put(each) for each in articles]

    def _put(self, article: Article) -> PutOutcome:
        change = decide(self.known.get(article.id), article)
        if change.known is not None:
            self.known[article.id] = change.known
        self.revisions += change.revisions
        return change.outcome

    def get(self, article_id: str) -> Article | None:
        known = self.known.get(article_id)
        return known.article if known else None

    def told(self) -> dict[str, Told]:
        articles = (known.article for known in self.known.values())
        return {each.id: Told(each.story, each.original, each.event) for each in articles}

    def close(self) -> None: ...


class Killed(BaseException):
    pass


class Stepping:
    """A port that lets something happen before its calls."""

    def __init__(self, port: object, step: Callable[[], None]) -> None:
        self._port, self._step = port, step

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*args: object, **options: object) -> object:
            self._step()
            return method(*args, **options)

        return call


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_sql_store(f"sqlite:///{tmp_path}/store.sqlite") as store:
        yield store


@pytest.fixture
def index() -> DictIndex:
    return DictIndex()


def put(index: DictIndex, store: Store, *articles: Article) -> list[PutOutcome]:
    return put_joined(cast(Index, index), store, articles)


def check(index: DictIndex, store: Store) -> None:
    assert index.told() == store.stories(index.known)


def test_articles_are_put_with_their_stories(index: DictIndex, store: SqlStore) -> None:
    wire, copy, other = report("wire", 1), report("copy", 2), report("other", 0, text=1)
    assert put(index, store, copy, other) == ["stored", "stored"]
    assert put(index, store, wire) == ["stored"]
    assert index.told() == {
        wire.id: Told(copy.id, True, copy.id),
        copy.id: Told(copy.id, False, copy.id),
        # Its title and no word of its text: of one event, in another story.
        other.id: Told(other.id, True, copy.id),
    }
    assert put(index, store, wire, copy, other) == ["unchanged"] * 3
    assert index.revisions == []


def test_without_a_date_the_time_of_the_fetch_counts(index: DictIndex, store: SqlStore) -> None:
    undated = article("undated", " ".join(WORDS), hours=5)
    dated = article("dated", " ".join(WORDS), published_hours=4, hours=9)
    put(index, store, undated, dated)
    assert index.told()[dated.id] == Told(undated.id, True, undated.id)


def test_texts_too_short_are_copies_when_they_are_equal(index: DictIndex, store: SqlStore) -> None:
    short = [article(slug, "Shares fell 6% in late trading.") for slug in ("a", "b")]
    longer = article("c", "Shares fell 6% in late trading on Friday.")
    titled = article("d", "Shares fell 6% in late trading.", title="Another")
    empty = [article(slug, "") for slug in ("e", "f")]
    put(index, store, *short, longer, titled, *empty)
    assert len({told.story for told in index.told().values()}) == 5


def test_an_edit_keeps_its_story_and_a_late_edit_too(index: DictIndex, store: SqlStore) -> None:
    put(index, store, report("wire", 1), report("copy", 2, fetched=1))
    assert put(index, store, report("copy", 2, text=7, fetched=3)) == ["stored"]
    assert put(index, store, report("copy", 2, text=8, fetched=2)) == ["superseded"]
    check(index, store)
    wire = report("wire", 1).id
    assert index.told()[report("copy", 2).id] == Told(wire, False, wire)
    assert len(index.revisions) == 2


SCENES: dict[str, list[list[list[Article]]]] = {
    # What is there, what worker A brings, what worker B brings.
    "an earlier copy": [[[report("b", 5)]], [[report("a", 3)]], [[report("c", 1)]]],
    "copies of one another": [[], [[report("a", 3), report("b", 5)]], [[report("c", 1)]]],
    "stories meet": [
        [[report("a", 3, text=2)], [report("b", 2, text=3), report("c", 4, text=3)]],
        [[both_halves()]],
        [[report("d", 1, text=3), report("e", 1, text=2)]],
    ],
    "an edit and an earlier copy": [
        [[report("a", 3)]],
        [[report("a", 3, words=46, fetched=7)]],
        [[report("b", 1)]],
    ],
    "the same article": [[[report("b", 5)]], [[report("a", 3)]], [[report("a", 3)]]],
    "others follow later": [
        [[report("b", 5)]],
        [[report("a", 3)], [report("z", 0)]],
        [[report("c", 1)], [report("d", 0.5)]],
    ],
}


@pytest.mark.parametrize("name", SCENES)
def test_a_worker_may_come_in_between_at_any_call(name: str, tmp_path: Path) -> None:
    before, mine, others = SCENES[name]
    for moment in range(1, 40):
        index, calls = DictIndex(), 0
        with open_sql_store(f"sqlite:///{tmp_path}/{moment}.sqlite") as store:
            for batch in before:
                put(index, store, *batch)

            def step(moment: int = moment, index: DictIndex = index, store: Store = store) -> None:
                nonlocal calls
                calls += 1
                if calls == moment:
                    for batch in others:
                        put(index, store, *batch)

            for batch in mine:
                put(
                    cast(DictIndex, Stepping(index, step)),
                    cast(Store, Stepping(store, step)),
                    *batch,
                )
            if calls < moment:
                break
            check(index, store)
            assert not any(joined.stale for joined in rejoined(store, mine + others))
    assert moment > 3


def rejoined(store: Store, batches: list[list[Article]]) -> list[Any]:
    return [
        joined
        for batch in batches
        for joined in store.join_stories([stories.as_copy(each) for each in batch])
    ]


@pytest.mark.parametrize("name", SCENES)
def test_a_worker_may_be_killed_at_any_call(name: str, tmp_path: Path) -> None:
    """Its events are delivered again, after those of another worker or before them."""
    before, mine, others = SCENES[name]
    for moment in range(1, 80):
        index, calls = DictIndex(), 0
        with open_sql_store(f"sqlite:///{tmp_path}/{moment}.sqlite") as store:
            for batch in before:
                put(index, store, *batch)

            def step(moment: int = moment) -> None:
                nonlocal calls
                calls += 1
                if calls == (moment + 1) // 2:
                    raise Killed

            try:
                for batch in mine:
                    put(
                        cast(DictIndex, Stepping(index, step)),
                        cast(Store, Stepping(store, step)),
                        *batch,
                    )
                break
            except Killed:
                rest = [others, mine] if moment % 2 else [mine, others]
                for batch in (batch for batches in rest for batch in batches):
                    put(index, store, *batch)
            check(index, store)
    assert moment > 3


def test_many_workers_at_once(tmp_path: Path) -> None:
    index = DictIndex()
    reports = [report(f"{n}", 50 - n, text=1 + n % 3) for n in range(51)]
    with open_sql_store(f"sqlite:///{tmp_path}/store.sqlite") as store:
        put(index, store, *reports[:3])
    reports[:3] = [both_halves()]

    def work(number: int) -> None:
        with open_sql_store(f"sqlite:///{tmp_path}/store.sqlite") as own:
            for each in reports[number::4]:
                put(index, own, each)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with open_sql_store(f"sqlite:///{tmp_path}/store.sqlite") as store:
        check(index, store)
        assert len({told.story for told in index.told().values()}) == 2


def test_stories_that_never_come_to_rest_are_put_off(index: DictIndex, store: SqlStore) -> None:
    class Restless(SqlStore):
        turn = 0

        def stories(self, article_ids: Any) -> dict[str, Told]:
            self.turn += 1
            return {each: Told(f"{self.turn}", original=True) for each in article_ids}

    restless = Restless(store._engine)
    with pytest.raises(TryLater, match="stories of 1 articles are changed by others"):
        put(index, restless, report("a", 1))


def test_more_follow_than_go_into_one_put(
    index: DictIndex, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "PART", 3)
    put(index, store, *(report(f"a{n}", 10 + n, text=2) for n in range(9)))
    put(index, store, *(report(f"b{n}", 5 + n, text=3) for n in range(9)))
    put(index, store, both_halves())
    check(index, store)
    assert len({told.story for told in index.told().values()}) == 1


def test_what_the_index_lacks_is_told_again(index: DictIndex, store: SqlStore) -> None:
    late = report("late", 5)
    store.join_stories([stories.as_copy(late)])  # by a worker that did not come to its put yet
    put(index, store, report("early", 1))
    assert rejoined(store, [[report("early", 1)]])[0].stale == (late.id,)
    put(index, store, late)
    check(index, store)


def test_following_another_index_notes_nothing(index: DictIndex, store: SqlStore) -> None:
    put(index, store, report("b", 5))
    fresh = DictIndex()
    put(fresh, store, report("b", 5))
    store.join_stories([stories.as_copy(report("a", 1))])
    follow(cast(Index, fresh), store, [report("b", 5).id], note=False)
    check(fresh, store)
    put(index, store, report("a", 1))
    check(index, store)


def test_the_stage_says_what_became_of_each_event(index: DictIndex, store: SqlStore) -> None:
    events = [
        Event(id="e", type="article/1", key="k", time=at(0), data=encode(each))
        for each in (report("b", 5), report("a", 1), report("b", 5))
    ]
    stage = IndexStage(cast(Index, index), store)
    assert [result.outcome for result in stage.handle(events)] == ["stored", "stored", "unchanged"]
    assert [result.outcome for result in stage.handle(events)] == ["unchanged"] * 3


def test_the_text_is_what_its_hash_says() -> None:
    assert report("a", 1).content_hash == content_hash("A headline", report("b", 2).body)


ADDRESSES = (
    "https://ledger.example/2026/chips",
    "http://ledger.example/2026/chips",
    "https://ledger.example/2026/chips/",
    "https://ledger.example/2026/chips?utm_source=feed&utm_medium=rss",
    "https://m.ledger.example/2026/chips",
    "https://amp.ledger.example/2026/chips",
    "https://ledger.example/2026/chips?amp=1",
    "https://ledger.example/amp/2026/chips",
    "https://ledger.example/2026/chips;jsessionid=A1B2C3",
    "https://www.ledger.example/2026/chips?sid=42",
)


def test_one_report_at_ten_addresses_is_one_story(index: DictIndex, store: SqlStore) -> None:
    """Row 36 of the table of faults. Some addresses are spellings of others: one article."""
    body = "\n".join([" ".join(WORDS), "Share this story."])
    added = ("", "\nSign up for our letter.", "\nRead more: chips.", "\n© 2026 The Ledger")
    for number, url in enumerate(ADDRESSES):
        text = body + added[number % len(added)]
        put(index, store, article(url=url, body=text, published_hours=1, hours=number))
    check(index, store)
    members = {article_id(url) for url in ADDRESSES}
    for url in ADDRESSES:
        assert set(store.copies(article_id(url))) == members
    told = index.told().values()
    assert len({(each.story, each.event) for each in told}) == 1
    assert sum(each.original for each in told) == 1


def test_copies_are_counted_once_they_are_stored_and_no_article_twice(tmp_path: Path) -> None:
    def folded() -> float:
        return float(DEDUP_FOLDED._value.get())

    index, before = DictIndex(), folded()
    with open_sql_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        for _ in range(2):
            put_joined(cast(Index, index), store, [report("first", 1), report("copy", 2)])
        assert folded() - before == 1
        put_joined(cast(Index, index), store, [report("other", 3, text=1)])
        put_joined(cast(Index, DictIndex()), store, [report("copy", 2)], note=False)
        assert folded() - before == 1


@pytest.mark.parametrize(
    ("published", "suspect", "known"),
    [
        ("2026-03-01T11:58:00", "", True),
        ("2026-02-28T12:00:00", "", True),
        ("2026-02-28T11:59:59", "", False),  # older than a day: it was no news
        ("2026-03-01T12:00:01", "", False),  # after its fetch
        ("2026-03-01T00:00:00", "", False),  # a day without a time
        ("2026-03-01T11:58:00", "ambiguous", False),
        (None, "missing", False),
    ],
)
def test_how_quick_we_were_is_told_by_times_that_can_tell_it(
    published: str | None, suspect: Any, known: bool
) -> None:
    fetched = datetime(2026, 3, 1, 12, tzinfo=UTC)
    moment = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    read = msgspec.structs.replace(
        report("any", 1), published=moment, date_suspect=suspect, fetched_at=fetched
    )
    assert born_of(read) == (fetched, moment if known else None)
