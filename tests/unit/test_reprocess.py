"""Events put on the log once more: those that were asked for, each once, whoever is killed when."""

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from processors.records import Page
from services.bus import Bus, Event, Slice
from services.bus.sqlite import SqliteBus
from services.cli.commands import app
from services.errors import TryLater, UserError
from services.pages import event_of
from services.replay import reprocess
from services.replay.reprocess import Reprocess
from services.replay.settled import Settled
from services.stages.backlog import PATIENCE_SECONDS, Waiting
from services.store import Store
from services.store.replays import Replay
from tests.support.articles import article, at
from tests.support.bus import on_the_log
from tests.support.processes import BEATWIRE, beatwire, wait_until
from tests.support.replaying import (
    NOON,
    as_event,
    contents,
    pass_by,
    publish,
    waiting,
    work,
)

LIVE = ("read", "index", "alert")
ESCAPE = "\x1b"


def page(slug: str, hours: float = 0, source: str = "ledger") -> Event:
    url = f"https://{source.partition(ESCAPE)[0]}.example/{slug}"
    made = Page(
        id=slug,
        url=url,
        requested_url=url,
        source=source,
        fetched_at=at(hours),
        status=200,
        headers={},
        body=b"<p>Nothing happened.",
        content_hash=slug,
    )
    return event_of(made)


def wanted(**changes: Any) -> Replay:
    given: dict[str, Any] = {"id": "r", "asked": "--stage read", "work": "read", "since": at(0)}
    given |= {"began_at": NOON, "changed_at": NOON} | changes
    return Replay(**given)


def replaying(bus: Bus, store: Store, **options: Any) -> Reprocess:
    given: dict[str, Any] = {"now": lambda: NOON, "sleep": lambda _: None} | options
    return Reprocess(bus, store, **given)


def run(bus: Bus, store: Store, asked: Replay, **options: Any) -> Replay:
    doing = replaying(bus, store, **options)
    return doing.run(doing.begin(asked))


def test_pages_of_a_time_and_a_source_are_put_once_more_as_history(bus: Bus, store: Store) -> None:
    old, first, late = page("old", -1), page("first"), page("late", 5)
    other, second = page("other", 1, "wire"), page("second", 4)
    bus.publish("pages", [old, first, late, other, second])
    bus.publish("pages", [Event(id="x", type="?", key="k", time=at(1), data=b"no record")])
    pass_by(bus, *LIVE)
    asked = wanted(until=at(5), source="ledger")
    found = replaying(bus, store).find(asked)
    assert (found.events, found.sources) == (2, {"ledger": 2})
    assert (found.oldest, found.newest) == (at(0), at(4))
    assert on_the_log(bus, "pages.backfill") == {}
    done = run(bus, store, asked)
    assert (done.published, done.state) == (2, "done")
    assert on_the_log(bus, "pages.backfill") == Counter([first.id, second.id])
    assert sum(on_the_log(bus, "pages").values()) == 6


def test_a_limit_is_the_most(bus: Bus, store: Store) -> None:
    bus.publish("pages", [page(f"p{n}", n, f"s{n % 5}") for n in range(100)])
    pass_by(bus, *LIVE)
    assert replaying(bus, store).find(wanted(limit=70)).events == 70
    assert run(bus, store, wanted(limit=70)).published == 70
    assert sum(on_the_log(bus, "pages.backfill").values()) == 70


def test_notified_they_go_the_way_of_live_news(bus: Bus, store: Store) -> None:
    bus.publish("pages", [page("a")])
    pass_by(bus, *LIVE)
    run(bus, store, wanted(notify=True))
    assert (waiting(bus, "read"), waiting(bus, "read-backfill")) == (1, 0)


