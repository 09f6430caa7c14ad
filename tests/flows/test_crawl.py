"""Crawls as they are started: the process itself, its bus and store, a server on loopback."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from services.bootstrap import open_store
from services.store.port import Source
from services.version import VERSION
from tests.support.crawling import Crawler
from tests.support.hostile import (
    Reply,
    Request,
    Site,
    article,
    endless,
    endless_headers,
    gzip_bomb,
    redirect,
    remembers,
    rss,
    silent,
)
from tests.support.processes import family

ADDED = datetime(2025, 2, 3, 10, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def crawl(tmp_path: Path) -> Crawler:
    return Crawler(tmp_path)


def test_a_feed_becomes_pages_with_their_hints_and_bytes(site: Site, crawl: Crawler) -> None:
    site.answers = {
        "/feed.xml": rss(site.url("/a"), site.url("/b?utm_source=feed"), title="The Paper"),
        "/a": article("First"),
        "/b": article("Second"),
    }
    outcomes = crawl(site.url("/feed.xml"))
    assert set(outcomes.values()) == {"fetched"}
    assert crawl.code == 0
    assert crawl.errors == ""
    assert crawl.summary == {
        "seeds": [
            {
                "seed": site.url("/feed.xml"),
                "kind": "feed",
                "outcome": "fetched",
                "entries": 2,
            }
        ],
        "discovered": 2,
        "outcomes": {"fetched": 2},
        "sources": {"127.0.0.1": {"fetched": 2}},
    }
    pages = {page.url: page for page in crawl.pages()}
    first = pages[site.url("/a")]
    assert first.body == article("First")
    assert first.source == "127.0.0.1"
    assert first.headers["content-type"].startswith("text/html")
    assert first.hints is not None
    assert (first.hints.title, first.hints.site_name) == ("Item 1", "The Paper")
    assert set(pages) == {site.url("/a"), site.url("/b")}


def test_a_second_look_costs_one_304_each_and_publishes_nothing(site: Site, crawl: Crawler) -> None:
    site.answers = {
        "/feed.xml": remembers(rss(site.url("/a"), site.url("/b"))),
        "/a": remembers(Reply(article("First"))),
        "/b": article("Always 200, same bytes"),
    }
    crawl(site.url("/feed.xml"))
    site.asked.clear()
    outcomes = crawl(site.url("/feed.xml"))
    assert set(outcomes.values()) == {"unchanged"}
    assert site.count() == {"/feed.xml": 1, "/a": 1, "/b": 1}
    assert len(crawl.pages()) == 2
    site.answers["/b"] = article("Corrected")
    assert crawl(site.url("/feed.xml"))[site.url("/b")] == "fetched"
    assert len(crawl.pages()) == 3


def test_every_fault_of_a_page_is_its_own_outcome_and_the_rest_goes_on(
    site: Site, crawl: Crawler
) -> None:
    expected = {
        "/good": "fetched",
        "/gone": "gone",
        "/missing": "not-found",
        "/broken": "server-error",
        "/secret": "robots",
        "/endless": "too-large",
        "/announced": "too-large",
        "/bomb": "too-large",
        "/headers": "too-large",
        "/more-headers": "too-large",
        "/silent": "timed-out",
        "/loop": "redirect-loop",
        "/far": "redirect-loop",
        "/file": "redirect-loop",
        "/inside": "refused-address",
        "/pdf": "unreadable",
        "/not-packed": "unreadable",
        "/cut": "unreachable",
    }
    site.answers = {
        "/robots.txt": b"User-agent: *\nDisallow: /\n\nUser-agent: Beatwire\nDisallow: /secret\n",
        "/feed.xml": rss(*map(site.url, expected), "http://10.0.0.1/x", "http://169.254.169.254/"),
        "/good": article("Good"),
        "/gone": Reply(b"", 410),
        "/broken": Reply(b"", 500),
        "/endless": endless,
        "/announced": Reply(b"x", headers={"Content-Length": str(2**30)}),
        "/bomb": gzip_bomb(),
        "/headers": Reply(article("Heads"), headers={f"X-{n}": "y" * 1000 for n in range(90)}),
        "/more-headers": endless_headers,
        "/silent": silent,
        "/loop": redirect("/loop"),
        **{f"/hop{n}": redirect(f"/hop{n + 1}") for n in range(9)},
        "/far": redirect("/hop0"),
        "/file": redirect("file:///etc/passwd"),
        "/inside": redirect("http://192.168.0.1/admin"),
        "/pdf": Reply(b"%PDF-1.7 ...", headers={"Content-Type": "text/html"}),
        "/not-packed": Reply(article("Plain"), headers={"Content-Encoding": "gzip"}),
        "/cut": Reply(b"half", headers={"Content-Length": "100"}),
    }
    outcomes = crawl(site.url("/feed.xml"), BEATWIRE_FETCH_TIMEOUT="3")
    found = {path: outcomes.get(site.url(path)) for path in expected}
    assert found == expected
    assert outcomes["http://10.0.0.1/x"] == outcomes["http://169.254.169.254/"] == "refused-address"
    assert crawl.code == 0
    assert [page.url for page in crawl.pages()] == [site.url("/good")]
    assert crawl.errors == ""
    assert "/hop6" not in site.paths
    assert sum(crawl.summary["outcomes"].values()) == len(outcomes) - 1


def test_two_hosts_by_name_and_a_sitemap_index(site: Site, crawl: Crawler) -> None:
    one, two = site.url("/one", "one.example"), site.url("/two", "two.example")
    urlset = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</urlset>"
    site.answers = {
        "/index.xml": (
            f"<sitemapindex><sitemap><loc>{site.url('/index.xml')}</loc></sitemap>"
            f"<sitemap><loc>{site.url('/news.xml')}</loc></sitemap></sitemapindex>"
        ).encode(),
        "/news.xml": urlset.format(
            "".join(f"<url><loc>{url}</loc></url>" for url in (one, two, one))
        ).encode(),
        "/one": article("One"),
        "/two": article("Two"),
    }
    outcomes = crawl(site.url("/index.xml"))
    assert outcomes[one] == outcomes[two] == "fetched"
    assert site.count()["/one"] == 1
    assert site.count()["/index.xml"] == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_site_that_cannot_answer_for_its_robots_is_left_alone(
    site: Site, crawl: Crawler, status: int
) -> None:
    site.answers = {"/robots.txt": Reply(b"", status), "/page": article("Here")}
    assert crawl(site.url("/page")) == {site.url("/page"): "robots"}
    assert site.paths == []
    assert str(status) in crawl.reason(site.url("/page"))
    assert crawl.code == 1


def test_a_long_robots_txt_counts_with_its_beginning(site: Site, crawl: Crawler) -> None:
    rules = b"User-agent: Beatwire\nDisallow: /no\n" + b"# filler\n" * 1_000_000
    site.answers = {"/robots.txt": rules, "/no": article("No"), "/yes": article("Yes")}
    outcomes = crawl(site.url("/no"), site.url("/yes"))
    assert outcomes == {site.url("/no"): "robots", site.url("/yes"): "fetched"}


def test_a_busy_server_gets_its_pause_and_then_its_page(site: Site, crawl: Crawler) -> None:
    busy = Reply(b"", 503, {"Retry-After": "-5"})
    site.answers = {"/page": [busy, Reply(article("At last"))]}
    assert crawl(site.url("/page")) == {site.url("/page"): "fetched"}
    assert site.count()["/page"] == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"this is no feed at all", "not a feed: XML broken at line 1"),
        (b"<rss><channel>\n<title>x</title>\n<item", "not a feed: XML broken at line 3"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n....", "not HTML but an image"),
    ],
)
def test_a_seed_that_is_nothing_says_so_in_one_line(
    site: Site, crawl: Crawler, body: bytes, reason: str
) -> None:
    site.answers = {"/feed": Reply(body, headers={"Content-Type": "application/rss+xml"})}
    assert crawl(site.url("/feed")) == {site.url("/feed"): "unreadable"}
    assert crawl.reason(site.url("/feed")) == reason
    assert crawl.code == 1


def test_refused_and_unreachable_say_the_same_for_open_and_closed_ports(
    site: Site, crawl: Crawler
) -> None:
    spelled = [
        *("2130706433", "0x7f.1", "127.1", "0177.0.0.1", "0", "[::1]", "[::ffff:127.0.0.1]"),
        *("127.0.0.1.", "①②⑦.⓪.⓪.①", "good.example@127.0.0.1", "localhost", "one.example"),
    ]
    seeds = [site.url("/"), "http://127.0.0.1:9/", *(f"http://{name}/" for name in spelled)]
    outcomes = crawl(*seeds, BEATWIRE_ALLOW_NETWORKS="")
    assert set(outcomes.values()) == {"refused-address"}
    assert len(crawl.summary["seeds"]) == len(outcomes)
    assert len({line["reason"] for line in crawl.lines if "url" in line}) == 1
    assert site.asked == []


def test_sources_of_the_store_are_crawled_and_remember_how_it_went(
    site: Site, crawl: Crawler
) -> None:
    site.answers = {"/feed.xml": rss(site.url("/a")), "/a": article("A"), "/other": article("O")}
    with open_store(crawl.settings) as store:
        for name, path, paused in (("paper", "/feed.xml", False), ("quiet", "/other", True)):
            store.put_source(Source(id=name, url=site.url(path), added_at=ADDED, paused=paused))
    crawl()
    assert site.paths == ["/feed.xml", "/a"]
    with open_store(crawl.settings) as store:
        notes = {source.id: source.note for source in store.sources()}
    assert notes == {"paper": "1 entry", "quiet": ""}
    assert {page.source for page in crawl.pages()} == {"paper"}


def test_a_host_that_never_answers_holds_up_nobody_else(site: Site, crawl: Crawler) -> None:
    with Site() as dead:
        dead.answers = {"/robots.txt": silent}
        links = [dead.url(f"/{n}", "two.example") for n in range(100)]
        site.answers = {"/feed.xml": rss(*links, site.url("/a")), "/a": article("A")}
        outcomes = crawl(site.url("/feed.xml"), BEATWIRE_FETCH_TIMEOUT="2")
        assert [asked.path for asked in dead.asked] == ["/robots.txt"]
    assert outcomes[site.url("/a")] == "fetched"
    assert {outcomes[link] for link in links} == {"timed-out"}
    ended = [line["url"] for line in crawl.lines[:-1]]
    assert ended.index(site.url("/a")) < ended.index(links[0])


def test_the_user_agent_says_who_we_are(site: Site, crawl: Crawler) -> None:
    site.answers = {"/a": article("A")}
    crawl(site.url("/a"), BEATWIRE_CONTACT="https://newsroom.example/crawler")
    agents = {asked.headers["user-agent"] for asked in site.asked}
    assert agents == {f"Beatwire/{VERSION} (+https://newsroom.example/crawler)"}
    assert all("cookie" not in asked.headers for asked in site.asked)


def test_the_schedule_sees_new_sources_and_ends_on_a_signal(site: Site, crawl: Crawler) -> None:
    site.answers = {"/a": article("A"), "/b": article("B")}
    with open_store(crawl.settings) as store:
        store.put_source(Source(id="a", url=site.url("/a"), added_at=ADDED))
        with crawl.start("--every", "0.5") as process:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["url"] == site.url("/a")
            store.put_source(Source(id="b", url=site.url("/b"), added_at=ADDED))
            while site.url("/b") not in process.stdout.readline():
                assert process.poll() is None
            process.terminate()
            _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert errors == ""


def test_a_round_ends_with_its_schedule_however_that_ends(site: Site, crawl: Crawler) -> None:
    arrived = threading.Event()

    def wait(request: Request) -> None:
        arrived.set()
        silent(request)

    site.answers = {"/a": wait}
    with crawl.start("--every", "600", site.url("/a")) as process:
        assert arrived.wait(60)
        process.kill()
        # Both outputs are shared with the round: they end when the last holder has ended.
        out, errors = process.communicate(timeout=60)
    assert "summary" in out
    assert "Traceback" not in errors


def test_a_round_that_is_killed_is_made_up_for_at_once(site: Site, crawl: Crawler) -> None:
    arrived = threading.Event()

    def wait(request: Request) -> None:
        arrived.set()
        silent(request)

    site.answers = {"/a": [wait, article("A")]}
    with crawl.start("--every", "600", site.url("/a")) as process:
        assert arrived.wait(60)
        _, round_ = family(process.pid)
        os.kill(round_, signal.SIGKILL)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["outcome"] == "fetched"
        process.terminate()
        process.communicate(timeout=60)


def test_the_command_sums_up_and_fails_with_its_seed(site: Site, crawl: Crawler) -> None:
    site.answers = {"/feed.xml": rss(site.url("/a"), site.url("/no")), "/a": article("A[red]")}
    command = [sys.executable, "-m", "services.cli", "crawl"]
    run = partial(
        subprocess.run, env=crawl.environ, capture_output=True, text=True, timeout=120, check=False
    )
    good = run([*command, site.url("/feed.xml")])
    assert good.returncode == 0
    assert good.stdout.splitlines() == [
        f"{site.url('/feed.xml')}: feed, 2 entries, fetched",
        "       1  fetched",
        "       1  not-found",
    ]
    bad = run([*command, site.url("/no"), "--json"])
    assert bad.returncode == 1
    summary = json.loads(bad.stdout)
    assert summary["outcomes"] == {"not-found": 1}
    assert summary["seeds"][0]["outcome"] == "not-found"


def test_a_name_that_is_not_found_makes_its_source_late_and_bans_nobody(
    site: Site, crawl: Crawler
) -> None:
    """Row 28: five minutes without its name, and then it is there again."""
    feed, other = site.url("/feed.xml", "away.invalid"), site.url("/other")
    site.answers = {"/feed.xml": rss(site.url("/a", "away.invalid")), "/a": article("A")}
    site.answers["/other"] = article("Other")
    with open_store(crawl.settings) as store:
        for name, url in (("away", feed), ("here", other)):
            store.put_source(Source(id=name, url=url, added_at=ADDED))
        assert crawl() == {feed: "unreachable", other: "fetched"}
        now = datetime.now(UTC)
        watch = store.watches()["away"]
        assert watch.failing_since is not None
        assert watch.next_look is not None
        assert watch.next_look - now < timedelta(minutes=2)
        late = store.source_states(now + timedelta(minutes=5))
        assert (late["away"].state, late["here"].state) == ("late", "fine")
        assert late["away"].since == watch.failing_since
        found = crawl(feed, BEATWIRE_HOSTS="away.invalid=127.0.0.1")
        assert set(found.values()) == {"fetched"}
        assert store.source_states(datetime.now(UTC))["away"].state == "fine"


def test_an_unknown_seed_is_one_line(crawl: Crawler) -> None:
    assert crawl("nowhere") == {}
    assert crawl.code == 1
    assert crawl.errors.startswith("beatwire: nowhere is neither an address nor a source")
    assert len(crawl.errors.splitlines()) == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_a_crawl_in_order(
    site: Site, crawl: Crawler, number: signal.Signals, code: int
) -> None:
    site.answers = {"/feed.xml": rss(site.url("/a"), site.url("/b")), "/a": article("A")}
    site.answers["/b"] = silent
    with crawl.start(site.url("/feed.xml")) as process:
        assert process.stdout is not None
        assert [json.loads(process.stdout.readline())["outcome"] for _ in "12"] == ["fetched"] * 2
        process.send_signal(number)
        out, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "summary" in out
    assert "Traceback" not in errors
    site.answers["/b"] = article("B")
    assert crawl(site.url("/feed.xml"))[site.url("/b")] == "fetched"


def test_a_killed_crawl_neither_forgets_nor_repeats(site: Site, crawl: Crawler) -> None:
    site.answers = {
        "/feed.xml": remembers(rss(site.url("/a"), site.url("/b"))),
        "/a": remembers(Reply(article("A"))),
        "/b": silent,
    }
    with crawl.start(site.url("/feed.xml")) as process:
        assert process.stdout is not None
        for _ in "12":
            process.stdout.readline()
        process.kill()
        process.communicate(timeout=60)
    site.answers["/b"] = article("B")
    outcomes = crawl(site.url("/feed.xml"))
    assert outcomes == {
        site.url("/feed.xml"): "unchanged",
        site.url("/a"): "unchanged",
        site.url("/b"): "fetched",
    }
    assert sorted(page.url for page in crawl.pages()) == [site.url("/a"), site.url("/b")]
