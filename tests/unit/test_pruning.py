"""What is older than the settings keep it, and nothing else, goes from store and log."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.bootstrap import open_bus, open_store
from services.bus import Event, Log
from services.errors import TryLater
from services.keeping import daily
from services.keeping.daily import prune_daily, prune_if_due
from services.keeping.pruning import KINDS, Pruned, kept_days, prune
from services.keeping.restore import rebuild_index
from services.settings import Settings, load_settings
from services.store import Store
from services.store.letters import Wanted
from tests.contracts.store import end
from tests.support.articles import article, at
from tests.support.bus import log_of
from tests.support.processes import beatwire, wait_until
from tests.support.replaying import as_event
from tests.unit.test_dead_letters import fail

NOW = at(24 * 100)
DAYS = dict.fromkeys(KINDS, 0)


@pytest.fixture
def settings(home: str) -> Settings:
    return load_settings()


@pytest.fixture
def bus(settings: Settings) -> Iterator[Log]:
    with open_bus(settings) as found:
        yield found


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as found:
        yield found


def publish(bus: Log, topic: str, *days: int) -> None:
    """An event of each day, all of one key."""
    made = [as_event(article(f"s{day}", hours=24 * day)) for day in days]
    bus.publish(
        topic, [Event(id=e.id, type=e.type, key="k", time=e.time, data=e.data) for e in made]
    )


def left(bus: Log, topic: str) -> list[int]:
    """The offsets of the events that are there."""
    return [each.offset for each in log_of(bus, topic)]


def done(bus: Log, stage: str, topic: str, upto: int) -> None:
    bus.move_to(stage, topic, {lag.partition: upto for lag in bus.lag("t", topic) if lag.end})


def only(kind: str, days: int) -> dict[str, int]:
    return DAYS | {kind: days}


def of(kind: str, found: list[Pruned]) -> Pruned:
    return next(each for each in found if each.kind == kind)


def test_by_default_no_page_article_or_alert_ever_goes(settings: Settings) -> None:
    days = kept_days(settings)
    assert (days["pages"], days["articles"], days["alerts"]) == (0, 0, 0)


def test_pages_go_once_they_are_old_and_were_read(bus: Log, store: Store) -> None:
    publish(bus, "pages", 1, 2, 3, 80, 4, 90)
    done(bus, "read", "pages", 2)
    days = only("pages", 50)
    assert of("pages", prune(bus, store, days, NOW, dry=True)).events == 2
    assert left(bus, "pages") == [0, 1, 2, 3, 4, 5]
    assert of("pages", prune(bus, store, days, NOW)).events == 2
    done(bus, "read", "pages", 6)
    # What came late, behind something young, waits for that.
    assert of("pages", prune(bus, store, days, NOW)).events == 1
    assert left(bus, "pages") == [3, 4, 5]
    assert prune(bus, store, days, NOW) == prune(bus, store, days, NOW, dry=True)


def test_articles_wait_for_every_stage_and_the_index_is_built_of_the_rest(
    settings: Settings, bus: Log, store: Store
) -> None:
    publish(bus, "articles", 1, 2, 3, 90)
    done(bus, "index", "articles", 4)
    assert of("articles", prune(bus, store, only("articles", 50), NOW)).events == 0
    done(bus, "alert", "articles", 2)
    assert of("articles", prune(bus, store, only("articles", 50), NOW)).events == 2
    assert rebuild_index(settings, lambda *_: None).articles == 2


def test_the_log_keeps_the_letters_that_are_open(bus: Log, store: Store) -> None:
    fail(bus, 4)  # at noon of 2026-03-01
    then = datetime(2027, 6, 1, tzinfo=UTC)
    prune(bus, store, DAYS, then)
    name = [each.id for each in store.letters(Wanted(), limit=9)][::-1]
    for number in (0, 1, 3):
        now = datetime(2026, 3, 2, tzinfo=UTC)
        store.mark_letters([name[number]], "dropped", now=now, by="ada")
    found = of("letters", prune(bus, store, only("letters", 365), then))
    assert (found.rows, found.events) == (3, 2)
    assert left(bus, "dead") == [2, 3]
    assert [each.id for each in store.letters(Wanted(), limit=9)] == [name[2]]


def test_a_killed_prune_goes_on(bus: Log, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.finish([end(number) for number in range(5)])
    monkeypatch.setattr("services.keeping.pruning.AT_ONCE", 2)

    def die(kind: str, gone: int) -> None:
        raise KeyboardInterrupt

    then = datetime(2028, 1, 1, tzinfo=UTC)
    with pytest.raises(KeyboardInterrupt):
        prune(bus, store, only("outcomes", 1), then, tell=die)
    assert store.outcomes() == {"read": {"stored": 3}}
    assert of("outcomes", prune(bus, store, only("outcomes", 1), then)).rows == 3


def test_once_a_day_and_by_one(settings: Settings, store: Store) -> None:
    store.finish([end(0)])
    then = datetime(2028, 1, 1, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert not prune_if_due(settings, then - 24 * hour)
    assert store.outcomes()
    assert prune_if_due(settings, then)
    assert store.outcomes() == {}
    assert not prune_if_due(settings, then + 23 * hour)
    assert prune_if_due(settings, then + 24 * hour)


def test_a_clock_that_is_a_year_ahead_drops_nothing(settings: Settings, store: Store) -> None:
    store.finish([end(0)])
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert not prune_if_due(settings, now - timedelta(days=1))
    assert not prune_if_due(settings, now + timedelta(days=400))
    assert not prune_if_due(settings, now)
    assert store.outcomes() == {"read": {"stored": 1}}


def test_a_server_that_is_away_is_asked_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[Any] = []

    def away(*given: Any) -> bool:
        asked.append(given)
        raise TryLater("the store is away")

    monkeypatch.setattr(daily, "prune_if_due", away)
    monkeypatch.setattr(daily, "LOOK_SECONDS", 0.01)
    stop = threading.Event()
    thread = prune_daily(settings, stop)
    wait_until(lambda: len(asked) > 2, 60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert "what is too old stays for now: the store is away" in caplog.text


def test_the_command_says_what_it_did(bus: Log, store: Store) -> None:
    publish(bus, "pages", 1, 2)  # of 2025
    done(bus, "read", "pages", 2)
    env = {"BEATWIRE_KEEP_PAGES_DAYS": "30"}
    said = json.loads(beatwire("prune", "--dry-run", "--json", env=env))
    assert said["dry_run"]
    assert said["kinds"][0] == {"kind": "pages", "days": 30, "rows": 0, "events": 2}
    assert left(bus, "pages") == [0, 1]
    said = beatwire("prune", env=env)
    assert "pages     0 rows and 2 events dropped, older than 30 days\n" in said
    assert "articles  kept for ever\n" in said
    assert left(bus, "pages") == []
