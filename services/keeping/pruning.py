"""What is older than the settings keep it: counted, and dropped in small steps.

A part of the log goes once every stage that reads it has done it, from the beginning of a
partition on, so that rebuilding and reading anew find a log without holes.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import get_args

import msgspec

from services.bus import BEGINNING, Log
from services.dead.reading import catch_up
from services.settings import Settings
from services.stages.flow import FLOW
from services.store import Store
from services.store.keeping import Old
from services.topics import ALERTS, ARTICLES, ARTICLES_BACKFILL, DEAD, PAGES, PAGES_BACKFILL

AT_ONCE = 500
"""Rows of the store in one transaction."""
LOG_OF = {
    "pages": (PAGES.name, PAGES_BACKFILL.name),
    "articles": (ARTICLES.name, ARTICLES_BACKFILL.name),
    "alerts": (ALERTS.name,),
    "letters": (DEAD.name,),
}
"""What of the log goes by the setting of each kind."""
KINDS = ("pages", "articles", *get_args(Old))


class Pruned(msgspec.Struct, frozen=True, kw_only=True):
    """What is (or, in a dry run, would be) dropped of one kind."""

    kind: str
    days: int
    """How long it is kept; 0: for ever."""
    rows: int = 0
    """Of the store."""
    events: int = 0
    """Of the log."""


def kept_days(settings: Settings) -> dict[str, int]:
    """Kind to the days that it is kept; 0: for ever."""
    return {kind: getattr(settings, f"keep_{kind}_days") for kind in KINDS}


def prune(
    bus: Log,
    store: Store,
    days: Mapping[str, int],
    now: datetime,
    *,
    dry: bool = False,
    tell: Callable[[str, int], None] = lambda *_: None,
) -> list[Pruned]:
    """Drop what is too old, or with ``dry`` only count it; one entry a kind.

    It may be killed and run again at any moment. ``tell`` is given a kind and how much of it went.
    Raises TryLater when the log or the store is away.
    """
    catch_up(bus, store)
    done = []
    for kind in KINDS:
        if not days[kind]:
            done.append(Pruned(kind=kind, days=0))
            continue
        before = now - timedelta(days=days[kind])
        rows = _rows(store, kind, before, dry=dry, tell=tell)
        events = sum(_events(bus, store, topic, before, dry=dry) for topic in LOG_OF.get(kind, ()))
        done.append(Pruned(kind=kind, days=days[kind], rows=rows, events=events))
    return done


def _rows(
    store: Store, kind: str, before: datetime, *, dry: bool, tell: Callable[[str, int], None]
) -> int:
    found = next((old for old in get_args(Old) if old == kind), None)
    if found is None:
        return 0
    if dry:
        return store.count_old(found, before)
    gone = 0
    while more := store.drop_old(found, before, AT_ONCE):
        gone += more
        tell(kind, gone)
    return gone


def _events(bus: Log, store: Store, topic: str, before: datetime, *, dry: bool) -> int:
    upto = bus.offsets_for(topic, before)
    for step in FLOW:
        if step.takes.name == topic:
            for lag in bus.lag(step.stage, topic):
                upto[lag.partition] = min(upto.get(lag.partition, 0), lag.committed)
    if topic == DEAD.name:
        needed = store.first_open_letter()
        known = store.letters_read() if needed is None else min(needed, store.letters_read())
        upto = {partition: min(offset, known) for partition, offset in upto.items()}
    if not dry:
        return bus.forget(topic, upto)
    starts = bus.offsets_for(topic, BEGINNING)
    return sum(max(0, offset - starts.get(at, 0)) for at, offset in upto.items())
