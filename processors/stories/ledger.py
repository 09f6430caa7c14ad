"""The ledger of a disagreement: which figures stand against each other, whose, since when.

Claims *meet* when one figure could make them all true (``processors.figures.span``; dates meet when
one day could). The
*positions* of a disagreement are the fewest figures that, together, make every claim true; each
claim belongs to the one of them that it allows and that lies nearest to what it states. So
``at least $5M`` stands by $5.6M where both $5.6M and $1.3B are said, and ``hundreds of millions``
makes a position of its own where nobody says a figure within it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import inf, log, sqrt

import msgspec

from processors.figures import figure, kind_words, span
from processors.query.values import days
from processors.records import Claim, Modality

NEVER = datetime.max.replace(tzinfo=UTC)
SURE: tuple[Modality, ...] = ("done", "reported", "planned", "rumoured")
"""From the surest way of saying something to the least."""
PRECISE = ("exact", "about", "range", "at_least", "at_most", "vague")
NAMED = 3
"""Positions that a headline spells out."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One claim, and where and when it was made."""

    claim: Claim
    article: str
    source: str
    story: str = ""
    """Articles of one story copy each other and are one origin; empty: the article's own."""
    at: datetime | None = None
    title: str = ""

    @property
    def origin(self) -> str:
        return self.story or self.article


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Claims that one figure could make true, oldest first."""

    figure: str
    """As its best claim puts it: the most precise, then the most often said, the narrower."""
    at: float
    """The figure that all its claims allow: dollars, a number of things, or a day's ordinal."""
    statements: tuple[Statement, ...]
    origins: int
    """Stories that say so: copies of one count once."""
    sources: tuple[str, ...]
    """In the order in which they first said so."""
    speakers: tuple[str, ...]
    modalities: tuple[Modality, ...]
    """Surest first."""

    @property
    def first(self) -> Statement:
        return self.statements[0]

    @property
    def last(self) -> Statement:
        return self.statements[-1]


class Change(msgspec.Struct, frozen=True):
    """A position was said for the first time, or a source left one for another."""

    statement: Statement
    position: int
    before: int | None = None
    """The position that the source had held until then; None where it says the figure first."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One disagreement: about what, who stands where, how that changed."""

    about: str
    """``training cost · DeepSeek · R1``."""
    positions: tuple[Position, ...]
    """Most independent origins first; of equals the one that was said first."""
    changes: tuple[Change, ...]
    """In order of time."""

    @property
    def independent(self) -> bool:
        """Whether two origins share no position: else each that has one figure has another too.

        One article that gives an old price and a new one, say, disagrees with nobody.
        """
        held: dict[str, set[int]] = {}
        for number, position in enumerate(self.positions):
            for statement in position.statements:
                held.setdefault(statement.origin, set()).add(number)
        sets = {frozenset(it) for it in held.values()}
        return any(not one & other for one in sets for other in sets)

    @property
    def definite(self) -> bool:
        """Whether it is about one product, deal or year, so that one figure must be wrong.

        What a firm raised, say, without a round or a year, changes from round to round, and what
        ``this_year`` is depends on when it was said.
        """
        claim = self.positions[0].first.claim
        return bool(claim.object or (claim.period and claim.period[0].isdigit()))

    @property
    def origins(self) -> int:
        """Stories that take part."""
        return len({it.origin for one in self.positions for it in one.statements})

    @property
    def headline(self) -> str:
        """``training cost · DeepSeek · R1: $5.6M (3 origins) against $1.3B (1 origin)``."""
        named = [f"{it.figure} ({_counted(it.origins, 'origin')})" for it in self.positions[:NAMED]]
        if rest := len(self.positions) - NAMED:
            named += [_counted(rest, "other figure")] if rest > 0 else []
        return f"{self.about}: {' against '.join(named)}"


def ledger_entry(statements: Iterable[Statement]) -> Entry | None:
    """The entry for claims about one kind, subject, object and period; None if none has a figure.

    Denied claims state nothing and are left aside.
    """
    told = sorted(
        (it for it in statements if it.claim.modality != "denied" and reach(it.claim)),
        key=lambda it: (it.at or NEVER, it.article, it.claim.start),
    )
    if not told:
        return None
    groups = _by_position([_span(it) for it in told])
    found = [_position(at, [told[one] for one in members]) for at, members in groups]
    found.sort(key=lambda it: (-it.origins, it.first.at or NEVER, it.at))
    return Entry(about=about(told[0].claim), positions=tuple(found), changes=tuple(_changes(found)))


