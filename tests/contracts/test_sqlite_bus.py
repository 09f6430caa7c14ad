"""``SqliteBus`` keeps the promises of ``Bus``, and those of a file that processes share."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from services import sqlite
from services.bus import Slice
from services.bus.sqlite import SqliteBus
from services.errors import TryLater, UserError
from services.topics import TOPICS
from tests.contracts.bus import BusContract, OpenBus
from tests.contracts.log import LogContract
from tests.support.bus import SEVERAL, SINGLE, committed, drain, event, events, left, sqlite_members


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "bus.sqlite"


@pytest.fixture
def open_bus(path: Path) -> Iterator[OpenBus]:
    with sqlite_members(path) as one_more:
        yield one_more


class TestSqliteBus(BusContract):
    @pytest.fixture
    def open_bus(self, open_bus: OpenBus) -> OpenBus:
        return open_bus


class TestSqliteLog(LogContract):
    pass


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
