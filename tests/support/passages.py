"""How well claims agree with labelled passages: a small scorer of our own.

A claim is found when a kind, an amount (or a date) and a currency agree; its subject, bound and
modality are judged apart, ``done`` and ``reported`` as one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from processors.records import Bound, Claim, ClaimKind, Modality

_JUDGED: tuple[str, ...] = ("subject", "bound", "modality")


class Labelled(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One claim that a passage makes."""

    kind: ClaimKind
    subjects: tuple[str, ...]
    """Any of them is right; none: nobody in particular."""
    low: float | None = None
    high: float | None = None
    currency: str | None = None
    bound: Bound | None = None
    modality: Modality
    date: str | None = None


class Passage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text of a sentence or a few, with all its claims."""

    id: str
    text: str
    claims: tuple[Labelled, ...] = ()


def read_passages(file: Path) -> list[Passage]:
    """The passages of a file of JSON lines."""
    decoder = msgspec.json.Decoder(Passage)
    return [decoder.decode(line) for line in file.read_bytes().splitlines()]


@dataclass
class Score:
    """Counts over passages; rates between 0 and 1."""

    found: int = 0
    missed: int = 0
    extra: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_JUDGED, 0))
    negatives: int = 0
    flagged: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.extra)

    def rate(self, judged: str) -> float:
        """Of the claims found, those that are right in ``subject``, ``bound`` or ``modality``."""
        return self.right[judged] / max(1, self.found)

    def add(self, passage: Passage, claims: Iterable[Claim]) -> None:
        left = list(claims)
        if not passage.claims:
            self.negatives += 1
            self.flagged += bool(left)
        for wanted in passage.claims:
            same = [claim for claim in left if _is_found(wanted, claim)]
            if not same:
                self.missed += 1
                continue
            best = max(same, key=lambda claim: sum(_judged(wanted, claim).values()))
            left.remove(best)
            self.found += 1
            for name, good in _judged(wanted, best).items():
                self.right[name] += good
        self.extra += len(left)


_FACT = {"done", "reported"}


def _is_found(wanted: Labelled, claim: Claim) -> bool:
    if wanted.kind != claim.kind:
        return False
    if wanted.kind == "export_control":
        return True
    if wanted.kind == "date":
        return bool(wanted.date) and (claim.date or "").startswith(wanted.date or "")
    if claim.currency != wanted.currency:
        return False
    mine = {claim.amount_low, claim.amount_high} - {None}
    theirs = {wanted.low, wanted.high} - {None}
    return any(abs(a - b) <= 0.006 * b for a in mine for b in theirs if a and b)


def _judged(wanted: Labelled, claim: Claim) -> dict[str, bool]:
    named = (claim.subject or "").casefold()
    return {
        "subject": any(_same_name(one, named) for one in wanted.subjects) or not wanted.subjects,
        "bound": wanted.bound in (None, claim.bound),
        "modality": claim.modality == wanted.modality or {claim.modality, wanted.modality} <= _FACT,
    }


def _same_name(one: str, named: str) -> bool:
    """Equal but for an article and an addition such as ``AI``."""
    short = one.casefold().removeprefix("the ").removesuffix(" ai")
    return bool(named) and named.removeprefix("the ").removesuffix(" ai") == short
