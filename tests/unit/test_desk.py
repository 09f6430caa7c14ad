"""What a response means: rules of the frontier, without a network."""

import asyncio
import io
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from scrapy.http import HtmlResponse

from crawlers.books import Books
from crawlers.desk import Desk, Visit
from crawlers.fetching.outcomes import UNREACHABLE, End
from crawlers.looks import Looks
from crawlers.publish import Reply
from crawlers.rendering.jobs import Rendering
from crawlers.report import Report
from crawlers.spider import NewsSpider
from processors.ids import article_id, bytes_hash
from processors.records import Page, decode
from services.errors import Reject, TryLater
from services.metrics import FETCH_REQUESTS, ROBOTS_BLOCKED
from services.store.crawling import HostState, Room
from services.store.port import Source
from services.store.store import open_sql_store
from tests.support.hostile import article, rss
from tests.support.memory import MemoryBus

NOW = datetime(2025, 2, 3, 10, tzinfo=UTC)
FEED = "https://paper.example/feed.xml"
A, B = "https://paper.example/a", "https://other.example/b"


class Office:
    """A desk with its ports, one run after another."""

    def __init__(self, path: Path) -> None:
        self.bus, self.store = MemoryBus(), open_sql_store(f"sqlite:///{path}")
        self.now = NOW
        self.budget = None
        self.run()

    def run(self, hold: str = "me") -> None:
        self.out = io.StringIO()
        self.report = Report(self.out)
        self.books = Books(self.bus, self.store, lambda: self.now)
        self.looks = Looks(self.store, 600.0, lambda: self.now)
        self.desk = Desk(
            self.store, self.books, self.report, self.looks, hold=hold, now=lambda: self.now
        )

    def open(self, address: str, source: str = "paper") -> Visit:
        (visit,) = self.desk.open(address, source)
        return visit

    def note(self) -> None:
        self.desk.report(self.books.flush())

    def fail(self, visit: Visit, end: End = UNREACHABLE) -> None:
        self.desk.fail(visit, end)
        self.note()

    def answer(
        self, visit: Visit, body: bytes = b"", status: int = 200, **given: str
    ) -> list[Visit]:
        url = given.pop("url", visit.url)
        headers = {name.replace("_", "-"): value for name, value in given.items()}
        found = self.desk.receive(visit, Reply(url=url, status=status, headers=headers, body=body))
        self.note()
        return found

    @property
    def ends(self) -> dict[str, str]:
        lines = [json.loads(line) for line in self.out.getvalue().splitlines()]
        return {line["url"]: line["outcome"] for line in lines}

    @property
    def pages(self) -> list[Page]:
        pages = [decode(event.data) for event in self.bus.events]
        return [page for page in pages if isinstance(page, Page)]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "store.sqlite"
    open_sql_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def office(empty: Path, tmp_path: Path) -> Iterator[Office]:
    office = Office(Path(shutil.copy(empty, tmp_path / "store.sqlite")))
    yield office
    office.store.close()


def test_links_are_visited_once_in_canonical_form_on_any_host(office: Office) -> None:
    feed = rss(A, f"{A}?utm_source=x", B, "mailto:x@paper.example").body
    visits = office.answer(office.open(FEED), feed)
    assert [visit.url for visit in visits] == [A, B]
    assert office.report.seeds[0].entries == 2
    assert office.report.seeds[0].reason == "1 without a usable link"
    assert office.desk.open(FEED, "paper") == []


def test_a_page_that_lists_articles_is_a_listing(office: Office) -> None:
    links = [f"https://paper.example/2025/02/a-story-of-many-words-{word}" for word in "abc"]
    body = "".join(f"<h2><a href='{link}'>A story of many words</a></h2>" for link in links)
    visits = office.answer(office.open("https://paper.example/ai"), f"<html>{body}".encode())
    assert [visit.url for visit in visits] == links
    assert [visit.role for visit in visits] == ["page"] * 3
    assert not office.pages


def test_a_front_page_is_read_through_the_feed_that_it_offers(office: Office) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    stories = "".join(
        f"<h2><a href='/2025/02/{n}-a-story'>A long story {n}</a></h2>" for n in "abc"
    )
    body = f"<html><head>{link}</head>{stories}".encode()
    (visit,) = office.answer(office.open("https://paper.example/"), body)
    assert (visit.url, visit.role) == (FEED, "child")
    assert [each.url for each in office.answer(visit, rss(A, B).body)] == [A, B]
    assert office.ends["https://paper.example/"] == "fetched"


