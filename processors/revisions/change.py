"""What a version of an article changed in the one before it, and how much that matters."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from processors.records import Article, Entity
from processors.revisions.claims import ClaimChange, claim_changes
from processors.revisions.text import Hunk, diff, rewritten

Weight = Literal["figures", "claims", "title", "text", "wording", "nothing"]
"""The weightiest of what changed: a figure; another claim, or who makes it and how surely; the
headline; the text; a few words of it; white space alone."""
FEW = 12
"""Words that come and go in an edit of wording, unless one of them is a number."""
SHORT = 2_000
"""Characters of changed sentences that are looked at word by word to tell wording from text."""
NAMED = 3
"""Changes that a line spells out."""
_WORD = re.compile(r"\w+")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """``title`` and ``text`` of both versions are where they were: in the articles."""

    weight: Weight
    retitled: bool
    added: int
    """Sentences that came."""
    removed: int
    """Sentences that went."""
    rewritten: int
    """Sentences that stand where others stood."""
    claims: tuple[ClaimChange, ...]
    named: tuple[Entity, ...]
    """Whom the new text names and the old one did not."""
    says: tuple[str, ...]
    """Each thing that changed as a line, the weightiest first."""


def change(old: Article, new: Article, *, sentences: bool = True) -> Change:
    """What ``new`` changed in ``old``. Symmetric: the other way round, what came is what went.

    Time is linear in the texts but for a bounded part; see ``processors.revisions.sequences``.
    Without ``sentences`` it does not grow with them: of the texts is said whether they differ.
    """
    claims = claim_changes(old.claims, new.claims)
    known = {entity.id for entity in old.entities}
    retitled = " ".join(old.title.split()) != " ".join(new.title.split())
    named = tuple(entity for entity in new.entities if entity.id not in known)
    text = _edited(old.body, new.body) if sentences else _Edited(differs=old.body != new.body)
    return Change(
        weight=_weight(claims, text, retitled=retitled),
        retitled=retitled,
        added=text.added,
        removed=text.removed,
        rewritten=text.rewritten,
        claims=claims,
        named=named,
        says=tuple(_lines(claims, text, named, retitled=retitled)),
    )


class _Edited(msgspec.Struct, frozen=True):
    """What became of the text."""

    differs: bool = False
    wording: bool = False
    """Whether no more than a few words changed."""
    added: int = 0
    removed: int = 0
    rewritten: int = 0


def _edited(old: str, new: str) -> _Edited:
    # Always compared in one direction, as a search of equal ways may end in another one back.
    back = old > new
    changed = rewritten(new, old) if back else rewritten(old, new)
    if not changed:
        return _Edited()
    sizes = [(len(it.new), len(it.old)) if back else (len(it.old), len(it.new)) for it in changed]
    removed = sum(max(0, was - now) for was, now in sizes)
    added = sum(max(0, now - was) for was, now in sizes)
    wording = not added and not removed and _is_wording(changed)
    return _Edited(True, wording, added, removed, sum(min(size) for size in sizes))


def in_short(found: Change) -> str:
    """One line: the weightiest changes, and how many more there are."""
    more = len(found.says) - NAMED
    return "; ".join(found.says[:NAMED]) + (f"; and {more} more" if more > 0 else "")


def _weight(claims: tuple[ClaimChange, ...], text: _Edited, *, retitled: bool) -> Weight:
    if any("figure" in each.aspects for each in claims):
        return "figures"
    if claims:
        return "claims"
    if retitled:
        return "title"
    if text.differs:
        return "wording" if text.wording else "text"
    return "nothing"


def _lines(
    claims: tuple[ClaimChange, ...], text: _Edited, named: tuple[Entity, ...], *, retitled: bool
) -> Iterator[str]:
    weighty = sorted(claims, key=lambda each: "figure" not in each.aspects)
    yield from (each.says for each in weighty)
    if retitled:
        yield "headline changed"
    if text.wording:
        yield "a few words changed"
    elif counts := _counts(text):
        yield counts
    elif text.differs:
        yield "text changed"
    if named:
        rest = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
        yield f"newly named: {', '.join(each.name for each in named[:NAMED])}{rest}"
    if not (claims or retitled or text.differs):
        yield "white space changed"


def _is_wording(changed: list[Hunk]) -> bool:
    """Whether few words changed and no number."""
    before = "\n".join(" ".join(hunk.old) for hunk in changed)
    after = "\n".join(" ".join(hunk.new) for hunk in changed)
    if max(len(before), len(after)) > SHORT:
        return False
    edited = [piece.text for piece in diff(before, after) if piece.kind != "same"]
    words = [word for text in edited for word in _WORD.findall(text)]
    return len(words) <= FEW and not any(char.isdigit() for word in words for char in word)


def _counts(text: _Edited) -> str:
    """``2 sentences rewritten, 1 added``."""
    each = ((text.rewritten, "rewritten"), (text.added, "added"), (text.removed, "removed"))
    (count, first), *others = [(count, what) for count, what in each if count] or [(0, "")]
    words = "sentence" if count == 1 else "sentences"
    more = "".join(f", {number:,} {what}" for number, what in others)
    return f"{count:,} {words} {first}{more}" if count else ""
