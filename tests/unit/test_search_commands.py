"""``beatwire search``, ``claims`` and ``article`` on a small index in the home folder."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from processors.figures import claim_line
from processors.records import Article, Claim
from services.cli import search
from services.errors import UserError
from services.index.tantivy import TantivyIndex
from tests.specs.queries import NEWSROOM
from tests.support.api import told_twice
from tests.support.articles import article, claim

Run = Callable[..., str]
TRAINING = NEWSROOM[0]
CLAIMS = sum(len(each.claims) for each in NEWSROOM)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with its arguments and gives what it printed."""
    monkeypatch.setenv("BEATWIRE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    search.register(app)

    def call(*arguments: str) -> str:
        app(arguments, standalone_mode=False)
        return capsys.readouterr().out

    return call


@pytest.fixture
def newsroom(tmp_path: Path) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put(NEWSROOM)


def answer(run: Run, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return answer


@pytest.mark.usefixtures("newsroom")
def test_search_prints_one_json_object(run: Run) -> None:
    found = answer(run, "search", 'claim:training_cost usd:<10M "lower cost"')
    (hit,) = found["hits"]
    assert found["total"] == 1
    assert set(hit) == {
        *("id", "url", "title", "source", "site_name", "authors", "published", "fetched_at"),
        *("language", "section", "story", "original", "event", "copies", "edits"),
        *("snippet", "snippet_marks", "score", "claims"),
    }
    assert hit["url"] == TRAINING.url
    assert hit["published"] == "2025-01-01T12:00:00Z"
    assert "lower cost" in hit["snippet"]
    assert hit["claims"][0]["figure"] == "$5.6M"
    assert set(hit["claims"][0]) == {*Claim.__struct_fields__, "figure"}


@pytest.mark.usefixtures("newsroom")
def test_claims_prints_one_json_object(run: Run) -> None:
    found = answer(run, "claims", "claim:training_cost", "usd:<10M")
    (told,) = found["claims"]
    assert set(told) == {
        *(*Claim.__struct_fields__, "figure", "article_id"),
        *("url", "title", "source", "site_name", "published", "story", "fetched_at"),
    }
    assert told["sentence"].startswith("Deep Harbour trained")
    assert (told["evidence"], told["amount_low"]) == ("$5.6 million", 5.6e6)
    assert (told["url"], told["modality"]) == (TRAINING.url, "reported")


@pytest.mark.usefixtures("newsroom")
def test_no_query_means_everything(run: Run) -> None:
    assert answer(run, "search")["total"] == len(NEWSROOM)
    assert len(answer(run, "claims", "--limit", "0")["claims"]) == CLAIMS
    assert len(answer(run, "search", "--limit", "2", "--offset", "4")["hits"]) == 1


def test_a_limit_of_none_shows_all(run: Run, tmp_path: Path) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([article(f"s{n}", claims=(claim(low=1.0),)) for n in range(30)])
    assert len(answer(run, "search")["hits"]) == 20
    assert len(answer(run, "search", "--limit", "0")["hits"]) == 30
    assert len(answer(run, "claims", "--limit", "0")["claims"]) == 30


@pytest.mark.usefixtures("newsroom")
def test_order_and_facets(run: Run) -> None:
    found = answer(run, "search", "--sort", "oldest", "--facets")
    assert found["hits"][0]["title"] == "GPT4 rivals: funding"
    counted = [(one["value"], one["count"]) for one in found["facets"]["source"]]
    assert ("wire", 2) in counted


@pytest.mark.usefixtures("newsroom")
def test_a_page_for_people(run: Run) -> None:
    page = run("search", "trained", "--facets")
    assert page.startswith("1 article\n")
    assert "Deep Harbour's cheap model" in page
    assert f"• {claim_line(TRAINING.claims[0])}" in page
    assert "training cost · Deep Harbour · $5.6M" in page
    assert "by source: The Ledger 1" in page
    assert "1 claim\n\ninvestment · Meta · ≥ $65B · planned" in run("claims", "claim:investment")


@pytest.mark.usefixtures("newsroom")
def test_a_word_may_be_left_out_with_a_dash(run: Run) -> None:
    assert answer(run, "search", "-harbour", "-meta")["total"] == 2


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("which", [TRAINING.id, TRAINING.url, TRAINING.url + "/?utm_source=x"])
def test_an_article_by_id_or_address(run: Run, which: str) -> None:
    shown = answer(run, "article", which)
    assert set(shown) == set(Article.__struct_fields__)
    assert shown["body"] == TRAINING.body
    assert "Names: Deep Harbour (company)" in run("article", which)


@pytest.mark.usefixtures("newsroom")
def test_an_article_that_is_not_there(run: Run) -> None:
    with pytest.raises(UserError, match="no such article in the index"):
        run("article", "https://nowhere.example/")
    with pytest.raises(UserError, match="give an id or an address"):
        run("article", "ftp://nowhere.example/")


def test_a_wrong_query_shows_its_place(run: Run) -> None:
    with pytest.raises(search.QueryRefused) as caught:
        run("search", "deepseek", "claim:traning_cost")
    assert caught.value.exit_code == 2
    _, line, caret, message, hint = str(caught.value).split("\n")
    assert line[caret.index("^") :] == "traning_cost"
    assert "no kind of claim" in message
    assert "did you mean training_cost?" in hint
    with pytest.raises(search.QueryRefused, match="no such option: --jsn"):
        run("search", "x", "--jsn")


def test_nothing_to_show_says_what_to_try(run: Run, tmp_path: Path) -> None:
    assert "index is empty. Try `beatwire demo`" in run("search")
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put(NEWSROOM)
    page = run("search", "purse usd:<1M entity:meta")
    assert "No article matches: “purse” and a claim under $1M and names meta." in page
    assert "without a claim under $1M: 1" in page
    assert "No claim matches" in run("claims", "claim:loss")
    assert "5 articles" in run("search", "--offset", "9")


def test_a_page_does_not_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    hostile = "\x1b[31mred\x07 \u202edne [bold]x[/bold]"
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([article("a", hostile, title=hostile, claims=(claim(subject=hostile),))])
    for page in (run("search"), run("claims"), run("article", "https://ledger.example/a")):
        assert not {"\x1b", "\x07", "\u202e"} & set(page)
        assert "[bold]x[/bold]" in page


def test_the_commands_load_no_engine_before_they_run() -> None:
    code = "import sys, services.cli.search; print({'tantivy', 'Stemmer'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.usefixtures("newsroom")
def test_claims_come_in_the_order_asked_for(run: Run) -> None:
    largest = answer(run, "claims", "claim:training_cost", "--sort", "largest")["claims"]
    smallest = answer(run, "claims", "claim:training_cost", "--sort", "smallest")["claims"]
    assert [row["usd_high"] for row in largest] == [row["usd_high"] for row in smallest][::-1]


def test_copies_fold_and_disputes_are_told(run: Run, tmp_path: Path) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put(told_twice())
    assert len(answer(run, "search", "tern", "--fold")["hits"]) == 2
    assert "+1 copy" in run("search", "tern", "--fold")
    (one,) = answer(run, "disagreements", "tern")["disagreements"]
    assert [each["figure"] for each in one["positions"]] == ["$5.6M", "$1.3B"]
    assert run("disagreements", "claim:training_cost").splitlines() == [
        "1 disagreement",
        "",
        "training cost · Deep Harbour · Tern R1",
        "  $5.6M  1 origin: ledger, since 2025-01-01",
        "  $1.3B  1 origin: ledger, since 2025-01-01",
    ]
    assert run("disagreements", "claim:fine") == "0 disagreements\n"


@pytest.mark.usefixtures("newsroom")
def test_an_address_as_a_query_is_told_the_command(run: Run) -> None:
    with pytest.raises(UserError, match="beatwire article URL"):
        run("search", TRAINING.url)
