"""The JSON of what an article said before, and of what each version changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from processors.records import Entity
from processors.revisions import Change, Piece, Weight, diff
from processors.revisions.claims import Aspect, ClaimChange
from services.answers.history import History, Version, compared
from services.answers.shapes import Shape, ToldArticle, ToldClaim, told_article, told_claim

LONGEST = 2_000
"""Characters of a stretch that are given; how many are left out is said."""
AROUND = 80
"""Characters of an unchanged stretch that are given at either end."""
MOST_PIECES = 500


class ToldChange(Shape, frozen=True, kw_only=True):
    """One claim before and after; null on the side that does not make it."""

    before: ToldClaim | None
    after: ToldClaim | None
    aspects: tuple[Aspect, ...]
    """What of it is another, where both sides make it."""
    says: str


class ToldPiece(Shape, frozen=True, kw_only=True):
    """A stretch of the text: what both versions have, what went, what came."""

    kind: str
    text: str
    left_out: int
    """Characters of it that are not given; of an unchanged one those in its middle."""


class ToldVersion(Shape, frozen=True, kw_only=True):
    """What one version changed in the one before it."""

    number: int
    """1 is the first."""
    against: int
    """The version that it is compared with: one less, unless those in between are not kept."""
    content_hash: str
    """Of its text; also its name in the address of its page."""
    fetched_at: datetime
    weight: Weight
    says: tuple[str, ...]
    title_before: str
    title: str
    added: int
    """Sentences."""
    removed: int
    rewritten: int
    claims: tuple[ToldChange, ...]
    named: tuple[Entity, ...]
    """Whom it names and the one before did not."""
    text: tuple[ToldPiece, ...]
    """Empty unless asked for."""
    more: int
    """Further pieces that are not given."""


class Revisions(Shape, frozen=True, kw_only=True):
    """What an article said before, newest first, and what each version changed."""

    total: int
    """Texts that it had before the one that it has."""
    left_out: int
    """Of those, the ones that are not kept."""
    revisions: tuple[ToldArticle, ...]
    changes: tuple[ToldVersion, ...]
    """Of the newest version first; the first version changed nothing."""


def told_revisions(found: History, limit: int, *, text: bool = False) -> Revisions:
    older = found.versions[1:]
    changes = list(compared(found.versions[:limit]))
    return Revisions(
        total=found.total - 1,
        left_out=found.left_out,
        revisions=tuple(told_article(each.article) for each in older[:limit]),
        changes=tuple(told_version(each, changed, text=text) for each, changed in changes),
    )


def told_version(version: Version, changed: Change, *, text: bool) -> ToldVersion:
    old = version.before or version.article
    pieces = diff(old.body, version.article.body) if text else ()
    return ToldVersion(
        number=version.number,
        against=version.before_number,
        content_hash=version.article.content_hash,
        fetched_at=version.article.fetched_at,
        weight=changed.weight,
        says=changed.says,
        title_before=old.title,
        title=version.article.title,
        added=changed.added,
        removed=changed.removed,
        rewritten=changed.rewritten,
        claims=told_changes(changed.claims),
        named=changed.named,
        text=told_pieces(pieces),
        more=max(0, len(pieces) - MOST_PIECES),
    )


def told_changes(claims: Iterable[ClaimChange]) -> tuple[ToldChange, ...]:
    return tuple(
        ToldChange(
            before=told_claim(each.before) if each.before else None,
            after=told_claim(each.after) if each.after else None,
            aspects=each.aspects,
            says=each.says,
        )
        for each in claims
    )


def told_pieces(pieces: Sequence[Piece]) -> tuple[ToldPiece, ...]:
    return tuple(_piece(piece) for piece in pieces[:MOST_PIECES])


def _piece(piece: Piece) -> ToldPiece:
    text = piece.text
    if piece.kind == "same" and len(text) > 2 * AROUND:
        text = f"{text[:AROUND]}…{text[-AROUND:]}"
        return ToldPiece(kind=piece.kind, text=text, left_out=len(piece.text) - 2 * AROUND)
    return ToldPiece(kind=piece.kind, text=text[:LONGEST], left_out=max(0, len(text) - LONGEST))
