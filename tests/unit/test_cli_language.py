"""``beatwire extract`` and ``beatwire analyze``: lines in, one line out each, in order."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from processors.nlp import reader
from processors.records import Claim, Entity, Mood, Span
from services.cli.commands import app
from services.errors import SettingsError, UserError
from tests.support.pages import FOLDER

PAGE = FOLDER / "gazette.example" / "json-ld-graph" / "page.html"
TEXT = "Meta spends $65 billion."


def answers(command: str, *lines: object) -> tuple[list[dict[str, Any]], int]:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    result = CliRunner().invoke(app, [command], input=text)
    return [json.loads(line) for line in result.stdout.splitlines()], result.exit_code


def test_extract_answers_every_line_in_order(tmp_path: Path) -> None:
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(PAGE.read_bytes()))
    url = "https://www.gazette.example/tech/lumen-model"

    found, code = answers(
        "extract",
        {"id": "plain", "url": url, "html": PAGE.read_text("utf-8")},
        {"id": 2, "url": url, "html_file": str(PAGE)},
        {"id": "packed", "url": url, "html_file": str(packed)},
    )

    assert code == 0
    assert [line.pop("id") for line in found] == ["plain", 2, "packed"]
    assert found[0] == found[1] == found[2]
    assert found[0]["title"] == "Lumen trains a model for a tenth of the usual cost"
    assert found[0]["authors"] == ["Marta Quill", "Owen Tally"]
    assert found[0]["published"] == "2025-03-18T09:30:00+01:00"
    assert (found[0]["outcome"], found[0]["language"]) == ("article", "en")


def test_extract_states_no_more_of_a_time_than_the_page() -> None:
    page = FOLDER / "gazette.example" / "table-and-list" / "page.html"

    found, _ = answers("extract", {"id": 1, "url": "https://a.example/x", "html_file": str(page)})

    assert found[0]["published"] == "2025-03-15"


@pytest.mark.parametrize(
    ("line", "known", "error"),
    [
        ("not json", None, "line 1"),
        ('["a list"]', None, "line 1"),
        ('{"url": "https://a.example/"}', None, "`id`"),
        ('{"id": 7, "url": 3}', 7, "`str`"),
        ('{"id": 7, "url": "https://a.example/"}', 7, "one of html and html_file"),
        ('{"id": 7, "url": "https://a.example/", "html_file": "/no/such"}', 7, "No such file"),
        ("[" * 5_000, None, "line 1"),
        ('{"id": {"a": 1}, "url": 3}', None, "line 1"),
    ],
)
def test_a_bad_line_is_answered_and_the_rest_goes_on(
    line: str, known: int | None, error: str
) -> None:
    found, code = answers("extract", line, {"id": 8, "url": "https://a.example/", "html": "<p>a"})

    assert code == 1
    assert found[0].get("id") == known
    assert error in found[0]["error"]
    assert found[1]["outcome"] == "too-short"


def test_a_broken_gzip_file_is_a_bad_line(tmp_path: Path) -> None:
    broken = tmp_path / "page.html.gz"
    broken.write_bytes(gzip.compress(PAGE.read_bytes())[:200])

    found, code = answers(
        "extract", {"id": 1, "url": "https://a.example/", "html_file": str(broken)}
    )

    assert code == 1
    assert str(broken) in found[0]["error"]


NAMED = (
    Entity(id="meta", name="Meta", type="company", mentions=(Span(start=0, end=4),)),
    Entity(id="x", name="X", type="other", mentions=(Span(start=5, end=6),)),
)
MOOD = Mood(entity="meta", polarity="negative", score=-0.5, evidence=(Span(start=0, end=24),))


def reading(text: reader.Text) -> reader.Reading:
    targets = tuple(reader.TargetMood(t.start, t.end, "neutral", 0.0) for t in text.targets)
    claim = Claim(kind="investment", subject="Meta", amount_low=6.5e10)
    return reader.Reading(
        entities=NAMED, claims=(claim,), moods=(MOOD,), targets=targets, made_by={"fake": "1"}
    )


class FakeReader:
    """Says what the test wants said, and remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[reader.Text] = []

    def read(self, texts: list[reader.Text]) -> list[reader.Reading]:
        self.texts.extend(texts)
        return [reading(text) for text in texts]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    made = FakeReader()
    monkeypatch.setattr(reader, "load_reader", lambda gazetteer=None, mood="fast": made)
    return made