def about(claim: Claim) -> str:
    """What a claim is about: ``training cost · DeepSeek · R1 · 2025``."""
    period = " ".join((claim.period or "").split("_"))
    return " · ".join(filter(None, (kind_words(claim.kind), claim.subject, claim.object, period)))


def reach(claim: Claim) -> tuple[float, float] | None:
    """From where to where what a claim states may lie, dates by day; None if it states none."""
    if claim.kind != "date":
        return span(claim)
    dated = days(claim.date or "")
    return dated and (float(dated[0].toordinal()), float(dated[1].toordinal()))


def stated(claim: Claim) -> str:
    """The figure of a claim, or its date without the event."""
    return (claim.date or "") if claim.kind == "date" else figure(claim)


def _by_position(spans: Sequence[tuple[float, float]]) -> list[tuple[float, list[int]]]:
    """The fewest points such that each span holds one, and the spans nearest to each.

    The first end of all spans that are not held yet is such a point: whatever holds the span that
    ends there can be moved up to its end and holds no fewer.
    """
    points: list[float] = []
    for low, high in sorted(spans, key=lambda it: it[1]):
        if not points or low > points[-1]:
            points.append(high)
    members: list[list[int]] = [[] for _ in points]
    for at, (low, high) in enumerate(spans):
        allowed = [number for number, point in enumerate(points) if low <= point <= high]
        centre = _centre(low, high)
        members[min(allowed, key=lambda number: _distance(points[number], centre))].append(at)
    return list(zip(points, members, strict=True))


def _span(statement: Statement) -> tuple[float, float]:
    return reach(statement.claim) or (0.0, inf)


def _centre(low: float, high: float) -> float:
    """What a span states: its one end where it is open, else the middle by proportion."""
    if low <= 0 or high == inf:
        return high if low <= 0 else low
    return sqrt(low) * sqrt(high)


def _distance(one: float, other: float) -> float:
    """By proportion: twice as much and half as much are equally far."""
    least = 1e-9
    return abs(log(min(max(one, least), 1e300)) - log(min(max(other, least), 1e300)))


def _position(at: float, statements: Sequence[Statement]) -> Position:
    lead = _lead(statements)
    said = {it.claim.modality for it in statements}
    return Position(
        figure=stated(lead.claim),
        at=at,
        statements=tuple(statements),
        origins=len({it.origin for it in statements}),
        sources=tuple(dict.fromkeys(it.source for it in statements)),
        speakers=tuple(dict.fromkeys(it.claim.speaker for it in statements if it.claim.speaker)),
        modalities=tuple(word for word in SURE if word in said),
    )


def _lead(statements: Sequence[Statement]) -> Statement:
    """What speaks best for a position: of dates said equally often, the fuller one, say."""
    best = min(PRECISE.index(it.claim.bound) for it in statements)
    precise = [it for it in statements if PRECISE.index(it.claim.bound) == best]
    figures = [stated(it.claim) for it in precise]
    said = {(words, it.origin) for words, it in zip(figures, precise, strict=True)}
    stories = Counter(words for words, _ in said)

    def rank(at: int) -> tuple[float, float]:
        low, high = _span(precise[at])
        return -stories[figures[at]], high - low

    return precise[min(range(len(precise)), key=rank)]


def _changes(positions: Sequence[Position]) -> list[Change]:
    """Firsts and moves. A source moves with an article that leaves out all that it said before."""
    numbered = [(it, number) for number, one in enumerate(positions) for it in one.statements]
    numbered.sort(key=lambda it: (it[0].at or NEVER, it[0].article, it[0].claim.start))
    held_by_article: dict[str, set[int]] = {}
    for statement, number in numbered:
        held_by_article.setdefault(statement.article, set()).add(number)
    first_said: set[int] = set()
    latest: dict[str, tuple[str, int]] = {}
    changes: list[Change] = []
    for statement, number in numbered:
        article, before = latest.get(statement.source, ("", number))
        held = held_by_article.get(article, set())
        if number not in first_said:
            changes.append(Change(statement, number))
            first_said.add(number)
        if (
            article
            and article != statement.article
            and not held & held_by_article[statement.article]
        ):
            changes.append(Change(statement, number, before))
        latest[statement.source] = (statement.article, number)
    return changes


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
