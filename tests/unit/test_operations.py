"""What the operations page says of what it is told, and what a look does when something is away."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.bus import Bus, Lag
from services.bus.sqlite import SqliteBus
from services.errors import TryLater, UserError
from services.look import Held, Look
from services.operations import lookout as looking
from services.operations.lookout import Lookout, Place
from services.operations.parts import components, dead_letters, freshness, quantile
from services.operations.report import Operations, StageRow
from services.operations.stages import STAGES, Done, Queue, queues, stage_rows
from services.store import Store
from services.store.port import Finished
from services.store.store import open_sql_store
from services.store.tallies import BOUNDS, Tally, Waits, within
from services.version import VERSION
from tests.contracts.letters import letter
from tests.support.threads import no_threads

NOW = datetime(2026, 11, 30, 9, 0, 30, tzinfo=UTC)
NOTHING = Done((), (), ())


def seconds_ago(number: float) -> datetime:
    return NOW - timedelta(seconds=number)


def tally(stage: str = "read", **given: Any) -> Tally:
    fields = {"outcome": "stored", "version": VERSION, "events": 1, "last": seconds_ago(10)}
    return Tally(stage=stage, **{**fields, **given})


def row(stage: str, waiting: dict[str, Queue], done: Done | None = NOTHING) -> StageRow:
    return next(each for each in stage_rows(waiting, done, NOW) if each.stage == stage)


def ended(stage: str, ago: float) -> Done:
    return Done((), (), [tally(stage, last=seconds_ago(ago))])


@pytest.mark.parametrize(
    ("stage", "waiting", "done", "state", "says"),
    [
        ("read", {}, NOTHING, "unknown", "how much waits is not known"),
        ("read", {"read": Queue(0, None)}, NOTHING, "idle", "nothing waits"),
        (
            *("read", {"read": Queue(12, seconds_ago(300))}, ended("read", 119), "works"),
            "12 events wait, the oldest for 5 minutes",
        ),
        (
            *("read", {"read": Queue(12, seconds_ago(300))}, ended("read", 120), "stands"),
            "12 events wait, the oldest for 5 minutes; nothing came to its end for 2 minutes",
        ),
        (
            *("read", {"read": Queue(1, seconds_ago(119))}, ended("read", 9999), "waits"),
            "1 event waits, the oldest for 2 minutes",
        ),
        (
            *("deliver", {"deliver": Queue(2, seconds_ago(600))}, NOTHING, "stands"),
            "2 messages wait, the oldest for 10 minutes; nothing came to its end in the last day",
        ),
        (
            *("crawl", {"crawl": Queue(1, seconds_ago(600))}, ended("read", 5), "stands"),
            "1 address waits, the oldest for 10 minutes; nothing came to its end in the last day",
        ),
        (
            *("read", {"read": Queue(1, seconds_ago(-9999))}, NOTHING, "stands"),
            "1 event waits, the oldest for 0 seconds; nothing came to its end in the last day",
        ),
        (
            *("read", {"read": Queue(3, seconds_ago(600))}, None, "waits"),
            "3 events wait, the oldest for 10 minutes",
        ),
        (
            "read-backfill",
            {"read-backfill": Queue(9, seconds_ago(10**8)), "read": Queue(1, seconds_ago(1))},
            *(NOTHING, "waits", "9 events wait behind live news"),
        ),
        (
            *("read-backfill", {"read-backfill": Queue(9, seconds_ago(10**8))}, NOTHING, "stands"),
            "9 events wait; nothing came to its end in the last day",
        ),
    ],
)
def test_the_state_of_a_stage_is_told_in_words(
    stage: str, waiting: dict[str, Queue], done: Done | None, state: str, says: str
) -> None:
    found = row(stage, waiting, done)
    assert (found.state, found.says) == (state, says)
    assert bool(found.remedy) == (state == "stands")


def test_every_stage_has_a_row_whatever_is_known() -> None:
    unknown = stage_rows({}, None, NOW)
    assert [each.stage for each in unknown] == list(STAGES)
    assert {each.waiting for each in unknown} == {None}
    assert {each.rate_5m for each in unknown} == {None}


def test_what_waits_is_summed_over_partitions() -> None:
    lags = [
        Lag("pages", 0, 5, 9, seconds_ago(50)),
        Lag("pages", 1, 2, 2),
        Lag("pages", 2, 0, 1, seconds_ago(70)),
    ]
    found = queues({"read": lags}, {"crawl": Waits(3, seconds_ago(4)), "deliver": Waits()})
    assert found == {
        "read": Queue(5, seconds_ago(70)),
        "crawl": Queue(3, seconds_ago(4)),
        "deliver": Queue(0, None),
    }
    assert row("read", found).lag_seconds == 70.0


def test_a_rate_is_of_the_time_that_was_counted() -> None:
    """30 s into a minute, five minutes are five and a half of counted ones."""
    five, sixty = (
        [tally(events=11)],
        [tally(events=110), tally("index", events=9), tally(events=11)],
    )
    found = row("read", {}, Done(five, sixty, sixty))
    assert (found.rate_5m, found.rate_60m) == (2.0, 2.0)
    assert row("alert", {}, Done(five, sixty, sixty)).rate_5m == 0.0


def test_outcomes_are_of_all_versions_the_most_frequent_first() -> None:
    day = [
        tally(events=2, outcome="rejected"),
        tally(events=3, version="0.0.9"),
        tally(events=4, within=3),
    ]
    assert list((row("read", {}, Done((), (), day)).outcomes or {}).items()) == [
        ("stored", 7),
        ("rejected", 2),
    ]


@pytest.mark.parametrize(
    ("took", "p50", "p95"),
    [
        ({}, None, None),
        ({20: 1}, 20, 20),
        ({5: 50, 20: 45, 300: 5}, 5, 20),
        ({5: 49, 20: 45, 300: 6}, 20, 300),
    ],
)
def test_freshness_is_the_bound_that_holds_for_a_share(
    took: dict[int, int], p50: int | None, p95: int | None
) -> None:
    assert (quantile(took, 0.5), quantile(took, 0.95)) == (p50, p95)


def test_freshness_is_that_of_what_came_into_the_index() -> None:
    hour = [
        tally("index", events=2, within=5),
        tally("index", events=9, outcome="unchanged", within=300),
        tally("read", events=9, within=300),
        tally("index", events=1, within=20),
    ]
    found = freshness(hour)
    assert (found.articles, found.p50_seconds, found.p95_seconds) == (3, 5, 20)


def test_a_bound_holds_for_what_took_as_long() -> None:
    took = (-3, 0, 1, 1.01, 60, 90_000)
    assert [within(timedelta(seconds=each)) for each in took] == [1, 1, 1, 2, 60, BOUNDS[-1]]


def test_groups_of_letters_are_told_largest_first_with_some_reasons() -> None:
    counted = {
        ("read", "Reject", "open"): 2,
        ("read", "Reject", "retried"): 9,
        ("read", "Reject", "retrying"): 1,
        ("index", "WorkerDied", "open"): 5,
        ("alert", "Reject", "dropped"): 1,
    }
    newest = {
        "read": [letter(4, reason="b"), letter(3, reason="a"), letter(2, reason="b")],
        "index": [letter(1, reason=f"{number}") for number in range(9)],
    }
    found = dead_letters(counted, lambda stage, _: newest[stage])  # type: ignore[arg-type]
    assert found.states == {"open": 7, "retried": 9, "retrying": 1, "dropped": 1}
    told = [(each.stage, each.letters, each.under_way, each.reasons) for each in found.groups]
    assert told == [
        ("index", 5, 0, ("0", "1", "2")),
        ("read", 3, 1, ("b", "a")),
    ]
    many = {("read", f"E{number:02}", "open"): 1 for number in range(23)}
    shown = dead_letters(many, lambda *_: ())  # type: ignore[arg-type]
    assert (len(shown.groups), shown.more) == (20, 3)


def test_versions_are_of_this_process_and_of_what_ran_lately() -> None:
    day = [
        tally(version="0.0.9", last=seconds_ago(500)),
        tally(version="0.1.0", last=seconds_ago(60)),
        tally(version="0.1.0", last=seconds_ago(30), outcome="rejected"),
    ]
    found = components([("pages", "0.1.0")], day)
    assert [(each.name, each.version, each.last_seen) for each in found] == [
        ("pages", "0.1.0", None),
        ("read", "0.0.9", seconds_ago(500)),
        ("read", "0.1.0", seconds_ago(30)),
    ]


# The looks themselves


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_sql_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as found:
        yield found


class Away:
    """A log or a store that is not there: each use of it raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error or TryLater("it does not\nanswer")

    def __getattr__(self, name: str) -> Any:
        def raises(*_: object, **__: object) -> None:
            raise self._error

        return raises if name != "close" else lambda: None

    def __call__(self) -> Any:
        return self


