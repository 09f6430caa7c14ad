"""Everything that is on the servers at the end of a soak, for its account."""

from collections.abc import Iterator

from sqlalchemy import select

from processors.query.tree import All
from processors.records import DeadLetter, decode
from services.bootstrap import open_bus, open_index
from services.bus import Bus
from services.index import Index
from services.settings import Settings
from services.stages.flow import LIVE
from services.store.engine import open_engine, reading
from services.store.tables import outcomes
from services.topics import DEAD
from tests.support.bus import log_of
from tests.support.soak.account import End, Found, Place
from tests.support.soak.pages import edition_of

HITS = 900


def look(settings: Settings) -> Found:
    """Read the logs, the index and the store to their ends."""
    with open_bus(settings) as bus, open_index(settings) as index:
        indexed, claims, edits = _indexed(index)
        return Found(
            indexed=indexed,
            claims=(index.stats().claims, claims),
            revisions=edits,
            logs={step.stage: [*_places(bus, step.takes.name)] for step in LIVE},
            ends={step.stage: _ends(settings, step.stage) for step in LIVE},
            dead={letter.event_id for letter in _dead(bus)},
        )


def _indexed(index: Index) -> tuple[list[tuple[str, int]], int, int]:
    """Id and edition of every article that a search finds; their claims and edits, counted."""
    found: list[tuple[str, int]] = []
    claims, edits, after = 0, 0, ""
    while True:
        page = index.search(All(), sort="oldest", limit=HITS, after=after)
        found += ((hit.article.id, edition_of(hit.article.body)) for hit in page.hits)
        claims += sum(len(hit.article.claims) for hit in page.hits)
        edits += sum(index.edits([hit.article for hit in page.hits]))
        after = page.next
        if not after:
            return found, claims, edits


def _places(bus: Bus, topic: str) -> Iterator[Place]:
    return (Place(one.partition, one.offset, one.event.id) for one in log_of(bus, topic))


def _dead(bus: Bus) -> Iterator[DeadLetter]:
    """The letters. One event may have several: a kill may come after an append."""
    letters = (decode(one.event.data) for one in log_of(bus, DEAD.name))
    return (letter for letter in letters if isinstance(letter, DeadLetter))


def _ends(settings: Settings, stage: str) -> list[End]:
    of = outcomes.c
    asked = select(of.partition, of.offset, of.event_id, of.outcome, of.at)
    engine = open_engine(settings.store_url)
    try:
        with reading(engine) as connection:
            rows = connection.execute(asked.where(of.stage == stage)).all()
    finally:
        engine.dispose()
    return [End(Place(row[0], row[1], row[2]), row[3], row[4]) for row in rows]
