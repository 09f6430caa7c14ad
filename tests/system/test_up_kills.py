"""``kill -9`` of any process of ``beatwire up`` in mid-crawl loses nothing and repeats nothing.

``make faults`` runs fifty kills; ``make test`` a few. The seed is printed, and taken from
``TEST_SEED`` when that is set.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processors.query.tree import All
from services.bootstrap import open_bus, open_index, open_store
from services.demo.server import Newsroom
from services.index import Index
from services.settings import load_settings
from services.stages.flow import waiting
from tests.support.newsroom import demo_env, expected_urls
from tests.support.processes import BEATWIRE, alive, beatwire, family, wait_until

KILLS = int(os.environ.get("TEST_ROUNDS", "5"))
KILLS_A_CRAWL = 5
SEED = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**6)))
DONE_SECONDS = 120


class Up:
    """``beatwire up``, started again whenever it was the one to be killed."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._start()

    def _start(self) -> None:
        with self._log.open("ab") as out:
            self.process = subprocess.Popen([*BEATWIRE, "up"], stdout=out, stderr=out)

    def kill_one(self, dice: random.Random) -> None:
        """Kill a member of the family, the parent included; wait for what must follow."""
        members = family(self.process.pid)
        victim = dice.choice(members)
        os.kill(victim, signal.SIGKILL)
        if victim == self.process.pid:
            self.process.wait()
            wait_until(lambda: not any(map(alive, members)), 35, "for the orphans to end")
            self._start()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(40)


@contextmanager
def running(log: Path) -> Iterator[Up]:
    up = Up(log)
    try:
        yield up
    finally:
        for member in family(up.process.pid):
            os.kill(member, signal.SIGKILL)
        up.process.wait()


def everything_done(urls: set[str]) -> bool:
    """Whether every address was looked at and every event brought to its end."""
    settings = load_settings()
    with open_bus(settings) as bus, open_store(settings) as store, open_index(settings) as index:
        left = sum(waiting(bus).values())
        fetched = store.fetch_outcomes()
        return not left and "pending" not in fetched and found_urls(index) >= urls


def found_urls(index: Index) -> set[str]:
    return {hit.article.url for hit in index.search(All(), limit=1000).hits}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("crawl", range(-(-KILLS // KILLS_A_CRAWL)))
def test_kills_during_a_crawl_change_nothing(
    crawl: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dice = random.Random(f"{SEED}-{crawl}")
    print(f"TEST_SEED={SEED}")
    with Newsroom(port=0) as newsroom:
        for name, value in demo_env(newsroom, tmp_path / "home").items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("BEATWIRE_PORT", "0")
        for source, name, url in newsroom.sources:
            beatwire("sources", "add", url, "--id", source, "--name", name)
        urls = expected_urls(newsroom)
        with running(tmp_path / "up.log") as up:
            for _ in range(KILLS_A_CRAWL):
                time.sleep(dice.uniform(0.2, 4.0))
                up.kill_one(dice)
            wait_until(
                lambda: everything_done(urls), DONE_SECONDS, (tmp_path / "up.log").read_text()
            )
            assert up.stop() == 0
    with open_index(load_settings()) as index:
        hits = index.search(All(), limit=1000)
        assert sorted(hit.article.url for hit in hits.hits) == sorted(urls)
        assert hits.total == len(urls)
        claims = index.claims(All(), limit=10_000).claims
        told = sum(len(hit.article.claims) for hit in hits.hits)
        assert len(claims) == told
