"""Saved pages in, one assertion a field out; ``tests/support/pages.py`` says how a case looks."""

from datetime import datetime
from typing import Any

import pytest

from tests.support.pages import GoldenPage, golden_cases

FIELDS = (
    "outcome", "reason", "title", "authors", "published", "updated", "body", "language",
    "site_name", "canonical_url", "section",
)  # fmt: skip
CASES = [
    pytest.param(page, field, id=f"{page.name}-{field}")
    for page in golden_cases()
    for field in FIELDS
]


@pytest.mark.parametrize(("page", "field"), CASES)
def test_extraction(page: GoldenPage, field: str) -> None:
    assert plain(getattr(page.found(), field)) == page.expected()[field]


def test_there_are_cases() -> None:
    assert len(golden_cases()) >= 12


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
