"""Which event each new story of a batch is about, decided from what is known of others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from processors.stories.events import nearness
from processors.stories.signs import SAME_EVENT, fit

WINDOW = timedelta(days=10)
"""A story joins an event that others told within so many days of it."""
MOST_STORIES_A_KEY = 48
"""Within the window: a pair of terms that so many have is noted of no more of them."""
MOST_CANDIDATES = 64
_DAY = 86_400


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a story: its event, and the article that told of it."""

    story: str
    event: str
    published: datetime
    sign: bytes


class Placing:
    """One story after the other comes to its event, and stays there; nothing is read or written.

    Many stories share a key, and few of them can matter: these have to be known before a story is
    added (``candidates``, ``learn``).
    """

    def __init__(self, keys: Mapping[int, Iterable[tuple[str, datetime]]]) -> None:
        """``keys``: the stories that have each, and when they were published."""
        self._keys = defaultdict(
            list, {key: [story for story, _ in having] for key, having in keys.items()}
        )
        self._published = {story: at for having in keys.values() for story, at in having}
        self._placed: dict[str, Placed] = {}
        self.new: list[Placed] = []
        self.new_keys: list[tuple[int, str]] = []

    def learn(self, placed: Iterable[Placed]) -> None:
        """What is known of stories that have keys."""
        self._placed |= {each.story: each for each in placed}

    def candidates(self, keys: Iterable[int], published: datetime) -> list[str]:
        """Stories of these days that share most keys; those of stories to come may join them."""
        shared = Counter(
            story for key in keys for story in self._keys[key] if self._is_near(story, published)
        )
        return sorted(shared, key=lambda story: (-shared[story], story))[:MOST_CANDIDATES]

    def add(self, story: str, published: datetime, keys: Iterable[int], sign: bytes) -> None:
        own = sorted(set(keys))
        near = [self._placed[each] for each in self.candidates(own, published)]
        event = self._best(near, published, sign) or story
        placed = Placed(story=story, event=event, published=published, sign=sign)
        self._placed[story], self._published[story] = placed, published
        self.new.append(placed)
        for key in own:
            there = [each for each in self._keys[key] if self._is_near(each, published)]
            if len(there) < MOST_STORIES_A_KEY:
                self._keys[key].append(story)
                self.new_keys.append((key, story))

    def _is_near(self, story: str, published: datetime) -> bool:
        return abs(self._published[story] - published) <= WINDOW

    @staticmethod
    def _best(near: Iterable[Placed], published: datetime, sign: bytes) -> str:
        """The event whose members the article is nearest to, in words and days; or none."""
        events: dict[str, list[Placed]] = defaultdict(list)
        for placed in near:
            events[placed.event].append(placed)
        day = published.timestamp() / _DAY
        ranked = []
        for event, members in events.items():
            days = [each.published.timestamp() / _DAY for each in members]
            likeness = fit(sign, (each.sign for each in members))
            likeness *= nearness((day, day), (min(days), max(days)))
            if likeness >= SAME_EVENT:
                ranked.append((-likeness, event))
        return min(ranked)[1] if ranked else ""
