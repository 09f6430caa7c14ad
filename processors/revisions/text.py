"""The difference of two texts, as a reader wants it: sentences first, and within them words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from processors.revisions.sequences import Budget, shared

Kind = Literal["same", "gone", "come"]
_SENTENCES = re.compile(r"[^\n]*?[.!?…。！？](?=\s)\s*|[^\n]+\n*|\n+")
_WORDS = re.compile(r"[$€£¥]?\w+(?:[.,'’-]\w+)*%?|\s+|[^\w\s]")
_LEAST_ALIKE = 0.3
"""Of the letters of a changed stretch: with fewer in common it is shown as replaced as a whole."""


class Piece(msgspec.Struct, frozen=True):
    """A stretch that both texts have, or that went or came."""

    kind: Kind
    text: str


class Hunk(msgspec.Struct, frozen=True):
    """Consecutive parts: the same in both texts, or what stood there and what stands there."""

    same: bool
    old: tuple[str, ...]
    new: tuple[str, ...]


def diff(old: str, new: str) -> tuple[Piece, ...]:
    """``same`` and ``gone`` make the old text, ``same`` and ``come`` the new one.

    What went stands before what came in its place. Linear in the texts but for the work on
    sentences that changed, which has a limit; what is beyond it is shown as replaced as a whole.
    """
    budget = Budget()
    pieces: list[Piece] = []
    for hunk in _hunks(_SENTENCES.findall(old), _SENTENCES.findall(new), budget):
        before, after = "".join(hunk.old), "".join(hunk.new)
        pieces += [Piece("same", before)] if hunk.same else _words(before, after, budget)
    return tuple(_tidy(pieces))


def rewritten(old: str, new: str) -> list[Hunk]:
    """The sentences in which two texts differ, in order; a line break ends one, too.

    Without the white space around them, and without what differs in white space alone.
    """
    return [
        hunk
        for hunk in _hunks(_sentences(old), _sentences(new), Budget())
        if not hunk.same and " ".join(hunk.old).split() != " ".join(hunk.new).split()
    ]


def _sentences(text: str) -> list[str]:
    return [stripped for each in _SENTENCES.findall(text) if (stripped := each.strip())]


def _hunks(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[Hunk]:
    i = j = 0
    for at, to, size in [*shared(old, new, budget), (len(old), len(new), 0)]:
        if at > i or to > j:
            yield Hunk(False, tuple(old[i:at]), tuple(new[j:to]))
        if size:
            yield Hunk(True, tuple(old[at : at + size]), tuple(new[to : to + size]))
        i, j = at + size, to + size


def _words(old: str, new: str, budget: Budget) -> list[Piece]:
    if not old or not new:
        return [Piece("gone", old), Piece("come", new)]
    found = list(_hunks(_WORDS.findall(old), _WORDS.findall(new), budget))
    kept = sum(_letters(hunk.old) for hunk in found if hunk.same)
    if kept < _LEAST_ALIKE * min(_letters([old]), _letters([new])):
        return [Piece("gone", old), Piece("come", new)]
    pieces = []
    for hunk in found:
        before, after = "".join(hunk.old), "".join(hunk.new)
        pieces += (
            [Piece("same", before)] if hunk.same else [Piece("gone", before), Piece("come", after)]
        )
    return pieces


def _letters(texts: Iterable[str]) -> int:
    return sum(len(text) - text.count(" ") for text in texts)


def _tidy(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Runs of one kind made one, and a blank between two changes made part of both.

    So that ``two words`` replaced by ``other ones`` reads as one change and not as two.
    """
    gone: list[str] = []
    come: list[str] = []
    blank, same = "", ""
    for piece in pieces:
        if not piece.text:
            continue
        if piece.kind != "same":
            if same:
                yield Piece("same", same)
                same = ""
            if blank:
                gone.append(blank)
                come.append(blank)
                blank = ""
            (gone if piece.kind == "gone" else come).append(piece.text)
        elif (gone or come) and not blank and piece.text.isspace() and "\n" not in piece.text:
            blank = piece.text
        else:
            yield from _changed(gone, come)
            gone, come, same, blank = [], [], same + blank + piece.text, ""
    yield from _changed(gone, come)
    if same or blank:
        yield Piece("same", same + blank)


def _changed(gone: Sequence[str], come: Sequence[str]) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", "".join(gone))
    if come:
        yield Piece("come", "".join(come))
