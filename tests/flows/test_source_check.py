"""``beatwire sources check``: what it says of sources that are well, broken, closed and hostile."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.demo.server import Newsroom
from services.sources.advice import REMEDIES
from services.sources.findings import Look
from tests.support.hostile import (
    Reply,
    Site,
    article,
    endless,
    endless_headers,
    gzip_bomb,
    redirect,
    reset,
    rss,
    silent,
)
from tests.support.newsroom import demo_env
from tests.support.processes import BEATWIRE

TEXT = "Words about chips and models, and what they cost to make, were said by somebody. " * 12


class Check:
    """Runs the command against loopback."""

    def __init__(self, home: Path) -> None:
        self.environ = {
            **{name: value for name, value in os.environ.items() if "BEATWIRE" not in name},
            "BEATWIRE_HOME": str(home),
            "BEATWIRE_ALLOW_NETWORKS": "127.0.0.1/32",
            "BEATWIRE_HOSTS": "moved.example=127.0.0.1",
            "BEATWIRE_CRAWL_DELAY": "0",
            "BEATWIRE_FETCH_TIMEOUT": "3",
        }
        self.code = 0
        self.errors = ""

    def say(self, *arguments: str) -> str:
        done = subprocess.run(
            [*BEATWIRE, "sources", "check", *arguments],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.code, self.errors = done.returncode, done.stderr
        return done.stdout

    def __call__(self, *arguments: str) -> dict[str, Any]:
        """What it found, by the address as it was asked for."""
        told = json.loads(self.say(*arguments, "--json"))
        return {source["seed"]: source for source in told["sources"]}


@pytest.fixture
def check(tmp_path: Path) -> Check:
    return Check(tmp_path / "home")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.answers["/robots.txt"] = b"User-agent: *\nDisallow: /closed\nCrawl-delay: 0\n"
        yield site


def test_every_way_to_end_is_told_with_its_remedy(check: Check, site: Site) -> None:
    site.answers |= {
        "/gone": Reply(b"", 410),
        "/huge": endless,
        "/bomb": gzip_bomb(30),
        "/heads": endless_headers,
        "/never": silent,
        "/cut": reset,
        "/round": redirect("/round"),
        "/inside": redirect("http://10.0.0.1/feed"),
        "/broken": Reply(b"", 503),
        "/zip": Reply(b"PK\x03\x04 no", headers={"Content-Type": "application/zip"}),
        "/empty": Reply(b"", headers={"Content-Type": "application/rss+xml"}),
        "/index": Reply(b"<sitemapindex></sitemapindex>"),
    }
    expected = {
        "/nowhere": "not-found",
        "/gone": "gone",
        "/closed": "robots",
        "/huge": "too-large",
        "/bomb": "too-large",
        "/heads": "too-large",
        "/never": "timed-out",
        "/cut": "unreachable",
        "/round": "redirect-loop",
        "/inside": "refused-address",
        "/broken": "server-error",
        "/zip": "unreadable",
        "/empty": "unreadable",
        "/index": "unreadable",
    }
    seeds = {site.url(path): outcome for path, outcome in expected.items()}
    seeds |= {"http://10.9.8.7/feed": "refused-address", "https://": "bad-url"}
    found = check(*seeds)
    assert {seed: found[seed]["outcome"] for seed in seeds} == seeds
    assert set(seeds.values()) == set(REMEDIES)
    for source in found.values():
        assert source["usable"] is False
        assert source["advice"][0] == REMEDIES[source["outcome"]]
    assert found[site.url("/closed")]["robots"]["allowed"] is False
    assert check.code == 1
    assert check.errors == ""


def test_a_feed_is_told_with_its_rhythm_and_its_articles(check: Check, site: Site) -> None:
    links = [site.url(f"/{name}") for name in ("one", "two", "three", "four")]
    body = rss(*links, title="A \x1b[31mFeed").body.replace(
        b"<item>", b"<language>en-GB</language><item>", 1
    )
    for number in (2, 3, 4):
        body = body.replace(b"Mon, 03 Feb 2025 10", f"Mon, 03 Feb 2025 0{number}".encode(), 1)
    site.answers |= {
        "/feed": Reply(body, headers={"Content-Type": "application/rss+xml", "ETag": '"1"'}),
        "/one": article("Chips", TEXT),
        "/two": article("A stub", "Log in."),
        "/three": Reply(b"", 404),
        "/four": article("Never asked for", TEXT),
    }
    found = check(site.url("/feed"))[site.url("/feed")]
    assert (found["kind"], found["entries"], found["total"]) == ("feed", 4, 4)
    assert (found["usable"], found["validators"], found["language"]) == (True, ["etag"], "en-GB")
    assert found["newest"].startswith("2025-02-03T10:00:00")
    assert found["usual"] == 3600
    ends = [each["outcome"] for each in found["articles"]]
    assert ends == ["article", "not-article", "not-found"]
    assert found["articles"][0]["words"] > 100
    assert check.code == 0
    assert site.count() == {"/robots.txt": 1, "/feed": 1, "/one": 1, "/two": 1, "/three": 1}
    said = check.say(site.url("/feed"))
    assert "usually one every hour" in said
    assert "“Chips”: read, " in said
    assert "“A stub”: not-article" in said
    assert "can be used" in said
    assert "\x1b" not in said


def front_page(head: str = "") -> bytes:
    """A page that lists twelve articles."""
    items = "".join(
        f"<article><h2><a href='/news/2025/02/{day:02}/what-chips-cost-now-{day}'>"
        f"What chips cost now, as told on day {day} of a long month</a></h2></article>"
        for day in range(1, 13)
    )
    return f"<!doctype html><html><head>{head}</head><body><main>{items}</main></body>".encode()


def test_a_sitemap_behind_an_index_and_a_moved_feed(check: Check, site: Site) -> None:
    place = "<url><loc>{}</loc><lastmod>2025-02-0{}</lastmod></url>"
    places = "".join(place.format(site.url("/one"), day) for day in (1, 2, 3))
    inner = f"<sitemapindex><sitemap><loc>{site.url('/map')}</loc></sitemap></sitemapindex>"
    site.answers |= {
        "/index": inner.encode(),
        "/map": f"<urlset>{places}</urlset>".encode(),
        "/one": article("Chips", TEXT),
        "/old": redirect("/feed", 301),
        "/feed": rss(site.url("/one")),
        "/": front_page("<link rel='alternate' type='application/rss+xml' href='/feed'>"),
        "/section": front_page(),
    }
    found = check(*(site.url(path) for path in ("/index", "/old", "/", "/section")))
    index, old = found[site.url("/index")], found[site.url("/old")]
    front = found[site.url("/")]
    assert (front["followed"], front["usable"]) == (site.url("/feed"), True)
    assert any("Its feed is" in sentence for sentence in front["advice"])
    section = found[site.url("/section")]
    assert (section["kind"], section["entries"]) == ("section", 12)
    assert (index["kind"], index["followed"]) == ("index", site.url("/map"))
    assert [each["outcome"] for each in index["articles"]] == ["article"]
    assert old["final_url"] == site.url("/feed")
    assert any("It has moved" in sentence for sentence in old["advice"])


def test_sources_of_which_nothing_can_be_read_cannot_be_used(check: Check, site: Site) -> None:
    site.answers |= {
        "/walled": rss(site.url("/login"), site.url("/closed/a")),
        "/login": article("Log in", "Subscribe."),
        "/quiet": rss(),
        "/page": article("Chips", TEXT),
    }
    found = check(*(site.url(path) for path in ("/walled", "/quiet", "/page")))
    walled, quiet = found[site.url("/walled")], found[site.url("/quiet")]
    assert walled["usable"] is False
    assert [each["outcome"] for each in walled["articles"]] == ["too-short", "robots"]
    assert any("None of its articles" in sentence for sentence in walled["advice"])
    assert quiet["usable"] is True
    assert any("names no article now" in sentence for sentence in quiet["advice"])
    assert found[site.url("/page")]["usable"] is True
    assert check.code == 1


def test_a_check_changes_nothing(check: Check, site: Site, tmp_path: Path) -> None:
    site.answers |= {"/feed": rss(site.url("/one")), "/one": article("Chips", TEXT)}
    added = subprocess.run(
        [*BEATWIRE, "sources", "add", site.url("/feed"), "--id", "mine"],
        env=check.environ,
        check=True,
        capture_output=True,
    )
    assert b"added mine" in added.stdout
    before = dump(tmp_path / "home")
    found = check()
    assert found[site.url("/feed")]["source"] == "mine"
    assert "state      new" in check.say("mine")
    assert dump(tmp_path / "home") == before
    assert not (tmp_path / "home" / "bus.sqlite").exists()


def test_a_look_asks_none_of_the_servers_that_are_set(check: Check, site: Site) -> None:
    """Its store is a file of its own, which a broker's workers could not share."""
    site.answers |= {"/feed": rss(site.url("/one")), "/one": article("Chips", TEXT)}
    servers = {
        "BEATWIRE_BUS": "kafka://127.0.0.1:1",
        "BEATWIRE_INDEX": "http://127.0.0.1:1",
        "BEATWIRE_STORE": "postgresql://beatwire@127.0.0.1:1/beatwire",
        "BEATWIRE_BROKER": "redis://127.0.0.1:1/0",
    }
    done = subprocess.run(
        [sys.executable, "-m", "crawlers.check", site.url("/feed")],
        env=check.environ | servers,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout.splitlines()[0])["outcome"] == "fetched"


def dump(home: Path) -> list[str]:
    """All that the store holds."""
    with sqlite3.connect(home / "store.sqlite") as database:
        return list(database.iterdump())


def test_the_sample_newsroom_is_well(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        check = Check(tmp_path / "home")
        check.environ |= demo_env(newsroom, tmp_path / "home")
        found = check(*(source.url for source in newsroom.sources))
        answered = newsroom.answered()
    assert check.code == 0
    assert len(found) == 5
    assert {source["kind"] for source in found.values()} == {"feed", "sitemap"}
    ends = [each["outcome"] for source in found.values() for each in source["articles"]]
    assert set(ends) == {"article", "robots", "not-found"}
    assert len(ends) == 15
    assert all(number == 1 for number in answered.values())


def test_names_that_nobody_has_are_refused(check: Check) -> None:
    check.say("nope")
    assert check.code == 1
    assert "no source has the id nope" in check.errors


def test_what_a_check_writes_can_be_read_by_older_readers() -> None:
    """Every field but the first two has a value of its own when it is left out."""
    assert Look.__struct_fields__[:2] == ("seed", "outcome")
    assert Look(seed="https://a.example/", outcome="fetched").articles == ()
