"""Where more of the same brings nothing more: what comes once, and what then."""

from math import inf

import msgspec

from services.planning.ceilings import UP_FRONT
from services.planning.costs import Costs
from services.planning.day import DAY_SECONDS
from services.planning.load import Load

TOPICS_GIGABYTES = 2.3
"""What the topics may take of the 2.56 GB at which a worker replaces its child (``CHILD_KIB``)."""


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    at: float
    """Articles a day, or topics."""
    unit: str
    used: float
    """The share of it that this load takes; more than 1: it is passed."""
    embedded: bool = False
    """Whether it holds on one machine only."""
    why: str
    then: str


def limits(load: Load, costs: Costs) -> tuple[Limit, ...]:
    """Each with the load at which it is met with room left; the nearest first, one machine's last.

    Those in articles a day depend on the busiest hour and the utilisation of the load.
    """
    found = [_store(load, costs), _partitions(load, costs), _memory(load, costs)]
    found.sort(key=lambda limit: -limit.used)
    return (*found, _writer(load, costs))


def _articles(per_second: float, load: Load) -> float:
    return per_second * load.utilisation / load.peak * DAY_SECONDS


def _store(load: Load, costs: Costs) -> Limit:
    serial = costs.join + load.alerts_an_article * costs.alert
    at = _articles(1 / serial, load) if serial else inf
    return Limit(
        name="one PostgreSQL store",
        at=at,
        unit="articles a day",
        used=load.articles_per_day / at,
        why="stories are joined, and alerts decided, in one transaction at a time",
        then="nothing to set: raise the utilisation (news wait longer), or split the sources "
        "into installations, which fold no copies of each other's",
    )


def _partitions(load: Load, costs: Costs) -> Limit:
    most = max(UP_FRONT)
    at = _articles(most / costs.stages["read"].full, load)
    return Limit(
        name=f"{most} partitions",
        at=at,
        unit="articles a day",
        used=load.articles_per_day / at,
        why="of a partition one slice is out at a time, so no more processes read than that",
        then="give `pages` and `articles` more right after `beatwire setup`, and run a second "
        "dispatcher of each stage: one has 12 slices out at most",
    )


def _memory(load: Load, costs: Costs) -> Limit:
    at = TOPICS_GIGABYTES * 1e9 / costs.long.megabytes_a_million_topics
    return Limit(
        name="memory of the matcher",
        at=at,
        unit="topics",
        used=load.topics / at,
        why="every process of stage alert holds all topics, and a worker replaces one that takes "
        "more than 2.5 GB",
        then="start these workers with more memory and with --max-memory-per-child (in KiB)",
    )


def _writer(load: Load, costs: Costs) -> Limit:
    at = _articles(1 / costs.stages["index"].full, load)
    return Limit(
        name="one writer of tantivy",
        at=at,
        unit="articles a day",
        used=load.articles_per_day / at,
        embedded=True,
        why="on one machine without servers one process writes the index",
        then="set BEATWIRE_INDEX to an Elasticsearch, and the other servers with it",
    )
