"""Several crawlers at once, some of them killed: nothing is doubled, nothing forgotten, no host
asked more than its budget allows, as the server saw it.

``TEST_ROUNDS`` makes it long: ``TEST_ROUNDS=10`` is five minutes with 50 sources, a kill each half.
"""

import os
import random
import subprocess
import threading
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from services.bootstrap import open_store
from services.store.places import Source
from tests.support.crawling import Crawler
from tests.support.hostile import Reply, Request, Site, article, rss
from tests.support.processes import family, wait_until

ROUNDS = int(os.environ.get("TEST_ROUNDS", "1"))
SOURCES = 50 if ROUNDS > 1 else 8
PAGES = 12
SECONDS = 30.0 if ROUNDS > 1 else 6.0
DELAY = 0.2


class Press:
    """Sources that publish while they are crawled, and a note of every request."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked: defaultdict[str, list[float]] = defaultdict(list)
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.under_way: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.published = dict.fromkeys(range(SOURCES), PAGES)
        self._lock = threading.Lock()
        for number in range(SOURCES):
            site.answers[f"/feed/{number}"] = self._feed
        site.answers["/robots.txt"] = lambda request: self._note(request, lambda: Reply(b""))

    def url(self, path: str, number: int) -> str:
        return self.site.url(path, f"press{number}.example")

    def links(self, number: int) -> list[str]:
        return [self.url(f"/{number}/story-{n}", number) for n in range(self.published[number])]

    def publish(self, number: int) -> None:
        self.published[number] += 1
        self.serve()

    def serve(self) -> None:
        for number in range(SOURCES):
            for link in self.links(number):
                self.site.answers.setdefault(urlsplit(link).path, self._page)

    def _feed(self, request: Request) -> None:
        number = int(request.path.rpartition("/")[2])
        self._note(request, lambda: rss(*self.links(number), date=datetime.now(UTC)))

    def _page(self, request: Request) -> None:
        self._note(request, lambda: Reply(article(request.path)))

    def _note(self, request: Request, answer: object) -> None:
        host = request.headers["Host"].partition(":")[0]
        with self._lock:
            self.asked[request.path].append(time.monotonic())
            self.times[host].append(time.monotonic())
            self.under_way[host] += 1
            self.most[host] = max(self.most[host], self.under_way[host])
        try:
            request.reply(answer())  # type: ignore[operator]
        finally:
            with self._lock:
                self.under_way[host] -= 1


@pytest.fixture
def crawl(tmp_path: Path) -> Crawler:
    crawl = Crawler(tmp_path)
    names = ",".join(f"press{number}.example=127.0.0.1" for number in range(SOURCES))
    crawl.environ |= {"BEATWIRE_HOSTS": names, "BEATWIRE_CRAWL_DELAY": str(DELAY)}
    return crawl


def start(crawl: Crawler) -> "subprocess.Popen[str]":
    return crawl.start("--every", "4")


def test_two_crawlers_of_which_one_is_killed_now_and_then(crawl: Crawler) -> None:
    dice = random.Random(5)
    with Site() as site:
        press = Press(site)
        press.serve()
        with open_store(crawl.settings) as store:
            for number in range(SOURCES):
                url = press.url(f"/feed/{number}", number)
                store.put_source(Source(id=f"s{number}", url=url, added_at=datetime.now(UTC)))
        kills = 0
        crawlers = [start(crawl), start(crawl)]
        try:
            for _ in range(ROUNDS):
                _publish_for(press, SECONDS, dice)
                victim = dice.randrange(2)
                _kill(crawlers[victim])
                kills += 1
                crawlers[victim] = start(crawl)
            wanted = {urlsplit(link).path for n in range(SOURCES) for link in press.links(n)}
            wait_until(lambda: wanted <= press.asked.keys(), 90, "for every story")
            time.sleep(1)
        finally:
            for process in crawlers:
                process.terminate()
            told = [process.communicate(timeout=60) for process in crawlers]
        assert [errors for _, errors in told] == ["", ""]
        _check(crawl, press, wanted, kills)


def _publish_for(press: Press, seconds: float, dice: random.Random) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        press.publish(dice.randrange(SOURCES))
        time.sleep(0.5)


def _kill(process: "subprocess.Popen[str]") -> None:
    for pid in reversed(family(process.pid)):
        os.kill(pid, 9)
    process.communicate(timeout=60)


def _check(crawl: Crawler, press: Press, wanted: set[str], kills: int) -> None:
    again = {path: len(press.asked[path]) - 1 for path in wanted if len(press.asked[path]) > 1}
    assert sum(again.values()) <= 16 * kills, again
    assert max(press.most.values()) <= 2
    for host, times in press.times.items():
        gaps = [later - earlier for earlier, later in pairwise(times)]
        # A request that was noticed late is long after the one before it, and soon before the next.
        pairs = pairwise(gaps)
        close = [pair for pair in pairs if pair[1] < DELAY / 2 and sum(pair) < 1.8 * DELAY]
        assert len(close) <= len(gaps) // 20, (host, close)
        assert len(times) / (times[-1] - times[0] + DELAY) <= 1.05 / DELAY
    with open_store(crawl.settings) as store:
        outcomes = store.source_outcomes()
    assert sum(sum(ends.values()) for ends in outcomes.values()) == len(wanted) + SOURCES
    assert {name for ends in outcomes.values() for name in ends} <= {"fetched", "unchanged"}
