"""Pages read again beside the live index: compared, switched to, rolled back, and killed."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from processors.records import Article, Page, decode, encode
from services import bootstrap
from services.bootstrap import open_bus, open_index, open_shelf, open_store
from services.bus import Event
from services.cli.commands import app
from services.errors import LockedError, UserError
from services.pages import event_of
from services.replay.rebuilding import Rebuilding
from services.settings import load_settings
from services.stages import Result
from services.stages.rebuild import Rebuild
from tests.support.articles import article, at, claim
from tests.support.index import slugs
from tests.support.processes import BEATWIRE, beatwire, wait_until
from tests.support.replaying import NOON, contents, publish, work
from tests.support.shelf import searching


def page(slug: str, hours: float = 0) -> Event:
    made = article(slug, hours=hours)
    return event_of(
        Page(
            id=made.id,
            url=made.url,
            requested_url=made.url,
            source=made.source,
            fetched_at=at(hours),
            status=200,
            headers={},
            body=b"<p>Nothing happened today.",
            content_hash=slug,
        )
    )


class Reading:
    """The stage ``read`` of some version: what it claims of a page, and which it cannot read."""

    def __init__(self, version: str = "1", low: float = 5e6, unread: Sequence[str] = ()) -> None:
        self.version, self.low, self.unread = version, low, unread
        self.seen = 0

    @property
    def made_by(self) -> dict[str, str]:
        return {"claims": self.version}

    def handle(self, events: Sequence[Event]) -> list[Result]:
        self.seen += len(events)
        return [self._read(event) for event in events]

    def _read(self, event: Event) -> Result:
        page = decode(event.data)
        assert isinstance(page, Page)
        slug = page.url.rpartition("/")[2]
        if slug in self.unread:
            return Result("too-short")
        made = self.article(slug, page)
        output = Event(
            id=event.id, type="article/1", key=made.id, time=event.time, data=encode(made)
        )
        return Result("read", outputs=(output,))

    def article(self, slug: str, page: Page) -> Article:
        hours = (page.fetched_at - at(0)).total_seconds() / 3600
        return article(slug, hours=hours, claims=(claim(low=self.low),), made_by=self.made_by)

    def close(self) -> None:
        """Nothing is open."""


Use = Callable[[Reading], Reading]


def told(*command: str) -> str:
    """All that a command says."""
    done = CliRunner().invoke(app, command, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout + done.stderr


def read_live(stage: Reading, *pages: Event) -> None:
    """Pages come in and go the whole way, as a worker does it."""
    with open_bus(load_settings()) as bus:
        bus.publish("pages", pages)
    bus_articles = [
        decode(output.data) for result in stage.handle(pages) for output in result.outputs
    ]
    publish([each for each in bus_articles if isinstance(each, Article)])
    work("index")


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Lets a version be that of today."""

    def use(stage: Reading) -> Reading:
        monkeypatch.setattr(bootstrap, "open_read_stage", lambda settings: stage)
        return stage

    return use


def rebuild(*options: str, code: int = 0) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["rebuild", *options, "--json"])
    if code:
        assert isinstance(done.exception, UserError), done.output
        assert done.exception.exit_code == code
        return {"said": str(done.exception), "out": done.stdout}
    assert done.exit_code == 0, repr(done.exception)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


NAMES = [f"s{n}" for n in range(20)]


@pytest.fixture
def newsroom(home: str, today: Use) -> Reading:
    stage = today(Reading())
    read_live(stage, *(page(name, n) for n, name in enumerate(NAMES)))
    return stage


def lows() -> set[float | None]:
    return {each.claims[0].amount_low for each in contents()}


def test_the_same_versions_say_the_same(newsroom: Reading) -> None:
    done = rebuild("--read-again", "--compare", "--max-removed", "0", "--max-changed", "0")
    assert (done["empty"], done["refused"]) == (True, [])
    assert done["outcomes"] == {"stored": 20}
    assert done["report"]["groups"]["articles"]["before"] == 20


def test_another_version_is_compared_switched_to_and_rolled_back(
    newsroom: Reading, today: Use
) -> None:
    today(Reading("2", low=6e6, unread=["s3"]))
    said = rebuild("--read-again", "--switch", "--max-removed", "4", code=65)
    assert "articles: 1 of 20 removed, 5.00 %; at most 4 % may be" in said["said"]
    assert lows() == {5e6}
    done = rebuild("--switch", "--compare", "--max-removed", "5")
    report = done["report"]
    assert report["groups"]["claims"] | {"examples": 0} == {
        "before": 20, "after": 19, "added": 0, "removed": 1, "changed": 19, "examples": 0,
    }  # fmt: skip
    assert report["versions"][0] == {
        "component": "claims", "before": "1", "after": "2", "articles": 19, "differing": 19,
    }  # fmt: skip
    assert (lows(), len(contents())) == ({6e6}, 19)
    for expected in (5e6, 6e6):
        assert rebuild("--rollback")["live"] == "rolled back"
        assert lows() == {expected}
    rebuild("--discard", "previous")
    assert "no previous index" in rebuild("--rollback", code=1)["said"]


def test_what_comes_in_meanwhile_is_in_both(newsroom: Reading, today: Use) -> None:
    two = today(Reading("2", low=6e6))
    rebuild("--read-again")
    read_live(two, page("late", 30))
    rebuild("--switch")
    assert (lows(), len(contents())) == ({6e6}, 21)
    read_live(two, page("later", 31))
    rebuild("--rollback")
    assert sorted(slugs(contents())) == sorted([*NAMES, "late", "later"])
    assert lows() == {5e6, 6e6}  # what the other version read live stays as it was read


