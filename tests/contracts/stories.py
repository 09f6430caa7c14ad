"""What every ``Store`` promises of stories and copies: see ``services.store.port``."""

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

WORKERS, SHARE, STORIES = 8, 200, 20

EXAMPLES = itertools.count()

OpenStore = Callable[[], Store]


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def linked(bands_of: Mapping[str, Iterable[int]]) -> list[set[str]]:
    """Which articles tell one story, found in the plainest way."""
    stories: list[tuple[set[str], set[int]]] = []
    for article, bands in bands_of.items():
        members, shared = {article}, set(bands)
        for story in [each for each in stories if each[1] & shared]:
            stories.remove(story)
            members |= story[0]
            shared |= story[1]
        stories.append((members, shared))
    return [members for members, _ in stories]


class StoriesContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store()

    def test_an_article_like_no_other_begins_a_story(self, store: Store) -> None:
        assert store.join_story("a", NOON, [1, 2]) == "a"
        assert store.join_story("b", NOON, [3]) == "b"
        assert store.join_story("c", NOON, []) == "c"
        assert [store.copies(each) for each in "abcd"] == [["a"], ["b"], ["c"], []]

    def test_who_shares_a_band_tells_the_same_story(self, store: Store) -> None:
        lowest, highest = -(2**63), 2**63 - 1
        assert store.join_story("a", after(1), [lowest, 0]) == "a"
        assert store.join_story("b", after(0), [highest, lowest, lowest]) == "a"
        assert store.join_story("c", after(2), [highest]) == "a"
        assert store.copies("a") == store.copies("c") == ["b", "a", "c"]

    def test_two_stories_become_that_of_the_earliest_copy(self, store: Store) -> None:
        store.join_story("late", after(5), [1])
        store.join_story("later", after(6), [1])
        store.join_story("begins", after(4), [2])
        store.join_story("earliest", after(1), [2])
        assert store.join_story("link", after(9), [1, 2]) == "begins"
        story = ["earliest", "begins", "late", "later", "link"]
        assert store.copies("begins") == story
        assert store.copies("late") == story  # the former story's id leads here too
        assert store.join_story("new", after(0), [1]) == "begins"

    def test_joining_again_changes_nothing(self, store: Store) -> None:
        for _ in range(2):
            assert store.join_story("a", NOON, [1, 2]) == "a"
            assert store.join_story("b", after(1), [2, 3]) == "a"
        assert store.copies("a") == ["a", "b"]

    def test_an_article_leaves_its_old_bands_and_stays_in_its_story(self, store: Store) -> None:
        store.join_story("a", NOON, [1])
        store.join_story("b", after(1), [1, 2])
        assert store.join_story("b", after(1), [3]) == "a"
        assert store.join_story("c", after(2), [2]) == "c"
        assert store.join_story("d", after(3), [3]) == "a"
        assert store.copies("a") == ["a", "b", "d"]

    def test_a_new_time_of_publication_counts(self, store: Store) -> None:
        store.join_story("a", after(1), [1])
        store.join_story("b", after(2), [1])
        store.join_story("a", after(3), [1])
        assert store.copies("a") == ["b", "a"]

    @settings(
        max_examples=25,
        deadline=None,
        # One store serves all examples, each with articles and bands of its own.
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(each=st.lists(st.sets(st.integers(0, 12), max_size=3), max_size=12))
    def test_stories_are_all_that_is_linked(self, store: Store, each: list[set[int]]) -> None:
        base = next(EXAMPLES) * 16 - 2**63
        bands_of = {f"{base}/{n}": [base + band for band in bands] for n, bands in enumerate(each)}
        for article, bands in bands_of.items():
            store.join_story(article, NOON, bands)
        for members in linked(bands_of):
            assert all(store.copies(article) == sorted(members) for article in members)

    def test_copies_joined_at_once_with_bands_in_any_order(self, open_store: OpenStore) -> None:
        """Bands that are locked in different orders would end in a deadlock."""

        def work(number: int) -> None:
            with open_store() as store:
                for each in range(20):
                    order = random.Random(number * 20 + each)
                    bands = order.sample(range(16), 16)
                    store.join_story(f"{number * 20 + each:03}", NOON, bands)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        with open_store() as store:
            assert store.copies("000") == [f"{number:03}" for number in range(80)]

    @pytest.mark.slow
    def test_many_at_once_tell_each_story_once(self, open_store: OpenStore) -> None:
        """Copies of each story form a chain of bands, in the worst order: ever new links meet."""
        chance = random.Random(7)
        articles: dict[str, tuple[datetime, list[int]]] = {}
        of_story = defaultdict(list)
        for number in range(WORKERS * SHARE):
            story, place = number % STORIES, number // STORIES
            band = story * 1_000_000 + place
            common = story * 1_000_000 - 1 - place // 4  # four copies share this one
            name = f"{story:02}-{chance.randrange(10**9):09}"
            articles[name] = after(chance.randrange(500)), [band, band + 1, common]
            of_story[story].append(name)
        order = list(articles)
        chance.shuffle(order)

        def work(number: int) -> None:
            with open_store() as store:
                for name in order[number::WORKERS]:
                    published, bands = articles[name]
                    store.join_story(name, published, bands)
                    if chance.random() < 0.05:
                        store.join_story(name, published, bands)

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(work, range(WORKERS)))
        with open_store() as store:
            for names in of_story.values():
                told = sorted(names, key=lambda name: (articles[name][0], name))
                assert store.copies(names[0]) == told