def test_what_is_not_done_live_is_left_to_the_live_stages(bus: Bus, store: Store) -> None:
    bus.publish("pages", [page("a")])
    pass_by(bus, *LIVE)
    bus.publish("pages", [page("b")])
    assert run(bus, store, wanted()).published == 1
    made = article("a")
    bus.publish("articles", [as_event(made)])
    pass_by(bus, "index")
    assert sum(Settled(bus).look("index").values()) == 0
    pass_by(bus, "alert")
    assert sum(Settled(bus).look("index").values()) == 1


def test_articles_that_alerts_have_not_decided_are_waited_for(bus: Bus, store: Store) -> None:
    """Their pages, put as history, would else be told to nobody."""
    bus.publish("pages", [page("a")])
    bus.publish("articles", [as_event(article("a"))])
    pass_by(bus, "read", "index")
    slept = list[float]()
    with pytest.raises(Waiting, match="1 live articles wait for stage alert"):
        run(bus, store, wanted(), sleep=slept.append)
    assert PATIENCE_SECONDS <= sum(slept) < 2 * PATIENCE_SECONDS
    assert store.replay_run("r") is None

    def decide(_: float) -> None:
        pass_by(bus, "alert")

    assert run(bus, store, wanted(), sleep=decide).published == 1


def test_no_more_than_the_rate_are_put(bus: Bus, store: Store) -> None:
    bus.publish("pages", [page(f"p{n}", n) for n in range(20)])
    pass_by(bus, *LIVE)
    slept = list[float]()
    run(bus, store, wanted(), rate=4, sleep=slept.append)
    assert 4 < sum(slept) <= 5


