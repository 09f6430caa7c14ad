"""Every event ends in exactly one outcome, whatever a stage does."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from processors.records import DeadLetter, decode
from services import metrics
from services.bootstrap import open_bus, open_store
from services.bus import Bus, Event, Slice
from services.errors import Reject, TryLater
from services.settings import load_settings
from services.stages import Born, Outcome, Result
from services.stages.flow import INDEX, INDEX_BACKFILL, READ, Step
from services.stages.runner import ATTEMPTS, bury, run_slice
from services.store import Store
from services.topics import DEAD, TOPICS

NOW = datetime(2025, 1, 28, 19, 5, tzinfo=UTC)


@pytest.fixture
def bus() -> Iterator[Bus]:
    with open_bus(load_settings()) as bus:
        yield bus


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store(load_settings()) as store:
        yield store


class Scripted:
    """A stage that does with each event what its data says."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.flaky = 0

    def handle(self, events: Sequence[Event]) -> list[Result]:
        self.calls.append(len(events))
        return [self._one(event) for event in events]

    def close(self) -> None: ...

    def _one(self, event: Event) -> Result:
        match event.data:
            case b"bug":
                raise KeyError("claims")
            case b"bad":
                raise Reject("not a\nrecord")
            case b"away":
                raise TryLater("index")
            case b"flaky" if self.flaky < ATTEMPTS - 1:
                self.flaky += 1
                raise OSError("once")
        return Result("read", outputs=(event,))


def event(number: int, data: bytes) -> Event:
    return Event(id=f"e{number}", type="page/1", key="one", time=NOW, data=data)


def publish(bus: Bus, *data: bytes) -> Slice:
    bus.publish("pages", [event(number, text) for number, text in enumerate(data)])
    (part,) = bus.poll("read", "pages")
    return part


def run(stage: Scripted, part: Slice, bus: Bus, store: Store) -> dict[str, int]:
    return run_slice(READ, stage, part, bus=bus, store=store, now=lambda: NOW)


def published(bus: Bus, topic: str) -> list[Event]:
    return [
        stored.event for part in bus.poll("look", topic, slices=99) for stored in bus.read(part)
    ]


def test_a_good_slice_is_handled_in_one_call(bus: Bus, store: Store) -> None:
    stage = Scripted()
    assert run(stage, publish(bus, b"a", b"b", b"c"), bus, store) == {"read": 3}
    assert stage.calls == [3]
    assert [e.id for e in published(bus, "articles")] == ["e0", "e1", "e2"]
    assert store.outcomes() == {"read": {"read": 3}}


@pytest.mark.parametrize(
    ("poison", "reason", "attempts"),
    [(b"bug", "KeyError: 'claims'", ATTEMPTS), (b"bad", "not a record", 1)],
)
def test_one_bad_event_never_stops_the_others(
    bus: Bus, store: Store, poison: bytes, reason: str, attempts: int
) -> None:
    part = publish(bus, b"a", b"b", poison, b"c", b"d")
    assert run(Scripted(), part, bus, store) == {"read": 4, "rejected": 1}
    assert [e.id for e in published(bus, "articles")] == ["e0", "e1", "e3", "e4"]
    (letter,) = [decode(e.data) for e in published(bus, "dead")]
    assert isinstance(letter, DeadLetter)
    assert (letter.event_id, letter.reason, letter.attempts) == ("e2", reason, attempts)
    assert letter.data == poison
    assert letter.offset == 2


