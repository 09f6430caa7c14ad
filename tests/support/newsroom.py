"""The sample newsroom for tests of crawl, flow and faults: its settings and its ground truth."""

from collections import Counter
from pathlib import Path

from services.demo.journey import demo_environment
from services.demo.server import Newsroom


def demo_env(newsroom: Newsroom, home: Path) -> dict[str, str]:
    """Environment of processes that may reach the newsroom and live in ``home``."""
    return demo_environment(home, newsroom.hosts)


def expected_urls(newsroom: Newsroom) -> set[str]:
    """Addresses of all articles that must be searchable once everything was crawled and read."""
    return {page.url for page in newsroom.expected() if page.ending == "stored"}


def expected_endings(newsroom: Newsroom) -> Counter[str]:
    """What must come of the listed addresses, to how many of them."""
    return Counter(page.ending for page in newsroom.expected())


def statuses(newsroom: Newsroom, url: str) -> Counter[int]:
    """How often an address, whatever its query, was answered with which status."""
    found: Counter[int] = Counter()
    for (asked, status), count in newsroom.answered().items():
        if asked.partition("?")[0] == url:
            found[status] += count
    return found