@pytest.mark.parametrize("rate", [0, 3], ids=["as before", "in smaller parts"])
@pytest.mark.parametrize("appended", [False, True], ids=["before it", "after it"])
def test_who_comes_after_one_that_died_at_the_append_goes_on(
    bus: Bus, store: Store, appended: bool, rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [page(f"p{n}", n, f"s{n % 4}") for n in range(150)]
    bus.publish("pages", events)
    pass_by(bus, *LIVE)
    append = bus.publish

    def die(topic: str, given: list[Event]) -> None:
        if appended:
            append(topic, given)
        raise KeyboardInterrupt

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(bus, "publish", die)
            with pytest.raises(KeyboardInterrupt):
                run(bus, store, wanted())
    assert store.running_replays() != []
    done = run(bus, store, wanted(since=at(99), limit=1), rate=rate)
    assert done.published == 150
    assert on_the_log(bus, "pages.backfill") == Counter(event.id for event in events)


def test_what_the_log_dropped_while_a_run_was_dead_is_passed_over(
    bus: Bus, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus.publish("pages", [page(f"p{n}", n) for n in range(90)])
    pass_by(bus, *LIVE)

    def die(topic: str, given: list[Event]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bus, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            run(bus, store, wanted())
    (stopped,) = store.running_replays()
    (part,) = [each for each in stopped.next if stopped.ends[each]]
    assert isinstance(bus, SqliteBus)
    bus.forget("pages", {part: stopped.last + 1})
    done = run(bus, store, wanted())
    assert (done.state, done.published) == ("done", 90 - stopped.last - 1)


def test_a_log_that_is_away_for_a_moment_is_waited_for(
    bus: Bus, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus.publish("pages", [page(f"p{n}", n) for n in range(40)])
    pass_by(bus, *LIVE)
    read, away = bus.read, [3]

    def sometimes(part: Slice) -> list[Any]:
        if away[0]:
            away[0] -= 1
            raise TryLater("the log is away")
        return read(part)

    monkeypatch.setattr(bus, "read", sometimes)
    assert run(bus, store, wanted()).published == 40


def test_of_two_at_once_one_ends(bus: Bus, store: Store) -> None:
    bus.publish("pages", [page(f"p{n}", n) for n in range(40)])
    pass_by(bus, *LIVE)
    doing = replaying(bus, store)
    begun = doing.begin(wanted())
    assert store.put_replay(msgspec.structs.replace(begun, turn=begun.turn + 1))
    with pytest.raises(Waiting, match="another process goes on"):
        doing.run(begun)
    assert on_the_log(bus, "pages.backfill") == {}


def test_no_room_on_the_disk(bus: Bus, store: Store) -> None:
    bus.publish("pages", [page("a")])
    pass_by(bus, *LIVE)
    with pytest.raises(Waiting, match="make room"):
        run(bus, store, wanted(), room=lambda: "make room")
    assert run(bus, store, wanted()).published == 1


ASKED = ("reprocess", "--stage", "index", "--since", "2024-12-31")


def told(*command: str) -> str:
    """What a command prints, in this process."""
    done = CliRunner().invoke(app, command, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def killed(*command: str, once: Callable[[], bool]) -> None:
    """Run a command and kill it as soon as something is so."""
    with subprocess.Popen([*BEATWIRE, *command], env=os.environ, stdout=subprocess.DEVNULL) as one:
        try:
            wait_until(once, 60)
            assert one.poll() is None
        finally:
            one.send_signal(signal.SIGKILL)
    assert one.returncode == -signal.SIGKILL


def test_a_killed_run_goes_on_and_the_index_is_as_it_was(bus: Bus, store: Store) -> None:
    """A real ``kill -9`` in the middle: of the run, and of the same command given again."""
    made = [article(f"s{n}", f"Text {n}.", hours=n / 100) for n in range(300)]
    publish(made)
    work("index", "alert")
    before = contents()
    for least in (40, 120):
        slowly = (*ASKED, "--rate", "100")
        killed(*slowly, once=lambda least=least: waiting(bus, "index-backfill") > least)  # type: ignore[misc]
        assert least < waiting(bus, "index-backfill") < 300
    assert json.loads(beatwire("reprocess", "--resume", "--json"))["runs"][0]["published"] == 300
    assert on_the_log(bus, "articles.backfill") == Counter(as_event(each).id for each in made)
    work("index-backfill", "alert-backfill")
    assert contents() == before
    assert len(before) == 300
    assert store.outcomes()["index-backfill"] == {"unchanged": 300}


def test_a_run_that_is_done_is_begun_anew_and_changes_nothing(bus: Bus, store: Store) -> None:
    publish([article("a"), article("b")])
    work("index", "alert")
    before = contents()
    for turn in (1, 2):
        said = told(*ASKED)
        assert "2 articles put on articles.backfill" in said
        assert "beatwire status" in said
        assert waiting(bus, "index-backfill") == 2
        work("index-backfill")
        assert sum(on_the_log(bus, "articles.backfill").values()) == 2 * turn
    assert contents() == before
    assert "No run was stopped" in told("reprocess", "--resume")


def test_what_the_command_says(bus: Bus) -> None:
    bus.publish("pages", [page("a"), page("b", 1, f"wire{ESCAPE}[31m")])
    pass_by(bus, *LIVE)
    said = told("reprocess", "--stage", "read", "--since", "2025-01-01", "--dry-run")
    assert said.startswith("2 pages of 2 sources would be read again, fetched from 2025-01-01")
    assert ESCAPE not in said
    found = json.loads(told(*ASKED, "--dry-run", "--json"))
    assert found["would"]["events"] == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--stage", "read"], "say what: --stage read"),
        (["--since", "7d"], "say what: --stage read"),
        (["--stage", "read", "--since", "soon"], "--since 'soon' is no date"),
        (["--stage", "read", "--since", "7d", "--until", "8d"], "--until 8d is not after"),
        (["--resume", "--stage", "read"], "give it alone"),
        (["--resume", "--dry-run"], "give it alone"),
        (["--resume", "--notify"], "give it alone"),
    ],
)
def test_what_cannot_be_asked(home: str, given: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["reprocess", *given])
    assert isinstance(done.exception, UserError)
    assert said in str(done.exception)


def test_batches_are_of_one_size(bus: Bus, store: Store) -> None:
    assert replaying(bus, store, rate=0.2)._batch == 1
    assert replaying(bus, store, rate=10**6)._batch == reprocess.BATCH
