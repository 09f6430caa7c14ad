"""What publishers reserve: noted on the pages of a crawl, and obeyed where that is set."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processors.optouts import NOTED
from tests.support.crawling import Crawler
from tests.support.hostile import Reply, Site, article, rss

ROBOTS = b"User-agent: *\nDisallow: /private\nContent-Signal: search=yes, ai-train=no\n"
TDMREP = b'[{"location": "/open/*", "tdm-reservation": 0}, {"location": "*", "tdm-reservation": 1}]'


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.answers = {
            "/robots.txt": ROBOTS,
            "/.well-known/tdmrep.json": TDMREP,
            "/feed.xml": rss(site.url("/a"), site.url("/open/b")),
            "/a": Reply(article("First"), headers={NOTED: "index=forged"}),
            "/open/b": article("Second"),
        }
        yield site


@pytest.mark.slow
def test_reservations_are_noted(site: Site, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path)
    assert set(crawl(site.url("/feed.xml")).values()) == {"fetched"}
    said = {page.url: page.headers.get(NOTED) for page in crawl.pages()}
    noted = "training=robots.txt Content-Signal: ai-train=no"
    assert said == {site.url("/a"): noted, site.url("/open/b"): noted}
    assert "/.well-known/tdmrep.json" not in site.paths


@pytest.mark.slow
def test_reservations_are_obeyed_before_a_page_is_fetched(site: Site, tmp_path: Path) -> None:
    site.answers["/robots.txt"] = b""
    crawl = Crawler(tmp_path)
    assert crawl(site.url("/feed.xml"), BEATWIRE_OPT_OUTS="obey") == {
        site.url("/feed.xml"): "fetched",
        site.url("/a"): "opted-out",
        site.url("/open/b"): "fetched",
    }
    assert "tdmrep.json: *" in crawl.reason(site.url("/a"))
    assert site.paths.count("/.well-known/tdmrep.json") == site.paths.count("/ai.txt") == 1
    assert "/a" not in site.paths
