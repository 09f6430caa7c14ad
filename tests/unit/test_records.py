"""Records survive the topic, and every version that was ever published can still be read.

``tests/golden/records`` holds one record a schema version with every field of that version set.
A fixture is never edited: a change that it does not survive takes a new tag and a new file.
"""

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.records import (
    AnyRecord,
    Article,
    Claim,
    DeadLetter,
    Entity,
    FeedHints,
    Mood,
    Page,
    Record,
    Span,
    decode,
    encode,
)

FIXTURES = Path(__file__).parent.parent / "golden" / "records"
SCHEMAS: dict[str, type[Record]] = {
    kind.__struct_config__.tag: kind for kind in get_args(AnyRecord)
}


def fixture_of(schema: str) -> Path:
    return FIXTURES / f"{schema.replace('/', '-')}.json"


def test_every_schema_has_a_fixture_and_every_fixture_a_schema() -> None:
    assert {fixture_of(schema) for schema in SCHEMAS} == {*FIXTURES.glob("*.json")}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_published_record_is_read_and_written_without_loss(schema: str) -> None:
    data = fixture_of(schema).read_bytes()
    record = decode(data)
    assert type(record) is SCHEMAS[schema]
    assert decode(encode(record)) == record
    assert json.loads(encode(record)) == json.loads(data)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_fixture_sets_every_field_of_the_first_version(schema: str) -> None:
    given_fields = {*json.loads(fixture_of(schema).read_bytes())} - {"schema"}
    needed = {
        field.encode_name for field in msgspec.structs.fields(SCHEMAS[schema]) if field.required
    }
    assert needed <= given_fields
    assert given_fields <= {*SCHEMAS[schema].__struct_fields__}


def test_the_page_means_what_it_says() -> None:
    page = decode(fixture_of("page/1").read_bytes())
    assert isinstance(page, Page)
    assert b"Caf\xe9" in page.body
    assert page.fetched_at == datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert page.hints
    assert page.hints.authors == ("A. Writer",)


def test_the_article_means_what_it_says() -> None:
    article = decode(fixture_of("article/1").read_bytes())
    assert isinstance(article, Article)
    assert article.published
    assert article.published.utcoffset() == timedelta(hours=2)
    [claim], [entity], [mood] = article.claims, article.entities, article.moods
    assert article.body[claim.start : claim.end] == claim.evidence == "about $5.6 million"
    assert [article.body[each.start : each.end] for each in entity.mentions] == ["Northwind"]
    assert [article.body[each.start : each.end] for each in entity.references] == ["The lab"]
    assert [article.body[each.start : each.end] for each in mood.evidence] == [
        "The lab said it was pleased."
    ]


def test_the_dead_letter_means_what_it_says() -> None:
    letter = decode(fixture_of("dead-letter/1").read_bytes())
    assert isinstance(letter, DeadLetter)
    assert (letter.topic, letter.partition, letter.offset) == ("pages", 3, 41)
    assert letter.data == b"\xff\x00 not a page"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_only_the_needed_fields_are_needed(schema: str) -> None:
    """A record from before a field was added lacks that field, and is read all the same."""
    whole = json.loads(fixture_of(schema).read_bytes())
    needed = {
        field.encode_name for field in msgspec.structs.fields(SCHEMAS[schema]) if field.required
    }
    least = {name: value for name, value in whole.items() if name in needed | {"schema"}}
    assert decode(json.dumps(least).encode())
    for name in needed:
        without = {other: value for other, value in least.items() if other != name}
        with pytest.raises(ValueError, match=f"`{name}`"):
            decode(json.dumps(without).encode())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_field_of_a_later_release_is_passed_over(schema: str) -> None:
    whole = json.loads(fixture_of(schema).read_bytes())
    later = json.dumps(whole | {"added_next_year": [1, {"a": None}]}).encode()
    assert decode(later) == decode(fixture_of(schema).read_bytes())


