"""``beatwire sources``: add, list, pause, resume, remove, import, export, catalogue."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from services.cli import sources
from services.errors import UserError
from tests.support.processes import beatwire

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


def test_status_of_sources_that_nobody_looked_at_says_what_to_do(run: Run) -> None:
    assert beatwire("status").startswith("Nothing here yet. Try: beatwire demo")
    run("add", FEED)
    assert beatwire("status") == "1 source, and nothing fetched yet. Try: beatwire up\n"


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
        (("pause", "paper.exmple"), "do you mean paper.example"),
        (("add", "nope"), "neither an address .* nor an id of the catalogue"),
        (("add", "https://b.example/", "--kind", "guild"), "is no kind of source"),
        (("add", "https://b.example/", "--language", "English"), "write its two letters"),
        (("add", "https://b.example/", "--every", "often"), "write 90m, 6h or 3d"),
        (("add", "https://b.example/", "--priority", "10"), "from -9 to 9"),
        (("add", "https://b.example/", "--home", "b"), "not an absolute http or https address"),
        (("import", "nowhere.opml"), "nowhere.opml cannot be read: No such file"),
        (("import", "catalogue", "--language", "xx"), "nothing in the catalogue is in 'xx'"),
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


def test_a_source_is_added_with_all_that_is_said_of_it(run: Run) -> None:
    said = ("--kind", "lab", "--language", "de", "--every", "6h", "--priority", "3")
    made = json.loads(run("add", FEED, *said, "--home", "https://www.paper.example/", "--json"))
    assert (made["kind"], made["language"]) == ("lab", "de")
    assert (made["every"], made["priority"]) == (21_600.0, 3)
    assert made["home"] == "https://www.paper.example/"


def test_a_source_of_the_catalogue_is_added_by_its_id(run: Run) -> None:
    made = json.loads(run("add", "openai", "--priority", "0", "--json"))
    assert made["url"] == "https://openai.com/news/rss.xml"
    assert (made["kind"], made["priority"]) == ("lab", 0)
    assert "+ openai" in run("catalogue", "--kind", "lab")


def test_the_beat_is_had_in_one_command(run: Run) -> None:
    assert "sources to add" in run("import", "catalogue", "--dry-run")
    assert json.loads(run("list", "--json"))["total"] == 0
    added = json.loads(run("import", "catalogue", "--json"))
    assert len(added["added"]) >= 100
    assert added["problems"] == []
    assert run("import", "catalogue").startswith("0 sources added, ")
    shown = json.loads(run("catalogue", "--language", "fr", "--json"))
    assert shown["total"] == len(shown["sources"]) > 0
    assert all(row["yours"] for row in shown["sources"])


def test_several_are_paused_and_removed_at_once(run: Run) -> None:
    run("import", "catalogue", "--kind", "wire")
    paused = json.loads(run("pause", "prnewswire", "businesswire", "prnewswire", "--json"))
    assert [source["paused"] for source in paused["sources"]] == [True, True]
    with pytest.raises(UserError, match="nope"):
        run("remove", "prnewswire", "nope")
    assert "removed businesswire" in run("remove", "prnewswire", "businesswire")
    assert json.loads(run("list", "--json"))["total"] == 2


def test_a_list_goes_out_and_comes_in(run: Run, tmp_path: Path) -> None:
    run("import", "catalogue", "--kind", "lab")
    total = json.loads(run("list", "--json"))["total"]
    assert run("export", "--out", "labs.opml") == f"{total} sources written to labs.opml\n"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["labs.opml"]
    assert f"{total} there already" in run("import", "labs.opml")
    run("remove", "openai", "anthropic")
    assert "2 sources added" in run("import", "labs.opml")
    assert (
        "[[sources]]" in (tmp_path / "some.toml").read_text()
        if run("export", "openai", "--format", "toml", "--out", "some.toml")
        else ""
    )


def test_a_bad_line_is_told_and_the_others_go_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(f"{FEED}\nno \x1b[31maddress\nhttp://127.0.0.1/\n")
    told = run("import", "mine.txt")
    assert "+ paper.example" in told
    assert "! line 2: 'no' is no address (begin it with https://)" in told
    assert "1 source added, 2 lines left out" in told
    assert "\x1b" not in told


def test_standard_input_is_a_list_too(tmp_path: Path) -> None:
    home = {"BEATWIRE_HOME": str(tmp_path / "home")}
    lines = f"{FEED}\nnothing\n"
    told = json.loads(beatwire("sources", "import", "-", "--json", env=home, stdin=lines, code=1))
    assert [source["id"] for source in told["added"]] == ["paper.example"]
    assert told["problems"][0]["where"] == "line 2"
