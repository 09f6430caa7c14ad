"""The dispatcher: what becomes of a slice, by how its run ended; its window and its lanes."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.bootstrap import open_bus
from services.bus import Bus, Event, Slice
from services.errors import TryLater
from services.probing.looked_up import LagSeen
from services.settings import load_settings
from services.stages.flow import READ, READ_BACKFILL, STALL_SECONDS, Step
from services.workers import dispatcher, ends, supervisor
from services.workers.dispatcher import Dispatcher, Stalled
from services.workers.ends import DEATHS, Died, Done, End, Job, Later, Lost, Patience, after_death
from tests.support.stepping import Stepping

NOW = datetime(2025, 1, 28, tzinfo=UTC)


class FakeHands:
    """Workers of our making: what a slice ends with is asked when it is looked at."""

    def __init__(self, end: Callable[[Slice], End | None]) -> None:
        self.end = end
        self.out: dict[str, Slice] = {}
        self.sent: list[Slice] = []
        self.most = 0
        self.untaken: set[str] = set()

    def send(self, part: Slice) -> str:
        self.sent.append(part)
        self.out[str(len(self.sent))] = part
        self.most = max(self.most, len(self.out))
        return str(len(self.sent))

    def look(self) -> list[tuple[str, End]]:
        ended = [(ticket, end) for ticket, part in self.out.items() if (end := self.end(part))]
        for ticket, _ in ended:
            del self.out[ticket]
        return ended

    def recall(self) -> list[str]:
        return [ticket for ticket in self.out if ticket in self.untaken]

    def close(self) -> None:
        self.out.clear()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ends, "FIRST_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(ends, "LONGEST_WAIT_SECONDS", 0.002)
    monkeypatch.setattr(dispatcher, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(dispatcher, "SETTLE_SECONDS", 0.2)


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def bus() -> Iterator[Bus]:
    with open_bus(load_settings()) as bus:
        yield bus


def fill(bus: Bus, count: int, keys: int = 1, topic: str = "pages") -> None:
    bus.publish(
        topic,
        [
            Event(id=f"e{n}", type="t", key=f"k{n % keys}", time=NOW, data=b"x")
            for n in range(count)
        ],
    )


def left(bus: Bus, step: Step = READ) -> int:
    return sum(lag.records for lag in bus.lag(step.stage, step.takes.name))


def no_burial(part: Slice, reason: str, deaths: int) -> None:
    raise AssertionError(f"buried {part}: {reason}")


def test_a_drain_ends_when_everything_is_committed(stop: threading.Event, bus: Bus) -> None:
    fill(bus, 40)
    hands = FakeHands(lambda _: Done())
    Dispatcher(READ, bus, hands, bury=no_burial).run(stop, drain=True)
    assert sum(map(len, hands.sent)) == 40
    assert left(bus) == 0


@pytest.mark.parametrize("end", [Later("the index is away"), Lost("forgotten")])
def test_what_must_wait_or_was_lost_is_sent_again(
    stop: threading.Event, bus: Bus, end: End
) -> None:
    fill(bus, 3)
    hands = FakeHands(lambda _: end if len(hands.sent) < 4 else Done())
    Dispatcher(READ, bus, hands, bury=no_burial).run(stop, drain=True)
    assert len(hands.sent) == 4
    assert len(set(hands.sent)) == 1
    assert left(bus) == 0


def test_no_more_than_the_window_is_in_hand(stop: threading.Event, bus: Bus) -> None:
    fill(bus, READ.slice_events * 12, keys=12)
    turns = iter(range(10_000))
    hands = FakeHands(lambda _: Done() if next(turns) % 3 == 2 else None)
    Dispatcher(READ, bus, hands, bury=no_burial, window=3).run(stop, drain=True)
    assert hands.most == 3
    assert left(bus) == 0


def test_of_one_partition_one_slice_runs_at_a_time(stop: threading.Event, bus: Bus) -> None:
    fill(bus, READ.slice_events * 6)
    turns = iter(range(10_000))
    hands = FakeHands(lambda _: Done() if next(turns) % 2 else None)
    Dispatcher(READ, bus, hands, bury=no_burial, window=5).run(stop, drain=True)
    assert hands.most == 1
    assert hands.sent == sorted(hands.sent, key=lambda part: part.first)
    assert left(bus) == 0


def test_the_busiest_partition_leaves_room_for_the_others(stop: threading.Event, bus: Bus) -> None:
    """What comes later to the others does not wait for what is before it in the busiest one."""
    fill(bus, READ.slice_events * 20)
    later = iter([lambda: fill(bus, 12, keys=12)])

    def run(_: Slice) -> Done:
        next(later, lambda: None)()
        return Done()

    hands = FakeHands(run)
    Dispatcher(READ, bus, hands, bury=no_burial, window=4).run(stop, drain=True)
    busiest = hands.sent[0].partition
    others = [at for at, part in enumerate(hands.sent) if part.partition != busiest]
    assert others
    assert max(others) < 10
    assert left(bus) == 0


def test_an_event_that_kills_its_worker_is_found_and_buried_alone(
    stop: threading.Event, bus: Bus
) -> None:
    fill(bus, READ.slice_events * 2)
    buried: list[tuple[Slice, str, int]] = []

    def end(part: Slice) -> End:
        return Died("SIGKILL") if part.first <= 21 <= part.last else Done()

    hands = FakeHands(end)
    bury = lambda *grave: buried.append(grave)  # noqa: E731
    Dispatcher(READ, bus, hands, bury=bury).run(stop, drain=True)
    [(part, reason, deaths)] = buried
    assert (part.first, part.last, reason, deaths) == (21, 21, "SIGKILL", DEATHS)
    assert left(bus) == 0
    assert len(hands.sent) < 16


def test_workers_that_die_of_anything_bury_nothing(stop: threading.Event, bus: Bus) -> None:
    """Too little memory for the model, a broken image: no event is to blame."""
    fill(bus, 3)
    hands = FakeHands(lambda _: Died("SIGKILL") if len(hands.sent) < 40 else Done())
    buried: list[int] = []
    bury = lambda part, reason, deaths: buried.append(part.first)  # noqa: E731
    Dispatcher(READ, bus, hands, bury=bury).run(stop, drain=True)
    assert buried == []
    assert left(bus) == 0


def test_a_bus_that_is_away_for_a_commit_is_asked_again(
    stop: threading.Event, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(bus, 2)
    commit, tries = bus.commit, iter([TryLater("away"), TryLater("away"), None])

    def unsure(group: str, part: Slice) -> None:
        if reason := next(tries):
            raise reason
        commit(group, part)

    monkeypatch.setattr(bus, "commit", unsure)
    hands = FakeHands(lambda _: Done())
    Dispatcher(READ, bus, hands, bury=no_burial).run(stop, drain=True)
    assert len(hands.sent) == 1
    assert left(bus) == 0


def test_a_stop_waits_for_what_is_out_and_commits_it(stop: threading.Event, bus: Bus) -> None:
    fill(bus, READ.slice_events * 2)

    def end(_: Slice) -> End | None:
        if stop.is_set():
            return Done()
        stop.set()
        return None

    Dispatcher(READ, bus, FakeHands(end), bury=no_burial).run(stop)
    assert left(bus) == READ.slice_events


def test_a_stop_does_not_wait_for_what_no_worker_took(
    stop: threading.Event, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "SETTLE_SECONDS", 60.0)
    fill(bus, 1)

    def end(_: Slice) -> None:
        stop.set()

    hands = FakeHands(end)
    hands.untaken = {"1"}
    Dispatcher(READ, bus, hands, bury=no_burial).run(stop)
    assert left(bus) == 1


def test_a_stop_does_not_wait_for_ever(stop: threading.Event, bus: Bus) -> None:
    fill(bus, 1)

    def end(_: Slice) -> None:
        stop.set()

    Dispatcher(READ, bus, FakeHands(end), bury=no_burial).run(stop)
    assert left(bus) == 1


def test_a_bug_ends_the_process_and_commits_nothing(stop: threading.Event, bus: Bus) -> None:
    def end(_: Slice) -> End:
        raise ZeroDivisionError

    fill(bus, 1)
    with pytest.raises(ZeroDivisionError):
        Dispatcher(READ, bus, FakeHands(end), bury=no_burial).run(stop, drain=True)
    assert left(bus) == 1


def test_a_partition_that_nobody_gets_to_ends_the_process(
    stop: threading.Event, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault row 17: the bus hands out nothing of it, although there is work."""
    fill(bus, 1)
    monkeypatch.setattr(dispatcher, "WATCH_SECONDS", 0.0)
    monkeypatch.setattr(dispatcher, "IDLE_SECONDS", 0.001)
    times = (30.0 * n for n in range(100))
    monkeypatch.setattr(dispatcher, "monotonic", lambda: next(times))
    monkeypatch.setattr(bus, "poll", lambda *_, **__: [])
    with pytest.raises(Stalled, match=r"pages/[0-9]+ did not move for 120 s") as raised:
        Dispatcher(READ, bus, FakeHands(lambda _: Done()), bury=no_burial).run(stop)
    assert raised.value.exit_code not in supervisor.FATAL


