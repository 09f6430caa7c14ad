"""The catalogue of the AI beat: sources that a new user need not look for. See its README."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from processors.ids import canonical_url
from services.errors import UserError
from services.sources.rules import (
    Draft,
    good_address,
    good_every,
    good_id,
    good_kind,
    good_language,
    good_name,
    good_priority,
)

FOLDER = Path(__file__).parent
Form = Literal["feed", "sitemap", "section", "page"]
Seen = Literal["answered", "listed", "unverified"]
_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])", re.ASCII)


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source of the catalogue."""

    id: str
    name: str
    form: Form
    """What its address is."""
    url: str
    home: str
    language: str
    every: str
    """About how long between two articles: where a schedule starts, until it has seen some."""
    priority: int
    seen: Seen
    """``answered``: a public, dated report says that this address gave a feed. ``listed``: public
    lists of feeds name it. ``unverified``: neither was found."""
    checked: str
    """The month of that report, or in which the lists were looked at: ``2026-10``."""
    kind: str = ""
    """Of the file that it stands in."""

    @property
    def verified(self) -> bool:
        return self.seen != "unverified"

    @property
    def draft(self) -> Draft:
        """The source as ``rules.new_source`` takes it."""
        kept = (name for name in Draft.__struct_fields__ if name != "paused")
        return Draft(**{name: getattr(self, name) for name in kept})


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    sources: tuple[dict[str, Any], ...]


@cache
def catalogue() -> tuple[Entry, ...]:
    """All of it, by kind and in the order of its files. Raises ValueError naming what is wrong."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml"))}
    return read_catalogue(texts)


def read_catalogue(texts: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries of files by their names.

    Raises:
        ValueError: with one line for each thing that is wrong, which begins with file and id.
    """
    found: list[Entry] = []
    wrong: list[str] = []
    for name, text in texts.items():
        try:
            file = msgspec.convert(tomllib.loads(text), _File)
            good_kind(file.kind or "none")
        except (ValueError, UserError) as error:
            wrong.append(f"{name}: {error}")
            continue
        for row in file.sources:
            try:
                found.append(_entry({**row, "kind": file.kind}))
            except (ValueError, UserError) as error:
                wrong.append(f"{name}: {row.get('id', 'a source without an id')}: {error}")
    wrong += _twice("id", [entry.id for entry in found])
    wrong += _twice("address", [canonical_url(entry.url) for entry in found])
    if wrong:
        raise ValueError("\n".join(wrong))
    return tuple(found)


def choose(
    entries: Iterable[Entry], kinds: Sequence[str] = (), languages: Sequence[str] = ()
) -> list[Entry]:
    """Those of any of the kinds, in any of the languages; of all where none is named.

    Raises:
        UserError: a kind that there is not, or a language in which there is nothing.
    """
    entries = list(entries)
    spoken = {entry.language for entry in entries}
    for kind in kinds:
        good_kind(kind or "none")
    for language in languages:
        if good_language(language) not in spoken:
            known = ", ".join(sorted(spoken))
            raise UserError(f"nothing in the catalogue is in {language!r}; there is {known}")
    wanted = {good_language(language) for language in languages} or spoken
    return [
        entry
        for entry in entries
        if (not kinds or entry.kind in kinds) and entry.language in wanted
    ]


def _entry(row: dict[str, Any]) -> Entry:
    entry = msgspec.convert(row, Entry)
    good_id(entry.id, {})
    good_address(entry.url)
    good_address(entry.home)
    if good_every(entry.every) is None:
        raise ValueError("`every` is empty")
    if not entry.language or good_language(entry.language) != entry.language:
        raise ValueError(f"`language` is {entry.language!r}, which is not two small letters")
    good_priority(entry.priority)
    if not entry.name or good_name(entry.name) != entry.name:
        raise ValueError("`name` is empty, or not on one line")
    if not _MONTH.fullmatch(entry.checked):
        raise ValueError(f"`checked` is {entry.checked!r}; write the month, as 2026-11")
    return entry


def _twice(what: str, values: Sequence[str]) -> list[str]:
    """A line for each value that stands there more than once."""
    return [f"the {what} {value} is there twice" for value in {*values} if values.count(value) > 1]
