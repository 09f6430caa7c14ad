"""``beatwire article``: what became of an article since, on a terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from services.cli import search
from services.errors import UserError
from services.index.tantivy import TantivyIndex
from tests.support.articles import article, claim

Run = Callable[..., str]
OLD = article(body="It cost $5 million, they say.\nThe end.", claims=(claim(low=5e6),))
NEW = article(
    title="A \x1b[31mred headline",
    body="It cost $6 million, they say.\nThe end.",
    hours=1,
    claims=(claim(low=6e6),),
)


@pytest.fixture
def run(home: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``article`` with its arguments over an index with two versions of one."""
    monkeypatch.setenv("COLUMNS", "200")
    with TantivyIndex(Path(home) / "index", write=True) as index:
        index.put([OLD, NEW, article("alone")])
    app = typer.Typer()
    app.callback()(lambda: None)
    app.command()(search.article)
    app.command("search")(search.search)

    def call(*arguments: str) -> str:
        app(list(arguments), standalone_mode=False)
        return capsys.readouterr().out

    return call


def test_versions_are_listed_with_what_changed(run: Run) -> None:
    assert run("article", NEW.id, "--versions").splitlines()[1:] == [
        "  2  2025-01-01 13:00 UTC  figure changed: investment · Examplar: $5M → $6M; headline "
        "changed; 1 sentence rewritten",
        "  1  2025-01-01 12:00 UTC  first seen",
    ]
    assert "Versions: 2" in run("article", NEW.id)
    assert "Versions" not in run("article", article("alone").id)
    assert "edited, seen 2025-01-01 13:00 UTC" in run("search", "cost")


@pytest.mark.parametrize("which", ["2", NEW.content_hash])
def test_a_version_is_shown_against_the_one_before(run: Run, which: str) -> None:
    said = run("article", NEW.id, "--diff", which)
    assert "It cost [-$5-]{+$6+} million, they say." in said
    assert "- investment · Examplar · $5M" in said
    assert "+ investment · Examplar · $6M" in said
    assert "\x1b" not in said
    assert "nothing to compare it with" in run("article", NEW.id, "--diff", "1")


def test_versions_as_json(run: Run) -> None:
    found = json.loads(run("article", NEW.id, "--versions", "--json"))
    assert (found["total"], found["revisions"][0]["body"]) == (1, OLD.body)
    one = json.loads(run("article", NEW.id, "--diff", "2", "--json"))
    assert [it["text"] for it in one["text"] if it["kind"] != "same"] == ["$5", "$6"]


def test_a_version_that_is_not_kept(run: Run) -> None:
    with pytest.raises(UserError, match="no such version is kept; there are 1, 2"):
        run("article", NEW.id, "--diff", "3")
