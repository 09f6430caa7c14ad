"""``SqliteBus`` keeps the promises of ``Bus``, and those of a file that processes share."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from time_machine import travel

from services import sqlite
from services.bus import Bus, Slice
from services.bus.sqlite import SqliteBus
from services.bus.sqlite_members import LEASE_SECONDS, Member, Process, is_live, this_process
from services.errors import TryLater, UserError
from services.topics import PAGES, TOPICS
from tests.contracts.bus import (
    NOON,
    SEVERAL,
    SINGLE,
    BusContract,
    OpenBus,
    committed,
    drain,
    event,
    events,
    ids,
    left,
)
from tests.support.descriptors import open_files

SHARE = PAGES.partitions // 2
"""What one of two members gets."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "bus.sqlite"


@pytest.fixture
def open_bus(path: Path) -> Iterator[OpenBus]:
    opened: list[SqliteBus] = []

    def one_more() -> SqliteBus:
        opened.append(SqliteBus(path))
        return opened[-1]

    yield one_more
    for bus in opened:
        bus.close()


class TestSqliteBus(BusContract):
    @pytest.fixture
    def open_bus(self, open_bus: OpenBus) -> OpenBus:
        return open_bus


class TestSqliteBusWithRollbackJournal(BusContract):
    """What an SQLite with the WAL-reset bug gets."""

    @pytest.fixture
    def open_bus(self, open_bus: OpenBus, monkeypatch: pytest.MonkeyPatch) -> OpenBus:
        monkeypatch.setattr(sqlite.driver, "sqlite_version_info", (3, 40, 1))
        return open_bus


