"""The index made again from the log: all articles that are still in it."""

from collections import Counter
from collections.abc import Callable

from processors.records import Article
from services.bus import Bus, Slice
from services.errors import Reject
from services.index import Index
from services.stages.flow import INDEX
from services.stages.records import record_of

BATCH = INDEX.slice_events


def rebuild(bus: Bus, index: Index, tell: Callable[[int, int], None]) -> dict[str, int]:
    """Put all articles of the log into an empty index; the count of each outcome.

    ``tell`` is given how many events are done, and of how many. What is appended meanwhile is left
    to the stage ``index``, whose positions are not touched.
    """
    ends = bus.lag(INDEX.stage, INDEX.takes.name)
    total, done = sum(lag.end for lag in ends), 0
    counts = Counter[str]()
    for lag in ends:
        for first in range(0, lag.end, BATCH):
            last = min(first + BATCH, lag.end) - 1
            counts.update(_put(bus, index, Slice(lag.topic, lag.partition, first, last)))
            done += last - first + 1
            tell(done, total)
    return dict(counts)


def _put(bus: Bus, index: Index, part: Slice) -> list[str]:
    """The outcome of each event; one that is no article is in the dead letters already."""
    articles, rejected = [], 0
    for stored in bus.read(part):
        try:
            articles.append(record_of(stored.event, Article))
        except Reject:
            rejected += 1
    return [*index.put(articles), *["rejected"] * rejected]
