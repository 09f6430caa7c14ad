"""``beatwire stories``: articles in, the group and the story of each out, in order."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli import stories
from services.cli.commands import app
from tests.unit.test_events_of_batch import FIRE, OTHER_FIRE


def answers(*lines: object) -> tuple[list[dict[str, Any]], int]:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    result = CliRunner().invoke(app, ["stories"], input=text)
    return [json.loads(line) for line in result.stdout.splitlines()], result.exit_code


def test_each_article_is_answered_in_order() -> None:
    found, code = answers(
        {"id": "a", "text": FIRE[0], "title": "Fire", "published": "2026-03-02T10:00:00Z"},
        {"id": 2, "text": OTHER_FIRE[0], "published": "2026-03-02", "more": "is left aside"},
        {"id": "c", "text": FIRE[1]},
        {"id": "d", "text": FIRE[0].upper(), "title": "FIRE"},
    )
    assert code == 0
    assert found == [
        {"id": "a", "group": "a", "story": "a"},
        {"id": 2, "group": 2, "story": 2},
        {"id": "c", "group": "c", "story": "a"},
        {"id": "d", "group": "a", "story": "a"},
    ]


def test_a_bad_line_is_named_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "MAX_TEXT", 500)
    found, code = answers(
        {"id": 1, "text": FIRE[0]},
        "no json",
        {"id": "when", "text": "x", "published": "soon"},
        {"id": "long", "text": "x" * 400, "title": "y" * 101},
        {"id": "none"},
        "",
        {"id": 1, "text": FIRE[1]},
    )
    assert code == 1
    assert [each.get("id") for each in found] == [1, None, "when", "long", "none", 1]
    assert found[0] == found[5] == {"id": 1, "group": 1, "story": 1}
    errors = [each["error"] for each in found[1:5]]
    assert errors[0].startswith("line 2: JSON is malformed")
    assert errors[1] == "line 3: published: not a time in ISO 8601: 'soon'"
    assert errors[2] == "line 4: text of 501 characters is longer than 500"
    assert "missing required field `text`" in errors[3]


def test_nothing_in_nothing_out() -> None:
    assert answers() == ([], 0)
