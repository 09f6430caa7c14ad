"""The account at the end of a test of kills: what was lost, shown twice, or ended wrongly."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import select

from processors.query.tree import All
from processors.records import Claim, DeadLetter, decode
from services.bootstrap import open_bus, open_index, open_store
from services.bus import Bus
from services.index import Index
from services.settings import load_settings
from services.stages.flow import FLOW
from services.store.engine import open_engine, reading
from services.store.tables import outcomes
from services.topics import ARTICLES, DEAD
from tests.support.bus import log_of
from tests.support.killing_load import Load, claims_of
from tests.support.killing_traps import Traps
from tests.support.killing_watch import MOST, Onlooker, ids_in

INDEXED = {"stored", "unchanged", "superseded"}


class Row(msgspec.Struct, frozen=True):
    """A row of the store's outcomes."""

    stage: str
    topic: str
    partition: int
    offset: int
    event_id: str
    outcome: str
    reason: str
    at: datetime


class Account(msgspec.Struct, frozen=True):
    """What came of a load."""

    events: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    wrong: tuple[str, ...]
    """What else does not hold, in words."""
    waits: tuple[float, ...]
    """Seconds of each article from its fetch until it was searchable, in order of size."""

    @property
    def p95(self) -> float:
        return self.waits[int(len(self.waits) * 0.95)]

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that must not be."""
        lost = (f"lost: {each}" for each in self.lost)
        return (*lost, *(f"shown twice: {each}" for each in self.twice), *self.wrong)


def summary(traps: Traps, account: Account, seed: int) -> str:
    """The line at the end of each test."""
    return (
        f"kills {len(traps.strikes())}, events {account.events}, lost {len(account.lost)}, "
        f"visible duplicates {len(account.twice)}, other faults {len(account.wrong)}, "
        f"freshness p95 {account.p95:.1f} s, TEST_SEED={seed}"
    )


def settle(load: Load, looking: Onlooker, more: Iterable[str] = ()) -> Account:
    """Look at everything that has to hold once all is drained and nobody runs any more.

    ``more``: what else was found not to hold.
    """
    settings = load_settings()
    with open_bus(settings) as bus, open_index(settings) as index, open_store(settings) as store:
        ids, found = ids_in(index), rows()
        wrong = [
            *looking.complaints,
            *more,
            *([] if looking.searches > 2 else ["nobody looked on"]),
            *_differ("an article that nobody wrote", {*ids} - load.articles.keys(), set()),
            *_wrong_claims(index, load, {*ids}),
            *_wrong_outcomes(bus, load, found),
            *_differ("the sums of outcomes", store.outcomes(), _counted(found)),
            *_differ("dead letters", _dead(bus), load.dead),
        ]
        fetched = {each.event.id: each.event.time for each in log_of(bus, ARTICLES.name)}
    waits = [
        (row.at - fetched[row.event_id]).total_seconds() for row in found if row.stage == "index"
    ]
    return Account(
        events=sum(row.stage == "read" for row in found),
        lost=tuple(sorted(load.articles.keys() - {*ids})),
        twice=tuple(sorted(looking.twice | {each for each, n in Counter(ids).items() if n > 1})),
        wrong=tuple(wrong),
        waits=tuple(sorted(waits)),
    )


def rows() -> list[Row]:
    """All outcomes that the store has."""
    engine = open_engine(load_settings().store_url)
    try:
        with reading(engine) as connection:
            found = connection.execute(select(*outcomes.columns)).mappings().all()
    finally:
        engine.dispose()
    return [Row(**{name: row[name] for name in Row.__struct_fields__}) for row in found]


def _dead(bus: Bus) -> set[str]:
    """The events that have a letter. One may have several: a kill may come after an append."""
    letters = [decode(each.event.data) for each in log_of(bus, DEAD.name)]
    return {each.event_id for each in letters if isinstance(each, DeadLetter)}


def _wrong_claims(index: Index, load: Load, ids: set[str]) -> Iterator[str]:
    """Each article has the claims that its text has by itself, and each claim is there once."""
    expected = {each: tuple(claims_of(number)) for each, number in load.articles.items()}
    for hit in index.search(All(), limit=MOST, sort="newest").hits:
        yield from _differ(
            f"claims of {hit.article.id}", hit.article.claims, expected.get(hit.article.id)
        )
    told = index.claims(All(), limit=MOST)
    wanted = Counter((each, _as_key(claim)) for each in ids for claim in expected.get(each, ()))
    found = Counter((hit.article_id, _as_key(hit.claim)) for hit in told.claims)
    yield from _differ("claims that are too many", found - wanted, Counter[tuple[str, bytes]]())
    yield from _differ("number of claims", told.total, wanted.total())


def _as_key(claim: Claim) -> bytes:
    return msgspec.json.encode(claim)


def _wrong_outcomes(bus: Bus, load: Load, found: Sequence[Row]) -> Iterator[str]:
    """Every event of the log has one outcome in its stage, and it is the one that it must have."""
    for step in FLOW:
        log = log_of(bus, step.takes.name)
        logged = Counter((each.partition, each.offset, each.event.id) for each in log)
        own = [row for row in found if row.stage == step.stage]
        noted = Counter((row.partition, row.offset, row.event_id) for row in own)
        yield from _differ(f"{step.stage}: events without an outcome", logged - noted, Counter())
        yield from _differ(f"{step.stage}: outcomes without an event", noted - logged, Counter())
    ended = {row.event_id: row.outcome for row in found if row.stage == "read"}
    for event, outcome in ended.items():
        yield from _differ(f"the end of {event}", outcome, load.endings.get(event, "read"))
    yield from _differ("events that never ended", load.endings.keys() - ended.keys(), set())
    strange = {row.outcome for row in found if row.stage == "index"} - INDEXED
    yield from _differ("ends in the index", strange, set())


def _differ(what: str, found: object, wanted: object) -> list[str]:
    return [] if found == wanted else [f"{what}: {found!s:.300} and not {wanted!s:.300}"]


def _counted(found: Sequence[Row]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for (stage, outcome), number in Counter((row.stage, row.outcome) for row in found).items():
        counts.setdefault(stage, {})[outcome] = number
    return counts
