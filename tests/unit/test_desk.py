"""What a response means: rules of the frontier, without a network."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.desk import Desk, Visit
from crawlers.outcomes import UNREACHABLE
from crawlers.publish import Reply
from crawlers.report import Report
from crawlers.spider import NewsSpider
from processors.ids import article_id
from processors.records import Page, decode
from services.errors import Reject, TryLater
from services.store.port import Source
from tests.support.hostile import article, rss
from tests.support.memory import MemoryBus, MemoryStore

NOW = datetime(2025, 2, 3, 10, tzinfo=UTC)
FEED = "https://paper.example/feed.xml"
A, B = "https://paper.example/a", "https://other.example/b"


class Office:
    """A desk with its ports, one run after another."""

    def __init__(self) -> None:
        self.bus, self.store = MemoryBus(), MemoryStore()
        self.run()

    def run(self) -> None:
        self.out = io.StringIO()
        self.report = Report(self.out)
        self.desk = Desk(self.bus, self.store, self.report, lambda: NOW)

    def open(self, address: str, source: str = "paper") -> Visit:
        (visit,) = self.desk.open(address, source)
        return visit

    def answer(
        self, visit: Visit, body: bytes = b"", status: int = 200, **given: str
    ) -> list[Visit]:
        url = given.pop("url", visit.url)
        headers = {name.replace("_", "-"): value for name, value in given.items()}
        return self.desk.receive(visit, Reply(url=url, status=status, headers=headers, body=body))

    @property
    def ends(self) -> dict[str, str]:
        lines = [json.loads(line) for line in self.out.getvalue().splitlines()]
        return {line["url"]: line["outcome"] for line in lines}

    @property
    def pages(self) -> list[Page]:
        pages = [decode(event.data) for event in self.bus.events]
        return [page for page in pages if isinstance(page, Page)]


@pytest.fixture
def office() -> Office:
    return Office()


def test_links_are_visited_once_in_canonical_form_on_any_host(office: Office) -> None:
    feed = rss(A, f"{A}?utm_source=x", B, "mailto:x@paper.example").body
    visits = office.answer(office.open(FEED), feed)
    assert [visit.url for visit in visits] == [A, B]
    assert office.report.seeds[0].entries == 2
    assert office.report.seeds[0].reason == "1 without a usable link"
    assert office.desk.open(FEED, "paper") == []


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
    office.desk.fail(office.open(A), UNREACHABLE)
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
    visit = office.open(FEED)
    office.store.put_source(Source(id="paper", url=FEED, added_at=NOW, paused=True))
    office.answer(visit, rss(A, B).body)
    (source,) = office.store.sources()
    assert (source.note, source.checked_at, source.paused) == ("2 entries", NOW, True)
    office.run()
    office.desk.fail(office.open(FEED), UNREACHABLE)
    assert office.store.sources()[0].note == "unreachable: the server could not be reached"


def test_a_removed_source_does_not_come_back(office: Office) -> None:
    office.store.put_source(Source(id="paper", url=FEED, added_at=NOW))
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
    office.answer(visit, article("One"))
    assert office.ends == {A: "too-large"}


def response(spider: NewsSpider, visit: Visit, body: bytes) -> Any:
    from scrapy.http import HtmlResponse

    reply = HtmlResponse(visit.url, body=body, headers={"ETag": b'"v1"'})
    return spider.on_response(reply, visit, "paper.example")


def test_the_spider_breaks_off_when_the_ports_are_away(office: Office) -> None:
    from scrapy.exceptions import CloseSpider

    spider = NewsSpider(office.desk, [])
    office.bus.broken = TryLater("the log is locked")
    with pytest.raises(CloseSpider):
        list(response(spider, office.open(A), article("One")))
    assert spider.fatal == "the crawl broke off: the log is locked"


def test_the_spider_loses_one_address_to_a_page_that_breaks_our_reading(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("crawlers.desk.not_a_page", broken)
    monkeypatch.setattr("crawlers.listings.not_a_page", broken)
    spider = NewsSpider(office.desk, [])
    assert list(response(spider, office.open(A), article("One"))) == []
    assert office.ends == {A: "unreadable"}
    assert spider.fatal == ""


def test_the_spider_sends_two_at_a_time_to_one_host(office: Office) -> None:
    spider = NewsSpider(office.desk, [])
    links = [f"https://paper.example/{n}" for n in range(5)]
    visit = office.open(FEED)
    sent = list(response(spider, visit, rss(*links, B).body))
    # The feed's own request has just ended, so it makes room for one more.
    assert [request.url for request in sent] == [*links[:2], B, links[2]]
    assert {request.meta["download_maxsize"] for request in sent} == {5 * 1024 * 1024}
