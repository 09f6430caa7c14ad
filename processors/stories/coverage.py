"""A batch of articles put in order: which are copies of one text, which tell of one event."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from processors.stories.copying import copies
from processors.stories.events import Item, events
from processors.stories.profiles import profile

_DAY = 86_400
TICKS = 4
"""Steps of an article, for who shows progress."""


class Report(msgspec.Struct, frozen=True):
    text: str
    title: str = ""
    published: datetime | None = None


class Placed(msgspec.Struct, frozen=True):
    """The places, in the batch, of the first article of the same group and of the same event."""

    group: int
    story: int


def coverage(
    reports: Sequence[Report], tick: Callable[[int], None] = lambda _: None
) -> list[Placed]:
    """The group and the event of each; a group lies within one event. ``tick`` gets steps done."""
    groups = copies([it.text for it in reports], [it.title for it in reports], lambda: tick(1))
    members: dict[int, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        members[group].append(at)
    items = []
    for own in members.values():
        items.append(_item([reports[at] for at in own]))
        tick(len(own))
    # What is told once and copied a hundred times counts once.
    told = list(members)
    found = events(items, lambda: tick(1))
    tick(2 * (len(reports) - len(items)))
    event_of = {group: told[first] for group, first in zip(told, found, strict=True)}
    return [Placed(group, event_of[group]) for group in groups]


def _item(group: Sequence[Report]) -> Item:
    """A group by its fullest text."""
    whole = max(group, key=lambda it: len(it.text))
    days = [it.published.timestamp() / _DAY for it in group if it.published]
    return Item(profile(whole.title, whole.text), (min(days), max(days)) if days else None)
