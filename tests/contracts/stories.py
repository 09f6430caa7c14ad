"""What every ``Store`` promises of stories and copies: see ``services.store.port``."""

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import batched

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.stories.signs import sign
from services.errors import TryLater
from services.store import Store
from services.store.joining import MOST_STORIES_A_BAND
from services.store.port import Copy, Joined, Retold, Told
from tests.support.signatures import ANY_TEXT, changed_text

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

WORKERS, SHARE, STORIES = 8, 200, 20

EXAMPLES = itertools.count()

OpenStore = Callable[[], Store]


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def copy(
    article_id: str,
    minutes: int,
    bands: Iterable[int],
    text: bytes = ANY_TEXT,
    *,
    seen: int | None = None,
) -> Copy:
    """Published so many minutes after noon; any two have the same text if not told."""
    return Copy(
        article_id=article_id,
        published=after(minutes),
        seen=after(minutes if seen is None else seen),
        bands=tuple(bands),
        signature=text,
    )


def join(store: Store, *batch: Copy) -> list[str]:
    """The stories that each of a batch tells."""
    return [joined.story for joined in store.join_stories(batch)]


def patiently(store: Store, batch: Sequence[Copy]) -> None:
    """As the runner is, when a database is held by others for ten seconds: it comes again."""
    for _ in range(5):
        with suppress(TryLater):
            store.join_stories(batch)
            return
    store.join_stories(batch)


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
        batch = [copy("a", 0, [1, 2]), copy("b", 0, [3]), copy("c", 0, [])]
        assert store.join_stories(batch) == [Joined(each, original=True) for each in "abc"]
        assert [store.copies(each) for each in "abcd"] == [["a"], ["b"], ["c"], []]
        assert store.stories("abcd") == {each: Told(each, original=True) for each in "abc"}
        assert store.join_stories([]) == []

    def test_who_shares_a_band_and_the_text_tells_the_same_story(self, store: Store) -> None:
        lowest, highest = -(2**63), 2**63 - 1
        assert join(store, copy("a", 1, [lowest, 0])) == ["a"]
        assert join(store, copy("b", 0, [highest, lowest, lowest])) == ["a"]
        assert join(store, copy("c", 2, [highest])) == ["a"]
        assert store.copies("a") == store.copies("c") == ["b", "a", "c"]

    def test_who_shares_a_band_alone_tells_another_one(self, store: Store) -> None:
        other = changed_text(ANY_TEXT, 200)
        assert join(store, copy("a", 1, [1]), copy("b", 2, [1], other)) == ["a", "b"]
        assert join(store, copy("c", 3, [1], other), copy("d", 3, [2])) == ["b", "d"]

    def test_a_batch_is_as_one_after_the_other(self, store: Store) -> None:
        batch = [copy("a", 1, [1]), copy("b", 2, [2]), copy("link", 3, [1, 2]), copy("b", 2, [2])]
        assert join(store, *batch) == ["a", "a", "a", "a"]
        assert store.copies("b") == ["a", "b", "link"]

    def test_two_stories_become_that_of_the_earliest_copy(self, store: Store) -> None:
        join(store, copy("late", 5, [1]))
        join(store, copy("later", 6, [1]))
        join(store, copy("begins", 4, [2]))
        join(store, copy("earliest", 1, [2]))
        assert join(store, copy("link", 9, [1, 2])) == ["begins"]
        story = ["earliest", "begins", "late", "later", "link"]
        assert store.copies("begins") == story
        assert store.copies("late") == story  # the former story's id leads here too
        assert join(store, copy("new", 0, [1])) == ["begins"]

    def test_stories_of_before_meet_in_one_that_is_new(self, store: Store) -> None:
        join(store, copy("old", 5, [1]))
        batch = [copy("new", 1, [2]), copy("link", 9, [1, 2])]
        assert join(store, *batch) == ["new", "new"]
        assert store.stories(["old"]) == {"old": Told("new", original=False)}
        assert join(store, copy("more", 9, [1])) == ["new"]

    def test_what_began_a_story_counts_when_it_is_part_of_another(self, store: Store) -> None:
        texts = [ANY_TEXT]
        for _ in range(3):
            texts.append(changed_text(texts[-1], 45))
        join(store, copy("0", 1, [1], texts[0]), copy("2", 2, [2], texts[2]))
        assert join(store, copy("1", 3, [1, 2], texts[1])) == ["0"]
        # That is like the text of the story that is no more, and unlike the other one's.
        assert join(store, copy("3", 4, [2], texts[3])) == ["0"]
        assert store.copies("3") == ["0", "2", "1", "3"]

    def test_a_copy_is_one_of_the_first_or_the_original_text(self, store: Store) -> None:
        """Copies of copies of copies would lead from any text to any other."""
        texts = [ANY_TEXT]
        for _ in range(4):
            texts.append(changed_text(texts[-1], 45))
        for number, text in enumerate(texts[:3]):
            join(store, copy(f"{number}", 10 - number, [1], text))
        # The original is now the last; what is like it, and no longer like the first, is a copy.
        assert store.copies("0") == ["2", "1", "0"]
        assert join(store, copy("3", 20, [1], texts[3])) == ["0"]
        assert join(store, copy("4", 20, [1], texts[4])) == ["4"]

    def test_joining_again_changes_nothing(self, store: Store) -> None:
        for _ in range(2):
            assert join(store, copy("a", 0, [1, 2])) == ["a"]
            assert join(store, copy("b", 1, [2, 3])) == ["a"]
        assert store.copies("a") == ["a", "b"]
        assert store.retold() == Retold(0)

    def test_an_article_that_is_edited_stays_in_its_story(self, store: Store) -> None:
        edited = changed_text(ANY_TEXT, 200)
        join(store, copy("a", 0, [1]), copy("b", 1, [1]), copy("c", 2, [9], edited))
        assert join(store, copy("b", 1, [9], edited, seen=5)) == ["a"]
        assert store.copies("a") == ["a", "b"]
        assert store.stories("c") == {"c": Told("c", original=True)}

    def test_an_article_that_tells_its_story_alone_may_become_a_copy(self, store: Store) -> None:
        text = changed_text(ANY_TEXT, 200)
        join(store, copy("a", 5, [1]), copy("b", 1, [2], text))
        (joined,) = store.join_stories([copy("b", 1, [1], seen=9)])
        assert joined == Joined("b", original=True, stale=("a",))
        assert store.copies("a") == ["b", "a"]

    def test_an_older_text_that_comes_late_is_left_aside(self, store: Store) -> None:
        join(store, copy("a", 5, [1]), copy("b", 6, [1], seen=9))
        assert store.join_stories([copy("b", 1, [1], seen=8)]) == [Joined("a", original=False)]
        assert store.copies("a") == ["a", "b"]

    def test_a_new_time_of_publication_counts(self, store: Store) -> None:
        join(store, copy("a", 1, [1]), copy("b", 2, [1]), copy("c", 2, [1]))
        assert store.stories(["a"])["a"].original
        (joined,) = store.join_stories([copy("a", 3, [1])])
        assert joined == Joined("a", original=False, stale=("b",))
        assert store.copies("a") == ["b", "c", "a"]
        assert [store.stories([each])[each].original for each in "abc"] == [False, True, False]

    def test_a_common_phrase_is_no_sign_of_a_story(self, store: Store) -> None:
        texts = [changed_text(ANY_TEXT, 200, salt) for salt in range(MOST_STORIES_A_BAND + 2)]
        stories = [copy(f"{n:02}", n, [1, 1000 + n], text) for n, text in enumerate(texts)]
        assert len(set(join(store, *stories[:9]) + join(store, *stories[9:]))) == len(texts)
        last = len(texts) - 1
        assert join(store, copy("x", 99, [1], texts[last])) == ["x"]
        assert join(store, copy("y", 99, [1, 1000 + last], texts[last])) == [f"{last:02}"]

    # What an index has to be told

    def test_the_former_first_is_stale_when_an_earlier_copy_arrives(self, store: Store) -> None:
        store.join_stories([copy("b", 5, [1])])
        assert store.join_stories([copy("c", 6, [1])]) == [Joined("b", original=False)]
        assert store.join_stories([copy("a", 1, [1])]) == [Joined("b", True, ("b",))]
        assert store.stories("abc") == {
            "a": Told("b", original=True),
            "b": Told("b", original=False),
            "c": Told("b", original=False),
        }

    def test_of_copies_published_at_once_the_first_by_id_is_the_original(
        self, store: Store
    ) -> None:
        store.join_stories([copy("b", 0, [1])])
        assert store.join_stories([copy("a", 0, [1])]) == [Joined("b", True, ("b",))]
        assert store.join_stories([copy("c", 0, [1])])[0].original is False

    def test_all_of_a_story_are_stale_when_it_is_no_more(self, store: Store) -> None:
        join(store, copy("a", 1, [1]), copy("b", 2, [2]), copy("c", 3, [2]), copy("d", 4, [3]))
        assert store.join_stories([copy("link", 9, [1, 2])]) == [Joined("a", False, ("b", "c"))]

    def test_those_of_the_batch_itself_are_not_stale(self, store: Store) -> None:
        batch = [copy("b", 2, [1]), copy("a", 1, [1])]
        assert store.join_stories(batch) == [Joined("b", False), Joined("b", True)]

    def test_what_is_stale_is_told_again_until_it_is_noted(self, store: Store) -> None:
        join(store, copy("b", 2, [1]), copy("z", 0, [9]))
        for _ in range(2):
            assert store.join_stories([copy("a", 1, [1])])[0].stale == ("b",)
        assert store.join_stories([copy("c", 9, [1])])[0].stale == ("b",)
        store.note_told({"b": Told("b", original=True)})  # that is not what it tells now
        assert store.join_stories([copy("a", 1, [1])])[0].stale == ("b",)
        store.note_told({"b": Told("b", original=False), "z": Told("z", original=True)})
        assert store.join_stories([copy("a", 1, [1])])[0].stale == ()
        store.note_told({})

    def test_what_was_retold_since_a_turn(self, store: Store) -> None:
        join(store, copy("b", 2, [1]), copy("d", 4, [2]))
        assert store.retold() == Retold(0)
        join(store, copy("a", 1, [1]))
        assert store.retold() == Retold(1, ("b",))
        store.note_told(store.stories("b"))
        join(store, copy("link", 9, [1, 2]))
        assert store.retold() == Retold(2, ("b", "d"))
        assert store.retold(1) == Retold(2, ("d",))
        assert store.retold(2) == Retold(2)

    # However they come

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
        half = len(bands_of) // 2
        batch = [copy(article, 0, bands) for article, bands in bands_of.items()]
        store.join_stories(batch[:half])
        for one in batch[half:]:
            store.join_stories([one])
        for members in linked(bands_of):
            assert all(store.copies(article) == sorted(members) for article in members)

    def test_copies_joined_at_once(self, open_store: OpenStore) -> None:

        def work(number: int) -> None:
            with open_store() as store:
                for each in range(20):
                    order = random.Random(number * 20 + each)
                    bands = order.sample(range(16), 16)
                    store.join_stories([copy(f"{number * 20 + each:03}", 0, bands)])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        with open_store() as store:
            assert store.copies("000") == [f"{number:03}" for number in range(80)]

    @pytest.mark.slow
    def test_many_at_once_tell_each_story_once(self, open_store: OpenStore) -> None:
        """Copies of each story form a chain of bands, in the worst order: ever new links meet."""
        chance = random.Random(7)
        articles: dict[str, Copy] = {}
        of_story = defaultdict(list)
        for number in range(WORKERS * SHARE):
            story, place = number % STORIES, number // STORIES
            band = story * 1_000_000 + place
            common = story * 1_000_000 - 1 - place // 4  # four copies share this one
            name = f"{story:02}-{chance.randrange(10**9):09}"
            articles[name] = copy(name, chance.randrange(500), [band, band + 1, common])
            of_story[story].append(name)
        order = list(articles)
        chance.shuffle(order)

        def work(number: int) -> None:
            with open_store() as store:
                for names in batched(order[number::WORKERS], 3):
                    batch = [articles[name] for name in names]
                    patiently(store, batch)
                    if chance.random() < 0.05:
                        patiently(store, batch)

        with open_store():
            pass  # with its tables made, it is opened without a wait for those who write
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(work, range(WORKERS)))
        with open_store() as store:
            for names in of_story.values():
                told = sorted(names, key=lambda name: (articles[name].published, name))
                assert store.copies(names[0]) == told
                of_it = store.stories(names)
                assert [name for name in told if of_it[name].original] == told[:1]
                assert len({each.story for each in of_it.values()}) == 1