def test_a_dead_letter_says_outside_what_is_to_be_done_with_it(
    bus: Bus, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = publish(bus, b"a", b"bug")
    put: list[Event] = []
    publish_all = bus.publish

    def publish_seen(topic: str, events: Sequence[Event]) -> None:
        put.extend(events if topic == DEAD.name else ())
        publish_all(topic, events)

    monkeypatch.setattr(bus, "publish", publish_seen)
    run(Scripted(), part, bus, store)
    labels = dict(put[0].labels)
    assert (labels["dlq-error-class"], labels["dlq-attempts"]) == ("KeyError", str(ATTEMPTS))
    assert (labels["dlq-original-offset"], labels["dlq-stage"]) == ("1", "read")


def test_a_passing_failure_is_no_dead_letter(bus: Bus, store: Store) -> None:
    assert run(Scripted(), publish(bus, b"flaky"), bus, store) == {"read": 1}
    assert published(bus, "dead") == []


def test_nothing_is_noted_when_the_stage_must_wait(bus: Bus, store: Store) -> None:
    with pytest.raises(TryLater):
        run(Scripted(), publish(bus, b"a", b"away"), bus, store)
    assert published(bus, "articles") == []
    assert store.outcomes() == {}


def test_an_output_that_the_log_refuses_is_a_dead_letter_and_stops_no_others(
    bus: Bus, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = publish(bus, b"a", b"b" * 2000, b"c")
    small = msgspec.structs.replace(TOPICS["articles"], max_event_bytes=1000)
    monkeypatch.setitem(TOPICS, "articles", small)
    assert run(Scripted(), part, bus, store) == {"read": 2, "rejected": 1}
    assert [e.id for e in published(bus, "articles")] == ["e0", "e2"]
    (letter,) = [decode(e.data) for e in published(bus, "dead")]
    assert isinstance(letter, DeadLetter)
    assert (letter.event_id, letter.topic, letter.attempts) == ("e1", "pages", 1)
    assert "2,000 bytes is over the 1,000 of topic articles" in letter.reason


def test_the_largest_event_of_any_topic_fits_into_a_dead_letter() -> None:
    """Data is Base64 in a letter, which makes it a third longer."""
    largest = max(topic.max_event_bytes for topic in TOPICS.values() if topic is not DEAD)
    assert DEAD.max_event_bytes > largest * 4 / 3 + 64 * 1024


def test_what_workers_died_of_is_buried_and_counted(bus: Bus, store: Store) -> None:
    part = publish(bus, b"a")
    processed, dead = counted(metrics.STAGE_PROCESSED), counted(metrics.DEAD_LETTERS)
    bury(READ, part, "killed by signal 9", 3, bus=bus, store=store, now=lambda: NOW)
    (letter,) = [decode(e.data) for e in published(bus, "dead")]
    assert isinstance(letter, DeadLetter)
    assert (letter.reason, letter.attempts) == ("killed by signal 9", 3)
    assert letter.error_class == "WorkerDied"
    assert store.outcomes() == {"read": {"rejected": 1}}
    assert grown(metrics.STAGE_PROCESSED, processed) == {("rejected", "read"): 1}
    assert grown(metrics.DEAD_LETTERS, dead) == {("WorkerDied", "read"): 1}


def test_running_a_slice_again_counts_once(bus: Bus, store: Store) -> None:
    part = publish(bus, b"a", b"bad")
    for _ in range(2):
        run(Scripted(), part, bus, store)
    assert store.outcomes() == {"read": {"read": 1, "rejected": 1}}


@pytest.mark.parametrize(("step", "within"), [(READ, 0), (INDEX, 45), (INDEX_BACKFILL, 0)])
def test_how_long_after_its_fetch_is_counted_of_live_news_in_the_index(
    bus: Bus, store: Store, step: Step, within: int
) -> None:
    later = NOW + timedelta(seconds=40)
    part = publish(bus, b"a", b"b")
    for _ in range(2):
        run_slice(step, Scripted(), part, bus=bus, store=store, now=lambda: later)
    (tally,) = store.tallies(NOW)
    assert (tally.stage, tally.outcome, tally.within) == (step.stage, "read", within)
    assert (tally.events, tally.last) == (4, later), "work is counted, also when it is done again"


def counted(metric: Any) -> dict[tuple[str, ...], float]:
    """Label values, in the order of their names, to the value; only what was ever counted."""
    return {
        tuple(sample.labels[name] for name in sorted(sample.labels)): sample.value
        for family in metric.collect()
        for sample in family.samples
        if sample.name.endswith(("_total", "_seconds", "_count"))
    }


def all_metrics() -> list[Any]:
    made = vars(metrics).values()
    return [each for each in made if hasattr(each, "collect") and not isinstance(each, type)]


def grown(metric: Any, before: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    after = counted(metric)
    return {key: n - before.get(key, 0) for key, n in after.items() if n != before.get(key, 0)}


def test_the_counters_say_what_the_outcomes_say(bus: Bus, store: Store) -> None:
    watched = (metrics.STAGE_PROCESSED, metrics.DEAD_LETTERS, metrics.STAGE_DURATION)
    before = [counted(metric) for metric in watched]
    run(Scripted(), publish(bus, b"a", b"bad", b"bug", b"b"), bus, store)
    ended, dead, slices = (grown(*pair) for pair in zip(watched, before, strict=True))
    assert ended == {("read", "read"): 2, ("rejected", "read"): 2}
    assert store.outcomes() == {"read": {"read": 2, "rejected": 2}}
    assert dead == {("KeyError", "read"): 1, ("Reject", "read"): 1}
    assert slices == {("read",): 1}
    assert counted(metrics.STAGE_LAST_PROGRESS)["read",] == NOW.timestamp()


def test_a_slice_that_waits_is_counted_as_that_alone(bus: Bus, store: Store) -> None:
    processed = counted(metrics.STAGE_PROCESSED)
    waits = counted(metrics.STAGE_WAITS)
    with pytest.raises(TryLater):
        run(Scripted(), publish(bus, b"a", b"away"), bus, store)
    assert grown(metrics.STAGE_WAITS, waits) == {("read",): 1}
    assert grown(metrics.STAGE_PROCESSED, processed) == {}


def test_no_text_and_no_flood_of_classes_gets_into_labels(
    bus: Bus, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 94: however hostile the events and their errors, the series stay few and hold no text."""
    monkeypatch.setattr(metrics, "_classes", set())

    class Hostile(Scripted):
        def _one(self, event: Event) -> Result:
            text = event.data.decode()
            raise type(f"Error{text.rpartition('/')[2]}", (Exception,), {})(text)

    before = counted(metrics.DEAD_LETTERS)
    most, secret = metrics.MOST_CLASSES, "https://secret.example/user-text"
    data = [f"{secret}/{number}".encode() for number in range(3 * most)]
    bus.publish("pages", [event(number, text) for number, text in enumerate(data)])
    for part in bus.poll("read", "pages", most=len(data), slices=9):
        run(Hostile(), part, bus, store)
    letters = grown(metrics.DEAD_LETTERS, before)
    assert sum(letters.values()) == len(data)
    assert len(letters) == most + 1
    assert letters["other", "read"] == 2 * most
    assert "secret" not in str([counted(metric) for metric in all_metrics()])


def test_every_label_is_known_and_bounded() -> None:
    """Row 94: a new metric with another label needs a look at what may stand in it."""
    found = {name for metric in all_metrics() for name in metric._labelnames}
    known = {"stage", "outcome", "reason", "status", "group", "topic", "channel", "source"}
    assert found <= known


@pytest.mark.parametrize(
    ("step", "outcome", "counted"),
    [(INDEX, "stored", 1), (INDEX, "unchanged", 0), (INDEX_BACKFILL, "stored", 0)],
)
def test_freshness_is_that_of_live_articles_that_are_new(
    bus: Bus, store: Store, step: Step, outcome: Outcome, counted: int
) -> None:
    class Indexes(Scripted):
        def _one(self, event: Event) -> Result:
            fetched = NOW - timedelta(seconds=90)
            return Result(outcome, born=Born(fetched, fetched - timedelta(minutes=9)))

    bus.publish(step.takes.name, [event(1, b"a")])
    (part,) = bus.poll(step.stage, step.takes.name)
    histograms = (metrics.FETCH_TO_INDEX, metrics.PUBLISH_TO_INDEX)
    before = [each._sum.get() for each in histograms]
    run_slice(step, Indexes(), part, bus=bus, store=store, now=lambda: NOW)
    after = [each._sum.get() for each in histograms]
    grown = [end - begin for begin, end in zip(before, after, strict=True)]
    assert grown == [90 * counted, 630 * counted]