def test_a_page_keeps_its_bytes_and_only_the_headers_that_matter(office: Office) -> None:
    (visit,) = office.answer(office.open(FEED), rss(A).body)
    office.answer(
        visit,
        article("One"),
        url="https://www.paper.example/a?utm_medium=rss",
        content_type="text/html",
        set_cookie="secret=1",
        etag='"v1"',
    )
    (page,) = office.pages
    (event,) = office.bus.events
    assert page.url == "https://www.paper.example/a"
    assert (page.requested_url, page.id) == (A, article_id(page.url))
    assert page.headers == {"content-type": "text/html", "etag": '"v1"'}
    assert (event.type, event.key, event.time) == ("page/1", "www.paper.example", NOW)
    assert event.id.startswith(page.id)
    known = office.store.target(A)
    assert known is not None
    assert (known.etag, known.outcome, known.fetched_at) == ('"v1"', "fetched", NOW)


def test_a_listing_that_did_not_change_visits_what_it_listed(office: Office) -> None:
    visits = office.answer(office.open(FEED), rss(A, B).body, etag='"f"')
    office.answer(visits[0], article("One"))
    office.run()
    again = office.answer(office.open(FEED), status=304)
    assert [(visit.url, visit.target.outcome) for visit in again] == [(A, "fetched"), (B, "")]
    assert office.answer(again[0], article("One")) == []
    assert office.ends == {FEED: "unchanged", A: "unchanged"}
    assert len(office.bus.events) == 1


def test_two_links_to_one_page_are_one_event(office: Office) -> None:
    visits = office.answer(office.open(FEED), rss(A, B).body)
    for visit in visits:
        office.answer(visit, article("One"), url=A)
    assert office.ends == {FEED: "fetched", A: "fetched", B: "unchanged"}
    assert len(office.bus.events) == 1


def test_an_edit_is_an_event_also_to_the_crawl_that_fetched_the_page(office: Office) -> None:
    office.answer(watched(office), rss(A, date=NOW).body)
    for after, text in ((timedelta(0), "One"), (timedelta(hours=2), "Two")):
        office.now = NOW + after
        (task,) = office.store.claim_pages("me", office.now, Room(9, 9)).tasks
        office.answer(office.desk.open_task(task), article(text))
    assert len(office.bus.events) == 2


def test_what_a_listing_named_too_early_is_tried_again_for_a_day(office: Office) -> None:
    """A feed may be ahead of its publisher's other servers."""
    office.answer(watched(office), rss(A, date=NOW).body)
    for after in (timedelta(0), timedelta(minutes=6)):
        (task,) = office.store.claim_pages("me", NOW + after, Room(9, 9)).tasks
        office.now = NOW + after
        office.answer(office.desk.open_task(task), status=404)
    assert office.store.claim_pages("me", NOW + timedelta(minutes=7), Room(9, 9)).tasks == ()


def test_a_304_that_nobody_asked_for_is_no_success(office: Office) -> None:
    office.answer(office.open(A), status=304)
    assert office.ends == {A: "unreadable"}


def test_an_index_leads_one_level_down_and_not_to_itself(office: Office) -> None:
    index = "<sitemapindex>{}</sitemapindex>".format(
        "".join(
            f"<sitemap><loc>https://paper.example/{name}.xml</loc></sitemap>"
            for name in ("index", "news", "more")
        )
    ).encode()
    news, more = office.answer(office.open("https://paper.example/index.xml"), index)
    assert (news.role, news.url) == ("child", "https://paper.example/news.xml")
    assert office.answer(more, index) == []
    assert office.ends["https://paper.example/more.xml"] == "unreadable"
    found = office.answer(news, f"<urlset><url><loc>{A}</loc></url></urlset>".encode())
    assert [visit.url for visit in found] == [A]
    assert office.answer(found[0], article("One")) == []


def test_a_feed_where_a_page_should_be_is_unreadable(office: Office) -> None:
    (visit,) = office.answer(office.open(FEED), rss(A).body)
    assert office.answer(visit, rss(B).body) == []
    assert office.ends[A] == "unreadable"


def test_validators_survive_a_bad_day(office: Office) -> None:
    office.answer(office.open(A), article("One"), etag='"v1"')
    office.run()
    office.fail(office.open(A))
    known = office.store.target(A)
    assert known is not None
    assert (known.etag, known.outcome) == ('"v1"', "unreachable")
    office.run()
    office.answer(office.open(A), status=304)
    assert office.ends == {A: "unchanged"}


def test_a_page_that_became_a_feed_and_back(office: Office) -> None:
    office.answer(office.open(A), article("One"))
    office.run()
    assert office.answer(office.open(A), rss(B).body)
    office.run()
    office.answer(office.open(A), article("One"))
    assert office.ends == {A: "fetched"}


