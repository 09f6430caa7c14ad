"""The dispatcher commits what is done, gives back what must wait, and keeps its window."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.bootstrap import open_bus
from services.bus import Bus, Event
from services.errors import TryLater
from services.settings import load_settings
from services.stages.flow import READ
from services.workers import dispatcher
from services.workers.dispatcher import Dispatcher

NOW = datetime(2025, 1, 28, tzinfo=UTC)


class Task:
    """A Celery result of our making: ready when told, and ends as told."""

    def __init__(self, part: dict[str, Any], end: Callable[[], Any], ready: bool = True) -> None:
        self.part = part
        self.end = end
        self.is_ready = ready

    def ready(self) -> bool:
        return self.is_ready

    def get(self) -> Any:
        return self.end()


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def fill(bus: Bus, count: int) -> None:
    bus.publish(
        "pages",
        [Event(id=f"e{n}", type="t", key="k", time=NOW, data=b"x") for n in range(count)],
    )


def test_a_drain_ends_when_everything_is_committed(stop: threading.Event) -> None:
    with open_bus(load_settings()) as bus:
        fill(bus, 40)
        sent: list[dict[str, Any]] = []

        def send(part: dict[str, Any]) -> Task:
            sent.append(part)
            return Task(part, dict)

        Dispatcher(READ, bus, send).run(stop, drain=True)
        assert sum(part["last"] - part["first"] + 1 for part in sent) == 40
        assert all(lag.records == 0 for lag in bus.lag("read", "pages"))


def test_what_must_wait_is_sent_again(
    stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "FIRST_WAIT_SECONDS", 0.01)
    with open_bus(load_settings()) as bus:
        fill(bus, 1)
        tries: list[int] = []

        def end() -> None:
            tries.append(1)
            if len(tries) < 3:
                raise TryLater("the index is away")

        Dispatcher(READ, bus, lambda part: Task(part, end)).run(stop, drain=True)
        assert len(tries) == 3


def test_no_more_than_the_window_is_in_flight(stop: threading.Event) -> None:
    with open_bus(load_settings()) as bus:
        fill(bus, READ.slice_events * 5)
        flying: list[Task] = []
        most = 0

        def send(part: dict[str, Any]) -> Task:
            nonlocal most
            flying.append(Task(part, dict, ready=False))
            most = max(most, sum(not task.is_ready for task in flying))
            if most == 2:  # The window is full, so what was sent first ends now.
                flying[-2].is_ready = True
            if len(flying) == 5:
                for task in flying:
                    task.is_ready = True
            return flying[-1]

        Dispatcher(READ, bus, send, window=2).run(stop, drain=True)
        assert most == 2
        assert len(flying) == 5


def test_a_bug_in_a_port_ends_the_process_and_commits_nothing(stop: threading.Event) -> None:
    def end() -> None:
        raise ZeroDivisionError

    with open_bus(load_settings()) as bus:
        fill(bus, 1)
        with pytest.raises(ZeroDivisionError):
            Dispatcher(READ, bus, lambda part: Task(part, end)).run(stop, drain=True)
        assert sum(lag.records for lag in bus.lag("read", "pages")) == 1
