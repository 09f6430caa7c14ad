"""What a host may be asked while a crawler holds it, by a clock of the test's own."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.company import DEAD_SECONDS, Mourner, place
from crawlers.fetching.budget import Budget
from services.store.crawling import Beat
from services.store.store import SqlStore, open_sql_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "paper.example"


class Clock:
    """Monotonic seconds, and a wall clock that may jump."""

    def __init__(self) -> None:
        self.seconds, self.jump = 0.0, timedelta(0)

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds) + self.jump


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_sql_store(f"sqlite:///{tmp_path}/store.sqlite") as store:
        yield store


def budget(store: SqlStore, clock: Clock, name: str = "one", delay: float = 2.0) -> Budget:
    return Budget(store, name, delay, clock.now, clock)


def test_who_takes_a_host_over_waits_for_one_delay(store: SqlStore, clock: Clock) -> None:
    one, two = budget(store, clock), budget(store, clock, "two")
    assert one.enter(HOST) == 0
    assert two.enter(HOST) is None
    one.release([HOST])
    assert two.enter(HOST) == 2.0
    clock.seconds = 1.5
    assert two.enter(HOST) == 0.5


@pytest.mark.parametrize("hours", [-2, -1 / 6, 1 / 6, 2])
def test_clocks_that_jump_or_differ_shorten_no_delay(
    store: SqlStore, clock: Clock, hours: float
) -> None:
    """Row 26."""
    one, two = budget(store, clock), budget(store, clock, "two")
    one.enter(HOST)
    one.release([HOST])
    clock.jump = timedelta(hours=hours)
    assert two.enter(HOST) == 2.0
    clock.jump = timedelta(0)
    assert two.enter(HOST) == 2.0


def test_a_storm_doubles_the_delay_and_good_answers_shorten_it(
    store: SqlStore, clock: Clock
) -> None:
    """Row 51."""
    one = budget(store, clock)
    one.enter(HOST)
    one.enter("other.example")
    delays = []
    for _ in range(7):
        one.too_fast(HOST)
        delays.append(one.delay(HOST, 0.0))
    assert delays == [4, 8, 16, 32, 60, 60, 60]
    assert one.delay("other.example", 0.0) == 2.0
    one.release([HOST])
    two = budget(store, clock, "two")
    assert two.enter(HOST) == 60.0
    assert two.delay(HOST, 0.0) == 60.0
    for _ in range(40):
        two.well(HOST)
    assert two.delay(HOST, 0.0) == 2.0
    assert two.delay(HOST, 7.0) == 7.0


def test_a_pause_is_kept_by_whoever_comes_next(store: SqlStore, clock: Clock) -> None:
    one = budget(store, clock)
    one.enter(HOST)
    one.pause(HOST, 1e9)
    assert one.paused(HOST, 86_000)
    one.release([HOST])
    [state] = store.hold_hosts("two", [HOST], clock.now()).values()
    assert state.paused_until == NOW + timedelta(days=1)


def test_a_host_that_nobody_needs_is_given_back(store: SqlStore, clock: Clock) -> None:
    one = budget(store, clock)
    one.take(store.hold_hosts("one", [HOST, "b.example"], clock.now()))
    busy = {HOST}
    assert one.idle(busy.__contains__, 2.0) == []
    clock.seconds = 2.0
    assert one.idle(busy.__contains__, 2.0) == ["b.example"]
    one.release(["b.example"])
    assert set(one.held) == {HOST}
    one.lose()
    assert set(one.held) == set()


def test_the_dead_are_those_whose_beat_stands_still(clock: Clock) -> None:
    mourner = Mourner(clock)
    elsewhere = '["another boot","s",1,"2"]'
    assert mourner.dead([Beat("a", elsewhere, 1), Beat("b", elsewhere, 1)]) == []
    clock.seconds = DEAD_SECONDS - 1
    assert mourner.dead([Beat("a", elsewhere, 1), Beat("b", elsewhere, 2)]) == []
    clock.seconds = DEAD_SECONDS
    assert mourner.dead([Beat("a", elsewhere, 1), Beat("b", elsewhere, 2)]) == [
        Beat("a", elsewhere, 1)
    ]


def test_a_process_of_this_machine_is_looked_up(clock: Clock) -> None:
    mine = place()
    gone = mine.replace(f",{os.getpid()},", ",4194999,")
    beats = [Beat("me", mine, 1), Beat("gone", gone, 1), Beat("odd", "no json", 1)]
    assert [beat.crawler for beat in Mourner(clock).dead(beats)] == ["gone"]
