"""The reader: order, sameness, limits, and offsets that fit the body."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.nlp.annotations import Mention, Reference
from processors.nlp.components import check_order, component, versions
from processors.nlp.reader import MAX_CHARACTERS, Reader, Text, gather
from processors.records import Span
from tests.support.reading import shared_reader

TEXTS = [
    Text("Nvidia sold 400 H200s to Oracle.\nThe company expects more."),
    Text(""),
    Text("Sam Altman met Satya Nadella. OpenAI denied it.", title="A meeting"),
    Text("Nothing to see."),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return shared_reader()


def test_readings_come_in_the_order_of_the_texts(reader: Reader) -> None:
    readings = reader.read(TEXTS)
    assert [bool(reading.entities) for reading in readings] == [True, False, True, False]


def test_a_text_reads_the_same_alone_and_among_others(reader: Reader) -> None:
    together = reader.read(TEXTS * 3)
    alone = [reader.read([text])[0] for text in TEXTS]
    encode = msgspec.json.encode
    assert [encode(one) for one in together] == [encode(one) for one in alone] * 3


def test_no_text_no_reading(reader: Reader) -> None:
    assert reader.read([]) == []


def test_a_text_beyond_the_limit_is_refused(reader: Reader) -> None:
    with pytest.raises(ValueError, match="1,000,001 characters"):
        reader.read([Text("x" * (MAX_CHARACTERS + 1))])


def test_a_reading_tells_what_made_it(reader: Reader) -> None:
    (reading,) = reader.read([Text("Nvidia rose.")])
    assert reading.made_by["beatwire-entities"] == "v2"
    assert "en_core_web_md" in reading.made_by


def test_sentences_end_at_lines(reader: Reader) -> None:
    text = "The rise of\nOpenAI and\n\n  its rivals"
    doc = reader._nlp(reader._prepared(Text(text)))
    assert len(list(doc.sents)) >= 3
    assert not [sent.text for sent in doc.sents if "\n" in sent.text.strip()]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Nvidia", "it", "\n", "’s", "R1", "DeepSeek-V3", "said", "the company", ".", "(", "🙂"]
        )
        | st.text(max_size=5),
        max_size=12,
    )
)
def test_spans_fit_the_body_whatever_it_is(parts: list[str]) -> None:
    body = " ".join(parts)
    (reading,) = shared_reader().read([Text(body)])
    for entity in reading.entities:
        for span in (*entity.mentions, *entity.references):
            assert 0 <= span.start < span.end <= len(body)
            assert "\n" not in body[span.start : span.end]
    mentions = sorted(s.start for e in reading.entities for s in e.mentions)
    assert len(mentions) == len(set(mentions))


def test_entities_are_gathered_by_id_in_the_order_of_the_text() -> None:
    mentions = [
        Mention(9, 12, "b", "Bee", "company", "model"),
        Mention(20, 23, "a", "Ay", "lab", "model"),
        Mention(0, 3, "a", "Ay", "lab", "model"),
    ]
    references = [Reference(30, 32, "a"), Reference(14, 16, "unnamed")]
    first, second = gather(mentions, references)
    assert (first.id, second.id) == ("a", "b")
    assert first.mentions == (Span(start=0, end=3), Span(start=20, end=23))
    assert first.references == (Span(start=30, end=32),)


def test_a_step_before_its_needs_is_refused() -> None:
    component("beatwire-late-v7", needs=("nothing-gives-this",))(lambda doc: doc)
    with pytest.raises(ValueError, match="needs nothing-gives-this"):
        check_order(["beatwire-late-v7"])
    assert versions(["ner", "beatwire-late-v7"]) == {"beatwire-late": "v7"}
