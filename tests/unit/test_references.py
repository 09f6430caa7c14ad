"""Whom phrases mean, row by row of ``tests/specs/entities.py``."""

import pytest

from processors.nlp.reader import Reader, Text
from tests.specs.entities import REFERENCES, Meaning
from tests.support.reading import shared_reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return shared_reader()


@pytest.mark.parametrize("spec", REFERENCES, ids=lambda spec: spec.title)
def test_a_phrase_means(spec: Meaning, reader: Reader) -> None:
    (reading,) = reader.read([Text(spec.text)])
    found = sorted(
        (span.start, -span.end, f"{spec.text[span.start : span.end]}/{entity.id}")
        for entity in reading.entities
        for span in entity.references
    )
    assert tuple(line for _, _, line in found) == spec.meant
