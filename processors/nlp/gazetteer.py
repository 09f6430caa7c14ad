"""The names that Beatwire knows: records of the data files, their reading and their checking.

``data/gazetteer/README.md`` tells how to add a name. Facts stand in the data; this module and
``lookup.py`` hold only rules that are true of any name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec

from processors.records import EntityType

FOLDER = Path(__file__).parent / "data" / "gazetteer"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ADDRESS = re.compile(r"https://\S+\.\S+")
_SAME = tuple(zip("\u2019\u2018\u00a0\u202f-\u2010\u2011", "''     ", strict=True))
"""Signs that names use alike, one for one, so that offsets stay."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entity and the names by which texts call it."""

    id: str
    name: str
    type: EntityType
    source: str
    """The address that bears out name, type and maker, or words where nobody looked it up."""
    aliases: tuple[str, ...] = ()
    """Further names that mean this entity wherever they stand."""
    weak: tuple[str, ...] = ()
    """Names that are also words (``Scale``): they count when capitalised inside a sentence, or
    when the entity is otherwise present."""
    short: tuple[str, ...] = ()
    """Names that count only when the entity is otherwise present (``Huang``, ``SSI``)."""
    needs: tuple[str, ...] = ()
    """Words, any of which anywhere in the text, that make weak and short names count."""
    unless: tuple[str, ...] = ()
    """Beginnings that mean something else (``Meta-analys``)."""
    case: str = "exact"
    """``any``: capitals do not matter."""
    maker: str | None = None
    parent: str | None = None
    of: str | None = None
    """The organisation that a person stands for."""
    country: str | None = None
    gender: str | None = None
    is_: tuple[str, ...] = msgspec.field(default=(), name="is")
    """Nouns that may stand for it after ``the`` (``chipmaker``)."""
    trade: str | None = None
    """The entity's own trade where it is another than AI: its name alone does not put a text on
    our beat."""
    adjectives: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    """Cities that stand for a country's government."""
    bare: bool = True
    """Whether the name alone counts; a family like ``Step`` counts only with a version."""
    family: bool = False
    """Whether names with a version follow from it (``Qwen`` gives ``Qwen3-Coder``)."""
    words: tuple[str, ...] = ()
    """The family's own words of a version (``Sonnet``)."""
    attached: bool = False
    """Whether the version is written without a gap (``Qwen3``)."""
    form: str = ""
    """A regular expression of designations that stand alone (``MI\\d{3}X``), hyphens as spaces."""
    prefix: str = ""
    """Put before a designation in ids."""
    shape_type: EntityType | None = None
    """The type of names with a version, where it is another (``Grok`` and ``Grok 3``)."""

    @property
    def looked_up(self) -> bool:
        """Whether ``source`` is an address that was opened, not words."""
        return bool(_ADDRESS.fullmatch(self.source))

    def strong_names(self) -> Iterator[str]:
        """The names that need no context."""
        unsure = {*self.weak, *self.short}
        if self.bare:
            yield from (name for name in (self.name, *self.aliases) if name not in unsure)


def fold(text: str) -> str:
    """``text`` with hyphens, hard spaces and apostrophes made alike; the length stays."""
    for sign, same in _SAME:
        text = text.replace(sign, same)
    return text


def load(own: Path | None = None) -> dict[str, Entry]:
    """All known entries by id; those of the user's ``own`` file replace ours of the same id.

    Raises:
        ValueError: a line of ``own`` is no entry or contradicts others; the message has its number.
        OSError: ``own`` cannot be read.
    """
    ours = _ours()
    if own is None:
        return dict(ours)
    theirs = read_lines(own)
    merged = dict(ours) | {entry.id: entry for _, entry in theirs}
    lines = {entry.id: number for number, entry in theirs}
    if len(lines) < len(theirs):
        raise ValueError(f"{own}: two lines have the same id")
    for fault in validate(merged.values()):
        number = next((lines[name] for name in fault.ids if name in lines), 0)
        raise ValueError(f"{own}, line {number}: {fault.reason}")
    return merged


@cache
def _ours() -> dict[str, Entry]:
    files = sorted(FOLDER.glob("*.jsonl"))
    return {entry.id: entry for file in files for _, entry in read_lines(file)}


def read_lines(file: Path) -> list[tuple[int, Entry]]:
    """The entries of a file with their line numbers; empty lines are passed over.

    Raises ValueError with file and line for a line that is no entry.
    """
    decoder = msgspec.json.Decoder(Entry)
    entries = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            entries.append((number, decoder.decode(line)))
        except msgspec.MsgspecError as error:
            raise ValueError(f"{file}, line {number}: {error}") from None
    return entries


class Fault(msgspec.Struct, frozen=True):
    """Something wrong with the entries ``ids``."""

    ids: tuple[str, ...]
    reason: str


def validate(entries: Iterable[Entry]) -> list[Fault]:
    """What is wrong: ids and links that fail, a name of two entities, a common word as a name."""
    known = list(entries)
    ids = [entry.id for entry in known]
    faults = [Fault((one,), f"the id {one!r} stands twice") for one in _twice(ids)]
    for entry in known:
        faults += [Fault((entry.id,), reason) for reason in _own_faults(entry, set(ids))]
    owners: dict[str, list[str]] = {}
    for entry in known:
        for name in dict.fromkeys(map(fold, entry.strong_names())):
            owners.setdefault(name, []).append(entry.id)
    for name, sharing in owners.items():
        if len(set(sharing)) > 1:
            both = " and ".join(sharing)
            faults.append(Fault(tuple(sharing), f"{name!r} names {both}: give one of them context"))
    return faults


def _own_faults(entry: Entry, ids: set[str]) -> Iterator[str]:
    if not _ID.fullmatch(entry.id):
        yield f"the id {entry.id!r} is not of lower-case letters, digits and single hyphens"
    if not entry.name.strip() or not entry.source.strip():
        yield f"{entry.id} lacks a name or a source"
    if entry.source.startswith("http") and not entry.looked_up:
        yield f"{entry.id}: the source {entry.source!r} is not one https address"
    if entry.case not in ("exact", "any"):
        yield f"{entry.id}: case is {entry.case!r}, not 'exact' or 'any'"
    for field in ("maker", "parent", "of", "country"):
        link = getattr(entry, field)
        if link is not None and link not in ids:
            yield f"{entry.id}: {field} {link!r} is no id"
    try:
        re.compile(entry.form)
    except re.error as error:
        yield f"{entry.id}: form is no regular expression: {error}"
    for name in entry.strong_names():
        plain = name in (name.lower(), name.capitalize()) and name.lower() in common_words()
        if plain and not (entry.unless or entry.needs):
            yield f"{entry.id}: {name!r} is a common word; put it under 'weak' or 'short'"


def _twice(names: Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


@cache
def common_words() -> frozenset[str]:
    """Lower-case words of ordinary English that companies take as names."""
    return frozenset((FOLDER / "common_words.txt").read_text("utf-8").split())
