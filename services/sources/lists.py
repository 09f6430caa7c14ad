"""Lists of sources in files: OPML, TOML, JSON, JSON lines, or one address a line; bytes in.

Nothing is fetched, and no file is opened. A line that cannot be read is one problem, the rest goes
on; a file that is none of these is one problem, too.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, get_args

import msgspec

from services.errors import UserError
from services.sources.opml import read_opml
from services.sources.read import MOST_BYTES, Problem, Read
from services.sources.rules import Draft

Format = Literal["opml", "toml", "json", "lines"]
FORMATS: tuple[Format, ...] = get_args(Format)
_BY_SUFFIX: Mapping[str, Format] = {
    ".opml": "opml",
    ".xml": "opml",
    ".toml": "toml",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".txt": "lines",
    ".list": "lines",
}
_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")
_TOML = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:\[\[?\w|\w+\s*=)")
_NAMES = ("id, url, name, kind, language, home, every, priority, paused",)
_DEEP = "it is nested too deeply"


def read_list(data: bytes, name: str = "", given: str = "") -> list[Read]:
    """All that a file holds, in its order. ``name`` is the file's, ``given`` a format asked for.

    Raises:
        UserError: the file as a whole is nothing that can be read, or too large.
    """
    if len(data) > MOST_BYTES:
        raise UserError(f"a list of more than {MOST_BYTES >> 20} MiB is not read; split it")
    if data.startswith(_PACKED):
        raise UserError("this is a compressed file; unpack it first")
    form = given or _told(data, name)
    if form == "opml":
        return list(read_opml(data))
    text = _text(data)
    readers: Mapping[str, Callable[[str], Iterator[Read]]] = {
        "toml": _toml,
        "json": _json,
        "lines": _lines,
    }
    return list(readers[form](text))


def _told(data: bytes, name: str) -> Format:
    """The format: by the file's name, or by how it begins."""
    for suffix, form in _BY_SUFFIX.items():
        if name.lower().endswith(suffix):
            return form
    head = data[:4096].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    if head.startswith(b"<"):
        return "opml"
    if head.startswith(b"{") or re.match(rb"""\[\s*(?:[{"\]\d]|$)""", head):
        return "json"
    return "toml" if _TOML.match(head.decode("utf-8", "replace")) else "lines"


def _text(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if wide else "utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise UserError(
            f"this list is not in UTF-8 (byte {error.start}); save it as UTF-8"
        ) from None


def _toml(text: str) -> Iterator[Read]:
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise UserError(f"this TOML cannot be read: {_DEEP}") from None
    except ValueError as error:
        raise UserError(f"this TOML cannot be read: {error}") from None
    kind = found.get("kind", "")
    rows = found.get("sources", found.get("source"))
    if not isinstance(rows, list):
        raise UserError("this TOML has no [[sources]]; each of them has at least a url")
    for number, row in enumerate(rows, 1):
        yield _row({"kind": kind, **row} if isinstance(row, dict) else row, f"source {number}")


def _json(text: str) -> Iterator[Read]:
    """One document, or one a line."""
    try:
        whole = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        yield from _json_lines(text)
        return
    rows = whole.get("sources", [whole]) if isinstance(whole, dict) else whole
    if not isinstance(rows, list):
        raise UserError('this JSON is no list of sources; it is [{"url": ...}, ...] or one a line')
    for number, row in enumerate(rows, 1):
        yield _row(row, f"source {number}")


def _json_lines(text: str) -> Iterator[Read]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line)
        except RecursionError:
            yield Problem(f"line {number}", _DEEP, "write one source a line")
        except ValueError as error:
            yield Problem(f"line {number}", f"this is no JSON: {error}", "write one source a line")
        else:
            yield _row(row, f"line {number}")


def _row(row: Any, where: str) -> Read:
    """A table with the fields of a draft; what an export of ours says besides is left out."""
    if isinstance(row, str):
        return Draft(url=row), where
    if not isinstance(row, dict):
        return Problem(where, "this is no source", f"write {_NAMES[0]}, or an address alone")
    ours = {name: value for name, value in row.items() if name not in _OURS and value is not None}
    try:
        return msgspec.convert(ours, Draft), where
    except ValueError as error:
        return Problem(where, str(error), f"a source has {_NAMES[0]}")


_OURS = frozenset({"added_at", "checked_at", "note", "state", "form", "seen", "checked"})
"""What lists of sources say and no draft takes: facts about the past, and of the catalogue."""


def _lines(text: str) -> Iterator[Read]:
    """``ADDRESS [NAME]``; ``#`` begins a remark."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split(maxsplit=1)
        if not words or words[0].startswith("#"):
            continue
        where = f"line {number}"
        if "://" not in words[0]:
            shown = words[0][:60]
            yield Problem(where, f"{shown!r} is no address", "begin it with https://")
            continue
        name = words[1].partition(" #")[0] if len(words) > 1 else ""
        yield Draft(url=words[0], name="" if name.startswith("#") else name), where
