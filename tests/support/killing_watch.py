"""Who looks on: a reader that searches all the time, and the account at the end."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
from sqlalchemy import select

from processors.query.tree import All
from processors.records import DeadLetter, decode
from services.bootstrap import open_bus, open_index, open_store
from services.bus import Bus, Slice, Stored
from services.index import Index
from services.settings import load_settings
from services.stages.flow import FLOW, lags
from services.store.engine import open_engine, reading
from services.store.tables import outcomes
from services.topics import DEAD, TOPICS
from tests.support.killing_load import Load, claims_of
from tests.support.killing_traps import Traps

MOST = 10_000
PAUSE_SECONDS = 0.4
SHARE = 4
"""A search is followed by a pause of so many times its length: the machine has other work too."""
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


class Onlooker(threading.Thread):
    """Searches again and again: none fails, no id shows twice, none that was there vanishes."""

    def __init__(self, index: Index) -> None:
        super().__init__(name="onlooker")
        self._index = index
        self._stop_asked = threading.Event()
        self.searches = 0
        self.complaints: list[str] = []
        self.twice: set[str] = set()
        self._seen: set[str] = set()

    def run(self) -> None:
        pause = 0.0
        while not self._stop_asked.wait(max(PAUSE_SECONDS, pause)):
            began = time.monotonic()
            try:
                self._look()
            except Exception as error:
                self.complaints.append(f"a search failed: {type(error).__name__}: {error}")
            pause = SHARE * (time.monotonic() - began)

    def _look(self) -> None:
        ids = ids_in(self._index)
        self.searches += 1
        self.twice |= {each for each, times in Counter(ids).items() if times > 1}
        if gone := self._seen - {*ids}:
            self.complaints.append(f"{len(gone)} articles vanished: {sorted(gone)[:3]}")
        self._seen |= {*ids}

    def finish(self) -> None:
        self._stop_asked.set()
        self.join()


@contextmanager
def onlooker() -> Iterator[Onlooker]:
    """Somebody who searches while the block runs."""
    with open_index(load_settings()) as index:
        found = Onlooker(index)
        found.start()
        try:
            yield found
        finally:
            found.finish()


def ids_in(index: Index) -> list[str]:
    """The ids of all articles that a search finds."""
    return [hit.article.id for hit in index.search(All(), limit=MOST, sort="newest").hits]


def left(bus: Bus) -> int:
    """Events that wait for a stage, in all stages."""
    return sum(lag.records for found in lags(bus).values() for lag in found)


def rows() -> list[Row]:
    """All outcomes that the store has."""
    engine = open_engine(load_settings().store_url)
    try:
        with reading(engine) as connection:
            found = connection.execute(select(*outcomes.columns)).mappings().all()
    finally:
        engine.dispose()
    return [Row(**{name: row[name] for name in Row.__struct_fields__}) for row in found]


def log_of(bus: Bus, topic: str) -> list[Stored]:
    """Everything that is on a topic."""
    return [
        stored
        for lag in bus.lag("read", topic)
        for first in range(0, lag.end, 200)
        for stored in bus.read(Slice(topic, lag.partition, first, min(first + 200, lag.end) - 1))
    ]


class Account(msgspec.Struct, frozen=True):
    """What came of a load."""

    events: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    seconds_to_searchable: tuple[float, ...]
    """Of each event, from its fetch until it was searchable, in order of size."""

    @property
    def p95(self) -> float:
        return self.seconds_to_searchable[int(len(self.seconds_to_searchable) * 0.95)]


def summary(traps: Traps, account: Account, seed: int) -> str:
    """The line at the end of each test."""
    return (
        f"kills {len(traps.strikes())}, events {account.events}, lost {len(account.lost)}, "
        f"visible duplicates {len(account.twice)}, freshness p95 {account.p95:.1f} s, "
        f"TEST_SEED={seed}"
    )


def settle(load: Load, looking: Onlooker) -> Account:
    """Check everything that has to hold once all is drained and nobody runs any more."""
    assert looking.complaints == []
    assert looking.searches > 2
    settings = load_settings()
    with open_bus(settings) as bus, open_index(settings) as index, open_store(settings) as store:
        ids = ids_in(index)
        lost = load.articles.keys() - {*ids}
        assert {*ids} - load.articles.keys() == set()
        twice = looking.twice | {each for each, times in Counter(ids).items() if times > 1}
        _check_claims(index, load, {*ids})
        found = rows()
        _check_outcomes(bus, load, found)
        assert store.outcomes() == _counted(found)
        letters = [decode(each.event.data) for each in log_of(bus, DEAD.name)]
        assert all(isinstance(each, DeadLetter) for each in letters)
        dead = {each.event_id for each in letters if isinstance(each, DeadLetter)}
        assert dead == load.dead
        fetched = {each.event.id: each.event.time for each in log_of(bus, "articles")}
    waits = sorted(
        (row.at - fetched[row.event_id]).total_seconds() for row in found if row.stage == "index"
    )
    events = sum(row.stage == "read" for row in found)
    return Account(events, tuple(sorted(lost)), tuple(sorted(twice)), tuple(waits))


def _check_claims(index: Index, load: Load, ids: set[str]) -> None:
    """Each article has the claims that its text has by itself, and each claim is there once."""
    expected = {each: tuple(claims_of(load.articles[each])) for each in ids}
    found = {
        hit.article.id: hit.article.claims
        for hit in index.search(All(), limit=MOST, sort="newest").hits
    }
    assert found == expected
    told = index.claims(All(), limit=MOST)
    wanted = Counter((each, _told(claim)) for each in ids for claim in expected[each])
    assert Counter((hit.article_id, _told(hit.claim)) for hit in told.claims) == wanted
    assert told.total == len(told.claims)


def _told(claim: msgspec.Struct) -> bytes:
    return msgspec.json.encode(claim)


def _check_outcomes(bus: Bus, load: Load, found: list[Row]) -> None:
    """Every event of the log has one outcome in its stage, and it is the one that it must have."""
    for step in FLOW:
        topic = TOPICS[step.takes.name]
        logged = sorted(
            (each.partition, each.offset, each.event.id) for each in log_of(bus, topic.name)
        )
        own = [row for row in found if row.stage == step.stage]
        noted = sorted((row.partition, row.offset, row.event_id) for row in own)
        assert noted == logged
    ended = {row.event_id: row.outcome for row in found if row.stage == "read"}
    assert load.endings.keys() <= ended.keys()
    wrong = {
        event: (outcome, wanted)
        for event, outcome in ended.items()
        if outcome != (wanted := load.endings.get(event, "read"))
    }
    assert wrong == {}
    assert {row.outcome for row in found if row.stage == "index"} <= INDEXED


def _counted(found: list[Row]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for (stage, outcome), number in Counter((row.stage, row.outcome) for row in found).items():
        counts.setdefault(stage, {})[outcome] = number
    return counts
