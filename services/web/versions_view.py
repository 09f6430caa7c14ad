"""The versions of an article as pages show them: a line each, and one against the one before."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from processors.records import Claim
from processors.revisions import Change, ClaimChange, change, diff, in_short
from services.answers.history import History, Version, compared
from services.index import source_name
from services.web.moments import Moment, moment
from services.web.views import ClaimView, claim_view, shown_title

AROUND = 240
"""Characters of an unchanged stretch that are shown beside what changed."""
LONGEST = 6_000
"""Characters of a stretch that came or went; how many more there are is said."""
MOST_BLOCKS = 300
"""Paragraphs with changes."""

Kind = Literal["same", "gone", "come", "more"]


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One version in the list on the article's page."""

    number: int
    key: str
    """Its name in the address of its page: that of its text, which no later version moves."""
    fetched: Moment
    says: str
    weight: str


class VersionList(msgspec.Struct, frozen=True, kw_only=True):
    total: int
    left_out: int
    lines: tuple[VersionLine, ...]


class Stretch(msgspec.Struct, frozen=True):
    """Of ``more``, the text says in words what is not shown."""

    kind: Kind
    text: str


class Block(msgspec.Struct, frozen=True):
    """A paragraph; or, without stretches, how many unchanged ones are left out."""

    stretches: tuple[Stretch, ...]
    skipped: int = 0


class ClaimPair(msgspec.Struct, frozen=True):
    """One row of the table of claims."""

    what: str
    before: ClaimView | None
    after: ClaimView | None


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one version."""

    article: str
    key: str
    title: str
    source: str
    language: str
    number: int
    total: int
    fetched: Moment
    against: int
    """0: it is the first, and there is nothing to compare it with."""
    against_fetched: Moment | None
    older: str
    newer: str
    """The names of the versions beside it; empty where there is none."""
    says: tuple[str, ...]
    headline: tuple[Stretch, ...]
    """Empty where it did not change."""
    claims: tuple[ClaimPair, ...]
    named: tuple[tuple[str, str], ...]
    """Ids and names."""
    blocks: tuple[Block, ...]
    more_blocks: int
    whole: bool


def version_list(found: History, now: datetime) -> VersionList | None:
    """None where there is one version alone."""
    if found.total < 2:
        return None
    lines = [
        _line(version, in_short(changed), changed.weight, now)
        for version, changed in compared(found.versions)
    ]
    return VersionList(
        total=found.total,
        left_out=found.left_out,
        lines=(*lines, _line(found.versions[-1], "first seen", "", now)),
    )


def _line(version: Version, says: str, weight: str, now: datetime) -> VersionLine:
    return VersionLine(
        number=version.number,
        key=version.article.content_hash,
        fetched=moment(version.article.fetched_at, now),
        says=says,
        weight=weight,
    )


def version_view(found: History, version: Version, now: datetime, *, whole: bool) -> VersionView:
    """``whole``: with the paragraphs that did not change."""
    article, before = version.article, version.before
    at = found.versions.index(version)
    keys = [each.article.content_hash for each in found.versions]
    changed = change(before, article) if before else None
    blocks = list(_blocks(before.body if before else article.body, article.body))
    shown = blocks if whole or before is None else list(_folded(blocks))
    return VersionView(
        article=article.id,
        key=keys[at],
        title=shown_title(article),
        source=source_name(article),
        language=article.language,
        number=version.number,
        total=found.total,
        fetched=moment(article.fetched_at, now),
        against=version.before_number,
        against_fetched=moment(before.fetched_at, now) if before else None,
        older=keys[at + 1] if at + 1 < len(keys) else "",
        newer=keys[at - 1] if at else "",
        says=changed.says if changed else (),
        headline=_headline(before.title, article.title)
        if before and changed and changed.retitled
        else (),
        claims=_pairs(changed),
        named=tuple((each.id, each.name) for each in changed.named) if changed else (),
        blocks=tuple(shown if whole else shown[:MOST_BLOCKS]),
        more_blocks=0 if whole else max(0, len(shown) - MOST_BLOCKS),
        whole=whole,
    )


def _headline(old: str, new: str) -> tuple[Stretch, ...]:
    return tuple(Stretch(piece.kind, piece.text) for piece in diff(old, new))


def _pairs(changed: Change | None) -> tuple[ClaimPair, ...]:
    return tuple(map(_pair, changed.claims)) if changed else ()


def _pair(each: ClaimChange) -> ClaimPair:
    if each.aspects:
        what = f"{', '.join(each.aspects)} changed"
    else:
        what = "withdrawn" if each.before else "added"
    return ClaimPair(what, _claim(each.before), _claim(each.after))


def _claim(claim: Claim | None) -> ClaimView | None:
    return claim_view(claim) if claim else None


def _blocks(old: str, new: str) -> Iterator[Block]:
    """The difference by paragraphs, empty ones left out."""
    stretches: list[Stretch] = []
    for piece in diff(old, new):
        first, *others = piece.text.split("\n")
        stretches += _stretch(piece.kind, first)
        for text in others:
            yield from _block(stretches)
            stretches = list(_stretch(piece.kind, text))
    yield from _block(stretches)


def _stretch(kind: Literal["same", "gone", "come"], text: str) -> Iterator[Stretch]:
    """Blanks that came or went change nothing that a reader sees."""
    if text and (kind == "same" or not text.isspace()):
        yield Stretch(kind, text)


def _block(stretches: list[Stretch]) -> Iterator[Block]:
    if any(not each.text.isspace() for each in stretches):
        yield Block(tuple(stretches))


def _is_changed(block: Block) -> bool:
    return any(each.kind != "same" for each in block.stretches)


def _folded(blocks: Iterable[Block]) -> Iterator[Block]:
    """What did not change is cut down to what shows where the changes stand."""
    skipped = 0
    for block in blocks:
        if not _is_changed(block):
            skipped += 1
            continue
        if skipped:
            yield Block((), skipped)
            skipped = 0
        yield Block(tuple(cut for each in block.stretches for cut in _cut(each)))
    if skipped:
        yield Block((), skipped)


def _cut(each: Stretch) -> Iterator[Stretch]:
    left = len(each.text) - (2 * AROUND if each.kind == "same" else LONGEST)
    if left <= AROUND:
        yield each
    elif each.kind == "same":
        yield Stretch("same", each.text[:AROUND])
        yield Stretch("more", f"{left:,} characters unchanged")
        yield Stretch("same", each.text[-AROUND:])
    else:
        yield Stretch(each.kind, each.text[:LONGEST])
        yield Stretch("more", f"{left:,} more characters")
