"""``beatwire sources``: add, list, pause, resume, remove."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from services.cli import sources
from services.errors import UserError

Run = Callable[..., str]
FEED = "https://www.paper.example/feed.xml"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with its arguments and gives what it printed."""
    monkeypatch.setenv("BEATWIRE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.callback()(lambda: None)
    sources.register(app)

    def call(*arguments: str) -> str:
        app(["sources", *arguments], standalone_mode=False)
        return capsys.readouterr().out

    return call


def test_a_source_is_added_paused_resumed_and_removed(run: Run) -> None:
    assert "No sources yet" in run("list")
    assert run("add", FEED, "--name", "The [b]Paper[/b]") == f"added paper.example: {FEED}\n"
    assert json.loads(run("pause", "paper.example", "--json"))["paused"] is True
    assert "paused" in run("list")
    assert json.loads(run("resume", "paper.example", "--json"))["paused"] is False
    listed = json.loads(run("list", "--json"))
    assert listed["total"] == 1
    assert listed["sources"][0]["name"] == "The [b]Paper[/b]"
    assert "[b]Paper[/b]" in run("list")
    assert run("remove", "paper.example") == f"removed paper.example: {FEED}\n"
    assert json.loads(run("list", "--json"))["total"] == 0


def test_ids_tell_the_feeds_of_one_host_apart(run: Run) -> None:
    urls = [
        FEED,
        "https://paper.example/ai/rss.xml",
        "https://paper.example/feed",
        "https://paper.example/rss",
    ]
    ids = [json.loads(run("add", url, "--json"))["id"] for url in urls]
    assert ids == ["paper.example", "paper.example-ai", "paper.example-2", "paper.example-3"]
    assert json.loads(run("add", "https://x.example/", "--id", "x", "--json"))["id"] == "x"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "ftp://paper.example/"), "not an absolute http or https address"),
        (("add", f"{FEED}?utm_source=x"), "is there already, as paper.example"),
        (("add", "https://b.example/", "--id", "paper.example"), "is taken by"),
        (("add", "https://b.example/", "--id", "../x"), "is no id"),
        (("remove", "nope"), "no source has the id nope"),
        (("pause", "nope"), "no source has the id nope"),
    ],
)
def test_mistakes_are_named_with_their_remedy(
    run: Run, arguments: tuple[str, ...], words: str
) -> None:
    run("add", FEED)
    with pytest.raises(UserError, match=words):
        run(*arguments)


def test_a_long_address_is_shown_whole(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    url = f"https://paper.example/{'very-' * 30}long.xml"
    run("add", url)
    assert f"  {url}\n" in run("list")
