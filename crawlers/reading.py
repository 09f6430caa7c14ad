"""``python -m crawlers.reading``: says what documents list, for ``beatwire listing``.

JSON lines on standard input, a JSON line each on standard output, in order. Nothing is fetched:
a document is a file, or stands in its line.
"""

import binascii
import sys
from base64 import b64decode
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec

from crawlers.listings.entries import Entry, Listing, Unreadable
from crawlers.listings.read import MAX_SITEMAP, read_listing
from crawlers.listings.sections import read_section
from processors.stamps import read_stamp

MOST = 50_000
"""Entries of one answer, which is what a sitemap may hold."""
TYPES = {"urlset": "urlset", "sitemapindex": "sitemapindex", "text": "text"}


class Line(msgspec.Struct, frozen=True):
    """A document: ``file``, or ``body`` (text), or ``base64``; and what is known of its fetch."""

    id: str | int
    file: str | None = None
    body: str | None = None
    base64: str | None = None
    url: str = ""
    content_type: str = ""
    headers: dict[str, str] = {}
    section: bool = False
    """Whether a page is read as a section: a list of articles."""


class Bad(ValueError):
    """A line that cannot be answered; the message says why, and what to do."""


def answer(line: Line) -> dict[str, Any]:
    """What the document lists, times in UTC. Raises Bad when there is no document."""
    headers = {name.lower(): value for name, value in line.headers.items()}
    content_type = line.content_type or headers.get("content-type", "")
    body = _body(line)
    found = read_listing(body, content_type, line.url, headers, most=MOST)
    if found == "page" and line.section:
        found = read_section(body, content_type, line.url, MOST)
    said: dict[str, Any] = {"id": line.id, "kind": None, "type": None, "entries": []}
    said |= {"feed": {}, "urls": [], "error": None}
    match found:
        case Unreadable(reason=reason):
            return said | {"error": reason}
        case Listing() if found.kind in {"sitemap", "index"}:
            kind = {"kind": found.kind, "type": TYPES.get(found.form)}
            return said | kind | {"urls": [_url(entry) for entry in found.entries]}
        case Listing():
            return said | _feed(found)
        case _:
            return said | {"kind": "page"}


def _body(line: Line) -> bytes:
    if line.body is not None:
        return line.body.encode("utf-8", "replace")
    if line.base64 is not None:
        try:
            return b64decode(line.base64, validate=True)
        except binascii.Error as error:
            raise Bad(f"base64: {error}") from None
    if line.file is None:
        raise Bad('there is no document; give "file", "body" or "base64"')
    try:
        with Path(line.file).open("rb") as file:
            body = file.read(MAX_SITEMAP + 1)
    except OSError as error:
        raise Bad(f"{line.file}: {error.strerror}") from None
    except ValueError as error:
        raise Bad(f"{line.file[:200]!r}: {error}") from None
    if len(body) > MAX_SITEMAP:
        raise Bad(f"{line.file}: more than 50 MiB")
    return body


def _feed(found: Listing) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "format": found.form,
        "entries": [_entry(entry) for entry in found.entries],
        "total": found.total,
        "feed": {"title": found.title, "link": found.link, "language": found.language},
        "hub": found.hub,
        "self": found.self_url,
        "rhythm": _rhythm(found),
        "alternates": [alternate.url for alternate in found.alternates],
        "flaw": found.flaw,
    }


def _rhythm(found: Listing) -> dict[str, Any]:
    said = found.rhythm
    hours, days = sorted(said.skip_hours), sorted(said.skip_days)
    return {
        "ttl": said.ttl,
        "every": said.every,
        "base": instant(said.base),
        "skip_hours": hours,
        "skip_days": days,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    published, updated = instant(entry.published), instant(entry.updated)
    return {
        "title": entry.title,
        "link": entry.link,
        "original": entry.original,
        "id": entry.id,
        "published": published or updated,
        "updated": updated or published,
        "authors": entry.authors,
        "summary": entry.summary,
    }


def _url(entry: Entry) -> dict[str, Any]:
    return {
        "loc": entry.link,
        "lastmod": instant(entry.updated) or "",
        "news_title": entry.title or None,
        "news_publication_date": instant(entry.published),
    }


def instant(text: str) -> str | None:
    """A time as written in a listing, in ISO 8601 and UTC; None when it is none."""
    stamp = read_stamp(text)
    return stamp.at.astimezone(UTC).isoformat().replace("+00:00", "Z") if stamp else None


def answers(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """An answer to every line that is not empty; a bad one's says what is wrong with it."""
    decode = msgspec.json.Decoder(Line).decode
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        known: dict[str, Any] = {}
        try:
            line = decode(text)
            known = {"id": line.id}
            yield answer(line)
        except (Bad, msgspec.DecodeError, RecursionError) as error:
            yield {**known, "error": f"line {number}: {error}", "bad": True}


def main() -> int:
    """Answer until the input ends; 1 when a line could not be read."""
    failed = 0
    for said in answers(sys.stdin.buffer):
        failed |= bool(said.pop("bad", False))
        sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(main())
