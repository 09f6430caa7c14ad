"""WARC 1.0 and 1.1 (ISO 28500): one record after the other, as a stream.

The reader is ours: what is needed is small, and archives come from anywhere, so every length is
bounded and a broken record costs itself alone.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from services.importing.http import MAX_BODY, MAX_HEAD, TooLarge, parse_response
from services.importing.records import Fetched, Left, Record
from services.importing.stream import Damaged, Stream

MAGIC = b"WARC/"
MOST_BLOCK = MAX_BODY + MAX_HEAD
MOST_PASSED = 1024 * 1024 * 1024
"""A record that announces more than this is not passed over but looked for the end of."""
MOST_FIELDS = 200
_LINE = 8 * 1024
_VERSION = re.compile(rb"WARC/1\.\d\s*$|WARC/0\.1[78]\s*$")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$")
_TOO_LARGE = Left("too-large", "a page of more than 5 MiB")


class Broken(Exception):
    """The record cannot be read; the next one is looked for by its first line."""


def read_warc(stream: Stream) -> Iterator[Record]:
    """What each record is. Where bytes are broken, one of them says so."""
    first: bytes | None = None
    while True:
        try:
            first = first or _next(stream)
            if first is None:
                return
            fields = _fields(stream, first)
            first = None
            yield _record(stream, fields)
        except Broken as error:
            first = None
            yield Left("broken", f"{error}; the next record that could be found was taken")
        except Damaged as error:
            first = None
            yield Left("broken", f"{error}; fetch or copy the file again")


def _next(stream: Stream) -> bytes | None:
    """The first line of the next record, however much lies before it; None at the end."""
    while (line := stream.line(_LINE)) is not None:
        if line.startswith(MAGIC):
            return line
    return None


def _fields(stream: Stream, first: bytes) -> dict[str, str]:
    if not _VERSION.match(first):
        shown = first.strip()[:20].decode("latin-1")
        raise Broken(f"it calls itself {shown!r}, and WARC 1.0 and 1.1 are read here")
    found: dict[str, str] = {}
    name, size = "", 0
    for _ in range(MOST_FIELDS):
        line = stream.line(_LINE)
        if line is None or not line.endswith(b"\n"):
            raise Broken("its header has no end")
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        size += len(line)
        if not text:
            return found
        if size > MAX_HEAD:
            break
        if text[0] in " \t" and name:
            found[name] += " " + text.strip()
            continue
        before, colon, value = text.partition(":")
        if not colon:
            raise Broken("its header has a line without a name")
        name = before.strip().lower()
        found.setdefault(name, value.strip())
    raise Broken("its header is larger than 64 KiB")


def _record(stream: Stream, fields: dict[str, str]) -> Record:
    length = fields.get("content-length", "")
    if not length.isdecimal() or len(length) > 15:
        raise Broken("it does not say how long it is")
    size = int(length)
    if size > MOST_PASSED:
        raise Broken(f"it calls itself {size:,} bytes long")
    if (kind := fields.get("warc-type", "").lower()) != "response":
        _pass(stream, size)
        return Left("revisit" if kind == "revisit" else "not-a-response")
    block = stream.read(min(size, MOST_BLOCK))
    if len(block) < min(size, MOST_BLOCK):
        raise Broken("the file ends in the middle of it")
    _pass(stream, size - len(block))
    if not fields.get("content-type", "").lower().startswith("application/http"):
        return Left("not-a-response")
    return _response(fields, block) if size <= MOST_BLOCK else _TOO_LARGE


def _pass(stream: Stream, size: int) -> None:
    if stream.skip(size) < size:
        raise Broken("the file ends in the middle of it")


def _response(fields: dict[str, str], block: bytes) -> Record:
    at = moment(fields.get("warc-date", ""))
    if at is None:
        return Left("bad-time", "its WARC-Date is no time such as 2025-01-28T12:00:00Z")
    try:
        response = parse_response(block)
    except TooLarge:
        return _TOO_LARGE
    except ValueError as error:
        return Left("unreadable", str(error))
    return Fetched(
        url=fields.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">"),
        fetched_at=at,
        status=response.status,
        headers=response.headers,
        body=response.body,
    )


def moment(text: str) -> datetime | None:
    """A time of WARC, in UTC; to the microsecond. None for anything else."""
    if not (match := _MOMENT.match(text.strip())):
        return None
    try:
        at = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at.replace(microsecond=int((match[2] or "0").ljust(6, "0")[:6]))
