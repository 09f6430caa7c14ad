"""What every ``Store`` promises, adapter by adapter: see ``services.store.port``."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from itertools import batched

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.layout import KEPT, PageRead
from processors.records import FeedHints
from services.store import Store
from services.store.port import Finished, Source, Target

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
FEED = "https://ledger.example/feed.xml"

OpenStore = Callable[[], Store]


def link(number: int | str, **changes: object) -> Target:
    url = f"https://ledger.example/{number}"
    fields: dict[str, object] = {
        "source": "ledger",
        "hints": FeedHints(feed=FEED, title=f"{number}"),
    }
    return Target(url=url, **fields | changes)  # type: ignore[arg-type]


def listing(**changes: object) -> Target:
    fields: dict[str, object] = {"source": "ledger", "outcome": "fetched", "fetched_at": NOON}
    return Target(url=FEED, **fields | changes)  # type: ignore[arg-type]


def end(offset: int, outcome: str = "stored", *, stage: str = "read", reason: str = "") -> Finished:
    return Finished(
        stage=stage,
        topic="pages",
        partition=0,
        offset=offset,
        event_id=f"id {offset}",
        outcome=outcome,
        reason=reason,
        at=NOON,
    )


def page_read(number: int, at: datetime, **changes: object) -> PageRead:
    fields: dict[str, object] = {"source": "ledger", "outcome": "too-short", "words": 9}
    return PageRead(page=f"{number}", at=at, **fields | changes)  # type: ignore[arg-type]


class StoreContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def open_store(self) -> OpenStore:
        raise AssertionError("bind this suite with a fixture open_store")

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store()

    # Pages read

    def test_a_page_that_is_noted_again_replaces_itself(self, store: Store) -> None:
        late = NOON + timedelta(hours=1)
        store.finish([end(0), end(1)], [page_read(0, NOON), page_read(1, late, outcome="article")])
        store.finish([end(0), end(1)], [page_read(0, NOON), page_read(1, NOON, outcome="rejected")])

        found = store.extraction_health()["ledger"]
        assert (found.pages, found.articles, found.last) == (2, 0.5, late)
        assert store.extraction_health(["other"]) == {}
        assert store.extraction_health([]) == {}

    def test_a_source_keeps_its_last_pages_whatever_the_order(self, store: Store) -> None:
        numbers = list(range(KEPT + 30))
        random.Random(7).shuffle(numbers)
        for part in batched(numbers, 64):
            reads = [page_read(number, NOON + timedelta(minutes=number)) for number in part]
            store.finish([end(number) for number in part], reads)
        store.finish([end(999)], [page_read(0, NOON, source="other")])

        found = store.extraction_health()
        assert (found["ledger"].pages, found["other"].pages) == (KEPT, 1)
        assert found["ledger"].last == NOON + timedelta(minutes=KEPT + 29)

    def test_a_source_that_broke_is_told(self, store: Store) -> None:
        outcomes = ["article"] * 40 + ["not-article"] * 12
        reads = [
            page_read(number, NOON + timedelta(minutes=number), outcome=outcome)
            for number, outcome in enumerate(outcomes)
        ]
        store.finish([end(0)], reads)

        [breakage] = store.extraction_health(["ledger"])["ledger"].breakages
        assert breakage.since == NOON + timedelta(minutes=40)

    # Sources

    def test_a_source_comes_back_as_it_was(self, store: Store) -> None:
        plain = Source(id="a", url="https://a.example/", added_at=NOON)
        full = Source(
            id="b",
            url="https://b.example/feed",
            name="Bé 新聞",
            added_at=NOON.astimezone(timezone(timedelta(hours=-8))),
            paused=True,
            checked_at=NOON + timedelta(hours=1),
            note="12 entries",
        )
        for source in (full, plain):
            store.put_source(source)
        assert store.sources() == [plain, full]

    def test_a_source_is_replaced_by_id(self, store: Store) -> None:
        store.put_source(Source(id="a", url="https://a.example/", added_at=NOON, note="old"))
        new = Source(id="a", url="https://a.example/feed", added_at=NOON)
        store.put_source(new)
        assert store.sources() == [new]

    def test_a_source_is_removed_once(self, store: Store) -> None:
        store.put_source(Source(id="a", url="https://a.example/", added_at=NOON))
        assert store.remove_source("a")
        assert not store.remove_source("a")
        assert store.sources() == []

    def test_a_time_without_a_zone_is_a_bug(self, store: Store) -> None:
        with pytest.raises(Exception, match="without a zone"):
            store.put_source(Source(id="a", url="u", added_at=NOON.replace(tzinfo=None)))

    # Frontier

    def test_links_keep_the_order_of_their_listing(self, store: Store) -> None:
        found = [link(number) for number in (5, 3, 9, 1)]
        store.discover(listing(), found)
        assert store.targets(FEED) == found
        assert store.target(FEED) == listing()

    def test_a_link_that_is_named_twice_counts_once(self, store: Store) -> None:
        store.discover(listing(), [link(1), link(2), link(1, hints=None)])
        assert store.targets(FEED) == [link(1), link(2)]

    def test_a_known_link_keeps_its_validators_and_gets_new_hints(self, store: Store) -> None:
        fetched = link(
            1,
            etag='W/"1"',
            last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
            content_hash="ab" * 16,
            fetched_at=NOON,
            outcome="published",
        )
        store.note_fetch(fetched)
        hints = FeedHints(feed=FEED, title="A new title", authors=("A. Writer", "B. Writer"))
        store.discover(listing(), [link(1, hints=hints)])
        [found] = store.targets(FEED)
        assert found == Target(
            url=fetched.url,
            source=fetched.source,
            hints=hints,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            content_hash=fetched.content_hash,
            fetched_at=NOON,
            outcome="published",
        )

    def test_links_no_longer_named_stay_known(self, store: Store) -> None:
        store.discover(listing(), [link(1), link(2), link(3)])
        store.discover(listing(etag='"2"'), [link(3), link(4)])
        assert store.targets(FEED) == [link(3), link(4)]
        assert store.target(link(1).url) == link(1)
        assert store.target(FEED) == listing(etag='"2"')

    def test_two_listings_may_name_one_link(self, store: Store) -> None:
        other = "https://ledger.example/sitemap.xml"
        store.discover(listing(), [link(1), link(2)])
        store.discover(Target(url=other, source="ledger"), [link(2), link(3)])
        store.discover(listing(), [])
        assert store.targets(FEED) == []
        assert [each.url for each in store.targets(other)] == [link(2).url, link(3).url]

    def test_what_was_never_seen_is_not_known(self, store: Store) -> None:
        assert store.target(FEED) is None
        assert store.targets(FEED) == []
        assert store.fetch_outcomes() == {}

    def test_a_fetch_replaces_all_that_was_known(self, store: Store) -> None:
        store.note_fetch(link(1, etag="old", outcome="failed"))
        store.note_fetch(link(1, outcome="published", fetched_at=NOON))
        assert store.target(link(1).url) == link(1, outcome="published", fetched_at=NOON)

    def test_outcomes_of_fetching_are_counted(self, store: Store) -> None:
        store.discover(listing(), [link(number) for number in range(4)])
        store.note_fetch(link(0, outcome="published"))
        assert store.fetch_outcomes() == {"fetched": 1, "pending": 3, "published": 1}

    def test_a_listing_of_many_links(self, store: Store) -> None:
        many = [link(number) for number in range(5000)]
        store.discover(listing(), many)
        store.discover(listing(), many[::-1])
        assert store.targets(FEED) == many[::-1]

    @settings(
        max_examples=50,
        deadline=None,
        # One store serves all examples, each at an address of its own; each adapter runs them.
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(text=st.text(st.characters(exclude_categories=()), max_size=30), number=st.integers(0))
    def test_any_text_from_outside_can_be_kept(self, store: Store, text: str, number: int) -> None:
        sent = link(f"{number}/{text}", etag=text, hints=FeedHints(feed=FEED, title=text))
        store.note_fetch(sent)
        found = store.target(sent.url)
        assert found
        assert found.hints
        clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        assert found.hints.title == clean
        assert found.etag == clean.replace("\0", "\ufffd")

    def test_sources_are_in_the_order_of_code_points(self, store: Store) -> None:
        names = ["_", "Z", "a", "B", "é", "10", "9", "新", "a-b", "ab", "😀", "\uffee"]
        for name in names:
            store.put_source(Source(id=name, url="https://a.example/", added_at=NOON))
        assert [source.id for source in store.sources()] == sorted(names)

    # Outcomes

    def test_ends_are_counted_by_stage_and_outcome(self, store: Store) -> None:
        store.finish([end(0), end(1), end(2, "rejected", reason="no JSON")])
        store.finish(each for each in [end(0, stage="index")])
        assert store.outcomes() == {"index": {"stored": 1}, "read": {"rejected": 1, "stored": 2}}

    def test_an_end_that_is_noted_again_is_replaced(self, store: Store) -> None:
        store.finish([end(0, "rejected"), end(1)])
        store.finish([end(0, "retried"), end(0, "stored"), end(1)])
        assert store.outcomes() == {"read": {"stored": 2}}

    def test_an_offset_may_have_64_bits(self, store: Store) -> None:
        store.finish([end(2**31), end(2**63 - 1)])
        store.finish([end(2**63 - 1, "rejected")])
        assert store.outcomes() == {"read": {"rejected": 1, "stored": 1}}

    def test_an_end_may_hold_any_text(self, store: Store) -> None:
        odd = "a\0b \ud800 c"
        store.finish([msgspec.structs.replace(end(0, reason=odd), event_id=odd)])
        assert store.outcomes() == {"read": {"stored": 1}}

    def test_noting_no_ends_changes_nothing(self, store: Store) -> None:
        store.finish([])
        assert store.outcomes() == {}

    # Several at once

    def test_what_one_writes_the_other_sees(self, open_store: OpenStore) -> None:
        with open_store() as one, open_store() as other:
            one.note_fetch(link(1))
            assert other.target(link(1).url) == link(1)
        with open_store() as later:
            assert later.target(link(1).url) == link(1)

    def test_many_at_once_lose_nothing(self, open_store: OpenStore) -> None:
        def work(number: int) -> None:
            with open_store() as store:
                for each in range(10):
                    store.finish([end(number * 10 + each)])

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        assert open_store().outcomes() == {"read": {"stored": 60}}

    def test_threads_may_share_one(self, store: Store) -> None:
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda number: store.finish([end(number)]), range(60)))
        assert store.outcomes() == {"read": {"stored": 60}}

    def test_who_writes_the_same_in_another_order_is_not_in_the_way(
        self, open_store: OpenStore
    ) -> None:
        """Rows locked in different orders would end in a deadlock."""
        other = "https://ledger.example/other.xml"
        links = [link(number) for number in range(40)]
        one, two = listing(), Target(url=other, source="ledger")

        def work(number: int) -> None:
            with open_store() as store:
                for _ in range(15):
                    if number % 2:
                        store.discover(one, [*links, two])
                        store.finish(end(offset) for offset in range(40))
                    else:
                        store.discover(two, [*links[::-1], one])
                        store.finish(end(offset) for offset in reversed(range(40)))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        with open_store() as store:
            assert store.targets(FEED)[:40] == links
            assert store.targets(other)[:40] == links[::-1]
            assert store.outcomes() == {"read": {"stored": 40}}
