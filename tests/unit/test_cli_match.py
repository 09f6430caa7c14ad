"""``beatwire match``: topics in a file, articles in, the topics of each out, in order."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from processors.nlp import reader
from processors.records import encode
from services.cli.commands import app
from services.cli.match import MAX_TEXT
from services.errors import UserError
from tests.support.articles import article, entity

TEXT = "Chip exports fell sharply."


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_args: object, **_more: object) -> None:
        pytest.fail("no topic asks for what the language model finds")

    monkeypatch.setattr(reader, "load_reader", load)


def run(folder: Path, topics: list[Any], *lines: object) -> Result:
    path = folder / "topics.jsonl"
    path.write_text(_lines(topics))
    return CliRunner().invoke(app, ["match", "--topics", str(path)], input=_lines([*lines]))


def _lines(lines: list[Any]) -> str:
    return "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


TOPICS = [
    {"id": "chips", "query": "chip exports"},
    {"id": 7, "query": "title:purse OR author:ames"},
    {"id": "no", "query": "china"},
]


@pytest.mark.usefixtures("no_reader")
def test_each_article_is_answered_in_order(tmp_path: Path) -> None:
    whole = article(body="China", title="The purse", authors=("Ada Ames",))
    result = run(
        tmp_path,
        TOPICS,
        {"id": 2, "text": TEXT},
        encode(whole).decode(),
        {"id": "c", "text": "x", "title": "A purse", "authors": ["Bo"], "published": "2025-01-28"},
        {"id": "d", "text": ""},
    )
    assert result.exit_code == 0
    assert told(result) == [
        {"id": 2, "topics": ["chips"]},
        {"id": whole.id, "topics": [7, "no"]},
        {"id": "c", "topics": [7]},
        {"id": "d", "topics": []},
    ]


@pytest.mark.usefixtures("no_reader")
@pytest.mark.parametrize(
    ("line", "known", "error"),
    [
        ("not json", None, "line 1"),
        ('{"id": 5}', 5, "no text"),
        ('{"id": 5, "text": 1}', 5, "line 1"),
        ('{"text": "x"}', None, "`id`"),
        ('{"id": 5, "text": "x", "published": "tomorrow"}', 5, "published"),
        (json.dumps({"id": 5, "text": "x" * (MAX_TEXT + 1)}), 5, "longer than 1,000,000"),
        ('{"id": 5, "schema": "article/1"}', 5, "line 1"),
        ('{"id": 5, "schema": "article/9"}', 5, "line 1"),
        ("[" * 5_000, None, "line 1"),
    ],
)
def test_a_bad_article_is_answered_and_the_rest_goes_on(
    tmp_path: Path, line: str, known: int | None, error: str
) -> None:
    result = run(tmp_path, TOPICS, line, {"id": 6, "text": TEXT})
    assert result.exit_code == 1
    bad, good = told(result)
    assert bad.get("id") == known
    assert error in bad["error"]
    assert good == {"id": 6, "topics": ["chips"]}


@pytest.mark.parametrize(
    ("topics", "message"),
    [
        (["x"], "line 1: JSON is malformed"),
        ([TOPICS[0], "", '{"id": "a"}'], "line 3: Object missing required field `query`"),
        ([{"id": "a", "query": '"lower cost'}], "line 1: query: this quote is not closed"),
        ([{"id": "a", "query": "x"}, {"id": "a", "query": "y"}], "line 2: the id a stands twice"),
        ([{"id": 1, "query": "x"}, {"id": "1", "query": "y"}], "line 2: the id 1 stands twice"),
        ([], "there is no topic in it"),
    ],
)
def test_a_bad_topic_stops_the_start(tmp_path: Path, topics: list[Any], message: str) -> None:
    result = run(tmp_path, topics, {"id": 1, "text": TEXT})
    assert isinstance(result.exception, UserError)
    assert message in str(result.exception)
    assert str(tmp_path / "topics.jsonl") in str(result.exception)
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["match", "--topics", str(tmp_path / "none")], input="")
    assert isinstance(result.exception, UserError)
    assert "No such file" in str(result.exception)


class FakeReader:
    """Finds Meta in every text, and remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[reader.Text] = []

    def read(self, texts: list[reader.Text]) -> list[reader.Reading]:
        self.texts += texts
        return [reader.Reading(entities=(entity("Meta"),)) for _ in texts]


def test_texts_are_read_when_a_topic_asks_and_whole_articles_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeReader()
    monkeypatch.setattr(reader, "load_reader", lambda *_args, **_more: fake)
    topics = [{"id": "meta", "query": "entity:meta"}, {"id": "fell", "query": "fell"}]
    whole = article()
    result = run(
        tmp_path,
        topics,
        {"id": 1, "text": TEXT, "title": "T", "published": "2025-01-28T08:00:00Z"},
        encode(whole).decode(),
        {"id": 3},
        {"id": 4, "text": "Nothing."},
    )
    assert result.exit_code == 1
    first, second, third, fourth = told(result)
    assert first == {"id": 1, "topics": ["fell", "meta"]}
    assert second == {"id": whole.id, "topics": []}
    assert third["id"] == 3
    assert fourth == {"id": 4, "topics": ["meta"]}
    assert [(text.body, text.title) for text in fake.texts] == [(TEXT, "T"), ("Nothing.", "")]


@pytest.mark.usefixtures("no_reader")
def test_the_language_of_a_text_is_found_when_a_topic_asks_for_it(tmp_path: Path) -> None:
    text = "The chips that were sold in the spring have not come to the shops of this town yet."
    topics = [{"id": "en", "query": "lang:en"}, {"id": "de", "query": "lang:de"}]
    result = run(
        tmp_path, topics, {"id": 1, "text": text}, {"id": 2, "text": text, "language": "de-AT"}
    )
    assert told(result) == [{"id": 1, "topics": ["en"]}, {"id": 2, "topics": ["de"]}]


def test_the_longest_text_is_the_one_that_can_be_read() -> None:
    assert MAX_TEXT == reader.MAX_CHARACTERS


def test_a_closed_standard_input_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UserError, match="standard input is closed"):
        app(["match", "--topics", "x"], standalone_mode=False)
