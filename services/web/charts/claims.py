"""Figures of claims on a log scale: one row each, those about the same thing together."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from math import inf
from typing import Literal

import msgspec

from processors.figures import dollars, figure, kind_words
from processors.records import Claim, Modality
from services.index import ClaimHit, source_name
from services.web.charts.labels import Tick
from services.web.charts.scales import LogScale, log_scale, money_ticks
from services.web.moments import Moment, moment

ROWS = 40
ARROW = 9.0
"""Percent of the width that an arrow takes, if there is so much room."""

Shape = Literal["point", "range", "vague", "floor", "ceiling"]
Grouping = Literal["subject", "object", "kind"]
Link = Callable[[ClaimHit], str]


class Mark(msgspec.Struct, frozen=True):
    """How a figure is drawn, from ``x`` to ``end`` percent; both are one for a point.

    ``floor``: a dot at ``x`` and an arrow to the right up to ``end``; ``ceiling``: a dot at
    ``end`` and an arrow to the left up to ``x``.
    """

    shape: Shape
    x: float
    end: float


class ClaimMark(msgspec.Struct, frozen=True, kw_only=True):
    """One row: the claim in words, and its mark."""

    about: str
    label: str
    """What sets it apart within its group: its kind or its object; empty where nothing does."""
    figure: str
    modality: Modality
    speaker: str
    source: str
    title: str
    when: Moment | None
    day: str
    copies: int
    """Articles of the same story that say the same."""
    address: str
    mark: Mark


class ClaimGroup(msgspec.Struct, frozen=True):
    name: str
    rows: tuple[ClaimMark, ...]


class ClaimsChart(msgspec.Struct, frozen=True, kw_only=True):
    """What ``charts.claims`` draws; nothing where there are no groups."""

    id: str
    title: str
    notes: tuple[str, ...]
    """What is not drawn, and why."""
    ticks: tuple[Tick, ...] = ()
    groups: tuple[ClaimGroup, ...] = ()
    shapes: frozenset[str] = frozenset()
    """The shapes and modalities that occur: what the legend explains."""


class _Told(msgspec.Struct):
    """A claim, and how many articles of its story repeat it."""

    hit: ClaimHit
    ends: tuple[float, float]
    copies: int = 0


def claims_chart(
    hits: Sequence[ClaimHit],
    link: Link,
    now: datetime,
    *,
    group: Grouping = "object",
    id: str = "figures",
    total: int | None = None,
    most: int = ROWS,
) -> ClaimsChart:
    """The chart of the claims, in their order; ``link`` says where a claim's sentence is.

    Dollars, where any claim states them; else numbers of things. Claims of one story that say the
    same are one row. ``total``: how many claims there are, where ``hits`` are only the first.
    """
    money = any(dollars(hit.claim) for hit in hits)
    told = [_Told(hit, ends) for hit in hits if (ends := _ends(hit.claim, money=money))]
    rows = _folded(told)
    shown = rows[:most]
    notes = _notes(len(hits), len(told), len(rows), most, total, money=money)
    if not shown:
        return ClaimsChart(id=id, title="No figures to draw", notes=notes)
    scale = log_scale(end for row in shown for end in row.ends if end < inf)
    mixed = len({row.hit.claim.kind for row in shown}) > 1
    marks = [
        (
            _group(row.hit.claim, group),
            _row(row, _label(row.hit.claim, group, mixed), scale, link, now),
        )
        for row in shown
    ]
    groups: dict[str, list[ClaimMark]] = {}
    for name, row in marks:
        groups.setdefault(name, []).append(row)
    return ClaimsChart(
        id=id,
        title=_title([row.hit.claim for row in shown], money=money),
        notes=notes,
        ticks=money_ticks(scale, "USD" if money else None),
        groups=tuple(ClaimGroup(name, tuple(found)) for name, found in groups.items()),
        shapes=frozenset(word for _, row in marks for word in (row.mark.shape, row.modality)),
    )


def _ends(claim: Claim, *, money: bool) -> tuple[float, float] | None:
    """From where to where a claim's figure is drawn; open ends are 0 and infinite."""
    if money:
        stated = dollars(claim)
    else:
        amounts = (claim.amount_low, claim.amount_high)
        stated = tuple(it for it in amounts if it is not None) if claim.currency is None else ()
    if not stated or max(stated) <= 0:
        return None
    low = 0.0 if claim.bound == "at_most" else min(stated)
    return low, inf if claim.bound == "at_least" else max(stated)