def about(
    article_id: str, day: float, *words: str, bands: Iterable[int] = (), text: bytes = ANY_TEXT
) -> Copy:
    """An article about these names, so many days after noon."""
    own = sign("", " ".join(word.title() for word in words))
    told = copy(article_id, round(day * 24 * 60), bands, text)
    return msgspec.structs.replace(told, keys=own.keys, sign=own.terms)


FIRE = ("oakmere", "turin", "crane", "batteries", "brigade", "flames")
TRIAL = ("quaystone", "oslo", "pell", "abiola", "lenders", "prison")


def events(store: Store, *batch: Copy) -> list[str]:
    return [joined.event for joined in store.join_stories(batch)]


class EventsContract:
    """What every store promises of the events that stories are about."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store()

    def test_stories_of_one_event_find_each_other_in_a_batch_and_later(self, store: Store) -> None:
        batch = [about("a", 0, *FIRE), about("b", 1, *FIRE[1:]), about("c", 1, *TRIAL)]
        assert events(store, *batch) == ["a", "a", "c"]
        assert events(store, about("d", 2, *FIRE[:5])) == ["a"]
        assert {each: told.event for each, told in store.stories("abcd").items()} == {
            "a": "a", "b": "a", "c": "c", "d": "a",
        }  # fmt: skip
        assert [store.copies(each) for each in "ab"] == [["a"], ["b"]]

    def test_a_story_is_placed_once_whatever_comes_again(self, store: Store) -> None:
        events(store, about("a", 0, *FIRE), about("b", 0, *TRIAL))
        for _ in range(3):
            assert events(store, about("a", 0, *FIRE), about("b", 0, *TRIAL)) == ["a", "b"]
        assert events(store, about("b", 5, *FIRE)) == ["b"]

    def test_copies_have_the_event_of_their_story(self, store: Store) -> None:
        events(store, about("a", 0, *FIRE, bands=[1]))
        assert events(store, about("b", 1, *TRIAL, bands=[1])) == ["a"]
        assert store.stories("b") == {"b": Told("a", original=False, event="a")}

    def test_a_story_that_becomes_part_of_another_has_its_event(self, store: Store) -> None:
        text = changed_text(ANY_TEXT, 200)
        events(store, about("a", 0, *FIRE, bands=[1]), about("b", 1, *TRIAL, bands=[2], text=text))
        moved = msgspec.structs.replace(about("b", 1, *TRIAL, bands=[1]), seen=after(9 * 24 * 60))
        (joined,) = store.join_stories([moved])
        assert (joined.story, joined.event) == ("a", "a")
        assert events(store, about("c", 2, *TRIAL)) == ["a"]

    def test_the_same_kind_of_event_weeks_later_is_another(self, store: Store) -> None:
        assert events(store, about("a", 0, *FIRE), about("b", 60, *FIRE)) == ["a", "b"]
        assert events(store, about("c", -60, *FIRE)) == ["c"]

    def test_what_says_nothing_is_placed_alone_or_not_at_all(self, store: Store) -> None:
        assert events(store, about("a", 0), about("b", 0), copy("c", 0, [])) == ["a", "b", ""]
        assert events(store, about("c", 0, *FIRE)) == ["c"]

    def test_many_at_once_are_placed_as_one_after_the_other(self, open_store: OpenStore) -> None:
        def work(number: int) -> None:
            with open_store() as store:
                for each in range(10):
                    names = FIRE if each % 2 else TRIAL
                    store.join_stories([about(f"{number}-{each}", number / 4, *names)])

        with open_store():
            pass
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        ids = [f"{number}-{each}" for number in range(4) for each in range(10)]
        with open_store() as store:
            found = store.stories(ids)
        fires = {found[each].event for each in ids if int(each[-1]) % 2}
        trials = {found[each].event for each in ids if not int(each[-1]) % 2}
        assert len(fires) == len(trials) == 1
        assert fires != trials
