"""The sample newsroom as the real stages leave it, without a crawl: fetched pages are given."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawlers.publish import Reply, page_of, publish
from processors.ids import article_id, canonical_url
from processors.records import FeedHints, Page
from services.bootstrap import open_bus, open_store
from services.demo.home import PORT
from services.demo.site import Site, build_site, story_url
from services.demo.stories import Story, load_publishers, load_stories
from services.settings import Settings
from services.store.port import Source, Target
from tests.support.processes import beatwire

EDITIONS = (1, 2)


def newsroom_article(ref: str) -> str:
    """The id of the article that a story (``publisher/slug``) becomes."""
    (story,) = (story for story in load_stories() if story.ref == ref)
    return article_id(canonical_url(story_url(story, PORT)))


def read_newsroom(home: Path) -> None:
    """Fill an empty home folder with all sources and with both editions of all stories, read."""
    unset = dict.fromkeys(("bus", "index", "store", "broker"), "")
    settings = Settings.model_validate({"home": home, **unset})
    now = datetime.now(UTC)
    with open_store(settings) as store:
        for source in _sources(now):
            store.put_source(source)
    with open_bus(settings) as bus:
        for page in _pages(now):
            publish(bus, page)
    beatwire("work", "--drain", env={"BEATWIRE_HOME": str(home)})


def _sources(now: datetime) -> Iterator[Source]:
    for publisher in load_publishers().values():
        for feed in publisher.feeds:
            url = f"http://{publisher.domain}:{PORT}{feed.path}"
            yield Source(id=feed.id, name=feed.title or publisher.name, url=url, added_at=now)


def _pages(now: datetime) -> Iterator[Page]:
    """Every page that becomes an article; of the second edition those that differ."""
    before: Site = {}
    for edition in EDITIONS:
        site = build_site(PORT, edition)
        fetched = now - timedelta(minutes=len(EDITIONS) - edition, seconds=14)
        for story in load_stories(edition):
            path, domain = story.path, story.publisher.domain
            if (
                story.front.ending != "stored"
                or before.get(domain, {}).get(path) == site[domain][path]
            ):
                continue
            yield _page(story, site, fetched)
        before = site


def _page(story: Story, site: Site, fetched: datetime) -> Page:
    found = site[story.publisher.domain][story.path]
    source = story.front.feed or story.publisher.feeds[0].id
    published = "" if story.front.dated else story.front.published.isoformat()
    hints = FeedHints(feed=source, title=story.title, published=published)
    url = story_url(story, PORT)
    headers = {"content-type": found.content_type}
    reply = Reply(url=url, status=200, headers=headers, body=found.body)
    return page_of(Target(url=url, source=source, hints=hints), reply, fetched)
