"""Signs of articles and their places in events, one article after the other."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.stories.signs import PAIRED, SAME_EVENT, TERMS, VERSION, fit, sign
from services.store.placing import MOST_STORIES_A_KEY, WINDOW, Placed, Placing
from tests.unit.test_events_of_batch import FIRE, OTHER_FIRE, TRIAL

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def placed(*texts: str, days: float = 0.0) -> list[str]:
    placing = Placing({})
    for at, text in enumerate(texts):
        found = sign("", text)
        placing.add(f"{at}", NOON + timedelta(days=days * at), found.keys, found.terms)
    return [each.event for each in placing.new]


def test_an_article_comes_to_the_event_that_it_fits() -> None:
    assert placed(*FIRE, *OTHER_FIRE, *TRIAL) == ["0", "0", "0", "3", "3", "5", "5"]


def test_long_after_it_is_another_event() -> None:
    assert placed(*FIRE, days=3) == ["0", "0", "0"]
    assert placed(*FIRE, days=WINDOW.days + 1) == ["0", "1", "2"]


def test_the_nearest_of_several_events_counts() -> None:
    signs = [sign("", text) for text in (FIRE[0], TRIAL[0], FIRE[1])]
    known = [
        Placed(story=f"{at}", event=f"e{at}", published=NOON, sign=each.terms)
        for at, each in enumerate(signs[:2])
    ]
    placing = Placing({key: [("0", NOON), ("1", NOON)] for key in signs[2].keys})
    assert placing.candidates(signs[2].keys, NOON) == ["0", "1"]
    placing.learn(known)
    placing.add("2", NOON, signs[2].keys, signs[2].terms)
    assert [each.event for each in placing.new] == ["e0"]


def test_a_pair_that_very_many_have_is_noted_of_no_more() -> None:
    found = sign("", FIRE[0])
    placing = Placing({})
    for at in range(MOST_STORIES_A_KEY + 5):
        placing.add(f"{at}", NOON, found.keys, found.terms)
    assert {each.event for each in placing.new} == {"0"}
    assert len(placing.new_keys) == MOST_STORIES_A_KEY * len(found.keys)


def test_a_sign_is_the_same_on_every_machine() -> None:
    """Another rule needs another VERSION."""
    found = sign("Fire at Oakmere", FIRE[0])
    assert VERSION == 1
    assert len(found.keys) == PAIRED * (PAIRED - 1) // 2
    assert len(found.terms) <= 1 + 8 * TERMS
    assert found.keys[0] == -8805305099671595155
    assert found.terms[:9].hex() == "01ec70c5053f1ad0cd"


def test_the_fit_is_a_cosine() -> None:
    one, other = (sign("", text).terms for text in FIRE[:2])
    assert fit(one, [one]) == pytest.approx(1, abs=1e-5)
    assert fit(one, [other]) == pytest.approx(fit(other, [one]), abs=1e-5)
    assert fit(one, [one, other]) > SAME_EVENT > fit(one, [sign("", TRIAL[0]).terms])
    assert fit(one, []) == fit(one, [b""]) == fit(b"", [one]) == fit(b"\x02abc", [one]) == 0


@given(st.text(), st.text())
def test_any_text_has_a_sign(title: str, text: str) -> None:
    found = sign(title, text)
    assert found == sign(title, text)
    assert found.terms
    assert all(-(2**63) <= key < 2**63 for key in found.keys)


def test_a_dateline_makes_no_event() -> None:
    line = "SAN FRANCISCO, Sep {} (Meridian Wire) - "
    texts = (FIRE[0], "Quillon AI raised $13 billion in a round that Iconiq led, its largest yet.")
    plain = [sign("", text).terms for text in texts]
    dated = [sign("", line.format(day) + text).terms for day, text in enumerate(texts, 2)]
    assert dated == plain
    assert fit(dated[0], [dated[1]]) < SAME_EVENT
