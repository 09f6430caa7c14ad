"""Events of a batch: names decide, time parts, copies count once, and any batch is put in order."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.stories.coverage import Placed, Report, coverage
from processors.stories.events import AT_ONCE, FADES, nearness
from processors.stories.profiles import NAME, profile, rarity
from processors.stories.vectors import Vector, neighbours, vectors
from services.demo.stories import load_stories
from tests.support.variants import syndicated
from tests.unit.test_near_copies import FOLDED

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

FIRE = (
    "A fire broke out at the Oakmere plant in Turin on Monday. Two workers were hurt, said the "
    "chief of the fire brigade, Ida Crane. Oakmere makes batteries for cars in Turin.",
    "Battery maker Oakmere has stopped its line in Turin after flames damaged a hall. Ida Crane of "
    "the brigade said that nobody was in danger any more. Two of the staff are in hospital.",
    "Flames at Oakmere: what is known. The hall in Turin where batteries are put together burnt "
    "for three hours, and brigade chief Ida Crane spoke of two people who were hurt.",
)
OTHER_FIRE = (
    "A fire broke out at the Veloria plant in Osaka on Friday. Three workers were hurt, said the "
    "chief of the fire brigade, Kofi Mensah. Veloria makes batteries for phones in Osaka.",
    "Battery maker Veloria has stopped its line in Osaka after flames damaged a hall. Kofi Mensah "
    "of the brigade said that nobody was in danger any more. Three of the staff are in hospital.",
)
TRIAL = (
    "Judge Lena Abiola sent the founder of Quaystone to prison for two years. The court in Oslo "
    "found that Hugo Pell had lied to those who lent him money.",
    "Hugo Pell, who founded Quaystone, goes to prison. He misled lenders, the Oslo court of Lena "
    "Abiola ruled, and has to stay for two years.",
)


def stories(*texts: str) -> list[int]:
    return [each.story for each in coverage([Report(text) for text in texts])]


def test_reports_of_one_event_are_one_story_in_their_own_words() -> None:
    assert stories(*FIRE, *TRIAL) == [0, 0, 0, 3, 3]


def test_the_same_kind_of_event_elsewhere_is_another_story() -> None:
    assert stories(*FIRE, *OTHER_FIRE) == [0, 0, 0, 3, 3]


def test_the_order_does_not_matter_here() -> None:
    texts = [*FIRE, *OTHER_FIRE, *TRIAL]
    kinds = "fffoott"
    for seed in range(5):
        order = list(range(len(texts)))
        random.Random(seed).shuffle(order)
        found = stories(*(texts[at] for at in order))
        named: dict[int, set[str]] = {}
        for at, story in zip(order, found, strict=True):
            named.setdefault(story, set()).add(kinds[at])
        assert sorted(map(sorted, named.values())) == [["f"], ["o"], ["t"]]


def test_copies_lie_within_one_story_and_count_once() -> None:
    dice = random.Random(3)
    whole = " ".join(FIRE[:2])
    texts = [whole, FIRE[2], *(syndicated(whole, dice) for _ in range(20)), *TRIAL]
    found = coverage([Report(text) for text in texts])
    assert found[:22] == [Placed(0, 0), Placed(1, 0), *[Placed(0, 0)] * 20]
    assert [each.story for each in found[22:]] == [22, 22]


def test_what_comes_months_later_is_another_event() -> None:
    def told(days: float) -> list[int]:
        at = [NOON, NOON, NOON + timedelta(days=days)]
        reports = [Report(text, published=when) for text, when in zip(FIRE, at, strict=True)]
        return [each.story for each in coverage(reports)]

    assert told(1) == [0, 0, 0]
    assert told(120) == [0, 0, 2]


def test_a_title_counts() -> None:
    untitled = [Report("The hall burnt for hours."), Report("Nobody knows yet what happened.")]
    titled = [Report(it.text, "Fire at Oakmere in Turin: Ida Crane") for it in untitled]
    assert [it.story for it in coverage(untitled)] == [0, 1]
    assert [it.story for it in coverage(titled)] == [0, 0]


def test_days_between_two_spans() -> None:
    assert nearness(None, (0, 1)) == nearness((0, 5), (3, 4)) == nearness((0, 1), (1.5, 2)) == 1
    assert nearness((0, 0), (AT_ONCE + FADES, 90)) == pytest.approx(0.5)
    assert nearness((90, 95), (0, 1)) < 0.001


def test_names_weigh_more_than_words_and_the_rare_more_than_the_common() -> None:
    found = profile("", "Oakmere bought batteries. The batteries of Oakmere burnt.")
    assert found["oakmer"] == pytest.approx(NAME * found["batteri"])
    assert "the" not in found
    assert rarity("oakmer") > rarity("polic") > rarity("year") > 0
    assert rarity("oakmer", 30, 100) < rarity("oakmer", 1, 100)


def test_neighbours_are_those_of_the_highest_cosine() -> None:
    dice = random.Random(4)
    batch = vectors(
        {f"t{dice.randrange(60)}": 1 + dice.random() for _ in range(12)} for _ in range(80)
    )
    for at, near in enumerate(neighbours(batch, 5, 0.01)):
        cosines = sorted((batch[at].dot(it) for it in batch if it is not batch[at]), reverse=True)
        assert [found for _, found in near] == pytest.approx(cosines[:5], abs=1e-5)


def test_a_vector_without_terms_is_near_nothing() -> None:
    empty, full = vectors([{}, {"a": 1.0}])
    assert isinstance(empty, Vector)
    assert empty.dot(full) == full.dot(empty) == 0
    assert list(neighbours([empty, full], 3, 0.01)) == [[], []]
    assert list(neighbours([], 3, 0.01)) == []


def test_a_thousand_reports_with_the_same_terms_do_not_take_long() -> None:
    dice = random.Random(8)
    words = " ".join(TRIAL).split()
    began = process_time()
    coverage([Report(" ".join(dice.sample(words, 40))) for _ in range(1000)])
    assert process_time() - began < 20


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(
            Report,
            st.sampled_from([*FIRE, *TRIAL, "", "?"]) | st.text(max_size=80),
            st.text(max_size=20),
            st.none() | st.datetimes(timezones=st.just(UTC)),
        ),
        max_size=8,
    )
)
def test_any_batch_is_put_in_order(reports: list[Report]) -> None:
    done: list[int] = []
    found = coverage(reports, done.append)
    assert len(found) == len(reports)
    for at, each in enumerate(found):
        assert found[each.group] == each
        assert found[each.story].story == each.story <= each.group <= at
    assert sum(done) == 4 * len(reports)


def test_the_newsroom_s_stories_are_events_of_their_own_once_they_have_days() -> None:
    """A beat of few firms: they report, raise and release all the time. Only copies belong."""
    told = [it for it in load_stories() if it.front.ending == "stored"]
    found = coverage(
        [Report("\n\n".join(it.paragraphs), it.front.title, it.front.published) for it in told]
    )
    events = defaultdict(set)
    for story, place in zip(told, found, strict=True):
        events[place.story].add(story.ref)
    assert {frozenset(refs) for refs in events.values() if len(refs) > 1} == set(
        map(frozenset, FOLDED)
    )
