"""What is new about a claim, against what other stories said before it.

A claim is compared with *statements* of one kind and subject, in the order in which they became
known; those of its own story, which a copy only repeats, are left aside.
"""

from collections.abc import Iterable, Sequence
from math import inf
from typing import Literal

import msgspec

from processors.figures import kind_words, party_key
from processors.records import Claim
from processors.stories.ledger import Statement, about, reach, stated

Wanted = Literal["any", "first", "changed", "second-origin", "disagreement"]


class News(msgspec.Struct, frozen=True):
    """What a claim adds."""

    says: str
    """In words: ``+9 %: $5.6M before (ledger), $6.1M now``."""
    before: tuple[Claim, ...] = ()
    """The claims that it is compared with."""
    origins: int = 1
    """Stories that state its figure, its own included."""


def subject_key(claim: Claim) -> tuple[str, str] | None:
    """Kind and subject, by which claims are kept and found; None for one about nobody."""
    subject = party_key(claim.subject_id, claim.subject)
    return (claim.kind, subject) if subject and claim.modality != "denied" else None


class _Seen(msgspec.Struct, frozen=True):
    """A claim among what others said of its kind and subject, oldest first."""

    one: Statement
    others: Sequence[Statement]
    like: Sequence[Statement]
    """About the same thing."""
    agreeing: Sequence[Statement]

    @property
    def claim(self) -> Claim:
        return self.one.claim

    @property
    def origins(self) -> int:
        return 1 + len({each.origin for each in self.agreeing})


def news(one: Statement, told: Iterable[Statement], wanted: Wanted, percent: int) -> News | None:
    """What is new, or None when it is not what is ``wanted``.

    ``told``: statements of its kind and subject, oldest first. ``percent``: by how much a figure
    must have changed.
    """
    others = [each for each in told if each.origin != one.origin]
    like = [each for each in others if thing(each.claim) == thing(one.claim)]
    agreeing = [each for each in like if _meet(each.claim, one.claim)]
    return _WANTED[wanted](_Seen(one, others, like, agreeing), percent / 100)


def _any(seen: _Seen, _share: float) -> News:
    if not seen.like:
        figure = stated(seen.claim)
        return News(f"the first figure for {about(seen.claim)}" if figure else "")
    if not seen.agreeing and _change(seen):
        return _changed(seen)
    return _confirmed(seen) if seen.agreeing else News("", origins=seen.origins)


def _first(seen: _Seen, _share: float) -> News | None:
    if seen.others:
        return None
    return News(f"the first claim of {kind_words(seen.claim.kind)} about {seen.claim.subject}")


def _changed_enough(seen: _Seen, share: float) -> News | None:
    change = _change(seen)
    return _changed(seen) if change and change >= share else None


def _second(seen: _Seen, _share: float) -> News | None:
    elsewhere = seen.one.source not in {each.source for each in seen.agreeing}
    return _confirmed(seen) if seen.origins == 2 and elsewhere else None


def _disagreeing(seen: _Seen, _share: float) -> News | None:
    against = [each for each in seen.like if not _meet(each.claim, seen.claim)]
    return _denied(seen, against) if against else None


_WANTED = {
    "any": _any,
    "first": _first,
    "changed": _changed_enough,
    "second-origin": _second,
    "disagreement": _disagreeing,
}


def thing(claim: Claim) -> tuple[str, str, str, str]:
    """What a claim is about besides its subject: only claims about one thing can differ."""
    return (
        party_key(claim.object_id, claim.object),
        claim.period or "",
        claim.unit or "",
        claim.kind,
    )


def _meet(one: Claim, other: Claim) -> bool:
    """Whether one figure could make both true; of claims without one: both say the same thing."""
    first, second = reach(one), reach(other)
    if first is None or second is None:
        return first is second
    return first[0] <= second[1] and second[0] <= first[1]


def _change(seen: _Seen) -> float:
    """By which share its figure differs from the latest known one; 0 where that cannot be said."""
    if not seen.like or seen.claim.kind == "date":
        return 0.0
    last = seen.like[-1].claim
    now, before = reach(seen.claim), reach(last)
    if now is None or before is None or _meet(seen.claim, last):
        return 0.0
    return abs(_middle(now) / _middle(before) - 1) if _middle(before) else inf


def _middle(ends: tuple[float, float]) -> float:
    """The stated end of what has no other one."""
    low, high = ends
    if high == inf:
        return low
    return high if low <= 0 else (low + high) / 2


def _changed(seen: _Seen) -> News:
    last = seen.like[-1]
    now, before = reach(seen.claim), reach(last.claim)
    share = ""
    if now and before and _middle(before):
        percent = 100 * (_middle(now) / _middle(before) - 1)
        share = f"{percent:+,.0f} %: ".replace("-", "−")
    words = f"{share}{stated(last.claim)} before ({last.source}), {stated(seen.claim)} now"
    return News(words, (last.claim,), seen.origins)


def _confirmed(seen: _Seen) -> News:
    first = seen.agreeing[0]
    told = f"told by {seen.origins} stories so far, first by {first.source}"
    return News(f"{stated(seen.claim) or 'this'}: {told}", (first.claim,), seen.origins)


def _denied(seen: _Seen, against: Sequence[Statement]) -> News:
    named = list(dict.fromkeys(f"{stated(each.claim)} ({each.source})" for each in against))
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    words = f"{stated(seen.claim)} against {', '.join(named[:3])}{more}"
    return News(words, tuple(each.claim for each in against[:3]), seen.origins)
