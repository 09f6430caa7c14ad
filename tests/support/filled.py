"""An installation with articles that were indexed and told, with pages that nobody read yet."""

import hashlib
from datetime import UTC, datetime

from processors.ids import article_id
from processors.query.tree import All
from processors.records import Article, Page, encode
from services.accounts.rules import LOCAL
from services.bootstrap import open_bus, open_index, open_stage, open_store
from services.bus import Bus, Event
from services.index import Index
from services.settings import Settings
from services.stages.flow import ALERT, INDEX, Step
from services.stages.runner import run_slice
from services.store import Store
from services.store.port import Source
from tests.support import coverage
from tests.support.articles import article, claim, entity
from tests.support.replaying import as_event
from tests.support.told import BEGINNING, followed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UNREAD = 7
"""Pages that are on the log and were not read."""


def samples(count: int) -> list[Article]:
    """Our sample coverage with its claims and moods, an edited one twice, and some more."""
    more = [
        article(
            f"story-{number}",
            f"Lab {number} spent ${number} million on chips, it said on day {number % 9}.",
            title=f"Lab {number} buys chips",
            source=f"paper{number % 5}",
            hours=number,
            published_hours=number - 1,
            language="en",
            entities=(entity(f"Lab {number}", "lab"),),
            claims=(claim("investment", number * 1e6, subject=f"Lab {number}"),),
        )
        for number in range(1, count + 1)
    ]
    return [coverage.model_story(), coverage.chip_story(), *coverage.corrected_story(), *more]


def fill(settings: Settings, count: int = 60) -> None:
    """Put everything into an empty installation, as the stages do."""
    with open_bus(settings) as bus, open_store(settings) as store:
        source = Source(id="ledger", url="https://ledger.example/feed", name="L", added_at=NOW)
        store.put_source(source)
        followed(store, LOCAL, "claim:training_cost", BEGINNING)
        bus.publish("articles", [as_event(each) for each in samples(count)])
        bus.publish("pages", [page(number) for number in range(UNREAD)])
        for step in (INDEX, ALERT):
            _run(step, settings, bus, store)


def page(number: int) -> Event:
    url = f"https://ledger.example/page-{number}"
    made = Page(
        id=article_id(url),
        url=url,
        requested_url=url,
        source="ledger",
        fetched_at=NOW,
        status=200,
        headers={},
        body=b"<p>Chips</p>",
        content_hash="abab",
    )
    return Event(id=made.id, type="page/1", key="ledger.example", time=NOW, data=encode(made))


def _run(step: Step, settings: Settings, bus: Bus, store: Store) -> None:
    stage = open_stage(step.work, settings)
    try:
        while sum(lag.records for lag in bus.lag(step.stage, step.takes.name)):
            for part in bus.poll(step.stage, step.takes.name, most=128, slices=12):
                run_slice(step, stage, part, bus=bus, store=store, now=lambda: NOW)
                bus.commit(step.stage, part)
    finally:
        stage.close()


def documents(settings: Settings) -> dict[str, bytes]:
    """Every article of the index by id, with all its fields and its revisions."""
    with open_index(settings) as index:
        return {each.id: _whole(index, each) for each in _articles(index)}


def digest(found: dict[str, bytes]) -> str:
    """One hash of the ids in their order and of all fields."""
    whole = hashlib.sha256()
    for name, data in sorted(found.items()):
        whole.update(name.encode() + b"\0" + data + b"\0")
    return whole.hexdigest()


def _whole(index: Index, each: Article) -> bytes:
    return b"\n".join(map(encode, [each, *index.revisions(each.id)]))


def _articles(index: Index) -> list[Article]:
    found: list[Article] = []
    after = ""
    while True:
        results = index.search(All(), sort="oldest", limit=25, after=after)
        found += [hit.article for hit in results.hits]
        after = results.next
        if not after:
            return found
