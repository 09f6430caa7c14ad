"""The pure parts of the soak: its plan, pace and load, its account, and what is judged of it."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from msgspec.structs import replace

from processors.records import Page, decode
from services.bench.machine import Machine
from services.errors import TryLater
from tests.support.memory import MemoryBus
from tests.support.soak import account, drawing, judging, report
from tests.support.soak.account import Account, End, Expected, Found, Place, Wait, settle
from tests.support.soak.crew import role_of
from tests.support.soak.harm import Window
from tests.support.soak.load import Load
from tests.support.soak.measuring import Reading, Sample
from tests.support.soak.pace import LEAST, MOST, Pace
from tests.support.soak.pages import edition_of
from tests.support.soak.plan import HARMS, Fault, ceiling, plan
from tests.support.soak.running import Measured, Soak, Wanted

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MILLIS = int(NOW.timestamp() * 1000)


# Plan and pace


def test_each_harm_is_done_once_a_round_and_the_rest_is_quiet() -> None:
    faults = plan(200_000, 7)
    places = [fault.at for fault in faults]
    assert places == sorted(places)
    assert sorted(fault.harm for fault in faults if fault.at < 100_000) == sorted(HARMS)
    assert {fault.harm for fault in faults if fault.at >= 100_000} == {*HARMS} - {"more-partitions"}
    assert not [at for at in places if 60_000 < at < 105_000 or at > 160_000]


@pytest.mark.parametrize("seed", range(20))
def test_workers_go_only_after_they_came(seed: int) -> None:
    order = [fault.harm for fault in plan(10_000, seed)]
    assert order.index("more-workers") < order.index("fewer-workers")


def test_one_seed_is_one_plan() -> None:
    assert plan(5_000, 3) == plan(5_000, 3) != plan(5_000, 4)
    assert [fault.harm for fault in plan(5_000, 3, ["wipe-redis"])] == ["wipe-redis"]
    assert plan(5_000, 3, []) == []
    with pytest.raises(ValueError, match="unplug: no harm; known: end-worker, "):
        plan(5_000, 3, ["unplug"])


def test_something_is_left_to_be_in_the_middle_of() -> None:
    faults = [Fault(100, "wipe-redis"), Fault(200, "kill-kafka")]
    assert ceiling(faults, 0, 500, in_hand=False) == 100
    assert ceiling(faults, 1, 500, in_hand=True) == 150
    assert ceiling(faults, 1, 500, in_hand=False) == 200
    assert ceiling(faults, 2, 500, in_hand=True) == 350
    assert ceiling(faults, 2, 500, in_hand=False) == 500


def test_no_more_waits_than_is_worked_off_soon() -> None:
    pace = Pace()
    assert pace.most == LEAST
    for second in range(120):
        pace.see(float(second), 10 * second)
    assert pace.per_second == pytest.approx(10)
    assert pace.most == 200
    for second in range(120, 240):
        pace.see(float(second), 1_200)
    assert pace.most == LEAST
    pace.see(240.0, 10**6)
    assert pace.most == MOST


# Load


def test_a_load_knows_how_each_of_its_events_has_to_end() -> None:
    bus = MemoryBus()
    load = Load(400, 5)
    assert load.publish(bus, 400)
    assert len(bus.events) == len(load.events) == load.published == 400
    assert {*load.endings.values()} == {"rejected", "too-short"}
    newest: dict[str, int] = {}
    for event in bus.events:
        if event.id in load.endings:
            continue
        page = decode(event.data)
        assert isinstance(page, Page)
        edition = edition_of(page.body.decode())
        assert edition in (newest.get(page.id, 0), newest.get(page.id, 0) + 1)
        newest[page.id] = edition
        assert abs(account.fetched_at(event.id) - page.fetched_at) < timedelta(milliseconds=2)
    assert newest == load.editions
    assert sum(newest.values()) == load.edits > 0
    assert len(newest) < 400 - len(load.endings)  # Some pages came again as they were.


def test_what_the_log_did_not_take_is_offered_again() -> None:
    bus = MemoryBus()
    load = Load(50, 5)
    bus.broken = TryLater("away")
    assert not load.publish(bus, 10)
    assert (load.published, load.events) == (0, set())
    assert not load.publish(bus, 0)
    bus.broken = None
    assert load.publish(bus, 0)
    assert load.published == len(bus.events) == 10
    again = Load(50, 5)
    other = MemoryBus()
    again.publish(other, 10)
    assert [event.key for event in other.events] == [event.key for event in bus.events]


# Account


def event(article: str, second: int = 0) -> str:
    return f"{article}-{MILLIS + 1000 * second}"


def ended(places: list[Place], outcome: str) -> list[End]:
    return [End(place, outcome, NOW) for place in places]


PAGES = [
    Place(0, 0, event("a")),
    Place(0, 1, event("a", 5)),
    Place(1, 0, event("b")),
    Place(1, 1, "poison-1"),
]
ARTICLES = [Place(3, 0, event("a")), Place(3, 1, event("a", 5)), Place(3, 2, event("b"))]
EXPECTED = Expected({place.event for place in PAGES}, {"a": 1, "b": 0}, 1, {"poison-1": "rejected"})
FOUND = Found(
    indexed=[("a", 1), ("b", 0)],
    claims=(7, 7),
    revisions=1,
    logs={"read": PAGES, "index": ARTICLES, "alert": ARTICLES},
    ends={
        "read": [*ended(PAGES[:3], "read"), *ended(PAGES[3:], "rejected")],
        "index": ended(ARTICLES, "stored"),
        "alert": ended(ARTICLES, "no-alert"),
    },
    dead={"poison-1"},
)


def told(found: Found, expected: Expected = EXPECTED) -> list[str]:
    """What an account finds, each as ``what: examples``."""
    it = settle(expected, found)
    return [f"{one.what}: {', '.join(one.examples)}" for one in (*it.lost, *it.twice, *it.wrong)]


def test_an_account_of_a_run_in_which_all_went_well() -> None:
    assert told(FOUND) == []
    assert settle(EXPECTED, FOUND) == Account(
        events=4, articles=2, indexed=2, edits=1, dead=1, repeated=0, lost=(), twice=(), wrong=()
    )


def test_what_is_not_there_is_lost() -> None:
    assert told(replace(FOUND, indexed=[("a", 1)])) == ["articles that no search finds: b"]
    more = replace(EXPECTED, events={*EXPECTED.events, "gone-1"})
    assert told(FOUND, more) == ["events that are not in the log: gone-1"]
    ends = {**FOUND.ends, "alert": FOUND.ends["alert"][1:]}
    assert told(replace(FOUND, ends=ends)) == [f"events without an outcome in alert: {event('a')}"]


def test_what_is_there_twice() -> None:
    indexed = [*FOUND.indexed, ("b", 0)]
    assert told(replace(FOUND, indexed=indexed)) == ["articles that a search finds twice: b"]
    ends = {**FOUND.ends, "index": [*FOUND.ends["index"], *ended([Place(5, 9, "x-1")], "stored")]}
    assert told(replace(FOUND, ends=ends)) == ["outcomes too many in index: x-1"]


def test_an_event_that_the_log_took_twice_ends_twice_and_shows_once() -> None:
    again = Place(0, 2, event("a"))
    logs = {**FOUND.logs, "read": [*PAGES, again]}
    ends = {**FOUND.ends, "read": [*FOUND.ends["read"], *ended([again], "read")]}
    found = replace(FOUND, logs=logs, ends=ends)
    assert told(found) == []
    assert settle(EXPECTED, found).repeated == 1


def test_what_ended_otherwise() -> None:
    assert told(replace(FOUND, indexed=[("a", 0), ("b", 0), ("c", 0)])) == [
        "articles that nobody wrote: c",
        "articles that are not as edited last: a (edition 0 of 1)",
    ]
    ends = {**FOUND.ends, "read": ended(PAGES, "read")}
    assert told(replace(FOUND, ends=ends, dead={"x"})) == [
        "events that stage read ended otherwise: poison-1 (read and not rejected)",
        "dead letters that no poison made: x",
        "poison without a dead letter: poison-1",
    ]
    assert told(replace(FOUND, claims=(8, 7), revisions=2)) == [
        "claims that the index counts otherwise: 8 and not 7",
        "revisions that are not one an edit: 2 and not 1",
    ]


def test_versions_keep_their_order_within_a_partition() -> None:
    first, second = ARTICLES[:2]
    swapped = [Place(3, 0, second.event), Place(3, 1, first.event), ARTICLES[2]]

    def disorder(pages: list[Place], articles: list[Place]) -> list[str]:
        return [*account.disorder(replace(FOUND, logs={"read": pages, "index": articles}))]

    assert disorder(PAGES, swapped) == [first.event]
    redone = [*ARTICLES, Place(3, 3, first.event)]
    assert disorder(PAGES, redone) == []
    grown = [PAGES[0], Place(9, 0, PAGES[1].event), *PAGES[2:]]
    assert disorder(grown, swapped) == []


# Verdicts


def sample(done: int, *processes: Reading, segments: int | None = 12) -> Sample:
    return Sample(float(done), done, done, {}, segments, processes)


def growing(bytes_per_event: float, descriptors: int = 0) -> list[Sample]:
    """A worker that grows, after a start in which it grows much more."""
    return [
        sample(
            done, Reading("worker", 1, int(min(done, 1_500) * 10**5 + done * bytes_per_event), more)
        )
        for done in range(0, 20_000, 100)
        for more in (20 + descriptors * (done > 15_000),)
    ]


def verdict(what: str, samples: list[Sample], waits: list[Wait] | None = None) -> tuple[str, str]:
    found = judging.judge(settle(EXPECTED, FOUND), samples, waits or [], [WINDOW])
    return next((one.state, one.seen) for one in found if one.what == what)


WINDOW = Window("kill-kafka", 9, NOW, NOW + timedelta(seconds=20), NOW + timedelta(seconds=60))


def test_growth_is_told_per_ten_thousand_events_and_without_the_start() -> None:
    assert verdict("memory flat: worker", growing(50)) == ("held", "+0.50 MB over 17,900 events")
    assert verdict("memory flat: worker", growing(150)) == ("failed", "+1.50 MB over 17,900 events")
    assert verdict("file descriptors flat", growing(0)) == ("held", "+0 (worker)")
    assert verdict("file descriptors flat", growing(0, 9)) == ("failed", "+9 (worker)")


def test_growth_of_a_short_life_is_not_judged() -> None:
    state, seen = verdict("memory flat: worker", growing(500)[:60])
    assert (state, seen) == ("not judged", "nobody lived through 5,000 events after its warm-up")


def test_a_restarted_process_is_another_one() -> None:
    halves = [sample(n, Reading("read", n // 5_000, 10**8, 9)) for n in range(0, 10_000, 100)]
    assert [life.events for life in judging.lives(halves)] == [2_900, 2_900]


def test_freshness_is_judged_outside_of_faults() -> None:
    def wait(start: int, seconds: float) -> Wait:
        fetched = NOW + timedelta(seconds=start)
        return Wait(fetched, fetched + timedelta(seconds=seconds))

    quick = [wait(100 + n, 5.0) for n in range(99)]
    slow = [wait(30, 400.0), wait(-100, 150.0)]
    what = "freshness p95 outside faults"
    assert verdict(what, [], quick + slow) == ("held", "5.0 s of 99 of 101 events")
    assert verdict(what, [], [wait(100, 130.0)]) == ("failed", "130.0 s of 1 of 1 events")
    assert verdict(what, [], slow) == ("not judged", "nothing was outside")
    assert [*judging.freshness([wait(0, 5.0), wait(2, 9.0), wait(20, 7.0)], NOW, 10.0)] == [
        (5.0, 5.0),
        (15.0, 9.0),
        (25.0, 7.0),
    ]


def test_segments_are_bounded() -> None:
    what = "segments of the index bounded"
    assert verdict(what, [sample(1), sample(2, segments=None)]) == ("held", "12 at most")
    assert verdict(what, [sample(1, segments=101)]) == ("failed", "101 at most")


def test_roles_by_command_line() -> None:
    celery = ["python", "-m", "services.tied", "celery", "-A", "services.workers.app", "worker"]
    assert role_of(celery, False) == "worker"
    assert role_of(celery, True) == "child"
    assert role_of(["python", "-m", "services.cli", "work"], False) == "family"
    assert role_of(["python", "-m", "services.cli", "work", "index"], False) == "index"
    assert role_of(["python", "-m", "services.cli", "deliver"], False) == "deliver"
    assert role_of(["ps", "-eo"], False) == ""


# Report and plot


def run(*complaints: str) -> Soak:
    it = settle(EXPECTED, FOUND)
    return Soak(
        machine=Machine("2026-03-01", 2, "a processor", "3.12"),
        wanted=Wanted(4, 7, (Fault(9, "kill-kafka"), Fault(10, "wipe-redis")), 20.0),
        began=NOW,
        seconds=120.0,
        account=it,
        windows=(WINDOW,),
        complaints=complaints,
        verdicts=tuple(judging.judge(it, growing(150), [], [WINDOW])),
    )


def test_the_report_says_what_was_run_and_what_did_not_hold() -> None:
    lines = report.text(run("ended early, after 4 events")).splitlines()
    assert lines[0] == "Soak of 4 events, seed 7, 2026-03-01 12:00 UTC"
    assert "NOT AS PLANNED: ended early, after 4 events" in lines
    assert [line for line in lines if line.startswith("failed")] == [
        "failed      memory flat: worker            +1.50 MB over 17,900 events "
        "(limit: under 1 MB per 10,000 events)"
    ]
    assert lines[-2].startswith("1 of 2 faults done")
    assert lines[-1].split()[:6] == ["9", "kill-kafka", "60", "s", "40", "s"]


def test_a_run_holds_when_nothing_failed_and_all_went_as_planned() -> None:
    good = replace(run(), verdicts=())
    assert report.held(good)
    assert not report.held(run())
    assert not report.held(replace(good, complaints=("ended early",)))


def test_the_plot_has_all_its_lines_and_stays_small() -> None:
    samples = [replace(one, lag={"read": n % 50}) for n, one in enumerate(growing(100) * 10)]
    waits = [Wait(NOW, NOW + timedelta(seconds=n)) for n in range(120)]
    svg = drawing.drawn(run(), Measured(samples, waits))
    assert len(svg) < 60_000
    root = etree.fromstring(svg.encode())
    assert len(root.findall(".//{*}rect[@class='fault']")) == 3
    kinds = {line.get("class") for line in root.findall(".//{*}polyline")}
    assert kinds == {"main", "limit", "worker"}
    assert "prefers-color-scheme: dark" in svg


def test_scales_end_in_round_numbers_and_peaks_stay() -> None:
    assert [drawing.top([value]) for value in (0.5, 7, 120, 132, 671, 9_500)] == [
        *(1, 8, 200, 200, 800, 10_000)
    ]
    points = [(float(n), 9.0 if n == 777 else 1.0) for n in range(1_000)]
    kept = drawing.thinned(points, 5)
    assert len(kept) == 200
    assert (777.0, 9.0) in kept
