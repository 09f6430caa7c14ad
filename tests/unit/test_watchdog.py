"""Who stands still with work waiting: the rule, over looks at given times."""

from hypothesis import given
from hypothesis import strategies as st

from services.bus import Lag
from services.stages.flow import STALL_SECONDS
from services.workers.watchdog import Progress


def lag(partition: int, committed: int, end: int) -> Lag:
    return Lag("pages", partition, committed, end)


def test_a_partition_with_work_that_does_not_move_is_found_after_the_limit() -> None:
    progress = Progress()
    for now in range(0, 121, 10):
        progress = progress.after([lag(0, 5, 9), lag(1, now, 999)], now)
        expected = [("pages", 0)] if now >= STALL_SECONDS else []
        assert progress.stalled(now) == expected


def test_a_partition_without_work_never_stalls_and_its_time_begins_with_the_next_work() -> None:
    progress = Progress().after([lag(0, 5, 5)], 0).after([lag(0, 5, 6)], 1000)
    assert progress.stalled(1000) == []
    progress = progress.after([lag(0, 5, 7)], 1119)
    assert progress.stalled(1119) == []
    assert progress.after([lag(0, 5, 7)], 1120).stalled(1120) == [("pages", 0)]


def test_a_replay_that_sets_the_position_back_is_movement() -> None:
    progress = Progress().after([lag(0, 5, 9)], 0).after([lag(0, 2, 9)], 100)
    assert progress.stalled(150) == []


def test_what_is_not_looked_at_is_forgotten() -> None:
    progress = Progress().after([lag(0, 5, 9)], 0).after([], 60).after([lag(0, 5, 9)], 119)
    assert progress.stalled(200) == []


def test_several_are_named_in_order() -> None:
    lags = [lag(3, 0, 1), lag(1, 0, 1), Lag("articles", 7, 0, 1)]
    progress = Progress().after(lags, 0)
    assert progress.stalled(120) == [("articles", 7), ("pages", 1), ("pages", 3)]


looks = st.lists(
    st.tuples(
        st.floats(0, 60, allow_nan=False),
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=3),
    ),
    min_size=1,
    max_size=30,
)


@given(looks)
def test_it_agrees_with_the_whole_history(looks: list[tuple[float, list[tuple[int, int]]]]) -> None:
    """Stalled is who had work and one position at every look of the last ``STALL_SECONDS``."""
    now, progress = 0.0, Progress()
    history: list[tuple[float, list[Lag]]] = []
    for wait, states in looks:
        now += wait
        lags = [lag(n, committed, committed + more) for n, (committed, more) in enumerate(states)]
        history.append((now, lags))
        progress = progress.after(lags, now)
        expected = []
        for number, last in enumerate(lags):
            began = now
            for at, before in reversed(history):
                same = before[number].committed == last.committed and before[number].records
                if not same:
                    break
                began = at
            if last.records and now - began >= STALL_SECONDS:
                expected.append(("pages", number))
        assert progress.stalled(now) == expected
