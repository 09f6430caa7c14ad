"""Figures that are looked up: true whoever was started when, bounded, no fault of a scrape."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from crawlers.fetching.outcomes import Outcome
from services import metrics
from services.bus import Lag
from services.dead.reading import catch_up
from services.errors import TryLater
from services.probing.exposition import exposition, show
from services.probing.health import Finding
from services.probing.looked_up import LagSeen, Ready, Records, last_successes, oldest_seconds
from services.store import Store
from services.store.port import Source
from services.store.store import open_sql_store
from services.store.watching import Watch

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOST_SERIES = 5_000
"""Row 94: of one process, whatever it met."""
HOSTS = 10_000


def samples(collector: Any) -> dict[tuple[str, ...], float]:
    return {
        (each.name.removeprefix("beatwire_"), *each.labels.values()): each.value
        for family in collector.collect()
        for each in family.samples
    }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_sql_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as opened:
        yield opened


def watch(name: str, **known: Any) -> Watch:
    return Watch(source=name, next_look=None, **known)


def test_what_waits_grows_older_while_nobody_looks() -> None:
    seen, clock = LagSeen(lambda: clock[0]), [NOW.timestamp()]
    seen.note("read", [Lag("pages", 0, 4, 9, NOW - timedelta(seconds=30)), Lag("pages", 1, 7, 7)])
    seen.note("index", [Lag("articles", 0, 7, 7)])
    assert samples(seen) == {
        ("stage_lag_records", "read", "0"): 5,
        ("stage_lag_records", "read", "1"): 0,
        ("stage_lag_records", "index", "0"): 0,
        ("stage_lag_seconds", "read"): 30,
        ("stage_lag_seconds", "index"): 0,
    }
    clock[0] += 100
    assert samples(seen)["stage_lag_seconds", "read"] == 130
    seen.note("read", [Lag("pages", 0, 9, 9)])
    assert samples(seen)["stage_lag_seconds", "read"] == 0


def test_the_age_is_that_of_the_oldest_and_never_below_nothing() -> None:
    lags = [Lag("pages", n, 0, 1, NOW - timedelta(minutes=n)) for n in range(5)]
    assert oldest_seconds(lags, NOW.timestamp()) == 240
    assert oldest_seconds(lags[:1], NOW.timestamp() - 5) == 0
    assert oldest_seconds([Lag("pages", 0, 3, 3, NOW)], NOW.timestamp() + 9) == 0


def test_what_cannot_be_used_is_told_and_a_read_only_index_by_itself() -> None:
    found = {
        "bus": Finding("kafka", ready=False, reason="kafka does not answer, or is busy"),
        "index": Finding("elasticsearch", ready=False, reason="elasticsearch is read-only"),
    }
    assert samples(Ready(lambda: found)) == {
        ("dependency_ready", "bus", "kafka"): 0,
        ("dependency_ready", "index", "elasticsearch"): 0,
        ("index_read_only",): 1,
    }
    fine = {"index": Finding("tantivy", ready=True)}
    assert samples(Ready(lambda: fine))["index_read_only",] == 0
    assert samples(Ready(dict)) == {}


def test_sources_are_told_from_the_store_and_paused_ones_are_not_missed(store: Store) -> None:
    for name in ("fine", "failing", "paused", "new"):
        url = f"https://{name}.example/feed"
        store.put_source(Source(id=name, name=name, url=url, added_at=NOW, paused=name == "paused"))
    began = NOW - timedelta(days=2)
    for each in (
        watch("fine", looked_at=NOW),
        watch("failing", looked_at=NOW, failing_since=began, failures=9),
        watch("paused", looked_at=began),
    ):
        store.note_look(each, NOW, "")
    told = samples(Records(lambda: store, str))
    success = {key[1]: n for key, n in told.items() if key[0].startswith("source_last")}
    assert success == {"fine": NOW.timestamp(), "failing": began.timestamp()}
    assert {key[1]: n for key, n in told.items() if key[0] == "sources" and n} == {
        "fine": 1, "late": 1, "paused": 1, "new": 1,
    }  # fmt: skip
    assert told["dead_letters_open", "read"] == 0


def test_a_store_that_is_away_leaves_its_figures_out_and_the_others_there() -> None:
    def away() -> Store:
        raise TryLater("postgresql does not answer")

    def broken() -> Store:
        raise KeyError("secret")

    assert samples(Records(away, str)) == {}
    assert samples(Records(broken, str)) == {}
    show(Records(away, str))
    assert b"beatwire_stage_processed_total" in exposition()[0]


def test_ten_thousand_sources_are_few_series_and_the_worst_of_the_rest_is_seen() -> None:
    watches = {
        f"host-{n:05}": watch(f"host-{n:05}", looked_at=NOW + timedelta(seconds=n % 7000))
        for n in range(HOSTS)
    }
    told = last_successes(watches)
    assert len(told) == metrics.MOST_SHOWN_SOURCES + 1 < MOST_SERIES
    assert told["host-00001"] == NOW.timestamp() + 1
    assert told["other"] == NOW.timestamp()


def test_a_crawl_of_ten_thousand_hosts_keeps_its_figures_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Row 94, at its worst: every source ends in every way."""
    monkeypatch.setattr(metrics, "_sources", set())
    metrics.FETCH_REQUESTS.clear()
    try:
        for n in range(HOSTS):
            label = metrics.source_label(f"host-{n}.example")
            for outcome in get_args(Outcome):
                metrics.FETCH_REQUESTS.labels(label, outcome).inc()
        lines = [line for line in exposition()[0].decode().splitlines() if line[:1] != "#"]
    finally:
        metrics.FETCH_REQUESTS.clear()
    fetches = [line for line in lines if line.startswith("beatwire_fetch_requests_total")]
    assert len(fetches) == (metrics.MOST_SOURCES + 1) * len(get_args(Outcome))
    assert len(lines) < MOST_SERIES
    assert sum(float(line.split()[-1]) for line in fetches) == HOSTS * len(get_args(Outcome))


def test_open_dead_letters_are_those_of_the_log_too(store: Store, tmp_path: Path) -> None:
    from services.bus.sqlite import SqliteBus
    from services.stages.flow import READ
    from services.stages.runner import bury
    from tests.unit.test_runner import event

    with SqliteBus(tmp_path / "bus.sqlite") as bus:
        bus.publish("pages", [event(1, b"odd")])
        (part,) = bus.poll("read", "pages")
        bury(READ, part, "it kills", 3, bus=bus, store=store, now=lambda: NOW)
        told = samples(Records(lambda: store, lambda: catch_up(bus, store)))
    assert told["dead_letters_open", "read"] == 1
