"""``beatwire setup`` makes what is missing, keeps what is there, and shows no password."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.effective import without_password
from services.topics import TOPICS
from tests.support.processes import beatwire


def test_it_makes_what_is_missing_and_finds_it_again(home: str) -> None:
    first, second = (json.loads(beatwire("setup", "--json")) for _ in range(2))
    assert first == second
    assert first["topics"] == [
        {"topic": topic.name, "partitions": topic.partitions, "events": 0}
        for topic in TOPICS.values()
    ]
    assert first["bus"] == f"{home}/bus.sqlite"
    assert first["holds"]["articles"] == first["sources"] == 0
    assert Path(home, "store.sqlite").exists()
    beatwire("sources", "add", "https://publisher.example/feed.xml")
    told = beatwire("setup")
    assert [line.split()[0] for line in told.splitlines()] == ["log", "index", "store"]
    assert "1 source" in told


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("BEATWIRE_BUS", "nats://ada:hidden@127.0.0.1:1", 78),
        ("BEATWIRE_BROKER", "redis://:hidden@127.0.0.1:1/0", 78),
        ("BEATWIRE_STORE", "postgresql://ada:hidden@127.0.0.1:1/news", 69),
    ],
)
def test_it_ends_as_the_other_commands_do(setting: str, value: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "setup"],
        env={**os.environ, setting: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code
    assert done.stderr.startswith("beatwire: ")
    assert "hidden" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/data/bus.sqlite", "/data/bus.sqlite"),
        ("sqlite:////data/store.sqlite", "sqlite:////data/store.sqlite"),
        ("kafka://one:9092,two:9092/news", "kafka://one:9092,two:9092/news"),
        ("https://ada:se/cr@et@search.example:9200/p", "https://search.example:9200/p"),
        ("postgresql://ada:x@db/news?password=y", "postgresql://db/news"),
        ("postgresql://db/news?password=a@b", "postgresql://db/news"),
    ],
)
def test_addresses_are_shown_without_passwords(address: str, shown: str) -> None:
    assert without_password(address) == shown
