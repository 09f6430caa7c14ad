"""Which claims an edit added, took back or changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec

from processors.figures import party_key
from processors.records import Claim
from processors.stories.ledger import about, stated

Aspect = Literal["figure", "certainty", "speaker", "period"]
"""What of a claim is another: its figure (with its bound), how sure it is, who says it, when."""


class ClaimChange(msgspec.Struct, frozen=True):
    """One claim before and after; None on the side that does not make it."""

    before: Claim | None
    after: Claim | None
    aspects: tuple[Aspect, ...] = ()
    """What is another, where both sides make it."""

    @property
    def says(self) -> str:
        """``figure changed: training cost · DeepSeek · R1: $5.6M → $6.1M``."""
        match self.before, self.after:
            case Claim() as old, Claim() as new:
                aspect = self.aspects[0]
                was, now = (_ASPECTS[aspect](it) or "none" for it in (old, new))
                return f"{aspect} changed: {about(old)}: {was} → {now}"
            case Claim() as old, _:
                return f"claim withdrawn: {_line(old)}"
            case _, Claim() as new:
                return f"claim added: {_line(new)}"
        return ""


def claim_changes(before: Iterable[Claim], after: Iterable[Claim]) -> tuple[ClaimChange, ...]:
    """The claims that one version alone makes, in the order of the old text, then of the new.

    Claims about one kind, subject and object are one claim that changed; where several are, those
    that agree in most meet first. Where a claim stands, and how sure its reader was, is no
    difference. Symmetric: the other way round, what was added is withdrawn.
    """
    old, new = _by_thing(before), _by_thing(after)
    found: list[ClaimChange] = []
    for key in dict.fromkeys((*old, *new)):
        found += _of_one_thing(old.get(key, []), new.get(key, []))
    return tuple(found)


def _of_one_thing(old: Sequence[Claim], new: Sequence[Claim]) -> list[ClaimChange]:
    left, right = list(old), list(new)
    pairs: list[tuple[Claim, Claim]] = []
    for names in _ALIKE:
        left, right = _met(left, right, names, pairs)
    changed = ((was, now, _differ(was, now)) for was, now in pairs)
    return [
        *(ClaimChange(was, now, aspects) for was, now, aspects in changed if aspects),
        *(ClaimChange(was, None) for was in left),
        *(ClaimChange(None, now) for now in right),
    ]


def _met(
    old: list[Claim], new: list[Claim], alike: Sequence[Aspect], pairs: list[tuple[Claim, Claim]]
) -> tuple[list[Claim], list[Claim]]:
    """Pair off, in order, those that agree in these aspects; what is left of both."""
    waiting: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in new:
        waiting[tuple(_ASPECTS[name](claim) for name in alike)].append(claim)
    left = []
    for claim in old:
        there = waiting[tuple(_ASPECTS[name](claim) for name in alike)]
        if there:
            pairs.append((claim, there.pop(0)))
        else:
            left.append(claim)
    rest = {id(claim) for claims in waiting.values() for claim in claims}
    return left, [claim for claim in new if id(claim) in rest]


def _differ(old: Claim, new: Claim) -> tuple[Aspect, ...]:
    return tuple(name for name, of in _ASPECTS.items() if of(old) != of(new))


def _by_thing(claims: Iterable[Claim]) -> dict[tuple[str, str, str], list[Claim]]:
    """Each claim once, by its kind, subject and object (of a date: by the event)."""
    found: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    told = set()
    for claim in claims:
        key = (
            claim.kind,
            party_key(claim.subject_id, claim.subject),
            party_key(claim.object_id, claim.object),
        )
        said = (key, *(of(claim) for of in _ASPECTS.values()))
        if said not in told:
            told.add(said)
            found[key].append(claim)
    return found


def _line(claim: Claim) -> str:
    figure = stated(claim)
    return f"{about(claim)}: {figure}" if figure else about(claim)


_ASPECTS: dict[Aspect, Callable[[Claim], str]] = {
    "figure": stated,
    "certainty": lambda claim: claim.modality,
    "speaker": lambda claim: claim.speaker or "",
    "period": lambda claim: " ".join((claim.period or "").split("_")),
}
_ALIKE: tuple[tuple[Aspect, ...], ...] = (
    ("figure", "certainty", "speaker", "period"),
    ("certainty", "speaker", "period"),
    ("figure",),
    ("period",),
    (),
)
