"""How the figures of one text differ from those of another: of a copy, or of a later version."""

from collections.abc import Iterable, Sequence

import msgspec

from processors.records import Claim
from processors.stories.ledger import about, stated

Key = tuple[str, str, str]


class Moved(msgspec.Struct, frozen=True):
    """What two texts say about one thing; a side is empty where that text says nothing of it."""

    about: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def moves(before: Iterable[Claim], after: Iterable[Claim]) -> tuple[Moved, ...]:
    """Where two texts differ in figures, in the order of the first, then of the second.

    Claims are about one thing when they agree in kind, subject and object. Claims without a figure,
    and how sure they sound, are left aside; of figures that both have nothing is said.
    """
    old, new = _told(before), _told(after)
    found = []
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key, ()), new.get(key, ())
        gone = tuple(figure for figure, _ in was if figure not in dict(now))
        come = tuple(figure for figure, _ in now if figure not in dict(was))
        if gone or come:
            claim = (was or now)[0][1]
            found.append(Moved(about(claim), gone, come))
    return tuple(found)


def _told(claims: Iterable[Claim]) -> dict[Key, Sequence[tuple[str, Claim]]]:
    """Figures about each thing, in order, each once."""
    found: dict[Key, dict[str, Claim]] = {}
    for claim in claims:
        if figure := stated(claim):
            key = (claim.kind, claim.subject_id or claim.subject or "", _object(claim))
            found.setdefault(key, {}).setdefault(figure, claim)
    return {key: tuple(figures.items()) for key, figures in found.items()}


def _object(claim: Claim) -> str:
    return claim.object_id or claim.object or ""
