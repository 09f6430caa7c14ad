"""The account at the end of a soak: what was lost, told twice, or ended wrongly. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

INDEXED = {"stored", "unchanged", "superseded"}
SHOWN = 5
"""Examples of what is wrong; the number is there in any case."""


class Place(NamedTuple):
    """An event where it lies in the log of its topic."""

    partition: int
    offset: int
    event: str


class End(NamedTuple):
    """An outcome as the store has it."""

    place: Place
    outcome: str
    at: datetime


class Expected(msgspec.Struct, frozen=True):
    """What was published, and how it has to end."""

    events: set[str]
    editions: Mapping[str, int]
    """The articles that must be searchable: id to the last edition."""
    edits: int
    endings: Mapping[str, str]
    """Event id to outcome in the stage ``read``, where it is not ``read``."""


class Found(msgspec.Struct, frozen=True):
    """What is there at the end."""

    indexed: Sequence[tuple[str, int]]
    """Id and edition of every hit of a search for everything."""
    claims: tuple[int, int]
    """Those that the index counts, and those that its articles have."""
    revisions: int
    logs: Mapping[str, Sequence[Place]]
    """Stage to the log that it takes, partition by partition in order."""
    ends: Mapping[str, Sequence[End]]
    """Stage to its outcomes."""
    dead: set[str]
    """The events that have a dead letter."""


class Wrong(msgspec.Struct, frozen=True):
    """One kind of thing that must not be."""

    what: str
    count: int
    examples: tuple[str, ...]


class Wait(NamedTuple):
    """An article on its way: fetched, and in the index."""

    fetched: datetime
    indexed: datetime

    @property
    def seconds(self) -> float:
        return (self.indexed - self.fetched).total_seconds()


class Account(msgspec.Struct, frozen=True):
    """What came of a load."""

    events: int
    articles: int
    indexed: int
    edits: int
    dead: int
    repeated: int
    """Events that the log has more than once, because an outage hid that it had taken them."""
    lost: tuple[Wrong, ...]
    twice: tuple[Wrong, ...]
    wrong: tuple[Wrong, ...]


def settle(expected: Expected, found: Found) -> Account:
    """Hold what is there against what has to be."""
    ids = Counter(each for each, _ in found.indexed)
    pages = Counter(place.event for place in found.logs["read"])
    lost = [
        ("events that are not in the log", expected.events - pages.keys()),
        ("articles that no search finds", expected.editions.keys() - ids.keys()),
        *(_unended(stage, found) for stage in found.logs),
    ]
    twice = [
        ("articles that a search finds twice", {each for each, n in ids.items() if n > 1}),
        *(_ended_twice(stage, found) for stage in found.logs),
    ]
    read = {end.place.event: end.outcome for end in found.ends["read"]}
    wrong = [
        ("articles that nobody wrote", ids.keys() - expected.editions.keys()),
        ("articles that are not as edited last", set(_stale(expected, found))),
        ("events that stage read ended otherwise", set(_otherwise(expected, read))),
        ("articles that stage index ended otherwise", set(_refused(found.ends["index"]))),
        ("dead letters that no poison made", found.dead - _poison(expected)),
        ("poison without a dead letter", _poison(expected) - found.dead),
        ("versions that were read before older ones", set(disorder(found))),
        ("claims that the index counts otherwise", _differ(*found.claims)),
        ("revisions that are not one an edit", _differ(found.revisions, expected.edits)),
    ]
    return Account(
        events=len(expected.events),
        articles=len(expected.editions),
        indexed=len(ids),
        edits=expected.edits,
        dead=len(found.dead),
        repeated=sum(1 for number in pages.values() if number > 1),
        lost=_told(lost),
        twice=_told(twice),
        wrong=_told(wrong),
    )


def waits(ends: Iterable[End]) -> list[Wait]:
    """How long each article took until it was in the index, by the first time of each event."""
    return [Wait(fetched_at(end.place.event), end.at) for end in ends]


def fetched_at(event: str) -> datetime:
    """The fetch of a page or an article, which its event's id ends in, in milliseconds."""
    return datetime.fromtimestamp(int(event.rpartition("-")[2]) / 1000, UTC)


def disorder(found: Found) -> Iterator[str]:
    """Articles of which a version came onto the second topic before an older one.

    Versions whose pages are in different partitions, as they are after the topic grew, have no
    order; what was done again counts the first time.
    """
    page = {place.event: place.partition for place in found.logs["read"]}
    seen: set[str] = set()
    newest: dict[tuple[int, str], str] = {}
    for place in found.logs["index"]:
        if place.event in seen:
            continue
        seen.add(place.event)
        key = place.partition, place.event.rpartition("-")[0]
        before = newest.get(key)
        ordered = before is not None and page.get(before) == page.get(place.event)
        if before is not None and fetched_at(before) > fetched_at(place.event):
            if ordered:
                yield place.event
        else:
            newest[key] = place.event


def _unended(stage: str, found: Found) -> tuple[str, set[str]]:
    ended = {end.place for end in found.ends[stage]}
    return f"events without an outcome in {stage}", {
        place.event for place in found.logs[stage] if place not in ended
    }


def _ended_twice(stage: str, found: Found) -> tuple[str, set[str]]:
    """Outcomes that belong to no event of the log; the store has one row an event and stage."""
    logged = {*found.logs[stage]}
    noted = Counter(end.place for end in found.ends[stage])
    return f"outcomes too many in {stage}", {
        place.event for place, number in noted.items() if number > 1 or place not in logged
    }


def _stale(expected: Expected, found: Found) -> Iterator[str]:
    for article, edition in found.indexed:
        last = expected.editions.get(article, edition)
        if edition != last:
            yield f"{article} (edition {edition} of {last})"


def _otherwise(expected: Expected, read: Mapping[str, str]) -> Iterator[str]:
    for event, outcome in read.items():
        wanted = expected.endings.get(event, "read")
        if outcome != wanted:
            yield f"{event} ({outcome} and not {wanted})"


def _refused(ends: Iterable[End]) -> Iterator[str]:
    return (f"{end.place.event} ({end.outcome})" for end in ends if end.outcome not in INDEXED)


def _poison(expected: Expected) -> set[str]:
    return {event for event, ending in expected.endings.items() if ending == "rejected"}


def _differ(found: int, wanted: int) -> set[str]:
    return set() if found == wanted else {f"{found:,} and not {wanted:,}"}


def _told(each: Iterable[tuple[str, Iterable[str]]]) -> tuple[Wrong, ...]:
    kinds = ((what, sorted(which)) for what, which in each)
    return tuple(Wrong(what, len(ids), tuple(ids[:SHOWN])) for what, ids in kinds if ids)