def test_what_only_the_new_version_can_read_joins_a_story_when_it_is_switched_to(
    home: str, today: Use
) -> None:
    read_live(today(Reading(unread=["b"])), page("a"), page("b", 1))
    today(Reading("2"))
    rebuild("--read-again")
    with open_store(load_settings()) as store:
        names = [article("a").id, article("b").id]
        assert store.stories(names).keys() == {names[0]}
        rebuild("--switch")
        told = store.stories(names)
    assert {each.id: each.story for each in contents()} == {
        name: each.story for name, each in told.items()
    }
    assert told.keys() == set(names)


def test_another_version_begins_the_side_index_anew(newsroom: Reading, today: Use) -> None:
    rebuild("--read-again")
    two = today(Reading("2", low=6e6))
    with open_bus(load_settings()) as bus:
        bus.publish("pages", [page("late", 30)])
    assert "read by other versions" in rebuild("--compare", code=1)["said"]
    assert two.seen == 0
    rebuild("--read-again", "--switch")
    assert (two.seen, lows()) == (21, {6e6})


def test_a_whole_one_is_not_read_twice(newsroom: Reading) -> None:
    rebuild("--read-again")
    seen = newsroom.seen
    rebuild("--read-again")
    rebuild("--compare")
    assert newsroom.seen == seen


def test_one_that_was_broken_off_goes_on(
    newsroom: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill: what is durable is what the last note says."""
    settings = load_settings()
    monkeypatch.setattr("services.stages.rebuild.KEEP_SECONDS", 0)
    monkeypatch.setattr("services.stages.made_of.OfPages.batch", 4)
    handle, before = newsroom.handle, newsroom.seen

    def some(events: Sequence[Event]) -> list[Result]:
        if newsroom.seen >= before + 12:
            raise KeyboardInterrupt
        return handle(events)

    with open_bus(settings) as bus, open_store(settings) as store, open_shelf(settings) as shelf:
        doing = Rebuilding(bus, store, shelf, now=lambda: NOON, tell=lambda *_: None)
        with monkeypatch.context() as patch:
            patch.setattr(newsroom, "handle", some)
            with pytest.raises(KeyboardInterrupt):
                doing.fill_with_pages(lambda: newsroom)
        note = shelf.note("side")
        assert note is not None
        assert (note.outcomes, note.whole) == ({"stored": 12}, False)
        with pytest.raises(UserError, match="stands whole"):
            doing.bring_up(lambda: newsroom)
        done: Rebuild = doing.fill_with_pages(lambda: newsroom)
    assert newsroom.seen == before + 20
    assert done.outcomes == {"stored": 20}
    assert rebuild("--compare")["empty"]


def test_a_plain_rebuild_throws_away_nothing_that_was_read_again(newsroom: Reading) -> None:
    rebuild("--read-again")
    assert "--discard side" in rebuild(code=1)["said"]
    rebuild("--discard", "side")
    assert rebuild()["live"] == "rebuilt"


def test_a_plain_rebuild_says_that_it_brings_the_first_readings_back(
    newsroom: Reading, today: Use
) -> None:
    said = "by the versions of today"
    today(Reading("2", low=6e6))
    rebuild("--read-again", "--switch")
    assert said in told("rebuild")
    assert lows() == {5e6}
    assert said not in told("rebuild")
    rebuild("--read-again", "--switch")
    rebuild("--rollback")
    assert said not in told("rebuild")


def test_what_was_read_again_by_reprocessing_outlasts_a_rebuild(home: str) -> None:
    """Of two readings of one fetch, that of history was made later."""
    publish([article("a", made_by={"claims": "1"})])
    publish([article("a", made_by={"claims": "2"})], topic="articles.backfill")
    work("index", "index-backfill")
    before = contents()
    assert before[0].made_by == {"claims": "2"}
    rebuild()
    assert contents() == before


def test_the_live_index_is_switched_only_while_nobody_writes_it(newsroom: Reading) -> None:
    rebuild("--read-again")
    with open_index(load_settings(), write=True):
        done = CliRunner().invoke(app, ["rebuild", "--switch"])
        assert isinstance(done.exception, LockedError)
    rebuild("--switch")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--discard", "live"], "neither side nor previous"),
        (["--discard", "side", "--switch"], "stand alone"),
        (["--rollback", "--compare"], "stand alone"),
        (["--switch"], "beatwire rebuild --read-again"),
    ],
)
def test_what_cannot_be_asked(home: str, given: list[str], said: str) -> None:
    assert said in rebuild(*given, code=1)["said"]


def test_a_killed_rebuild_leaves_the_live_index_and_goes_on(home: str) -> None:
    """Row 5, with a real ``kill -9``."""
    made = [article(f"s{n}", f"Text {n}.", hours=n) for n in range(1500)]
    publish(made[:200])
    work("index")
    publish(made[200:])
    note = Path(home) / "index.new" / "note.json"

    def done() -> int:
        try:
            return sum(json.loads(note.read_text())["outcomes"].values())
        except (FileNotFoundError, KeyError):
            return 0

    with searching(lambda: open_index(load_settings()), 200):
        with subprocess.Popen([*BEATWIRE, "rebuild"], env=os.environ) as process:
            wait_until(lambda: bool(done()), 120)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert 0 < done() < 1500
        begun = json.loads(note.read_text())["begun_at"]
        assert len(contents()) == 200
        second = json.loads(beatwire("rebuild", "--json"))
    assert (second["begun_at"], second["outcomes"]) == (begun, {"stored": 1500})
    assert sorted(slugs(contents())) == sorted(slugs(made))