def bus_at(folder: Path) -> Bus:
    return SqliteBus(folder / "bus.sqlite")


def looked(tmp_path: Path, **given: Any) -> Operations:
    usual = {"open_bus": lambda: bus_at(tmp_path), "home": tmp_path}
    with closing(Lookout(Place(**{**usual, **given}), lambda: NOW)) as one:
        return one.look()


def missing(found: Operations) -> Sequence[str]:
    return [each.part for each in found.missing]


def test_when_all_is_there_nothing_is_missing(tmp_path: Path, store: Store) -> None:
    end = Finished(
        stage="index", topic="articles", partition=0, offset=1, event_id="e", outcome="stored",
        at=NOW, fetched=seconds_ago(4),
    )  # fmt: skip
    store.finish([end])
    found = looked(tmp_path, store=lambda: store)
    assert found.missing == ()
    assert {each.waiting for each in found.stages} == {0}
    assert found.freshness
    assert (found.freshness.articles, found.freshness.p95_seconds) == (1, 5)
    assert found.disk
    assert [each.name for each in found.components] == ["index"]


def test_a_log_that_is_away_leaves_what_the_store_knows(tmp_path: Path, store: Store) -> None:
    store.note_letters([letter(1)], 1)
    found = looked(tmp_path, store=lambda: store, open_bus=Away())
    assert missing(found) == ["log"]
    assert found.missing[0].reason.startswith("it does not answer; what waits")
    assert "beatwire config check" in found.missing[0].remedy
    waiting = {each.stage: each.waiting for each in found.stages}
    assert (waiting["read"], waiting["crawl"]) == (None, 0)
    assert found.dead_letters
    assert found.dead_letters.states == {"open": 1}