def test_analyze_joins_moods_and_shows_spans(fake: FakeReader) -> None:
    line = {"id": "a", "text": TEXT, "title": "T", "published": "2025-01-28", "targets": [[0, 4]]}

    found, code = answers("analyze", line)

    assert code == 0
    meta, other = found[0]["entities"]
    assert meta["mentions"] == [{"start": 0, "end": 4}]
    assert meta["sentiment"] == {
        "polarity": "negative",
        "score": -0.5,
        "evidence": [{"start": 0, "end": 24}],
    }
    assert other["sentiment"] is None
    assert found[0]["targets"] == [{"start": 0, "end": 4, "polarity": "neutral", "score": 0.0}]


def test_analyze_writes_every_field_of_a_claim(fake: FakeReader) -> None:
    found, _ = answers("analyze", {"id": 1, "text": TEXT})

    assert found[0]["claims"][0].keys() == set(Claim.__struct_fields__)
    assert found[0]["claims"][0]["bound"] == "exact"


def test_analyze_hands_over_what_the_line_says(fake: FakeReader) -> None:
    answers("analyze", {"id": 1, "text": TEXT, "title": "T", "published": "2025-01-28T08:00:00Z"})

    assert fake.texts[0].title == "T"
    assert fake.texts[0].published == datetime.fromisoformat("2025-01-28T08:00:00+00:00")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": "x" * 1_000_001}, "longer than 1,000,000"),
        ({"text": TEXT, "targets": [[0, 99]]}, "targets: [0, 99]"),
        ({"text": TEXT, "targets": [[4, 4]]}, "targets: [4, 4]"),
        ({"text": TEXT, "targets": [[-1, 4]]}, "targets: [-1, 4]"),
        ({"text": TEXT, "targets": [[0]]}, "line 1"),
        ({"text": TEXT, "published": "tomorrow"}, "published"),
        ({"title": "no text"}, "`text`"),
    ],
)
def test_analyze_refuses_a_line_and_goes_on(
    fake: FakeReader, fields: dict[str, Any], error: str
) -> None:
    found, code = answers("analyze", {"id": 5} | fields, {"id": 6, "text": TEXT})

    assert code == 1
    assert found[0]["id"] == 5
    assert error in found[0]["error"]
    assert (found[1]["id"], len(fake.texts)) == (6, 1)


@pytest.mark.parametrize("command", ["extract", "analyze"])
def test_a_closed_standard_input_is_said(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UserError, match="standard input is closed"):
        app([command], standalone_mode=False)


def test_analyze_reads_the_names_of_the_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Path | None] = []

    def load(path: Path | None, *, mood: str) -> FakeReader:
        asked.append(path)
        return FakeReader()

    monkeypatch.setattr(reader, "load_reader", load)
    monkeypatch.setenv("BEATWIRE_GAZETTEER", str(tmp_path / "mine.jsonl"))
    CliRunner().invoke(app, ["analyze"], input="")
    CliRunner().invoke(app, ["analyze", "--gazetteer", "other.jsonl"], input="")
    assert asked == [tmp_path / "mine.jsonl", Path("other.jsonl")]


def test_names_that_cannot_be_read_are_a_wrong_setting(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["analyze", "--gazetteer", str(tmp_path / "none")], input="")
    assert isinstance(result.exception, SettingsError)
    assert "BEATWIRE_GAZETTEER" in str(result.exception)
