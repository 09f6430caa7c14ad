"""Backups and restores: row 90, and what is damaged, newer, in the way or killed."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from services import sqlite
from services.bootstrap import open_bus, open_store
from services.bus import Bus, Stored
from services.bus.sqlite import SqliteBus
from services.errors import LockedError, TryLater, UserError
from services.keeping import logs, manifest
from services.keeping.backup import back_up
from services.keeping.restore import check, restore
from services.lockfile import FAMILY, take_lock
from services.settings import Settings, load_settings
from services.store.port import Target
from services.topics import TOPICS
from tests.support.bus import log_of
from tests.support.databases import fresh_database
from tests.support.elasticsearch_index import own_address
from tests.support.filled import UNREAD, digest, documents, fill, page
from tests.support.kafka import remove
from tests.support.old_store import make_old_store
from tests.support.processes import beatwire
from tests.support.servers import required_server


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with everything in it, and a backup of it; for copies."""
    folder = tmp_path_factory.mktemp("model")
    fill(here(folder / "home"))
    back_up(here(folder / "home"), folder / "backup", quiet)
    return folder


@pytest.fixture
def filled(model: Path, home: str) -> Settings:
    shutil.copytree(model / "home", home)
    return load_settings()


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return here(tmp_path / "other")


def here(home: Path, **servers: str) -> Settings:
    unset = dict.fromkeys(("bus", "index", "store", "broker"), "")
    return Settings.model_validate({"home": home, **unset, **servers})


def quiet(*_: object) -> None:
    """Nobody looks."""


def in_the_log(settings: Settings) -> list[object]:
    with open_bus(settings) as bus:
        return [(topic, stored) for topic in TOPICS for stored in log_of(bus, topic)]


def in_the_store(settings: Settings) -> list[object]:
    with open_store(settings) as store:
        return [store.sources(), store.outcomes(), store.alerts(), store.topics(), store.retold()]


def ends_of(bus: Bus, topic: str) -> dict[int, int]:
    return {lag.partition: lag.end for lag in bus.lag("look", topic)}


def positions(settings: Settings) -> logs.Positions:
    with open_bus(settings) as bus:
        return logs.positions(bus)


