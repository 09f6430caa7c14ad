"""Metrics that are looked up when somebody asks: what the log, the store or the build says.

They are kept by nobody, so that a process which was started a moment ago tells the same as one
that runs for a month.
"""

import logging
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.bus import Lag, oldest
from services.disk import room
from services.errors import TryLater
from services.metrics import MOST_SHOWN_SOURCES, OTHER
from services.probing.health import READ_ONLY, Finding
from services.sources.states import STATES
from services.stages.flow import FLOW
from services.store.letters import LetterState
from services.store.port import Store
from services.store.watching import Watch
from services.version import VERSION

log = logging.getLogger(__name__)

Families = Iterator[GaugeMetricFamily]


class Build(Collector):
    """Which version this is, and which of the processes."""

    def __init__(self, process: str) -> None:
        self._process = process

    def collect(self) -> Families:
        family = GaugeMetricFamily(
            "beatwire_build_info",
            "Always 1: the version, what this process does, and the Python that runs it.",
            labels=["version", "process", "python"],
        )
        family.add_metric([VERSION, self._process, platform.python_version()], 1)
        yield family


class Home(Collector):
    """Room on the disk of the home folder."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def collect(self) -> Families:
        free, total = room(self._home)
        yield GaugeMetricFamily(
            "beatwire_home_free_bytes", "Free bytes on the home folder's disk.", value=free
        )
        yield GaugeMetricFamily(
            "beatwire_home_size_bytes", "Size of the home folder's disk.", value=total
        )


class Ready(Collector):
    """What this process depends on, as it looks at this moment."""

    def __init__(self, look: Callable[[], Mapping[str, Finding]]) -> None:
        self._look = look

    def describe(self) -> Families:
        yield from _ready({})

    def collect(self) -> Families:
        yield from _ready(self._look())


def _ready(findings: Mapping[str, Finding]) -> Families:
    ready = GaugeMetricFamily(
        "beatwire_dependency_ready",
        "1 when what this process depends on can be used, else 0.",
        labels=["dependency", "server"],
    )
    for name, finding in findings.items():
        ready.add_metric([name, finding.server], finding.ready)
    yield ready
    closed = GaugeMetricFamily("beatwire_index_read_only", "1 while the index takes no writes.")
    if index := findings.get("index"):
        closed.add_metric([], index.reason.endswith(READ_ONLY))
    yield closed


class LagSeen(Collector):
    """What a dispatcher saw last of how far its stages are behind."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[Lag, ...]] = {}

    def note(self, stage: str, lags: Sequence[Lag]) -> None:
        self._seen[stage] = tuple(lags)

    def collect(self) -> Families:
        records = GaugeMetricFamily(
            "beatwire_stage_lag_records",
            "Events of a partition that a stage has not brought to an end.",
            labels=["stage", "partition"],
        )
        seconds = GaugeMetricFamily(
            "beatwire_stage_lag_seconds",
            "Age of the oldest event that a stage has not brought to an end; 0 for none.",
            labels=["stage"],
        )
        for stage, lags in list(self._seen.items()):
            for lag in lags:
                records.add_metric([stage, str(lag.partition)], max(lag.records, 0))
            seconds.add_metric([stage], oldest_seconds(lags, self._clock()))
        yield records
        yield seconds


def oldest_seconds(lags: Sequence[Lag], now: float) -> float:
    """Age of the oldest event that waits, in seconds; it goes on growing while nobody looks."""
    first = oldest(lag for lag in lags if lag.records > 0)
    return max(0.0, now - first.timestamp()) if first else 0.0


class Records(Collector):
    """What the store says of sources and dead letters; nothing while it is away."""

    def __init__(self, store: Callable[[], Store], catch_up: Callable[[], object]) -> None:
        """``catch_up`` lets the store know of dead letters that are only on the log so far.

        Several threads may ask at once.
        """
        self._store, self._catch_up = store, catch_up

    def describe(self) -> Families:
        yield from _records({}, {}, {})

    def collect(self) -> Families:
        try:
            self._catch_up()
            store = self._store()
            letters, watches = store.count_letters(), store.watches()
            found = store.source_states(datetime.now(UTC))
            states = {source: each.state for source, each in found.items()}
        except TryLater as away:
            log.warning("metrics of the store are left out: %s", away)
            return
        except Exception:
            log.exception("metrics of the store are left out")
            return
        yield from _records(letters, watches, states)


def _records(
    letters: Mapping[tuple[str, str, LetterState], int],
    watches: Mapping[str, Watch],
    states: Mapping[str, str],
) -> Families:
    dead = GaugeMetricFamily(
        "beatwire_dead_letters_open",
        "Dead letters that nobody did anything about.",
        labels=["stage"],
    )
    open_letters = Counter[str]({step.stage: 0 for step in FLOW})
    for (stage, _, which), number in letters.items():
        open_letters[stage] += number if which == "open" else 0
    for stage, number in sorted(open_letters.items()):
        dead.add_metric([stage], number)
    yield dead
    numbers = GaugeMetricFamily("beatwire_sources", "Sources by their state.", labels=["state"])
    for state in STATES if states else ():
        numbers.add_metric([state], sum(each == state for each in states.values()))
    yield numbers
    success = GaugeMetricFamily(
        "beatwire_source_last_success_timestamp_seconds",
        "When a look at a source last succeeded; while its looks fail, when they began to.",
        labels=["source"],
    )
    active = {name: each for name, each in watches.items() if states.get(name) != "paused"}
    for source, moment in last_successes(active).items():
        success.add_metric([source], moment)
    yield success


def last_successes(
    watches: Mapping[str, Watch], most: int = MOST_SHOWN_SOURCES
) -> dict[str, float]:
    """Source to seconds since 1970. The first ``most`` by id have a label of their own; of the
    others the one that succeeded longest ago speaks for all, as ``other``.
    """
    found = {
        source: moment.timestamp()
        for source, watch in sorted(watches.items())
        if (moment := watch.failing_since or watch.looked_at)
    }
    named = dict(list(found.items())[:most])
    rest = list(found.values())[most:]
    return named | ({OTHER: min(rest)} if rest else {})
