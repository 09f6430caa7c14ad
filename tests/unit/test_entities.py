"""The entities of short texts, row by row of ``tests/specs/entities.py``."""

import pytest

from processors.nlp.reader import Reader, Text
from tests.specs.entities import ENTITIES, Spec
from tests.support.reading import shared_reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return shared_reader()


@pytest.mark.parametrize("spec", ENTITIES, ids=lambda spec: spec.title)
def test_a_text_names(spec: Spec, reader: Reader) -> None:
    (reading,) = reader.read([Text(spec.text)])
    found = sorted(
        (span.start, f"{spec.text[span.start : span.end]}/{entity.type}/{entity.id}")
        for entity in reading.entities
        for span in entity.mentions
    )
    assert tuple(line for _, line in found) == spec.found


def test_an_entity_stands_once_with_all_its_mentions(reader: Reader) -> None:
    text = "DeepSeek-R1 came first. Then R1 was copied, and DeepSeek R1 was cited by OpenAI."
    (reading,) = reader.read([Text(text)])
    assert [entity.id for entity in reading.entities] == ["deepseek-r1", "openai"]
    assert len(reading.entities[0].mentions) == 3


def test_the_title_gives_context(reader: Reader) -> None:
    body = "The team behind R1 has grown."
    without, with_title = reader.read([Text(body), Text(body, title="DeepSeek hires")])
    assert not without.entities
    assert [entity.id for entity in with_title.entities] == ["deepseek-r1"]
