"""What never ends is ended, and costs the events beside it nothing."""

import signal
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from services.bus import Event
from services.stages import Result
from services.workers import deadline
from services.workers.deadline import Deadline, TookTooLong


class Looping:
    """A stage that never finishes with an event that says so."""

    def handle(self, events: Sequence[Event]) -> list[Result]:
        while any(event.data == b"loop" for event in events):
            pass
        return [Result("read") for _ in events]

    def close(self) -> None: ...


def event(data: bytes) -> Event:
    return Event(id="e", type="page/1", key="k", time=datetime(2025, 1, 1, tzinfo=UTC), data=data)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "SECONDS_AN_EVENT", 0.01)


def test_an_endless_loop_is_ended() -> None:
    with pytest.raises(TookTooLong, match="not done after"):
        Deadline(Looping(), base=0.05).handle([event(b"loop")])


def test_what_ends_in_time_is_left_alone() -> None:
    before = signal.getsignal(signal.SIGALRM)
    assert Deadline(Looping(), base=60).handle([event(b"fine")]) == [Result("read")]
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is before
