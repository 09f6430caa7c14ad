"""The load of the kill matrix: seeded pages with copies and poison, and what must come of each."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import msgspec

from crawlers.publish import Reply, page_of, publish
from processors.ids import article_id, canonical_url
from processors.records import Article, Claim, Page, decode, encode
from services.bus import Bus, Event
from services.demo.site import build_site
from services.demo.stories import Front, load_stories
from services.stages.read import ReadStage
from services.store.port import Target
from services.topics import PAGES
from tests.support.hostile import HTML, Site, rss
from tests.support.reading import shared_reader

HOSTS = [f"paper{number}.example" for number in range(24)]
STORIES = 24
"""Different texts; each is served under many addresses, and each address is an article."""
COPIES = 0.05
POISON = 0.02


class Load:
    """What was put on its way so far, and how it has to end. One seed gives one load."""

    def __init__(self, seed: object) -> None:
        self._dice = random.Random(f"load of {seed}")
        self._made = 0
        self._pages: list[Page] = []
        self.articles: dict[str, int] = {}
        """The articles that must be searchable: id to the number of its text."""
        self.endings: dict[str, str] = {}
        """Event id to outcome in the stage ``read``, of what was published without a crawl."""

    @property
    def dead(self) -> set[str]:
        """The events that must be in the dead letters."""
        return {event for event, ending in self.endings.items() if ending == "rejected"}

    def ids(self) -> tuple[set[str], set[str]]:
        """The articles that must be searchable, and those of them that make claims."""
        return {*self.articles}, {each for each, n in self.articles.items() if claims_of(n)}

    def publish(self, bus: Bus, count: int) -> None:
        """Put pages on the bus as a crawl does; now and then a copy, or poison of two kinds."""
        for _ in range(count):
            draw = self._dice.random()
            if self._pages and draw < COPIES:
                self._append(bus, self._dice.choice(self._pages), "read")
            elif draw < COPIES + POISON / 2:
                self.poison(bus)
            elif draw < COPIES + POISON:
                ending, body = self._dice.choice(_odd_pages())
                self.odd(bus, self._dice.choice(HOSTS), body, ending)
            else:
                self.article(bus, self._dice.choice(HOSTS))

    def article(self, bus: Bus, host: str) -> None:
        """A page of this host that becomes an article."""
        number = self._dice.randrange(STORIES)
        page = self._page(bodies()[number], host)
        self._pages.append(page)
        self.articles[page.id] = number
        self._append(bus, page, "read")

    def odd(self, bus: Bus, host: str, body: bytes, ending: str) -> str:
        """A page that becomes none, with how it ends instead; its event's id."""
        return self._append(bus, self._page(body, host), ending)

    def poison(self, bus: Bus) -> None:
        """Bytes that are no record, among the pages of some host."""
        self._made += 1
        event = Event(
            id=f"poison-{self._made}",
            type="page/1",
            key=self._dice.choice(HOSTS),
            time=datetime.now(UTC),
            data=b"\xff no record",
        )
        self.endings[event.id] = "rejected"
        bus.publish(PAGES.name, [event])

    def list_pages(self, site: Site, count: int) -> str:
        """Have a web server offer a feed and what it lists; the feed's address."""
        links = []
        for _ in range(count):
            self._made += 1
            number = self._dice.randrange(STORIES)
            host = self._dice.choice(HOSTS)
            links.append(site.url(f"/crawled/{self._made}", host))
            site.answers[f"/crawled/{self._made}"] = bodies()[number]
            self.articles[article_id(canonical_url(links[-1]))] = number
        self._made += 1
        site.answers[f"/feed/{self._made}"] = rss(*links)
        return site.url(f"/feed/{self._made}", self._dice.choice(HOSTS))

    def _page(self, body: bytes, host: str) -> Page:
        self._made += 1
        return _fetched(f"http://{host}/page/{self._made}", body)

    def _append(self, bus: Bus, page: Page, ending: str) -> str:
        """Each time as fetched later than before, so that a copy is an event of its own."""
        self._made += 1
        page = msgspec.structs.replace(
            page, fetched_at=datetime.now(UTC) + timedelta(milliseconds=self._made)
        )
        publish(bus, page)
        event = f"{page.id}-{int(page.fetched_at.timestamp() * 1000)}"
        self.endings[event] = ending
        return event


@cache
def bodies() -> Sequence[bytes]:
    """Pages of the sample newsroom that become articles and carry their own date."""
    found = [
        body for story, body in _newsroom() if story.ending == "stored" and story.page == "whole"
    ]
    return found[:STORIES]


@cache
def claims_of(number: int) -> Sequence[Claim]:
    """What the stage ``read`` finds in a text, told by itself, with nothing around it."""
    page = _fetched("http://paper0.example/alone", bodies()[number])
    event = Event(id="", type="page/1", key="", time=page.fetched_at, data=encode(page))
    (result,) = ReadStage(shared_reader()).handle([event])
    (output,) = result.outputs
    article = decode(output.data)
    assert isinstance(article, Article)
    return article.claims


def _fetched(url: str, body: bytes) -> Page:
    reply = Reply(url=url, status=200, headers={"content-type": HTML}, body=body)
    return page_of(Target(url=url, source="paper"), reply, datetime.now(UTC))


@cache
def _odd_pages() -> Sequence[tuple[str, bytes]]:
    odd = {"not-article", "too-short", "other-language"}
    return [(story.ending, body) for story, body in _newsroom() if story.ending in odd]


@cache
def _newsroom() -> Sequence[tuple[Front, bytes]]:
    site = build_site(80, 1)
    return [
        (story.front, site[story.publisher.domain][story.path].body)
        for story in load_stories()
        if story.front.page != "gone" and story.front.dated
    ]