@pytest.mark.parametrize("address", ["http://", "nonsense://x", "http://a.example:x/"])
def test_a_seed_that_is_no_address(office: Office, address: str) -> None:
    assert office.desk.open(address, "x") == []
    assert office.ends == {address: "bad-url"}
    assert office.report.failed


def test_a_source_learns_how_its_look_went_and_keeps_its_pause(office: Office) -> None:
    office.store.put_source(Source(id="paper", url=FEED, added_at=NOW))
    office.run()
    visit = office.open(FEED)
    office.store.put_source(Source(id="paper", url=FEED, added_at=NOW, paused=True))
    office.answer(visit, rss(A, B).body)
    (source,) = office.store.sources()
    assert (source.note, source.checked_at, source.paused) == ("2 entries", NOW, True)
    office.run()
    office.fail(office.open(FEED))
    assert office.store.sources()[0].note == "unreachable: the server could not be reached"


def test_a_crawl_by_hand_keeps_what_was_learned_of_a_source(office: Office) -> None:
    office.store.put_source(Source(id="paper", url=FEED, added_at=NOW))
    office.run()
    office.answer(office.open(FEED), rss(A, B, date=NOW).body, etag='"f"')
    learned = office.store.watches()["paper"]
    assert learned.times
    office.run()
    office.answer(office.open(FEED), status=304)
    after = office.store.watches()["paper"]
    assert (after.times, after.newest, after.news_at) == (
        learned.times,
        learned.newest,
        learned.news_at,
    )


def test_a_removed_source_does_not_come_back(office: Office) -> None:
    office.store.put_source(Source(id="paper", url=FEED, added_at=NOW))
    office.run()
    visit = office.open(FEED)
    office.store.remove_source("paper")
    office.answer(visit, rss(A).body)
    assert office.store.sources() == []


def test_what_the_bus_could_not_take_is_not_noted_as_fetched(office: Office) -> None:
    visit = office.open(A)
    office.bus.broken = TryLater("the log is locked")
    with pytest.raises(TryLater):
        office.answer(visit, article("One"))
    assert office.store.target(A) is None
    office.bus.broken = Reject("an event of 9 MiB")
    office.note()
    assert office.ends == {A: "too-large"}


