"""Every event ends in exactly one outcome, whatever a stage does."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from processors.records import DeadLetter, decode
from services.bootstrap import open_bus, open_store
from services.bus import Bus, Event, Slice
from services.errors import Reject, TryLater
from services.settings import load_settings
from services.stages import Result
from services.stages.flow import READ
from services.stages.runner import ATTEMPTS, run_slice
from services.store import Store

NOW = datetime(2025, 1, 28, 19, 5, tzinfo=UTC)


@pytest.fixture
def bus() -> Iterator[Bus]:
    with open_bus(load_settings()) as bus:
        yield bus


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store(load_settings()) as store:
        yield store


class Scripted:
    """A stage that does with each event what its data says."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.flaky = 0

    def handle(self, events: Sequence[Event]) -> list[Result]:
        self.calls.append(len(events))
        return [self._one(event) for event in events]

    def close(self) -> None: ...

    def _one(self, event: Event) -> Result:
        match event.data:
            case b"bug":
                raise KeyError("claims")
            case b"bad":
                raise Reject("not a\nrecord")
            case b"away":
                raise TryLater("index")
            case b"flaky" if self.flaky < ATTEMPTS - 1:
                self.flaky += 1
                raise OSError("once")
        return Result("read", output=event)


def event(number: int, data: bytes) -> Event:
    return Event(id=f"e{number}", type="page/1", key="one", time=NOW, data=data)


def publish(bus: Bus, *data: bytes) -> Slice:
    bus.publish("pages", [event(number, text) for number, text in enumerate(data)])
    (part,) = bus.poll("read", "pages")
    return part


def run(stage: Scripted, part: Slice, bus: Bus, store: Store) -> dict[str, int]:
    return run_slice(READ, stage, part, bus=bus, store=store, now=lambda: NOW)


def published(bus: Bus, topic: str) -> list[Event]:
    return [
        stored.event for part in bus.poll("look", topic, slices=99) for stored in bus.read(part)
    ]


def test_a_good_slice_is_handled_in_one_call(bus: Bus, store: Store) -> None:
    stage = Scripted()
    assert run(stage, publish(bus, b"a", b"b", b"c"), bus, store) == {"read": 3}
    assert stage.calls == [3]
    assert [e.id for e in published(bus, "articles")] == ["e0", "e1", "e2"]
    assert store.outcomes() == {"read": {"read": 3}}


@pytest.mark.parametrize(
    ("poison", "reason", "attempts"),
    [(b"bug", "KeyError: 'claims'", ATTEMPTS), (b"bad", "not a record", 1)],
)
def test_one_bad_event_never_stops_the_others(
    bus: Bus, store: Store, poison: bytes, reason: str, attempts: int
) -> None:
    part = publish(bus, b"a", b"b", poison, b"c", b"d")
    assert run(Scripted(), part, bus, store) == {"read": 4, "rejected": 1}
    assert [e.id for e in published(bus, "articles")] == ["e0", "e1", "e3", "e4"]
    (letter,) = [decode(e.data) for e in published(bus, "dead")]
    assert isinstance(letter, DeadLetter)
    assert (letter.event_id, letter.reason, letter.attempts) == ("e2", reason, attempts)
    assert letter.data == poison
    assert letter.offset == 2


def test_a_passing_failure_is_no_dead_letter(bus: Bus, store: Store) -> None:
    assert run(Scripted(), publish(bus, b"flaky"), bus, store) == {"read": 1}
    assert published(bus, "dead") == []


def test_nothing_is_noted_when_the_stage_must_wait(bus: Bus, store: Store) -> None:
    with pytest.raises(TryLater):
        run(Scripted(), publish(bus, b"a", b"away"), bus, store)
    assert published(bus, "articles") == []
    assert store.outcomes() == {}


def test_running_a_slice_again_counts_once(bus: Bus, store: Store) -> None:
    part = publish(bus, b"a", b"bad")
    for _ in range(2):
        run(Scripted(), part, bus, store)
    assert store.outcomes() == {"read": {"read": 1, "rejected": 1}}
