"""Row 6: a retry of dead letters that is killed, again and again, puts each event there once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from processors.records import encode
from services.bus import Bus, Event
from services.dead.retrying import BATCH, TAKE_OVER, Retry
from services.store import Store
from services.store.letters import Wanted
from services.topics import DEAD, PAGES
from tests.support.bus import on_the_log
from tests.support.letters import dead_letter

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COUNT = 2 * BATCH + 20
POINTS = {
    "noted": ("Letters are read from the log, none is chosen.", "chosen", "before", 1),
    "begun": ("A batch is marked, nothing of it is on its topic.", "_send", "before", 1),
    "sent": ("A batch is on its topic, and not marked as retried.", "_end", "before", 1),
    "ended": ("One batch is done, the next one is not begun.", "_end", "after", 1),
    "second": ("The second batch is on its topic, and not marked.", "_end", "before", 2),
}
"""What is so when the process dies; the function, on which side of which call of it that is."""

VICTIM = """
import os, signal, sys
from datetime import timedelta
from services.dead import retrying
name, side, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
retrying.TAKE_OVER = timedelta(seconds=0.2)
owner = retrying.Retry if hasattr(retrying.Retry, name) else retrying
real, calls = getattr(owner, name), 0
def trapped(*given, **named):
    global calls
    calls += 1
    if side == "before" and calls == count:
        os.kill(os.getpid(), signal.SIGKILL)
    answer = real(*given, **named)
    if side == "after" and calls == count:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
setattr(owner, name, trapped)
sys.argv = ["beatwire", "dead", "retry", "--all", "--json"]
from services.cli.app import main
main()
"""


@pytest.fixture
def names(bus: Bus) -> list[str]:
    """Events that stage ``read`` gave up, each with its letter."""
    found = [f"e{number}" for number in range(COUNT)]
    bus.publish(PAGES.name, [event(name, b"{") for name in found])
    [part] = [lag.partition for lag in bus.lag("t", PAGES.name) if lag.end]
    letters = [
        dead_letter(event_id=name, partition=part, offset=offset)
        for offset, name in enumerate(found)
    ]
    bus.publish(DEAD.name, [event(each.event_id, encode(each)) for each in letters])
    return found


def event(name: str, data: bytes) -> Event:
    return Event(id=name, type="page/1", key="ledger.example", time=NOON, data=data)


def killed_at(point: str) -> None:
    _, name, side, count = POINTS[point]
    given = [name, side, str(count)]
    done = subprocess.run(
        [sys.executable, "-c", VICTIM, *given], env=dict(os.environ), timeout=120, check=False
    )
    assert done.returncode == -signal.SIGKILL, "it ended before that point"


@pytest.mark.slow
@pytest.mark.parametrize(
    "points",
    [
        pytest.param(["noted", "begun", "sent", "ended", "second"], id="in the order of the way"),
        pytest.param(["sent", "sent", "begun", "begun", "ended"], id="and who mends it, too"),
    ],
)
def test_a_retry_killed_five_times_puts_each_event_there_once(
    bus: Bus, store: Store, names: list[str], points: list[str]
) -> None:
    for point in points:
        killed_at(point)
        assert max(on_the_log(bus, PAGES.name).values()) <= 2
    later = datetime.now(UTC) + TAKE_OVER + timedelta(seconds=1)
    Retry(bus, store, by="ada", now=lambda: later).run(Wanted(), limit=COUNT)
    there = on_the_log(bus, PAGES.name)
    assert there == Counter(dict.fromkeys(names, 2)), "each once more than at first"
    assert store.count_letters() == {("read", "Reject", "retried"): COUNT}
