"""Letters from the log to the store and back: each event once, whoever is killed when."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from processors.records import encode
from services.bus import Bus, Event
from services.cli.commands import app
from services.dead import retrying
from services.dead.reading import catch_up, event_of
from services.dead.retrying import Retry
from services.errors import TryLater, UserError
from services.store import Store
from services.store.letters import Wanted
from services.topics import DEAD, PAGES
from tests.support.bus import on_the_log
from tests.support.letters import dead_letter

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fail(bus: Bus, count: int, first: int = 0) -> list[str]:
    """Events of ``pages`` that the stage ``read`` gave up, each with its letter; their ids."""
    names = [f"e{number}" for number in range(first, first + count)]
    bus.publish(
        PAGES.name,
        [Event(id=name, type="page/1", key="a.example", time=NOON, data=b"{") for name in names],
    )
    (part,) = {lag.partition for lag in bus.lag("t", PAGES.name) if lag.end}
    for offset, name in enumerate(names, first):
        put_letter(bus, name, part, offset)
    return names


def put_letter(bus: Bus, name: str, part: int, offset: int, data: bytes = b"{") -> None:
    made = dead_letter(event_id=name, partition=part, offset=offset, data=data)
    event = Event(id=name, type="dead-letter/1", key="read", time=NOON, data=encode(made))
    bus.publish(DEAD.name, [event])


def retry(bus: Bus, store: Store, hours: float = 0) -> retrying.Retried:
    now = NOON + timedelta(hours=hours)
    work = Retry(bus, store, by="ada", now=lambda: now, sleep=lambda _: None)
    return work.run(Wanted(), limit=1000)


def test_letters_are_read_once_and_what_is_none_is_passed_over(bus: Bus, store: Store) -> None:
    fail(bus, 3)
    bus.publish(DEAD.name, [Event(id="x", type="?", key="read", time=NOON, data=b"no letter")])
    assert catch_up(bus, store) == 4
    fail(bus, 2, first=3)
    put_letter(bus, "e0", store.letters(Wanted(), limit=1)[0].partition, 0)  # once more
    assert (catch_up(bus, store), catch_up(bus, store)) == (3, 0)
    assert len(store.letters(Wanted(), limit=10)) == 5


def test_each_event_is_put_on_its_topic_once_and_the_letters_say_so(bus: Bus, store: Store) -> None:
    names = fail(bus, 120)
    assert retry(bus, store).retried == 120
    assert on_the_log(bus, PAGES.name) == Counter(dict.fromkeys(names, 2))
    assert store.count_letters() == {("read", "Reject", "retried"): 120}
    assert retry(bus, store).retried == 0


@pytest.mark.parametrize("published", [False, True], ids=["before it", "after it"])
def test_who_comes_after_one_that_died_at_the_append_finishes_it(
    bus: Bus, store: Store, published: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = fail(bus, 60)

    def die(self: Retry, letters: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Retry, "_end" if published else "_send", die)
        with pytest.raises(KeyboardInterrupt):
            retry(bus, store)
    assert sum(on_the_log(bus, PAGES.name).values()) == (110 if published else 60)
    assert retry(bus, store, hours=1).retried == 60
    assert on_the_log(bus, PAGES.name) == Counter(dict.fromkeys(names, 2))


def test_one_that_lives_is_left_alone(bus: Bus, store: Store) -> None:
    fail(bus, 1)
    catch_up(bus, store)
    (letter,) = store.letters(Wanted(), limit=1)
    store.mark_letters([letter.id], "retrying", now=NOON, by="other", ends={})
    assert retry(bus, store).retried == 0
    assert sum(on_the_log(bus, PAGES.name).values()) == 1


def test_a_log_that_is_away_changes_nothing_that_a_second_try_would_not_mend(
    bus: Bus, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(bus, 5)

    def away(topic: str, events: object) -> None:
        raise TryLater("the log does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(bus, "publish", away)
        with pytest.raises(TryLater):
            retry(bus, store)
    assert retry(bus, store, hours=1).retried == 5
    assert sum(on_the_log(bus, PAGES.name).values()) == 10


def test_an_event_that_its_topic_has_lost_comes_from_the_letter(bus: Bus, store: Store) -> None:
    put_letter(bus, "lost", part=0, offset=10**6, data=b"saved")
    catch_up(bus, store)
    (letter,) = store.letters(Wanted(), limit=1)
    assert (event_of(bus, letter).data, event_of(bus, letter).type) == (b"saved", "page/1")


def test_an_event_that_nothing_has_is_dropped_with_the_reason(bus: Bus, store: Store) -> None:
    fail(bus, 1)
    catch_up(bus, store)
    (letter,) = store.letters(Wanted(), limit=1)
    gone = type(letter)(
        **{name: getattr(letter, name) for name in letter.__struct_fields__}
        | {"id": "gone", "offset": 10**6, "at": 10**6}
    )
    store.note_letters([gone], 10**6)
    with pytest.raises(UserError, match="no longer in the log"):
        event_of(bus, gone)
    done = Retry(bus, store, by="ada", now=lambda: NOON).run(Wanted(ids=("gone",)), limit=1)
    assert done == retrying.Retried(0, ("gone",))
    (found,) = store.letters(Wanted(ids=("gone",)), limit=1)
    said = CliRunner().invoke(app, ["dead", "show", "gone"])
    assert said.exit_code == 0
    assert "error_class" in said.output
    assert "no longer in the log" in said.output
    assert (found.state, found.changed_by) == ("dropped", "ada")