def test_the_spider_loses_one_address_to_a_page_that_breaks_our_reading(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("crawlers.desk.not_a_page", broken)
    monkeypatch.setattr("crawlers.listings.read.not_a_page", broken)
    spider = NewsSpider(cast("Any", office), crew=cast("Any", None))
    reply = HtmlResponse(A, body=article("One"), headers={"ETag": b'"v1"'})
    assert asyncio.run(spider._settle(office.open(A), reply)) == []
    office.note()
    assert office.ends == {A: "unreadable"}


# What a browser made of a page that is empty without its scripts

SHELL = b"<html><div id='root'></div><script></script></html>"


def rendered(office: Office, rendering: Rendering) -> Page:
    """The page that is published, and the reason of its end."""
    visit, reply = office.open(A), Reply(url=A, status=200, headers={}, body=SHELL)
    assert office.desk.is_new_page(visit, reply)
    office.desk.receive(visit, reply, rendering)
    office.note()
    return office.pages[-1]


def test_a_rendered_page_has_the_hash_of_what_its_server_sent(office: Office) -> None:
    page = rendered(office, Rendering(html="<p>Words \ud800</p>"))
    assert (page.body, page.rendered) == (b"<p>Words ?</p>", True)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.content_hash == bytes_hash(SHELL)
    office.run()
    again = office.open(A)
    assert not office.desk.is_new_page(again, Reply(url=A, status=200, headers={}, body=SHELL))
    office.answer(again, SHELL)
    assert office.ends == {A: "unchanged"}
    assert len(office.pages) == 1


@pytest.mark.parametrize(("ours", "next_time"), [(False, "unchanged"), (True, "fetched")])
def test_a_page_that_could_not_be_rendered_goes_as_it_came(
    office: Office, ours: bool, next_time: str
) -> None:
    page = rendered(office, Rendering(reason="it took too long", ours=ours))
    assert (page.body, page.rendered) == (SHELL, False)
    assert '"reason":"it took too long"' in office.out.getvalue()
    office.run()
    office.answer(office.open(A), SHELL)
    assert office.ends == {A: next_time}


@pytest.mark.parametrize(("status", "body"), [(304, b""), (404, SHELL), (200, b"%PDF-1.7")])
def test_what_is_no_new_page_is_not_rendered(office: Office, status: int, body: bytes) -> None:
    reply = Reply(url=A, status=status, headers={}, body=body)
    assert not office.desk.is_new_page(office.open(A), reply)


# The schedule: what is new waits in the queue


def due(office: Office) -> list[str]:
    room = Room(100, 100)
    return [task.target.url for task in office.store.claim_pages("me", office.now, room).tasks]


def watched(office: Office, url: str = FEED) -> Visit:
    office.store.put_source(Source(id="paper", url=url, added_at=NOW, priority=1))
    office.run(hold="")
    [(source, watch)] = office.store.claim_sources("me", office.now, 9).due
    (visit,) = office.desk.open_source(source, watch)
    return visit


def test_a_source_that_is_due_fills_the_queue_and_is_planned_anew(office: Office) -> None:
    assert office.answer(watched(office), rss(A, B).body, cache_control="max-age=400") == []
    watch = office.store.watches()["paper"]
    assert watch.looked_at == watch.news_at == NOW
    assert watch.next_look is not None
    assert 360 <= (watch.next_look - NOW).total_seconds() <= 440
    office.store.release_hosts("me", [HostState(host="paper.example")])
    assert due(office) == [A, B]
    assert due(office) == []


def test_what_the_queue_hands_out_ends_there_and_is_checked_again(office: Office) -> None:
    office.answer(watched(office), rss(A, B, date=NOW).body)
    tasks = office.store.claim_pages("me", NOW, Room(9, 9)).tasks
    visits = [office.desk.open_task(task) for task in tasks]
    office.answer(visits[0], article("One"))
    office.answer(visits[1], status=503, retry_after="9")
    office.now = NOW + timedelta(minutes=5)
    assert due(office) == [B]
    office.now = NOW + timedelta(minutes=61)
    assert due(office) == [A]
    assert office.store.source_outcomes() == {
        "paper": {"fetched": 2, "server-error": 1},
    }


def test_a_source_that_fails_waits_and_one_that_is_gone_rests(office: Office) -> None:
    office.answer(watched(office), status=503, retry_after="7200")
    watch = office.store.watches()["paper"]
    assert watch.next_look == NOW + timedelta(hours=2)
    assert "503" in watch.reason
    office.now += timedelta(hours=2)
    office.answer(watched(office), status=410)
    assert office.store.watches()["paper"].gone
    assert office.store.source_states(office.now)["paper"].state == "gone"


def test_the_look_at_an_index_ends_with_its_last_sitemap(office: Office) -> None:
    index = (
        b"<sitemapindex><sitemap><loc>https://paper.example/n.xml</loc></sitemap></sitemapindex>"
    )
    (child,) = office.answer(watched(office, "https://paper.example/index.xml"), index)
    assert office.store.watches()["paper"].looked_at is None
    office.answer(child, f"<urlset><url><loc>{A}</loc></url></urlset>".encode())
    watch = office.store.watches()["paper"]
    assert (watch.looked_at, watch.news_at) == (NOW, NOW)
    assert office.store.source_outcomes() == {"paper": {"fetched": 2, "pending": 1}}


def test_a_trap_is_told_of_with_its_source(office: Office) -> None:
    days = [f"https://paper.example/calendar/{day}" for day in range(300)]
    urlset = "".join(f"<url><loc>{day}</loc></url>" for day in days[:190])
    more = "".join(f"<url><loc>{day}</loc></url>" for day in days[190:])
    for part in (urlset, more):
        office.answer(watched(office), f"<urlset>{part}</urlset>".encode())
        office.now += timedelta(hours=1)
    assert office.store.source_outcomes()["paper"] == {"fetched": 1, "pending": 200, "trap": 100}
    assert office.report.seeds[-1].reason == "100 not followed, as in a trap"
    assert office.ends[days[-1]] == "trap"
    assert office.store.watches()["paper"].failing_since is None


def test_fetches_are_counted_by_sources_that_are_known_and_by_no_address(office: Office) -> None:
    """Row 94: an address that somebody types in a crawl by hand is no label."""
    FETCH_REQUESTS.clear()
    blocked = ROBOTS_BLOCKED._value.get()
    office.store.put_source(Source(id="paper", name="Paper", url=FEED, added_at=NOW))
    office.run()
    office.desk.fail(office.open(FEED), End("robots", "robots.txt does not allow it"))
    office.desk.fail(office.open("https://else.example/x", "else.example"), End("timed-out"))
    told = {
        tuple(each.labels.values()): each.value
        for family in FETCH_REQUESTS.collect()
        for each in family.samples
    }
    assert told == {("paper", "robots"): 1, ("other", "timed-out"): 1}
    assert ROBOTS_BLOCKED._value.get() == blocked + 1
