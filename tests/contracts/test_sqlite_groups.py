"""The groups of ``SqliteBus``: what only one file that all members see can promise."""

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from time_machine import travel

from services.bus import Bus, Slice
from services.bus.sqlite import SqliteBus
from services.bus.sqlite_members import LEASE_SECONDS, Member, Process, is_live, this_process
from services.topics import PAGES
from tests.contracts.bus import OpenBus
from tests.support.bus import (
    NOON,
    SEVERAL,
    SINGLE,
    committed,
    drain,
    event,
    events,
    ids,
    left,
    sqlite_members,
)
from tests.support.descriptors import open_files

SHARE = PAGES.partitions // 2
"""What one of two members gets."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "bus.sqlite"


@pytest.fixture
def open_bus(path: Path) -> Iterator[OpenBus]:
    with sqlite_members(path) as one_more:
        yield one_more


def test_what_is_done_beyond_a_gap_survives_its_member(open_bus: OpenBus) -> None:
    with open_bus() as bus:
        bus.publish(SINGLE, events(30))
        bus.commit("g", bus.poll("g", SINGLE, most=10, slices=3)[1])
    with open_bus() as bus:
        parts = bus.poll("g", SINGLE, most=30, slices=3)
        assert [(part.first, part.last) for part in parts] == [(0, 9), (20, 29)]
        for part in parts:
            bus.commit("g", part)
        assert left(bus, "g", SINGLE) == 0


def test_a_member_that_joins_gets_what_falls_idle(open_bus: OpenBus) -> None:
    with open_bus() as one, open_bus() as other:
        one.publish(SEVERAL, events(200))
        held = one.poll("g", SEVERAL, most=200, slices=100)
        other.poll("g", SEVERAL)
        for part in held:
            one.commit("g", part)
        one.publish(SEVERAL, events(200))
        mine = one.poll("g", SEVERAL, most=200, slices=100)
        others = other.poll("g", SEVERAL, most=200, slices=100)
        assert sum(map(len, mine)) + sum(map(len, others)) == 200
        assert {part.partition for part in mine}.isdisjoint(part.partition for part in others)
        assert others


def test_what_a_closed_member_held_goes_to_another_at_once(open_bus: OpenBus) -> None:
    with open_bus() as one, open_bus() as other:
        one.publish(SINGLE, events(20))
        first, second = one.poll("g", SINGLE, most=10, slices=2)
        assert other.poll("g", SINGLE) == []
        one.commit("g", first)
        one.close()
        assert other.poll("g", SINGLE) == [second]


def test_a_late_commit_of_a_closed_members_slice_counts(open_bus: OpenBus) -> None:
    with open_bus() as other:
        with open_bus() as one:
            one.publish(SINGLE, events(5))
            [part] = one.poll("g", SINGLE)
        assert other.poll("g", SINGLE) == [part]
        with open_bus() as stranger:
            stranger.commit("g", part)
        assert committed(other, "g", SINGLE) == {0: 5}
        other.commit("g", part)
        assert committed(other, "g", SINGLE) == {0: 5}
        assert other.poll("g", SINGLE) == []


def test_another_member_gets_nothing_of_what_is_in_hand(open_bus: OpenBus) -> None:
    with open_bus() as one, open_bus() as other:
        one.publish(SINGLE, events(30))
        first, second, third = one.poll("g", SINGLE, most=10, slices=3)
        one.commit("g", first)
        one.commit("g", third)
        for part in (first, third):
            one.give_back("g", part)
        for part in (first, second, third):
            other.give_back("g", part)
        assert one.poll("g", SINGLE) == other.poll("g", SINGLE) == []
        one.commit("g", second)
        assert committed(one, "g", SINGLE) == {0: 30}


def test_a_commit_without_a_poll_counts(open_bus: OpenBus) -> None:
    with open_bus() as bus:
        bus.publish(SINGLE, events(3))
        bus.commit("g", Slice(SINGLE, 0, 0, 1))
        assert committed(bus, "g", SINGLE) == {0: 2}


# Processes

HOLDER = """
import sys
from pathlib import Path
from services.bus.sqlite import SqliteBus
bus = SqliteBus(Path(sys.argv[1]))
print(bus.poll("g", "dead", most=10), flush=True)
sys.stdin.read()
"""


def test_what_a_killed_process_held_comes_at_once_reaped_or_not(
    path: Path, open_bus: OpenBus
) -> None:
    bus = open_bus()
    bus.publish(SINGLE, events(10))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert "first=0, last=9" in holder.stdout.readline()
        assert bus.poll("g", SINGLE) == []
        holder.kill()
        # Gone, but not reaped: its number still stands in the list of processes.
        os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)
        assert [len(part) for part in bus.poll("g", SINGLE)] == [10]


@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_a_forked_child_may_open_the_log_that_its_parent_has_open(
    path: Path, open_bus: OpenBus
) -> None:
    bus = open_bus()
    bus.publish(SINGLE, events(20))
    [held] = bus.poll("g", SINGLE, most=10)
    child = multiprocessing.get_context("fork").Process(target=_finish_as_child, args=(path, bus))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert committed(bus, "g", SINGLE) == {0: 0}
    bus.commit("g", held)
    assert drain(bus, "g", SINGLE) == []
    assert committed(bus, "g", SINGLE) == {0: 20}


def _finish_as_child(path: Path, inherited: Bus) -> None:
    """Finish what the parent does not hold; leave the parent's seat alone."""
    assert open_files(path.parent) == []  # or this process would trust locks that it has not
    with SqliteBus(path) as mine:
        assert mine.poll("g", SINGLE) == []  # the parent holds the only partition
        mine.commit("g", Slice(SINGLE, 0, 10, 19))
    assert inherited.poll("g", SINGLE) == []
    inherited.close()


