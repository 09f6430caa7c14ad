"""Articles and claims as lines of files: CSV for spreadsheets, JSON lines for programs."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from processors.figures import claim_line
from processors.records import Claim
from services.answers.clean import cell
from services.answers.shapes import plain

ARTICLE_COLUMNS = (
    *("id", "url", "title", "source", "site_name", "authors", "published", "fetched_at"),
    *("language", "section", "story", "original", "event", "snippet", "claims"),
)
"""Fields of ``ArticleRow``; several authors or claims stand in one cell, split by ``; ``."""
CLAIM_COLUMNS = (
    *("kind", "subject", "figure", "amount_low", "amount_high", "currency", "unit"),
    *("usd_low", "usd_high", "usd_rate_date", "bound", "modality", "period", "object", "date"),
    *("speaker", "sentence", "evidence", "confidence", "article_id", "url", "title", "source"),
    *("site_name", "published", "fetched_at", "story"),
)
"""Fields of ``ClaimRow``."""


def csv_lines(columns: tuple[str, ...], shapes: Iterable[msgspec.Struct]) -> Iterator[bytes]:
    """UTF-8 as RFC 4180 has it: a line with the names of the columns, then a line a shape."""
    yield _line(columns)
    for shape in shapes:
        yield _line([cell(_text(getattr(shape, column))) for column in columns])


def json_lines(shapes: Iterable[msgspec.Struct]) -> Iterator[bytes]:
    """One JSON object a line, with every field."""
    for shape in shapes:
        yield msgspec.json.encode(plain(shape)) + b"\n"


def _line(cells: Iterable[str]) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held).writerow(cells)
    return held.getvalue().encode()


def _text(value: Any) -> str:  # noqa: PLR0911 - one return a type
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.isoformat()
        case Claim():
            return claim_line(value)
        case tuple():
            return "; ".join(map(_text, value))
        case _:
            return str(value)
