"""Workers and dispatchers that are stopped, restarted one after the other, or killed by a page."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from socket import gethostname
from typing import NamedTuple

import pytest
from celery import Celery

from processors.records import DeadLetter, decode
from services.bootstrap import open_bus
from services.bus import Bus
from services.settings import load_settings
from services.stages.flow import lags
from services.topics import DEAD
from services.workers.ends import DEATHS
from tests.support.bus import log_of
from tests.support.killing_account import Account, settle, summary
from tests.support.killing_cast import Company, company, drain, usual_cast
from tests.support.killing_load import HOSTS, Load, bodies
from tests.support.killing_places import Mode, place
from tests.support.killing_watch import Onlooker, left, onlooker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

ROLLS = 5 if int(os.environ.get("TEST_ROUNDS", "1")) > 1 else 1
"""How often each worker is restarted."""
SEED = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**6)))
WORKERS = 3
BACKLOG = 120
END_SECONDS = 30.0
SECOND_SIGNAL_SECONDS = 2.0
NEVER = 10**6
FRESH_SECONDS = 120.0
KILLING_WORDS = "zugzwang of the desk"
SERVERS = pytest.param("servers", marks=pytest.mark.connected)


class Newsroom(NamedTuple):
    """All that a test needs at hand."""

    cast: Company
    bus: Bus
    load: Load
    looking: Onlooker

    def settle(self) -> Account:
        """Work everything off, check it, and say what came of it."""
        drain(self.cast, self.bus)
        self.looking.finish()
        account = settle(self.load, self.looking)
        print(summary(self.cast.traps, account, SEED))
        assert account.faults == ()
        return account


@contextmanager
def newsroom(
    mode: Mode, folder: Path, monkeypatch: pytest.MonkeyPatch, workers: int = 2
) -> Iterator[Newsroom]:
    print(f"TEST_SEED={SEED}")
    with (
        place(mode, folder / "home", monkeypatch),
        open_bus(load_settings()) as bus,
        onlooker() as looking,
        company(folder / "cast", usual_cast(mode, workers)) as cast,
    ):
        yield Newsroom(cast, bus, Load(SEED), looking)


def positions(bus: Bus) -> dict[tuple[str, int], int]:
    """What each group has done of each partition."""
    return {
        (stage, lag.partition): lag.committed for stage, found in lags(bus).items() for lag in found
    }


def repeated(bus: Bus) -> int:
    """Articles that were put on the bus again, because their page was read again."""
    times = Counter(stored.event.id for stored in log_of(bus, "articles"))
    return sum(count - 1 for count in times.values())


@pytest.mark.parametrize("mode", ["embedded", SERVERS])
def test_sigterm_under_load_ends_in_order_and_loses_no_ground(
    mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 8: all at once; what was begun is done, and nothing of it is done again."""
    with newsroom(mode, tmp_path, monkeypatch) as room:
        room.load.publish(room.bus, BACKLOG)
        room.cast.wait_until(lambda: _ended(room.bus, "index") > BACKLOG // 10, "for some articles")
        before = positions(room.bus)
        ends = room.cast.end()
        after = positions(room.bus)
        print({name: f"{seconds:.1f} s" for name, (_, seconds) in ends.items()})
        assert {code for code, _ in ends.values()} == {0}
        assert max(seconds for _, seconds in ends.values()) < END_SECONDS
        assert left(room.bus) > 0
        assert all(after[place] >= done for place, done in before.items())
        room.settle()
        assert repeated(room.bus) == 0


@pytest.mark.connected
def test_a_second_sigterm_ends_a_dispatcher_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 8: it would wait for slices that nobody takes any more."""
    with newsroom("servers", tmp_path, monkeypatch, workers=1) as room:
        room.cast.end(["worker-1"])
        room.cast.traps.set("sent-read", NEVER)
        room.load.publish(room.bus, 12)
        room.cast.wait_until(
            lambda: room.cast.traps.passes("sent-read") > 0, "for slices that are sent"
        )
        code, seconds = room.cast.end_hard("read")
        # It may be gone before the second one comes.
        assert code in {0, -SIGTERM}
        assert seconds < SECOND_SIGNAL_SECONDS
        room.settle()


@pytest.mark.connected
def test_a_rolling_restart_of_the_workers_delays_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 9: one worker after the other, while news come in."""
    with newsroom("servers", tmp_path, monkeypatch, WORKERS) as room:
        names = [f"worker-{number}" for number in range(1, WORKERS + 1)]
        for name in names:
            _await_worker(room, name)
        for name in names * ROLLS:
            room.load.publish(room.bus, 6)
            ((code, seconds),) = room.cast.end([name]).values()
            assert code == 0
            assert seconds < END_SECONDS
            room.load.publish(room.bus, 6)
            room.cast.start(name)
            _await_worker(room, name)
        account = room.settle()
        assert account.p95 < FRESH_SECONDS
        assert repeated(room.bus) == 0


@pytest.mark.connected
def test_a_page_that_kills_its_workers_ends_in_the_dead_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 11: after three deaths it is given up; its neighbours of the same slice are not."""
    with newsroom("servers", tmp_path, monkeypatch) as room:
        room.cast.traps.kill_for(KILLING_WORDS)
        body = bodies()[0].replace(b"</p>", f" It was the {KILLING_WORDS}.</p>".encode())
        room.load.publish(room.bus, 10)
        for number in range(6):
            room.load.article(room.bus, HOSTS[0])
            if number == 2:
                killer = room.load.odd(room.bus, HOSTS[0], body, "rejected")
        room.settle()
        letters = [decode(stored.event.data) for stored in log_of(room.bus, DEAD.name)]
        (letter,) = [
            each for each in letters if isinstance(each, DeadLetter) and each.event_id == killer
        ]
        assert (letter.error_class, letter.attempts) == ("WorkerDied", DEATHS)


def _ended(bus: Bus, stage: str) -> int:
    return sum(lag.committed for lag in lags(bus)[stage])


def _await_worker(room: Newsroom, name: str) -> None:
    """Until a worker answers: as an operator does before the next one is restarted."""
    app = Celery("asking", broker=load_settings().broker, set_as_current=False)
    node = f"{name}@{gethostname()}"
    room.cast.wait_until(
        lambda: bool(app.control.ping(destination=[node], timeout=1.0)), f"for {node} to answer"
    )
    app.close()