ARTICLE: dict[str, Any] = json.loads((FIXTURES / "article-1.json").read_bytes())
MOOD: dict[str, Any] = ARTICLE["moods"][0]


def article_with(score: str) -> bytes:
    """An article whose only mood has a score as it stands in JSON, right or wrong."""
    data = ARTICLE | {"moods": [MOOD | {"score": "SCORE"}]}
    return json.dumps(data).replace('"SCORE"', score).encode()


@pytest.mark.parametrize("score", ["-1", "1", "-1.0", "0", "-0.0", "0.999999", "1e-320"])
def test_a_score_from_minus_one_to_one_is_read(score: str) -> None:
    record = decode(article_with(score))
    assert isinstance(record, Article)
    assert record.moods[0].score == float(score)


@pytest.mark.parametrize(
    "score",
    ["-1.0000001", "-2", "1.5", "-1e308", "1e999", "-1e999", "NaN", "Infinity", "-Infinity", "null",
     '"0.5"', '"NaN"', "true", "[]"],
)  # fmt: skip
def test_any_other_score_is_a_value_error(score: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(article_with(score))


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf, -1.01])
def test_a_wrong_score_of_our_own_comes_through_no_topic(score: float) -> None:
    article = decode(json.dumps(ARTICLE).encode())
    assert isinstance(article, Article)
    mood = msgspec.structs.replace(article.moods[0], score=score)
    with pytest.raises(ValueError, match=r"score"):
        decode(encode(msgspec.structs.replace(article, moods=(mood,))))


PAGE: dict[str, Any] = json.loads((FIXTURES / "page-1.json").read_bytes())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'"page/1"',
        b"[" * 100_000,
        b'{"x":' * 100_000,
        b'{"schema": "page/1", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        json.dumps(PAGE | {"schema": "page/2"}).encode(),
        json.dumps(PAGE | {"schema": None}).encode(),
        json.dumps({name: value for name, value in PAGE.items() if name != "schema"}).encode(),
        json.dumps(PAGE | {"status": "200"}).encode(),
        json.dumps(PAGE | {"body": "not base 64!"}).encode(),
        json.dumps(PAGE | {"fetched_at": "yesterday"}).encode(),
        json.dumps(PAGE)[:-1].encode(),
    ],
)
def test_what_is_no_record_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(data)


@given(st.binary() | st.text().map(str.encode))
def test_decoding_raises_nothing_else(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(data)


texts = st.text(max_size=20)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
moments = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the zone is drawn below
    timezones=st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: timezone(timedelta(minutes=minutes))
    ),
)
spans = st.tuples(st.integers(0, 99), st.integers(0, 99)).map(
    lambda ends: Span(start=min(ends), end=max(ends))
)
span_lists = st.lists(spans, max_size=3).map(tuple)
pages = st.builds(
    Page,
    fetched_at=moments,
    headers=st.dictionaries(texts, texts, max_size=3),
    hints=st.none() | st.builds(FeedHints, authors=st.lists(texts, max_size=2).map(tuple)),
)
articles = st.builds(
    Article,
    fetched_at=moments,
    published=st.none() | moments,
    entities=st.lists(st.builds(Entity, mentions=span_lists), max_size=2).map(tuple),
    claims=st.lists(
        st.builds(Claim, amount_low=numbers, usd_high=numbers, sentence=spans), max_size=2
    ).map(tuple),
    moods=st.lists(st.builds(Mood, score=st.floats(-1, 1), evidence=span_lists), max_size=2).map(
        tuple
    ),
)


@given(pages | articles | st.builds(DeadLetter, failed_at=moments))
def test_a_record_comes_back_as_it_was(record: AnyRecord) -> None:
    assert decode(encode(record)) == record


def test_a_record_cannot_be_changed() -> None:
    record = decode(fixture_of("page/1").read_bytes())
    with pytest.raises(AttributeError, match="immutable"):
        setattr(record, "id", "another")  # noqa: B010 - a plain assignment fails the type check