def _folded(told: Iterable[_Told]) -> list[_Told]:
    """Claims of one story that say the same joined under the first to be published."""
    kept: dict[tuple[object, ...], _Told] = {}
    for one in told:
        claim = one.hit.claim
        said = (claim.kind, claim.subject, claim.object, claim.period, claim.modality)
        key = (one.hit.story or one.hit.article_id, *said, claim.bound, one.ends)
        earlier = kept.setdefault(key, one)
        if earlier is one:
            continue
        if one.hit.article_id != earlier.hit.article_id:
            earlier.copies += 1
        if _time(one.hit) and (not _time(earlier.hit) or _before(one.hit, earlier.hit)):
            earlier.hit = one.hit
    return list(kept.values())


def _time(hit: ClaimHit) -> datetime | None:
    return hit.published or hit.fetched_at


def _before(one: ClaimHit, other: ClaimHit) -> bool:
    first, second = _time(one), _time(other)
    return first is not None and second is not None and first < second


def _row(told: _Told, label: str, scale: LogScale, link: Link, now: datetime) -> ClaimMark:
    hit, claim = told.hit, told.hit.claim
    at = _time(hit)
    return ClaimMark(
        about=about(claim),
        label=label,
        figure=figure(claim),
        modality=claim.modality,
        speaker=claim.speaker or "",
        source=source_name(hit),
        title=hit.title or hit.url,
        when=moment(at, now) if at else None,
        day=f"{at.day} {at:%b %Y}" if at else "undated",
        copies=told.copies,
        address=link(hit),
        mark=_mark(claim, told.ends, scale),
    )


def _mark(claim: Claim, ends: tuple[float, float], scale: LogScale) -> Mark:
    low, high = ends
    if high == inf:
        x = scale.x(low)
        return Mark("floor", x, min(100.0, round(x + ARROW, 2)))
    if claim.bound == "at_most":
        x = scale.x(high)
        return Mark("ceiling", max(0.0, round(x - ARROW, 2)), x)
    if low == high:
        return Mark("point", scale.x(low), scale.x(low))
    return Mark("vague" if claim.bound == "vague" else "range", scale.x(low), scale.x(high))


def _group(claim: Claim, group: Grouping) -> str:
    match group:
        case "subject":
            return claim.subject or "nobody in particular"
        case "kind":
            return " · ".join(filter(None, (kind_words(claim.kind), claim.object)))
        case _:
            return about(claim)


def _label(claim: Claim, group: Grouping, mixed: bool) -> str:
    kind = kind_words(claim.kind) if mixed and group != "kind" else ""
    thing = claim.object if group == "subject" else ""
    return " · ".join(filter(None, (kind, thing)))


def about(claim: Claim) -> str:
    """``DeepSeek · R1``: whom and what a claim is about; its kind where it says neither."""
    thing = claim.object if claim.kind != "date" else None
    said = " · ".join(filter(None, (claim.subject, thing)))
    return said or kind_words(claim.kind)


def _title(claims: Sequence[Claim], *, money: bool) -> str:
    kinds = {claim.kind for claim in claims}
    what = kind_words(next(iter(kinds))) if len(kinds) == 1 else "claims"
    unit = "in US dollars, " if money else ""
    return f"{what.capitalize()}, {unit}on a logarithmic scale"


def _notes(
    claims: int, told: int, rows: int, most: int, total: int | None, *, money: bool
) -> tuple[str, ...]:
    notes = []
    if total is not None and total > claims:
        notes.append(f"Of {total:,} claims, the first {claims:,} are considered.")
    if rows > most:
        notes.append(
            f"The first {most} of {rows:,} figures are drawn; narrow the search for others."
        )
    if left := claims - told:
        unit = "in dollars" if money else "at all"
        said = "1 claim states no figure" if left == 1 else f"{left:,} claims state no figure"
        notes.append(f"{said} {unit} and {'is' if left == 1 else 'are'} not drawn.")
    return tuple(notes)
