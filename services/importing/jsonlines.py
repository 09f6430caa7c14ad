"""JSON lines of pages: ``{"url", "html" or "text", "title"?, "fetched_at"?, "headers"?, ...}``."""

from collections.abc import Iterator
from datetime import datetime
from html import escape

import msgspec

from services.importing.http import MAX_BODY
from services.importing.records import Fetched, Left, Record
from services.importing.stream import Damaged, Stream

MOST_LINE = 4 * MAX_BODY
"""A page's characters may be escaped."""
HTML = "text/html; charset=utf-8"


class Line(msgspec.Struct, frozen=True):
    """One page."""

    url: str
    html: str | None = None
    text: str | None = None
    """Instead of ``html``: paragraphs with empty lines between them."""
    title: str = ""
    """Of a ``text``."""
    fetched_at: datetime | None = None
    status: int = 200
    headers: dict[str, str] = {}
    source: str = ""


_decode = msgspec.json.Decoder(Line).decode
_SHAPE = 'each line is {"url": "https://…", "html": "…"} or has "text" instead of "html"'


def read_lines(stream: Stream, made_at: datetime) -> Iterator[Record]:
    """What each line is; ``made_at`` is when pages were fetched that do not say it."""
    while True:
        try:
            line = stream.line(MOST_LINE)
        except Damaged as error:
            yield Left("broken", f"{error}; fetch or copy the file again")
            continue
        if line is None:
            return
        if line.strip():
            yield _record(line, made_at)


def _record(line: bytes, made_at: datetime) -> Record:
    if len(line) >= MOST_LINE:
        return Left("too-large", "a line of more than 20 MiB")
    try:
        found = _decode(line)
    except (ValueError, RecursionError) as error:
        return Left("broken", f"{error}; {_SHAPE}")
    if (found.html is None) == (found.text is None):
        return Left("broken", f"it needs one of html and text; {_SHAPE}")
    at = found.fetched_at or made_at
    if at.tzinfo is None:
        return Left("bad-time", "its fetched_at has no zone; write it as 2025-01-28T12:00:00Z")
    page = found.html if found.html is not None else _as_page(found.title, found.text or "")
    headers = {name.lower(): value for name, value in found.headers.items()}
    headers["content-type"] = HTML  # of what is in the line, whatever its server had sent
    return Fetched(
        url=found.url,
        fetched_at=at,
        status=found.status,
        headers=headers,
        body=page.encode("utf-8", "replace"),
        source=found.source,
    )


def _as_page(title: str, text: str) -> str:
    """The plainest page of a text, so that it is read as all others are."""
    parts = (part.strip() for part in text.replace("\r\n", "\n").split("\n\n"))
    body = "".join(f"<p>{escape(part)}</p>\n" for part in parts if part)
    head = f"<head><meta charset=utf-8><title>{escape(title)}</title></head>"
    heading = f"<h1>{escape(title)}</h1>\n" if title else ""
    return f"<!doctype html><html>{head}<body><article>{heading}{body}</article></body></html>"
