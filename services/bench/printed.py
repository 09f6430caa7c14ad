"""The folder in which made-up coverage is indexed, and kept for the next run."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import msgspec

from services.bench.newsprint import MADE_BY, newsprint
from services.bootstrap import open_index
from services.errors import UserError
from services.index.documents import fingerprint
from services.settings import Settings

NOTE = "bench.json"
BATCH = 1_000
"""Articles of one commit."""


class Note(msgspec.Struct, frozen=True):
    """How far a folder is filled, by which generator, for which index."""

    articles: int
    made_by: dict[str, str]
    fingerprint: str


class Build(msgspec.Struct, frozen=True):
    """What filling took, where anything was to be filled."""

    articles: int
    seconds: float
    """Of ``put`` alone."""
    articles_per_second: float


def printed(
    settings: Settings, articles: int, tell: Callable[[int, int], None]
) -> tuple[int, Build | None]:
    """See that the index of ``settings`` has at least so many articles of the bench.

    Goes on where it was left; the number of articles it has. ``tell`` is told how many are there.
    Raises UserError when the folder holds another index.
    """
    note = _read(settings.home)
    there = first = note.articles
    if there >= articles and _has(settings, there):
        return there, None
    spent = 0.0
    with open_index(settings, write=True) as index:
        if index.stats().articles < there:
            there = first = 0  # the index was removed, the note was not
        while there < articles:
            tell(there, articles)
            batch = list(newsprint(range(there, min(there + BATCH, articles))))
            start = perf_counter()
            index.put(batch)
            spent += perf_counter() - start
            there += len(batch)
            _write(settings.home, msgspec.structs.replace(note, articles=there))
    tell(there, articles)
    count = there - first
    return there, Build(count, round(spent, 1), round(count / spent, 1))


def _has(settings: Settings, articles: int) -> bool:
    with open_index(settings) as index:
        return index.stats().articles >= articles


def _read(home: Path) -> Note:
    empty = Note(0, MADE_BY, fingerprint())
    path = home / NOTE
    if not path.exists():
        if home.exists() and any(home.iterdir()):
            raise UserError(f"{home} holds files that no bench made; name another folder")
        home.mkdir(parents=True, exist_ok=True)
        return empty
    note = msgspec.json.decode(path.read_bytes(), type=Note)
    if msgspec.structs.replace(note, articles=0) != empty:
        raise UserError(f"{home} was filled by another version; remove it, or name another folder")
    return note


def _write(home: Path, note: Note) -> None:
    new = home / f"{NOTE}.new"
    new.write_bytes(msgspec.json.encode(note))
    new.replace(home / NOTE)