def test_a_store_that_is_away_leaves_what_the_log_knows(tmp_path: Path) -> None:
    found = looked(tmp_path, store=Away(UserError("it belongs to a newer Beatwire; upgrade")))
    assert missing(found) == ["store", "dead letters", "sources"]
    assert {each.remedy for each in found.missing} == {""}
    assert (found.dead_letters, found.sources, found.freshness) == (None, None, None)
    read = next(each for each in found.stages if each.stage == "read")
    assert (read.waiting, read.rate_5m, read.outcomes) == (0, None, None)
    assert found.disk


def test_a_bug_in_one_part_is_logged_and_told_without_its_words(
    tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    found = looked(tmp_path, store=lambda: store, open_bus=Away(ValueError("secret")))
    assert found.missing[0].reason.startswith("internal error: ValueError")
    assert "secret" not in str(found)
    assert "secret" in caplog.text


def test_a_log_that_hangs_holds_up_nobody_and_is_asked_once(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "FIRST_SECONDS", 0.05)
    asked, goes_on = list[str](), threading.Event()

    def hangs() -> Bus:
        asked.append("bus")
        goes_on.wait(60)
        raise TryLater("at last")

    place = Place(open_bus=hangs, store=lambda: store, home=tmp_path)
    with Lookout(place, lambda: NOW) as one:
        first, second = one.look(), one.look()
        goes_on.set()
        assert missing(first)[0] == missing(second)[0] == "log"
        assert first.missing[0].reason.startswith(looking.SILENT)
    assert len(asked) == 2, "one for what waits, one for letters"


def test_what_is_away_and_slow_to_say_so_is_told_as_it_was(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    goes_on.set()

    def away() -> Bus:
        goes_on.wait(60)
        raise TryLater("kafka: no broker answers")

    with Lookout(Place(open_bus=away, store=lambda: store), lambda: NOW) as one:
        one.look()
        goes_on.clear()
        monkeypatch.setattr(looking, "FIRST_SECONDS", 0.05)
        found = one.look()
        goes_on.set()
    assert found.missing[0].reason.startswith("kafka: no broker answers")


def test_a_log_that_failed_is_opened_anew(tmp_path: Path, store: Store) -> None:
    opened = list[int]()

    def open_bus() -> Bus:
        opened.append(1)
        away: Any = Away()
        return away if len(opened) < 3 else bus_at(tmp_path)

    with Lookout(Place(open_bus=open_bus, store=lambda: store), lambda: NOW) as one:
        assert missing(one.look())[0] == "log"
        assert missing(one.look()) == []
        one.look()
    assert len(opened) == 4


def test_a_look_that_could_not_begin_is_begun_anew() -> None:
    one = Look(lambda: 7)
    with no_threads(), pytest.raises(RuntimeError):
        one.begin()
    assert one.begin().result(5) == 7


def test_what_is_being_asked_is_not_closed() -> None:
    closed = list[str]()

    class Port:
        def close(self) -> None:
            closed.append("port")

    held = Held(Port)
    held.ask(lambda _: held.close())
    assert closed == []
    held.close()
    held.close()
    assert closed == ["port"]
