"""Events: each story is placed once, in the transaction that began it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import batched

from sqlalchemy import Connection, select, update

from services.store.placing import WINDOW, Placed, Placing
from services.store.port import Copy
from services.store.rows import upsert
from services.store.tables import event_keys, story_events

_PART = 4 * 1024
_ROW = [story_events.c[name] for name in Placed.__struct_fields__]


def place(connection: Connection, batch: Sequence[Copy], stories: Mapping[str, str]) -> None:
    """Give those stories of a batch an event that have none. ``stories``: by article id."""
    first: dict[str, Copy] = {}
    for copy in batch:
        if copy.sign:
            first.setdefault(stories[copy.article_id], copy)
    known = _known(connection, list(first))
    new = {story: copy for story, copy in first.items() if story not in known}
    if not new:
        return
    placing = Placing(_near(connection, list(new.values())))
    wanted = (placing.candidates(set(copy.keys), copy.published) for copy in new.values())
    placing.learn(_placed(connection, set().union(*wanted)))
    for story, copy in new.items():
        placing.add(story, copy.published, copy.keys, copy.sign)
    upsert(connection, story_events, [_row(each) for each in placing.new])
    upsert(connection, event_keys, [{"key": key, "story": own} for key, own in placing.new_keys])


def follow(connection: Connection, moved: Mapping[str, str]) -> None:
    """Stories that became part of others are about the event of those."""
    events = {each.story: each.event for each in _placed(connection, set(moved.values()))}
    for story, to in moved.items():
        if to in events:
            theirs = story_events.c.story == story
            connection.execute(update(story_events).where(theirs).values(event=events[to]))


def _known(connection: Connection, stories: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in batched(stories, _PART):
        asked = select(story_events.c.story).where(story_events.c.story.in_(part))
        found.update(connection.execute(asked).scalars())
    return found


def _near(connection: Connection, batch: Sequence[Copy]) -> dict[int, list[tuple[str, datetime]]]:
    """The stories of these days that share keys with a batch, by key, and their times."""
    first = min(copy.published for copy in batch) - WINDOW
    last = max(copy.published for copy in batch) + WINDOW
    found = defaultdict(list)
    for part in batched(sorted({key for copy in batch for key in copy.keys}), _PART):
        asked = (
            select(event_keys.c.key, event_keys.c.story, story_events.c.published)
            .join(story_events, story_events.c.story == event_keys.c.story)
            .where(event_keys.c.key.in_(part), story_events.c.published.between(first, last))
            .order_by(event_keys.c.key, event_keys.c.story)
        )
        for key, story, published in connection.execute(asked):
            found[key].append((story, published))
    return found


def _placed(connection: Connection, stories: set[str]) -> list[Placed]:
    found = []
    for part in batched(sorted(stories), _PART):
        asked = select(*_ROW).where(story_events.c.story.in_(part))
        found += [Placed(**row._mapping) for row in connection.execute(asked)]
    return found


def _row(placed: Placed) -> dict[str, object]:
    return {name: getattr(placed, name) for name in Placed.__struct_fields__}
