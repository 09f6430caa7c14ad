"""``beatwire doctor``: the rules, and that each thing that is wrong is said with its remedy."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.bus import Lag
from services.doctor import rules
from services.stages.flow import INDEX_BACKFILL, READ
from services.topics import TOPICS
from tests.support.processes import beatwire

NOW = datetime(2026, 11, 30, 5, tzinfo=UTC)
GIB = 1024**3


def findings(home: str, *options: str, **env: str) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code, and what was found by what it is about."""
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "doctor", "--json", *options],
        env={**os.environ, "BEATWIRE_HOME": home, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, {each["about"]: each for each in json.loads(done.stdout)["findings"]}


@pytest.mark.parametrize(
    ("free", "said", "state"),
    [
        (50 * GIB, "50.0 GiB", "well"),
        (GIB // 2, "512 MiB", "warning"),
        (GIB // 100, "10 MiB", "wrong"),
    ],
)
def test_little_room_on_the_disk_is_told_before_none_is(free: int, said: str, state: str) -> None:
    found = rules.disk("/data", free, 100 * GIB)
    assert (found.state, found.says) == (state, f"{said} of 100.0 GiB free at /data")
    assert bool(found.remedy) == (state != "well")


@pytest.mark.parametrize(("mode", "state"), [(0o700, "well"), (0o770, "well"), (0o755, "warning")])
def test_a_home_that_everybody_can_read_is_told(mode: int, state: str) -> None:
    found = rules.home("/data", mode)
    assert found.state == state
    assert bool(found.remedy) == (state != "well")


def test_a_journal_that_is_slow_is_explained() -> None:
    assert rules.sqlite("3.51.3", "wal").state == "well"
    assert "3.51.3" in rules.sqlite("3.50.1", "delete").remedy


def test_topics_that_are_missing_or_narrow_are_named() -> None:
    usual = {name: topic.partitions for name, topic in TOPICS.items()}
    assert rules.topics(usual).state == "well"
    assert "pages 3" in rules.topics({**usual, "pages": 3}).says
    del usual["dead"]
    assert rules.topics(usual).state == "wrong"
    assert "dead" in rules.topics(usual).says


@pytest.mark.parametrize(
    ("stage", "age", "state"),
    [
        (READ.stage, timedelta(seconds=30), "well"),
        (READ.stage, timedelta(minutes=3), "warning"),
        (INDEX_BACKFILL.stage, timedelta(days=400), "well"),
    ],
)
def test_live_news_that_waits_is_a_warning_and_history_is_not(
    stage: str, age: timedelta, state: str
) -> None:
    lag = Lag("pages", 0, committed=3, end=10, oldest=NOW - age)
    (found,) = rules.waiting({stage: [lag]}, NOW)
    assert (found.about, found.state) == (f"stage {stage}", state)
    assert "7 events" in found.says


def test_no_worker_is_told_with_the_command_that_starts_one() -> None:
    assert rules.workers(2, elsewhere=True).state == "well"
    assert "celery" in rules.workers(0, elsewhere=True).remedy
    assert "beatwire up" in rules.workers(0, elsewhere=False).remedy


def test_a_new_installation_has_nothing_wrong(home: str) -> None:
    code, found = findings(home)
    assert code == 0
    assert {each["state"] for each in found.values()} == {"well", "warning"}
    assert "catalogue" in found["sources"]["remedy"]
    assert beatwire("doctor").splitlines()[-1].endswith("0 wrong, 1 to look at")
    assert stat.S_IMODE(Path(home).stat().st_mode) == 0o700


def test_what_is_away_is_told_and_the_rest_is_still_looked_at(home: str) -> None:
    code, found = findings(
        home,
        BEATWIRE_STORE="postgresql://ada:hidden@127.0.0.1:1/news",
        BEATWIRE_INDEX="http://ada:hidden@127.0.0.1:1",
    )
    assert code == 1
    assert found["store"]["state"] == found["index"]["state"] == "wrong"
    assert found["log"]["state"] == "well"
    assert "hidden" not in json.dumps(found)


def test_a_damaged_file_is_found_by_reading_it_through(home: str) -> None:
    beatwire("setup")
    path = Path(home, "bus.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert findings(home, "--deep")[1]["bus.sqlite"]["state"] == "well"
    bytes_ = bytearray(path.read_bytes())
    bytes_[4096:] = b"\xff" * (len(bytes_) - 4096)
    path.write_bytes(bytes_)
    code, found = findings(home, "--deep")
    assert code == 1
    assert found["bus.sqlite"]["state"] == "wrong"