class Members(RuleBasedStateMachine):
    """Members come, take, finish, return and go; a set of offsets knows what must be left."""

    members = Bundle[SqliteBus]("members")
    parts = Bundle[Slice]("parts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(self.make_folder())
        self.keeper = SqliteBus(self.folder / "bus.sqlite")
        self.hands: dict[SqliteBus, set[int]] = {}
        self.done: set[int] = set()
        self.end = 0

    make_folder: Callable[[], str]

    @rule(target=members)
    def join(self) -> SqliteBus:
        bus = SqliteBus(self.folder / "bus.sqlite")
        self.hands[bus] = set()
        return bus

    @rule(number=st.integers(1, 9))
    def publish(self, number: int) -> None:
        self.keeper.publish(SINGLE, events(number))
        self.end += number

    @rule(target=parts, bus=members, most=st.integers(1, 5))
    def poll(self, bus: SqliteBus, most: int) -> Slice:
        if bus not in self.hands:
            return Slice(SINGLE, 0, 0, -1)
        given = bus.poll("g", SINGLE, most=most)
        offsets = {n for part in given for n in range(part.first, part.last + 1)}
        taken = set[int]().union(*self.hands.values())
        assert offsets.isdisjoint(taken | self.done)
        if not taken:
            assert bool(given) == bool({*range(self.end)} - self.done)
        self.hands[bus] |= offsets
        return given[0] if given else Slice(SINGLE, 0, 0, -1)

    @rule(bus=members, part=parts)
    def commit(self, bus: SqliteBus, part: Slice) -> None:
        if bus in self.hands:
            offsets = {*range(part.first, part.last + 1)}
            bus.commit("g", part)
            self.done |= offsets
            for hand in self.hands.values():
                hand.difference_update(offsets)

    @rule(bus=members, part=parts)
    def give_back(self, bus: SqliteBus, part: Slice) -> None:
        if bus in self.hands:
            bus.give_back("g", part)
            self.hands[bus] -= {*range(part.first, part.last + 1)}

    @rule(bus=members)
    def go(self, bus: SqliteBus) -> None:
        if self.hands.pop(bus, None) is not None:
            bus.close()

    @invariant()
    def position_is_the_first_offset_that_is_not_done(self) -> None:
        first = next(n for n in range(self.end + 1) if n not in self.done)
        assert committed(self.keeper, "g", SINGLE) == {0: first}

    def teardown(self) -> None:
        for bus in (*self.hands, self.keeper):
            bus.close()


def test_members_in_any_order(tmp_path_factory: pytest.TempPathFactory) -> None:
    class Here(Members):
        @staticmethod
        def make_folder() -> str:
            return str(tmp_path_factory.mktemp("members"))

    Here.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
    Here.TestCase("runTest").debug()


# What only one file that all members see can promise


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


# The file


def test_a_file_of_text_is_refused_with_its_name_and_a_remedy(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a database, but long enough to be taken for one\n" * 40)
    with pytest.raises(UserError, match=rf"{path}: not a file of Beatwire.*move it away"):
        SqliteBus(path)


def test_a_damaged_file_is_refused_with_its_name(path: Path) -> None:
    with SqliteBus(path) as bus:
        bus.publish(SEVERAL, events(50, data=bytes(3000)))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(UserError, match=rf"{path}: not a file of Beatwire, or damaged"):
        drain(SqliteBus(path), "g", SEVERAL)


def test_an_sqlite_file_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    with pytest.raises(UserError, match=r"not the log of Beatwire"):
        SqliteBus(path)
    with sqlite3.connect(path) as other:
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()
    assert tables == [("recipes",)]


def test_a_log_of_a_newer_version_is_refused(path: Path) -> None:
    SqliteBus(path).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 7")
    other.close()
    with pytest.raises(UserError, match=r"newer Beatwire \(format 7, .*upgrade"):
        SqliteBus(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(UserError, match=rf"{tmp_path / 'home'}: the folder cannot be made"):
        SqliteBus(tmp_path / "home" / "bus.sqlite")


def test_a_folder_in_the_files_place_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(UserError, match=rf"{path}: cannot be opened"):
        SqliteBus(path)


def test_a_lock_that_is_held_for_too_long_means_try_later(
    path: Path, open_bus: OpenBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.05)
    bus = open_bus()
    bus.publish(SINGLE, events(1))
    holder = sqlite.driver.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(TryLater, match="locked"):
        bus.publish(SINGLE, events(1))
    assert len(bus.read(Slice(SINGLE, 0, 0, 9))) == 1
    holder.close()
    bus.publish(SINGLE, events(1))
    assert left(bus, "g", SINGLE) == 2


def test_a_full_disk_appends_nothing_and_passes(path: Path, open_bus: OpenBus) -> None:
    bus = SqliteBus(path)
    with bus._file.reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    # SQLite's own limit stands for the disk's: it fails with the same SQLITE_FULL.
    assert bus._file._connection is not None
    bus._file._connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(TryLater, match="full"):
        bus.publish(
            SINGLE,
            [event("k", n, data=bytes(each % 251 for each in range(5000 + n))) for n in range(500)],
        )
    assert left(bus, "g", SINGLE) == 0
    bus._file._connection.execute("PRAGMA max_page_count = 100000")
    bus.publish(SINGLE, events(3))
    assert len(drain(bus, "g", SINGLE)) == 3
    bus.close()


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "delete"),
        ((3, 44, 5), "delete"),
        ((3, 44, 6), "wal"),
        ((3, 45, 0), "delete"),
        ((3, 50, 6), "delete"),
        ((3, 50, 7), "wal"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 53, 4), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_the_journal_follows_the_version(
    path: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], mode: str
) -> None:
    monkeypatch.setattr(sqlite.driver, "sqlite_version_info", version)
    with SqliteBus(path) as bus, bus._file.reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == (mode,)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_log_in_write_ahead_mode_is_changed_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqliteBus(path) as bus:
        bus.publish(SINGLE, events(3))
    monkeypatch.setattr(sqlite.driver, "sqlite_version_info", (3, 40, 1))
    with SqliteBus(path) as bus, bus._file.reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    with SqliteBus(path) as bus:
        assert len(drain(bus, "g", SINGLE)) == 3


def test_large_data_is_stored_small(path: Path) -> None:
    with SqliteBus(path) as bus:
        bus.publish(SEVERAL, events(10, data=b"<p>the same words again</p>" * 10_000))
    assert path.stat().st_size < 500_000


def test_a_partition_is_a_matter_of_the_key_alone(path: Path) -> None:
    program = (
        "from services.bus.events import partition_of\n"
        "print([partition_of(f'key {n}', 12) for n in range(20)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert outputs == {"[9, 3, 1, 3, 0, 10, 4, 10, 11, 1, 7, 1, 3, 9, 2, 0, 10, 8, 1, 11]\n"}


def test_a_log_learns_a_topic_that_is_new(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TOPICS, SINGLE)
    SqliteBus(path).close()
    monkeypatch.undo()
    with SqliteBus(path) as bus:
        bus.publish(SINGLE, events(2))
        assert len(drain(bus, "g", SINGLE)) == 2


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
