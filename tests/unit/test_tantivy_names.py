"""Names as keys: what each can be asked for by."""

from processors.records import Mood
from services.index.cells import in_cells
from services.index.tantivy_names import (
    LONGEST,
    asked_keys,
    author_keys,
    entity_keys,
    mood_keys,
    name_keys,
    parties,
)
from tests.support.articles import article, claim, entity


def test_a_name_is_asked_for_by_its_id_and_by_its_ends() -> None:
    assert name_keys("Sam H. Altman", "sam-altman") == (
        "#sam-altman",
        "altman",
        "h altman",
        "sam h altman",
    )
    assert [*name_keys(None), *name_keys("…")] == []
    assert len([*name_keys("name " * 100)]) == LONGEST


def test_a_party_is_found_by_whatever_it_may_be_called() -> None:
    known = parties(claim("funding", 1e6, subject="Deep Harbour", subject_id="deep-harbour"))
    assert known["subject"] == ["#deep-harbour", "harbour", "deep harbour"]
    assert known["speaker"] == []
    for typed in ("Deep Harbour", "harbour", "deep-harbour", "Deep-Harbour"):
        assert set(asked_keys(typed)) & set(known["subject"]), typed
    assert not set(asked_keys("deep")) & set(known["subject"])


def test_entities_have_their_types_and_none_is_there_twice() -> None:
    keys = entity_keys(article(entities=(entity("Meta"), entity("Ada Meta", "person"))))
    assert "meta" in keys
    assert "meta ¶company" in keys
    assert "meta ¶person" in keys
    assert "ada meta ¶company" not in keys
    assert len(keys) == len(set(keys))


def test_a_mood_is_found_by_its_cells_alone() -> None:
    moody = article(
        entities=(entity("Meta"),), moods=(Mood(entity="meta", polarity="positive", score=0.5),)
    )
    keys = mood_keys(moody)
    assert set(keys) == {f"{name} {cell}" for name in ("#meta", "meta") for cell in in_cells(50)}


def test_authors_are_asked_for_by_their_surnames() -> None:
    assert author_keys(article(authors=("Ada Pryce", "Bo Pryce"))) == [
        "pryce",
        "ada pryce",
        "bo pryce",
    ]
