"""A publisher moves its feed: five hundred old entries have new ids, and nothing is new."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.bootstrap import open_bus
from services.settings import Settings
from services.topics import PAGES
from tests.support.hostile import Reply, Site, article

FEEDS, ENTRIES = ("news", "chips", "models"), (200, 200, 100)
"""Three feeds, since no more than 200 entries of one are taken: 500 in all."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        for feed, number in zip(FEEDS, ENTRIES, strict=True):
            for place in range(number):
                site.answers[f"/{feed}/{place}"] = article(
                    f"{feed} {place}", f"Words {place}. " * 50
                )
        yield site


def serve(site: Site, system: str, tracking: str = "") -> list[str]:
    """Have all feeds served by a system that makes ids of its own; their addresses."""
    for feed, number in zip(FEEDS, ENTRIES, strict=True):
        at = site.url(f"/{feed}")
        items = "".join(
            f"<item><title>{feed} {place}</title><link>{at}/{place}{tracking}</link>"
            f"<guid isPermaLink='false'>{system}-{feed}-{place}</guid>"
            f"<pubDate>Mon, 03 Feb 2025 10:{place % 60:02}:00 GMT</pubDate></item>"
            for place in range(number)
        )
        body = f"<rss version='2.0'><channel><title>{system}</title>{items}</channel></rss>"
        site.answers[f"/{feed}.xml"] = Reply(
            body.encode(), headers={"Content-Type": "application/rss+xml"}
        )
    return [site.url(f"/{feed}.xml") for feed in FEEDS]


def crawl(home: Path, seeds: list[str]) -> list[str]:
    """The outcomes of all addresses."""
    environ = {name: value for name, value in os.environ.items() if "BEATWIRE" not in name}
    environ |= {
        "BEATWIRE_HOME": str(home),
        "BEATWIRE_ALLOW_NETWORKS": "127.0.0.1/32",
        "BEATWIRE_CRAWL_DELAY": "0",
    }
    done = subprocess.run(
        [sys.executable, "-m", "crawlers", *seeds],
        env=environ,
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [line["outcome"] for line in lines if line.get("kind") == "page"]


def published(home: Path) -> int:
    """Pages on the log: what articles, and so alerts, are made of."""
    with open_bus(Settings(home=home)) as bus:
        return sum(lag.records for lag in bus.lag("count", PAGES.name))


@pytest.mark.slow
def test_new_ids_of_old_entries_are_no_news(site: Site, tmp_path: Path) -> None:
    first = crawl(tmp_path, serve(site, "old"))
    assert first.count("fetched") == sum(ENTRIES) == 500
    assert published(tmp_path) == 500
    again = crawl(tmp_path, serve(site, "new", "?utm_source=new-system"))
    assert again.count("fetched") == 0
    assert published(tmp_path) == 500
