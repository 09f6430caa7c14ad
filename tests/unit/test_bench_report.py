"""``beatwire bench report``: tables of a document from saved runs."""

import json
from pathlib import Path

import pytest

from services.bench.report import BLOCK, read_run, report, rewritten
from services.bench.report_tables import TABLES, figure
from services.errors import UserError
from tests.support.processes import beatwire
from tests.support.tree import ROOT

DOCUMENTS = (ROOT / "docs/performance.md", ROOT / "docs/scaling.md")
MACHINE = {"date": "2026-11-30", "cores": 2, "processor": "a <b>|processor", "python": "3.12.1"}
NLP = {
    "bench": "nlp",
    "machine": MACHINE,
    "mood": "fast",
    "found": [{"texts": "coverage", "beatwire_words_per_second": 16_000, "ratio": 2.4}],
}


def document(folder: Path) -> Path:
    """A document with one table, and its run."""
    path = folder / "performance.md"
    path.write_text("# Fast\n\nBefore.\n\n<!-- measured: nlp -->\nold\n<!-- end -->\n\nAfter.\n")
    (folder / "measured").mkdir()
    (folder / "measured" / "nlp.json").write_text(json.dumps(NLP))
    return path


def test_the_documents_are_what_their_runs_say() -> None:
    runs = {path.stem: read_run(path) for path in (ROOT / "docs/measured").iterdir()}
    texts = [path.read_text() for path in DOCUMENTS]
    for text in texts:
        assert rewritten(text, runs) == text, "write it again: beatwire bench report"
    named = [name for text in texts for found in BLOCK.finditer(text) for name in found[2].split()]
    assert sorted(named) == sorted(runs)


def test_tables_are_made_and_prose_is_left(tmp_path: Path) -> None:
    path = document(tmp_path)
    assert report(path, []) == ["nlp"]
    text = path.read_text()
    assert text.startswith("# Fast\n\nBefore.\n\n<!-- measured: nlp -->\n| words/s")
    assert "| coverage, mood `fast` | 16,000 | – | 2.4 |" in text
    assert "Measured 2026-11-30 on 2 cores of a &lt;b>\\|processor, Python 3.12.1." in text
    assert text.endswith("<!-- end -->\n\nAfter.\n")
    assert report(path, []) == ["nlp"]
    assert path.read_text() == text


def test_a_run_takes_the_place_of_the_one_with_its_name(tmp_path: Path) -> None:
    path = document(tmp_path)
    new = tmp_path / "nlp.json"
    new.write_text(json.dumps({**NLP, "found": [{"texts": "coverage", "ratio": 3}]}))
    report(path, [new])
    assert "| coverage, mood `fast` | – | – | 3 |" in path.read_text()
    assert read_run(tmp_path / "measured" / "nlp.json")["found"][0]["ratio"] == 3


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("other.json", json.dumps(NLP), "has no table of 'other'"),
        ("nlp.json", "{", "is no JSON"),
        ("nlp.json", "[]", "tells no machine"),
        ("nlp.json", json.dumps({**NLP, "machine": {}}), "tells no machine"),
        ("nlp.json", json.dumps({**NLP, "bench": "none"}), "is of no bench"),
        ("nlp.json", json.dumps({**NLP, "bench": ["nlp"]}), "is of no bench"),
    ],
)
def test_what_is_no_run_changes_nothing(tmp_path: Path, name: str, content: str, says: str) -> None:
    path = document(tmp_path)
    before = path.read_text()
    (tmp_path / name).write_text(content)
    with pytest.raises(UserError, match=says):
        report(path, [tmp_path / name])
    assert path.read_text() == before


def test_a_document_without_tables_is_said(tmp_path: Path) -> None:
    (tmp_path / "none.md").write_text("# Nothing")
    with pytest.raises(UserError, match="has no line like"):
        report(tmp_path / "none.md", [])
    with pytest.raises(UserError, match="cannot be read"):
        report(tmp_path / "away.md", [])
    assert beatwire("bench", "report", "--out", str(tmp_path / "away.md"), code=1) == ""


@pytest.mark.parametrize("bench", TABLES)
def test_a_run_without_figures_is_a_table_of_dashes(bench: str) -> None:
    made = TABLES[bench]([{"bench": bench, "machine": MACHINE, "runs": [{}], "found": [{}]}])
    lines = made.splitlines()
    assert lines[1].startswith("| --- |")
    assert len({line.count(" |") for line in lines[:2]}) == 1
    assert "Measured 2026-11-30" in lines[-1]


@pytest.mark.parametrize(
    ("value", "text"),
    [(15_979, "15,979"), (2.43, "2.43"), (98.4, "98.4"), (0.0123, "0.0123"), (8, "8"),
     (1_234.5, "1,234"), (None, "–"), ("9", "–"), (True, "–")],
)  # fmt: skip
def test_a_figure_as_people_read_it(value: object, text: str) -> None:
    assert figure(value) == text
