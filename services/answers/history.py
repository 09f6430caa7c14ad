"""The versions of one article, numbered, each with the one that it is compared with."""

from collections.abc import Iterator, Sequence

import msgspec

from processors.records import Article
from processors.revisions import Change, change
from services.index import Index

COMPARED = 400_000
"""Characters whose sentences are compared for one list; of older versions the claims alone are."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One text of an article. 1 is the first; of a text that came back it is its last place."""

    number: int
    article: Article
    before: Article | None = None
    """What it is compared with: None of the first."""
    before_number: int = 0
    """One less, unless the versions in between are not given."""


class History(msgspec.Struct, frozen=True):
    """``versions``: newest first, as many as the index gives."""

    total: int
    versions: tuple[Version, ...]

    @property
    def left_out(self) -> int:
        """Versions of which no more is known than that they were."""
        return self.total - len(self.versions)

    def find(self, which: str) -> Version | None:
        """By number or by ``content_hash``."""
        found = (it for it in self.versions if which in (str(it.number), it.article.content_hash))
        return next(found, None)


def history(article: Article, older: Sequence[Article], edits: int) -> History:
    """``older`` and ``edits`` as ``Index.revisions`` and ``Index.edits`` give them."""
    total = 1 + max(edits, len(older))
    left_out = total - 1 - len(older)
    known = [article, *older]
    # What is left out lies between the first version and the next one that is given.
    numbers = [
        total - at - (left_out if at and at == len(older) else 0) for at in range(len(known))
    ]
    return History(
        total,
        tuple(
            Version(
                number=number,
                article=known[at],
                before=known[at + 1] if at + 1 < len(known) else None,
                before_number=numbers[at + 1] if at + 1 < len(known) else 0,
            )
            for at, number in enumerate(numbers)
        ),
    )


def history_of(index: Index, article: Article) -> History:
    """Of an article as the index gives it."""
    (edits,) = index.edits([article])
    return history(article, index.revisions(article.id) if edits else (), edits)


def compared(versions: Sequence[Version]) -> Iterator[tuple[Version, Change]]:
    """What each version changed, but for the first, in a time that does not grow with a page."""
    left = COMPARED
    for version in versions:
        if version.before is not None:
            left -= len(version.before.body) + len(version.article.body)
            yield version, change(version.before, version.article, sentences=left > 0)
