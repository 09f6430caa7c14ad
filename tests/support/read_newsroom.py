"""The sample newsroom as the real stages leave it, without a crawl: fetched pages are given."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from crawlers.publish import Reply, page_of, publish
from processors.ids import article_id, canonical_url
from processors.records import FeedHints, Page
from services.accounts.rules import LOCAL
from services.alerts.channel_rules import new_channel
from services.alerts.topics import Wish, new_topic
from services.bootstrap import open_bus, open_store
from services.bus import Event
from services.demo.home import PORT
from services.demo.site import Site, build_site, story_url
from services.demo.stories import Story, load_publishers, load_stories
from services.settings import Settings
from services.store import Store
from services.store.port import Source, Target
from services.store.watching import Watch
from services.topics import PAGES, PAGES_BACKFILL
from tests.support.processes import beatwire
from tests.support.told import BEGINNING

EDITIONS = (1, 2)
TOPIC, CHANNEL = "70b1c70b1c70b1c7", "c4a22e1c4a22e1c4"
"""Ids of the one topic and the one channel."""
ODD = (b"", b"", b'{"schema": "<b>page</b>/1"}', b'{"schema": "page/99"}')
"""Pages that are none, and become dead letters."""


def newsroom_article(ref: str) -> str:
    """The id of the article that a story (``publisher/slug``) becomes."""
    (story,) = (story for story in load_stories() if story.ref == ref)
    return article_id(canonical_url(story_url(story, PORT)))


def read_newsroom(home: Path) -> None:
    """Fill an empty home folder with all sources and with both editions of all stories, read.

    Somebody follows training costs in it, with a channel to which nothing is sent any more. There
    are dead letters, and some history that nobody reads.
    """
    unset = dict.fromkeys(("bus", "index", "store", "broker"), "")
    settings = Settings.model_validate({"home": home, **unset})
    now = datetime.now(UTC)
    with open_store(settings) as store:
        for source in _sources(now):
            store.put_source(source)
        for watch in _watches(now):
            store.note_look(watch, now)
        _follow(store, now)
    with open_bus(settings) as bus:
        for page in _pages(now):
            publish(bus, page)
        bus.publish(PAGES.name, [_event(f"odd-{at}", data, now) for at, data in enumerate(ODD)])
    beatwire("work", "--drain", env={"BEATWIRE_HOME": str(home)})
    with open_bus(settings) as bus:
        old = now - timedelta(days=400)
        bus.publish(PAGES_BACKFILL.name, [_event(f"old-{at}", b"", old) for at in range(3)])


def _event(name: str, data: bytes, at: datetime) -> Event:
    return Event(id=name, type="page/1", key="odd.example", time=at, data=data)


def _follow(store: Store, now: datetime) -> None:
    made = new_channel(LOCAL, "webhook", "https://hooks.example/in", "the desk", now=now)
    channel = msgspec.structs.replace(made, id=CHANNEL, disabled="it answered 410")
    assert store.add_channel(channel)
    wish = Wish(name="Training costs", query="claim:training_cost", channels=(CHANNEL,))
    topic = new_topic(LOCAL, wish, (CHANNEL,), now)
    assert store.add_topic(msgspec.structs.replace(topic, id=TOPIC, since=BEGINNING))


def _sources(now: datetime) -> Iterator[Source]:
    for publisher in load_publishers().values():
        for feed in publisher.feeds:
            url = f"http://{publisher.domain}:{PORT}{feed.path}"
            yield Source(
                id=feed.id,
                name=feed.title or publisher.name,
                url=url,
                added_at=now,
                kind="wire" if publisher.id == "wire" else "trade",
                language="en",
                note="15 entries",
                paused=feed.id == "wire-archive",
            )


def _watches(now: datetime) -> Iterator[Watch]:
    """What crawls saw of them: one is well, one fell silent, one cannot be reached."""
    hour, ahead = timedelta(hours=1), now + timedelta(days=1)
    for source, news in (("wire", 2), ("ledger", 5), ("circuit", 60), ("chipdesk", 8)):
        away = source == "chipdesk"
        yield Watch(
            source=source,
            next_look=ahead,
            looked_at=now - timedelta(minutes=3),
            news_at=now - news * hour,
            newest=now - news * hour,
            usual=6 * 3600.0,
            failing_since=now - 3 * hour if away else None,
            failures=9 if away else 0,
            reason="the server did not answer in time" if away else "",
        )


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