def test_all_is_back_after_everything_was_deleted(
    filled: Settings, empty: Settings, tmp_path: Path
) -> None:
    """Row 90."""
    log, store, before = in_the_log(filled), in_the_store(filled), documents(filled)
    made = back_up(filled, tmp_path / "backup", quiet)
    assert made.articles == len(before) == 63
    assert made.events["pages"] == UNREAD
    for path in sorted(filled.home.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    done = restore(empty, tmp_path / "backup", quiet)
    assert done.articles == done.articles_before == len(before)
    assert done.to_do["read"] == UNREAD
    assert done.to_do["index"] == done.to_do["alert"] == 0
    assert in_the_log(empty) == log
    assert in_the_store(empty) == store
    after = documents(empty)
    seen = random.Random(90).sample(sorted(before), 50)
    assert [after[each] for each in seen] == [before[each] for each in seen]
    assert digest(after) == digest(before)


@pytest.mark.parametrize("version", [(3, 53, 4), (3, 40, 1)], ids=["wal", "rollback journal"])
def test_a_backup_under_load_lacks_no_page_that_the_store_takes_for_fetched(
    filled: Settings,
    empty: Settings,
    tmp_path: Path,
    version: tuple[int, int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a crawl does it: a page goes on the log, then its address is noted as done."""
    monkeypatch.setattr(sqlite.driver, "sqlite_version_info", version)  # row 12
    stop, first = threading.Event(), threading.Event()

    def crawl() -> None:
        with open_bus(filled) as bus, open_store(filled) as store:
            number = 1_000
            while not stop.is_set():
                bus.publish("pages", [page(number)])
                url = f"https://ledger.example/page-{number}"
                store.note_fetch(Target(url=url, source="ledger", outcome="published"))
                number += 1
                first.set()

    crawler = threading.Thread(target=crawl)
    crawler.start()
    try:
        assert first.wait(60)
        back_up(filled, tmp_path / "backup", quiet)
    finally:
        stop.set()
        crawler.join()
    restore(empty, tmp_path / "backup", quiet)
    with open_store(empty) as store:
        fetched = store.fetch_outcomes()["published"]
        with open_bus(empty) as bus:
            pages = sum(lag.end for lag in bus.lag("t", "pages")) - UNREAD
        urls = [f"https://ledger.example/page-{1_000 + number}" for number in range(pages)]
        noted = [url for url in urls if store.target(url)]
    assert 0 < fetched == len(noted) <= pages


def test_where_all_events_are_gone_the_next_one_gets_the_offset_that_it_would_have_had(
    tmp_path: Path,
) -> None:
    with SqliteBus(tmp_path / "one") as one, SqliteBus(tmp_path / "other") as other:
        one.publish("dead", [page(number) for number in range(5)])
        one.forget("dead", {0: 5})
        logs.copy_events(one, other, quiet)
        assert ends_of(other, "dead") == {0: 5}
        assert [*log_of(other, "dead")] == []


def test_a_log_that_is_away_for_a_moment_has_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqliteBus(tmp_path / "one") as one, SqliteBus(tmp_path / "other") as other:
        one.publish("dead", [page(number) for number in range(5)])
        put_back, lost = other.put_back, iter([2, 4])

        def half(topic: str, stored: Sequence[Stored]) -> None:
            """Some come there, and nobody is told."""
            if part := next(lost, None):
                put_back(topic, stored[:part])
                raise TryLater("away")
            put_back(topic, stored)

        monkeypatch.setattr(other, "put_back", half)
        logs.copy_events(one, other, quiet)
        assert [*log_of(other, "dead")] == [*log_of(one, "dead")]


def test_progress_goes_from_nothing_to_all(filled: Settings, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    back_up(filled, tmp_path / "backup", lambda *at: told.append(at))
    assert [at for at in told if at[0] == "log"][-1][1:] == (told[-1][2], told[-1][2])
    assert {what for what, _, _ in told} == {"store", "log"}


def test_a_backup_goes_where_a_link_leads(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "backup").symlink_to(tmp_path / "disk")
    back_up(filled, tmp_path / "backup", quiet)
    check(tmp_path / "disk", quiet)
    assert (tmp_path / "disk").stat().st_mode & 0o077 == 0


def test_a_killed_backup_never_looks_like_a_whole_one(filled: Settings, tmp_path: Path) -> None:
    script = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from services.keeping import backup\n"
        "from services.settings import load_settings\n"
        "backup.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"backup.back_up(load_settings(), Path({str(tmp_path / 'backup')!r}), print)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (tmp_path / "backup").exists()
    (left,) = tmp_path.glob("backup.unfinished-*")
    with pytest.raises(UserError, match=r"manifest\.json: there is none.*never finished"):
        check(left, quiet)
    back_up(filled, tmp_path / "backup", quiet)
    check(tmp_path / "backup", quiet)


def test_a_backup_without_room_leaves_nothing(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 25. SQLite's own limit stands for the disk's: it fails with the same SQLITE_FULL."""
    connect = sqlite.driver.connect

    def small(where: Path, **given: Any) -> sqlite.Connection:
        made: sqlite.Connection = connect(where, **given)
        if Path(where).name == manifest.LOG:
            made.execute("PRAGMA max_page_count = 20")
        return made

    monkeypatch.setattr(sqlite.driver, "connect", small)
    with pytest.raises(UserError, match=r"backup: .* written \(No space .*nothing is left"):
        back_up(filled, tmp_path / "backup", quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    monkeypatch.undo()
    back_up(filled, tmp_path / "backup", quiet)


@pytest.fixture
def backup(model: Path, tmp_path: Path) -> Path:
    shutil.copytree(model / "backup", tmp_path / "backup")
    return tmp_path / "backup"


@pytest.mark.parametrize("name", [manifest.STORE, manifest.LOG, manifest.MANIFEST])
@pytest.mark.parametrize("how", ["cut", "changed", "gone"])
def test_a_damaged_backup_is_refused(backup: Path, empty: Settings, name: str, how: str) -> None:
    path = backup / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    match how:
        case "cut":
            path.write_bytes(data[:-100])
        case "changed":
            path.write_bytes(data)
        case "gone":
            path.unlink()
    if (name, how) == (manifest.MANIFEST, "changed"):
        path.write_bytes(path.read_bytes().replace(b'"sha256": "', b'"sha256": "0'))
    with pytest.raises(UserError, match=rf"^{path}: ") as refused:
        restore(empty, backup, quiet)
    assert "\n" not in str(refused.value)
    assert not (empty.home / "store.sqlite").exists()


def test_a_manifest_made_to_be_deep_is_refused(tmp_path: Path) -> None:
    deep = '{"format": 1, "x": ' + "[" * 100_000
    (tmp_path / manifest.MANIFEST).write_text(deep)
    with pytest.raises(UserError, match="the backup is damaged"):
        check(tmp_path, quiet)


@pytest.mark.parametrize("field", ["format", "store_version"])
def test_a_newer_backup_is_refused(backup: Path, empty: Settings, field: str) -> None:
    path = backup / manifest.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: 99}))
    with pytest.raises(UserError, match=r"newer Beatwire \(format 99, .*upgrade this Beatwire"):
        restore(empty, backup, quiet)


def test_a_backup_of_an_older_release_comes_to_the_newest_tables(
    home: str, empty: Settings, tmp_path: Path
) -> None:
    settings = load_settings()
    settings.home.mkdir(parents=True)
    make_old_store(settings.home / "store.sqlite")
    open_bus(settings).close()
    made = back_up(settings, tmp_path / "backup", quiet)
    assert made.store_version == 1, "a backup leaves the store as it is"
    restore(empty, tmp_path / "backup", quiet)
    with open_store(empty) as store:
        assert [source.id for source in store.sources()] == ["ledger"]


@pytest.mark.parametrize(
    "there",
    [
        "store.sqlite",
        "bus.sqlite",
        "index",
        # SQLite would take them for changes of the file that comes, and a rebuild go on with it.
        "store.sqlite-wal",
        "bus.sqlite-journal",
        "index.new",
        "index.old",
    ],
)
def test_nothing_is_restored_over_what_is_there(backup: Path, empty: Settings, there: str) -> None:
    path = empty.home / there
    path.mkdir(parents=True)
    with pytest.raises(UserError, match=rf"{path}: there already.*mv .*BEATWIRE_HOME"):
        restore(empty, backup, quiet)
    assert sorted(each.name for each in empty.home.iterdir()) == sorted({there, FAMILY})


def test_nothing_is_restored_while_beatwire_runs(backup: Path, empty: Settings) -> None:
    with (
        take_lock(empty.home / FAMILY, str),
        pytest.raises(LockedError, match=rf"as pid {os.getpid()}; stop it first"),
    ):
        restore(empty, backup, quiet)


def test_what_a_killed_restore_left_is_in_nobodys_way(backup: Path, empty: Settings) -> None:
    empty.home.mkdir()
    for name in ("store.sqlite.restoring", "store.sqlite.restoring-wal", "bus.sqlite.restoring"):
        (empty.home / name).write_bytes(b"half of it")
    restore(empty, backup, quiet)
    assert not list(empty.home.glob("*.restoring*"))


def test_there_must_be_something_and_the_folder_must_be_free(
    filled: Settings, empty: Settings, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="nothing to back up; set BEATWIRE_HOME"):
        back_up(empty, tmp_path / "backup", quiet)
    with pytest.raises(UserError, match=r"home is there already; give another folder"):
        back_up(filled, filled.home, quiet)


def test_the_commands_say_what_they_did(filled: Settings, tmp_path: Path) -> None:
    where = str(tmp_path / "backup")
    made = json.loads(beatwire("backup", where, "--json"))
    assert made["folder"] == where
    assert made["backup"]["articles"] == 63
    assert "is whole: " in beatwire("restore", where, "--check")
    beatwire("restore", where, code=1)
    said = beatwire("restore", where, env={"BEATWIRE_HOME": str(tmp_path / "other")})
    assert "The index was built from the log: 63 articles\n" in said
    assert f"Still to do, by beatwire up or beatwire work: read {UNREAD}\n" in said


@pytest.fixture
def on_servers(tmp_path: Path) -> Iterator[list[Settings]]:
    """Two installations on the servers, with nothing in them."""
    prefixes = [f"keep-{os.urandom(4).hex()}" for _ in range(2)]
    kafka, postgresql = required_server("kafka"), required_server("postgresql")
    try:
        with (
            fresh_database(postgresql) as one,
            fresh_database(postgresql) as two,
            own_address() as index_one,
            own_address() as index_two,
        ):
            yield [
                here(tmp_path / prefix, bus=f"{kafka}/{prefix}", store=store, index=index)
                for prefix, store, index in zip(
                    prefixes, (one, two), (index_one, index_two), strict=True
                )
            ]
    finally:
        remove(kafka, set(prefixes))


@pytest.mark.connected("kafka", "postgresql", "elasticsearch")
def test_from_servers_to_files_and_to_other_servers(
    on_servers: list[Settings], empty: Settings, tmp_path: Path
) -> None:
    """Row 90, and a move from servers to one machine and back."""
    one, two = on_servers
    fill(one, 10)
    with open_bus(one) as bus:
        bus.publish("dead", [page(number) for number in range(5)])
        bus.forget("dead", {0: 3})
        bus.publish("alerts", [page(number) for number in range(5)])
        bus.forget("alerts", {lag.partition: lag.end for lag in bus.lag("look", "alerts")})
        ends = ends_of(bus, "alerts")
    log, store, before = in_the_log(one), in_the_store(one), documents(one)
    back_up(one, tmp_path / "one", quiet)
    restore(empty, tmp_path / "one", quiet)
    back_up(empty, tmp_path / "files", quiet)
    restore(two, tmp_path / "files", quiet)
    for other in (empty, two):
        assert in_the_log(other) == log
        assert in_the_store(other) == store
        assert digest(documents(other)) == digest(before)
        assert positions(other) == positions(one)
        with open_bus(other) as bus:
            assert ends_of(bus, "alerts") == ends
    with pytest.raises(UserError, match="BEATWIRE_BUS: topic pages has had events already"):
        restore(two, tmp_path / "one", quiet)
    fresh = here(tmp_path / "fresh", store=two.store)
    with pytest.raises(UserError, match=r"BEATWIRE_STORE: its table .* has rows already"):
        restore(fresh, tmp_path / "one", quiet)