def test_several_threads_may_make_the_file_together(path: Path) -> None:
    def work(number: int) -> None:
        try:
            with SqliteBus(path) as bus:
                for each in range(10):
                    bus.publish(SEVERAL, [event(f"{number}", each)])
        except Exception as error:
            failures.append(error)

    failures: list[Exception] = []
    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with SqliteBus(path) as bus:
        found = ids(drain(bus, "g", SEVERAL))
    assert sorted(found) == sorted(f"{n}#{each}" for n in range(6) for each in range(10))


# Who is alive


def test_a_process_is_told_from_a_later_one_with_its_number() -> None:
    here = this_process()
    assert is_live(Member(1, here, 0, True), here, 10**9)
    later = here._replace(started="1")
    assert not is_live(Member(1, later, 10**9, True), here, 10**9)


@pytest.mark.parametrize("silent", [0, LEASE_SECONDS - 1, LEASE_SECONDS, 10**6])
@pytest.mark.parametrize("ahead", [1, -1])
def test_a_member_that_cannot_be_seen_has_a_lease(silent: int, ahead: int) -> None:
    here = Process("boot", "inside", 1, "100")
    other = Member(1, Process("boot", "another container", 1, "100"), 10**9, True)
    assert is_live(other, here, 10**9 + ahead * silent) == (silent < LEASE_SECONDS)


def test_nobody_outlives_the_machine() -> None:
    here = this_process()
    assert not is_live(Member(1, here._replace(boot="before"), 10**9, True), here, 10**9)


def test_without_proc_a_gone_process_is_dead_and_a_silent_one_too() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    here = this_process()._replace(started="")
    now = 10**9
    assert not is_live(Member(1, here._replace(pid=gone.pid), now, True), here, now)
    assert is_live(Member(1, here, now, True), here, now)
    assert not is_live(Member(1, here, now - LEASE_SECONDS, True), here, now)


def test_a_member_that_no_longer_calls_needs_no_share(open_bus: OpenBus) -> None:
    with travel(NOON, tick=False) as clock:
        quiet, busy = open_bus(), open_bus()
        quiet.poll("g", SEVERAL)
        busy.publish(SEVERAL, events(100))
        shared = busy.poll("g", SEVERAL, most=100, slices=100)
        assert len(shared) == SHARE
        clock.shift(LEASE_SECONDS)
        assert len(busy.poll("g", SEVERAL, most=100, slices=100)) == SHARE


def test_what_a_silent_but_live_member_holds_stays_with_it(open_bus: OpenBus) -> None:
    with travel(NOON, tick=False) as clock:
        slow, other = open_bus(), open_bus()
        slow.publish(SINGLE, events(10))
        [part] = slow.poll("g", SINGLE)
        clock.shift(100 * LEASE_SECONDS)
        assert other.poll("g", SINGLE) == []
        slow.commit("g", part)
        assert committed(other, "g", SINGLE) == {0: 10}
