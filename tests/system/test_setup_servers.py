"""``beatwire setup`` on the real servers, their addresses in files, as the compose file runs it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from services.settings import PREFIX, SHARED
from services.topics import TOPICS
from tests.support.databases import fresh_database
from tests.support.elasticsearch_index import own_address
from tests.support.kafka import remove
from tests.support.processes import beatwire
from tests.support.servers import required_server

pytestmark = [pytest.mark.connected, pytest.mark.slow]


@pytest.fixture
def files(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that name the files with the addresses of places of this test alone."""
    prefix, kafka = f"setup{token_hex(4)}", required_server("kafka")
    with fresh_database(required_server("postgresql")) as database, own_address() as index:
        addresses = {
            "bus": f"{kafka}/{prefix}",
            "index": index,
            "store": database,
            "broker": required_server("redis"),
        }
        variables = {}
        for name in SHARED:
            (tmp_path / name).write_text(addresses[name] + "\n")
            variables[f"{PREFIX}{name.upper()}_FILE"] = str(tmp_path / name)
        try:
            yield variables
        finally:
            remove(kafka, {prefix})


def test_it_makes_everything_once(files: dict[str, str], home: str) -> None:
    first, second = (json.loads(beatwire("setup", "--json", env=files)) for _ in range(2))
    assert first == second
    assert {each["topic"]: each["partitions"] for each in first["topics"]} == {
        topic.name: topic.partitions for topic in TOPICS.values()
    }
    assert first["holds"]["articles"] == first["sources"] == 0
    assert "@" not in str(first)
    assert not os.path.lexists(home) or not [*Path(home).iterdir()]
    status = json.loads(beatwire("status", "--json", env=files))
    assert status["index"]["articles"] == 0
