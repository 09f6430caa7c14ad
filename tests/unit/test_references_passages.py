"""Whom phrases mean in short passages; ``word<id>`` marks the last word of each.

Nothing else in a passage may be resolved. ``test_references.py`` tells the rules one by one; the
passages stand in ``tests/specs/passages.txt``, with an empty line between two.
"""

import re
from pathlib import Path

import pytest

from processors.nlp.reader import Reader, Text
from tests.support.reading import shared_reader

FILE = Path(__file__).parent.parent / "specs" / "passages.txt"
PASSAGES = FILE.read_text().strip().split("\n\n")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return shared_reader()


@pytest.mark.parametrize("marked", PASSAGES)
def test_a_passage_is_resolved(marked: str, reader: Reader) -> None:
    text, meant = "", []
    for words, name in re.findall(r"([^<]*)(?:<([^>]*)>)?", marked):
        text += words
        if name:
            meant.append((len(text), name))
    (reading,) = reader.read([Text(text)])
    found = [(span.end, entity.id) for entity in reading.entities for span in entity.references]
    assert sorted(found) == meant
