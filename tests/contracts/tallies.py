"""What every ``Store`` promises of its tallies: see ``services.store.tallies``."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import msgspec
import pytest

from services.store import Store
from services.store.alerting import Again, Failed, Sent
from services.store.crawling import HostState
from services.store.port import Finished
from services.store.tallies import BOUNDS, KEPT, Tally, Waits
from services.version import VERSION
from tests.contracts.alerting import alone, arrived, ready
from tests.contracts.crawling import NOON, ended, link, named, seconds, source
from tests.contracts.store import end

OpenStore = Callable[[], Store]
LONG_AGO = NOON - KEPT


def finished(number: int, at: datetime, took: float | None = None, **changes: str) -> Finished:
    fetched = None if took is None else at - timedelta(seconds=took)
    return msgspec.structs.replace(end(number), at=at, fetched=fetched, **changes)


def tally(events: int, last: datetime, **changes: object) -> Tally:
    given = Tally(stage="read", outcome="stored", version=VERSION, events=events, last=last)
    return msgspec.structs.replace(given, **changes)


class TalliesContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store()

    def test_ends_are_counted_by_stage_outcome_and_minute(self, store: Store) -> None:
        first, later = [finished(1, NOON), finished(2, seconds(1))], finished(3, seconds(70))
        store.finish(first)
        store.finish([later, finished(4, seconds(69), outcome="too-short", stage="index")])
        assert store.tallies(LONG_AGO) == [
            tally(1, seconds(70), stage="index", outcome="too-short"),
            tally(3, seconds(70)),
        ]
        assert store.tallies(seconds(60)) == [
            tally(1, seconds(70), stage="index", outcome="too-short"),
            tally(1, seconds(70)),
        ]
        assert store.tallies(seconds(120)) == []

    def test_work_that_is_done_again_is_counted_again_and_its_outcomes_are_not(
        self, store: Store
    ) -> None:
        for at in (NOON, seconds(300)):
            store.finish([finished(1, at)])
        assert store.tallies(LONG_AGO) == [tally(2, seconds(300))]
        assert store.outcomes() == {"read": {"stored": 1}}

    def test_the_last_is_the_latest_whoever_comes_last(self, store: Store) -> None:
        for number, second in enumerate((5, 9, 7)):
            store.finish([finished(number, seconds(second))])
        assert store.tallies(NOON) == [tally(3, seconds(9))]

    def test_how_long_it_took_is_counted_where_it_is_asked(self, store: Store) -> None:
        took = (0.2, 1, 44, 45, 46, 10**7)
        store.finish([finished(number, NOON, each) for number, each in enumerate(took)])
        store.finish([finished(9, NOON)])
        assert [(each.within, each.events) for each in store.tallies(NOON)] == [
            *((0, 1), (1, 2), (45, 2), (60, 1), (BOUNDS[-1], 1)),
        ]

    def test_what_is_older_than_a_day_goes_with_the_next_new_minute(self, store: Store) -> None:
        store.finish([finished(1, NOON)])
        store.finish([finished(2, seconds(120), outcome="rejected")])
        kept = NOON + KEPT
        store.finish([finished(3, kept)])
        assert [each.events for each in store.tallies(LONG_AGO)] == [1, 2]
        store.finish([finished(4, kept + timedelta(seconds=60))])
        assert store.tallies(LONG_AGO) == [
            tally(1, seconds(120), outcome="rejected"),
            tally(2, kept + timedelta(seconds=60)),
        ]

    def test_many_count_at_once_and_none_is_lost(self, open_store: OpenStore) -> None:
        def work(number: int) -> None:
            store = stores[number]
            for turn in range(20):
                at = seconds(turn * 20)
                store.finish([
                    finished(number * 100 + turn, at, outcome=outcome)
                    for outcome in (("a", "b") if number % 2 else ("b", "a"))
                ])  # fmt: skip

        stores = [open_store() for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        assert [(each.outcome, each.events) for each in stores[0].tallies(NOON)] == [
            ("a", 80),
            ("b", 80),
        ]

    def test_fetches_and_deliveries_are_counted_too(self, store: Store) -> None:
        named(store, link(1))
        store.note_pages([ended(link(1)), ended(link(2), "robots")], seconds(3))
        arrived(store, [ready(store)], alone(1))
        [parcel] = store.take(seconds(4), seconds(30))
        for sent in (Again(seconds(5), "it is down"), Failed("gone"), Failed("410", "410"), Sent()):
            store.end(parcel.message.id, sent, seconds(6))
        store.end("msg_unknown", Sent(), seconds(7))
        assert [(each.stage, each.outcome, each.events) for each in store.tallies(NOON)] == [
            *(("crawl", "fetched", 1), ("crawl", "robots", 1), ("deliver", "again", 1)),
            *(("deliver", "disabled", 1), ("deliver", "failed", 1), ("deliver", "sent", 1)),
        ]

    def test_addresses_wait_from_their_time_on_unless_they_may_not_be_fetched(
        self, store: Store
    ) -> None:
        assert store.waits(NOON) == {"crawl": Waits(), "deliver": Waits()}
        store.beat("one", "here")
        store.put_source(source())
        named(store, link(1), link(2, host="slow"), now=NOON)
        assert store.waits(seconds(5))["crawl"] == Waits(2, NOON)
        store.hold_hosts("one", ["slow.example"], NOON)
        pausing = HostState(host="slow.example", paused_until=seconds(60))
        store.release_hosts("one", [pausing])
        assert store.waits(seconds(5))["crawl"] == Waits(1, NOON)
        assert store.waits(seconds(61))["crawl"] == Waits(2, NOON)
        store.put_source(source(paused=True))
        assert store.waits(seconds(61))["crawl"] == Waits()

    def test_messages_wait_from_their_time_on_unless_they_may_not_be_sent(
        self, store: Store
    ) -> None:
        arrived(store, [ready(store)], alone(1))
        due = store.next_due()
        assert due
        assert store.waits(due - timedelta(seconds=0.1))["deliver"] == Waits()
        assert store.waits(seconds(9))["deliver"] == Waits(1, due)
        [parcel] = store.take(seconds(9), seconds(10))
        store.end(parcel.message.id, Again(seconds(60), "it is down"), seconds(10))
        assert store.waits(seconds(59))["deliver"] == Waits()
        assert store.waits(seconds(60))["deliver"] == Waits(1, due)
        store.end(parcel.message.id, Failed("410", disable="410"), seconds(61))
        assert store.waits(seconds(90))["deliver"] == Waits()
