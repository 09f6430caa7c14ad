"""The data files are sound, and a user's own file is checked line by line."""

import json
from collections import Counter
from pathlib import Path

import pytest

from processors.nlp.gazetteer import FOLDER, Entry, common_words, fold, load, validate
from processors.nlp.reader import Text, load_reader

OWN: dict[str, object] = {
    "id": "kettle-labs",
    "name": "Kettle Labs",
    "type": "lab",
    "source": "kettle.example",
}


def write(folder: Path, *entries: dict[str, object]) -> Path:
    file = folder / "own.jsonl"
    file.write_text("\n".join(json.dumps(entry) for entry in entries), "utf-8")
    return file


def an_entry(**fields: object) -> Entry:
    given = {"id": "one", "name": "One Kettle", "type": "company", "source": "a book", **fields}
    return Entry(**given)  # type: ignore[arg-type]


def test_the_known_names_are_sound() -> None:
    assert validate(load().values()) == []


def test_the_known_names_are_many_and_of_every_type() -> None:
    types: list[str] = [entry.type for entry in load().values()]
    assert len(types) > 2000
    least = {"lab": 60, "company": 600, "person": 400, "model": 100, "chip": 60, "country": 90}
    assert {kind: types.count(kind) for kind in least if types.count(kind) < least[kind]} == {}


def test_what_was_not_looked_up_says_so_and_both_are_counted() -> None:
    known = load().values()
    words = [entry.source for entry in known if not entry.looked_up]
    assert [source for source in words if "not looked up" not in source] == []
    found = Counter(entry.type for entry in known if entry.looked_up)
    types = Counter(entry.type for entry in known)
    table = (FOLDER / "README.md").read_text("utf-8")
    rows = [f"| {kind} | {found[kind]} | {types[kind] - found[kind]} |" for kind in types]
    total = f"| all | {found.total()} | {len(words)} |"
    assert [row for row in (*rows, total) if row not in table] == []


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ((an_entry(), an_entry(name="Two Kettles")), "stands twice"),
        ((an_entry(id="One Kettle"),), "lower-case"),
        ((an_entry(maker="nobody"),), "maker 'nobody' is no id"),
        ((an_entry(of="nobody"),), "of 'nobody' is no id"),
        ((an_entry(form="(["),), "no regular expression"),
        ((an_entry(case="loud"),), "case"),
        ((an_entry(source=" "),), "lacks a name or a source"),
        ((an_entry(source="http://kettle.example"),), "not one https address"),
        ((an_entry(source="https://kettle.example and more"),), "not one https address"),
        ((an_entry(aliases=("Cloud",)),), "'Cloud' is a common word"),
        ((an_entry(aliases=("cloud",)),), "'cloud' is a common word"),
        ((an_entry(), an_entry(id="two")), "'One Kettle' names one and two"),
    ],
)
def test_a_fault_is_told(entries: tuple[Entry, ...], reason: str) -> None:
    assert [fault.reason for fault in validate(entries) if reason in fault.reason]


def test_a_common_word_passes_with_context() -> None:
    assert "cloud" in common_words()
    assert validate([an_entry(weak=("Cloud",))]) == []
    assert validate([an_entry(aliases=("Cloud",), needs=("kettle",))]) == []


def test_own_names_are_found_and_replace_known_ones(tmp_path: Path) -> None:
    apple: dict[str, object] = {
        "id": "apple",
        "name": "Apple Computer",
        "type": "company",
        "source": "a book",
    }
    entries = load(write(tmp_path, OWN, apple))
    assert entries["kettle-labs"].name == "Kettle Labs"
    assert entries["apple"].name == "Apple Computer"


def test_the_reader_finds_own_names(tmp_path: Path) -> None:
    (reading,) = load_reader(write(tmp_path, OWN)).read([Text("Investors like Kettle Labs.")])
    assert [(entity.id, entity.type) for entity in reading.entities] == [("kettle-labs", "lab")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2"),
        (json.dumps({**OWN, "id": "two", "type": "toaster"}), "line 2"),
        (json.dumps({**OWN, "id": "two", "colour": "red"}), "line 2.*colour"),
        (json.dumps({**OWN, "id": "two", "name": "Nvidia"}), "line 2.*Nvidia"),
        (json.dumps({**OWN, "id": "two", "name": "Deux", "maker": "x"}), "line 2.*no id"),
        (json.dumps(OWN), "same id"),
    ],
)
def test_a_bad_line_is_told_by_its_number(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text(f"{json.dumps(OWN)}\n{line}\n", "utf-8")
    with pytest.raises(ValueError, match=reason):
        load(file)


def test_folding_keeps_offsets() -> None:
    text = "High\u2011Flyer’s\u00a0GPT-4"
    assert fold(text) == "High Flyer's GPT 4"
    assert len(fold(text)) == len(text)