def test_it_ends_within_120_seconds_of_the_last_movement(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 17, with the limits as they are; ``/metrics`` tells of the lag meanwhile."""
    stop, seen, stuck = Stepping(), LagSeen(), 33.0
    poll = bus.poll

    def poll_until_stuck(*args: Any, **kwargs: Any) -> list[Slice]:
        return poll(*args, **kwargs) if stop.now < stuck else []

    def beat() -> None:
        if stop.now >= stuck and left(bus) == 0:
            fill(bus, 1)

    fill(bus, 2, keys=2)
    monkeypatch.setattr(dispatcher, "IDLE_SECONDS", 1.0)
    monkeypatch.setattr(dispatcher, "monotonic", stop.clock)
    monkeypatch.setattr(bus, "poll", poll_until_stuck)
    hands = FakeHands(lambda _: Done())
    with pytest.raises(Stalled):
        Dispatcher(READ, bus, hands, bury=no_burial, beat=beat, saw=seen.note).run(stop)
    assert hands.sent
    assert stuck + STALL_SECONDS - 20 <= stop.now <= stuck + STALL_SECONDS
    assert 1 in {sample.value for family in seen.collect() for sample in family.samples}


def test_slices_that_take_long_in_this_process_are_no_stall(
    stop: threading.Event, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, each partition waits for eleven others."""
    clock = [0.0]

    class Slow(FakeHands):
        def send(self, part: Slice) -> str:
            clock[0] += 50.0
            return super().send(part)

    fill(bus, READ.slice_events * 36, keys=40)
    monkeypatch.setattr(dispatcher, "monotonic", lambda: clock[0])
    Dispatcher(READ, bus, Slow(lambda _: Done()), bury=no_burial).run(stop, drain=True)
    assert left(bus) == 0


def test_a_long_outage_is_no_stall(
    stop: threading.Event, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(bus, 5, keys=5)
    monkeypatch.setattr(dispatcher, "WATCH_SECONDS", 0.0)
    times = (10.0 * n for n in range(10_000))
    monkeypatch.setattr(dispatcher, "monotonic", lambda: next(times))
    hands = FakeHands(lambda _: Later("away") if len(hands.sent) < 60 else Done())
    Dispatcher(READ, bus, hands, bury=no_burial).run(stop, drain=True)
    assert left(bus) == 0


def test_death_halves_a_slice_down_to_one_event() -> None:
    job = Job(Slice("pages", 3, 10, 14))
    first, second = after_death(job)
    assert (first.part.first, first.part.last) == (10, 12)
    assert (second.part.first, second.part.last) == (13, 14)
    [again] = after_death(Job(Slice("pages", 3, 7, 7)))
    probe, last = after_death(again)
    assert probe.is_probe
    assert after_death(probe) == (probe,)
    assert last.part == again.part
    assert not last.hopeless
    assert after_death(last)[0].hopeless
    assert not first.hopeless


def test_patience_grows_has_jitter_and_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    patience, waits = Patience(), []
    for _ in range(12):
        waits.append((patience.seconds(lambda: 0.0), patience.seconds(lambda: 1.0)))
        patience = patience.tried()
    assert waits[0] == (0.25, 0.5)
    assert waits[3] == (2.0, 4.0)
    assert waits[-1] == (15.0, 30.0)


def both(bus: Bus, live: FakeHands, old: FakeHands, window: int = 1) -> Dispatcher:
    behind = Dispatcher(READ_BACKFILL, bus, old, bury=no_burial, window=window)
    return Dispatcher(READ, bus, live, bury=no_burial, window=window, behind=behind)


def test_history_waits_while_there_is_live_news(stop: threading.Event, bus: Bus) -> None:
    order: list[str] = []

    class AtOnce(FakeHands):
        def send(self, part: Slice) -> str:
            order.append(part.topic)
            if len(order) == 8:  # in the middle of history
                fill(bus, READ.slice_events)
            return super().send(part)

    fill(bus, READ.slice_events * 6)
    fill(bus, READ.slice_events * 5, topic="pages.backfill")
    both(bus, AtOnce(lambda _: Done()), AtOnce(lambda _: Done())).run(stop, drain=True)
    assert order == ["pages"] * 6 + ["pages.backfill"] * 2 + ["pages"] + ["pages.backfill"] * 3
    assert left(bus) == left(bus, READ_BACKFILL) == 0


def test_a_drain_ends_when_history_is_done_too(stop: threading.Event, bus: Bus) -> None:
    fill(bus, 3, topic="pages.backfill")
    turns = iter(range(10_000))
    old = FakeHands(lambda _: Done() if next(turns) == 20 else None)
    both(bus, FakeHands(lambda _: Done()), old).run(stop, drain=True)
    assert left(bus, READ_BACKFILL) == 0


def test_what_is_out_of_history_is_looked_after_while_live_news_comes(
    stop: threading.Event, bus: Bus
) -> None:
    """A broker forgets what nobody asks for."""
    fill(bus, 1, topic="pages.backfill")
    looks = 0

    class Asked(FakeHands):
        def look(self) -> list[tuple[str, End]]:
            nonlocal looks
            looks += bool(self.out)
            return super().look()

    def live(_: Slice) -> End:
        if looks < 50:
            fill(bus, 1)
        return Done()

    old = Asked(lambda _: Done() if looks >= 50 else None)
    runner = both(bus, FakeHands(live), old)
    runner._behind._take()  # type: ignore[union-attr]
    runner._behind._launch()  # type: ignore[union-attr]
    fill(bus, 1)
    runner.run(stop, drain=True)
    assert looks >= 50
    assert left(bus, READ_BACKFILL) == 0


def test_history_that_stands_still_behind_live_news_is_no_stall(
    stop: threading.Event, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "WATCH_SECONDS", 0.0)
    monkeypatch.setattr("services.workers.dispatcher.STALL_SECONDS", 0.2)
    clock = iter(range(100_000))
    monkeypatch.setattr(dispatcher, "monotonic", lambda: next(clock) * 1.0)
    fill(bus, 1, topic="pages.backfill")
    fill(bus, READ.slice_events * 60, keys=40)
    both(bus, FakeHands(lambda _: Done()), FakeHands(lambda _: Done()), 12).run(stop, drain=True)
    assert left(bus, READ_BACKFILL) == 0
