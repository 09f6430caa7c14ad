"""A worker that takes nothing more although its queue is full ends itself; no other does."""

from collections.abc import Callable

import pytest
import redis

from services.bus import Lag
from services.stages.flow import STALL_SECONDS
from services.workers.consuming import LOOK_SECONDS, UNAVAILABLE, idle_lags, watch
from services.workers.supervisor import FATAL
from tests.support.stepping import Stepping


def ends_at(look: Callable[[float], list[Lag]], hours: float = 1.0) -> float | None:
    """When the process was ended, in seconds; None when it was not."""
    stop, ended = Stepping(hours * 3600), list[int]()
    watch(lambda: look(stop.now), stop, lambda: None, clock=stop.clock, end=ended.append)
    assert ended in ([], [UNAVAILABLE])
    return stop.now if ended else None


def test_one_that_stopped_taking_ends_within_the_limit_and_is_started_anew() -> None:
    since = 600.0

    def look(now: float) -> list[Lag]:
        return idle_lags({"read": 5}, int(min(now, since)), busy=False)

    assert ends_at(look) == pytest.approx(since + STALL_SECONDS, abs=LOOK_SECONDS)
    assert (ends_at(look) or 0) <= since + STALL_SECONDS
    assert UNAVAILABLE not in FATAL


def test_one_that_is_busy_or_has_nothing_to_take_or_takes_slowly_lives() -> None:
    assert ends_at(lambda _: idle_lags({"read": 5}, 7, busy=True)) is None
    assert ends_at(lambda _: idle_lags({"read": 0, "index": 0}, 7, busy=False)) is None
    assert ends_at(lambda now: idle_lags({"read": 5}, int(now // 60), busy=False)) is None


def test_a_redis_that_is_away_is_no_fault_of_the_worker() -> None:
    def look(now: float) -> list[Lag]:
        if now % 100 < 50:
            raise redis.ConnectionError
        return idle_lags({"read": 5}, 7, busy=False)

    assert ends_at(look) is None
