"""Saved pages with what must be read from them: ``tests/golden/pages/<site>/<case>/``."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from processors.extract import Extracted, extract_article
from processors.records import FeedHints

FOLDER = Path(__file__).parents[1] / "golden" / "pages"


class Meta(msgspec.Struct, frozen=True):
    """How the page was fetched; ``meta.json`` of a case."""

    url: str
    fetched_at: str
    content_type: str = "text/html"
    hints: FeedHints | None = None


class GoldenPage(msgspec.Struct, frozen=True):
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    def expected(self) -> dict[str, Any]:
        """The fields of ``expected.json``, times in ISO 8601."""
        fields: dict[str, Any] = json.loads((self.folder / "expected.json").read_text("utf-8"))
        return fields

    def found(self) -> Extracted:
        """What is read from the page today."""
        return _found(self.folder)


def golden_cases() -> list[GoldenPage]:
    return [GoldenPage(meta.parent) for meta in sorted(FOLDER.glob("*/*/meta.json"))]


@cache
def _found(folder: Path) -> Extracted:
    meta = msgspec.json.decode((folder / "meta.json").read_bytes(), type=Meta)
    return extract_article(
        (folder / "page.html").read_bytes(),
        meta.url,
        content_type=meta.content_type,
        hints=meta.hints,
        fetched_at=datetime.fromisoformat(meta.fetched_at),
    )
