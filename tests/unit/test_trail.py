"""Trails: what became of one address is told from any of its names, whatever became of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, get_args

import msgspec
import pytest
import typer
from hypothesis import given as drawn
from hypothesis import strategies as st

from crawlers.fetching.outcomes import Outcome as FetchOutcome
from processors.ids import article_id
from processors.records import FeedHints, Page, encode
from services import bootstrap
from services.bus import Bus, Event
from services.cli import trail as command
from services.errors import TryLater, UserError
from services.pages import event_of
from services.settings import load_settings
from services.stages import Outcome
from services.stages.elsewhere import elsewhere, elsewhere_words
from services.store import Store
from services.store.alerting import Again, Sent
from services.store.crawling import Ended, Link, RobotsText
from services.store.letters import Letter
from services.store.places import Source, Target
from services.store.port import Copy, Finished
from services.topics import PAGES
from services.trail.asked import understand
from services.trail.gather import gather
from services.trail.steps import Step
from services.trail.trail import Trail, trail_of
from services.trail.words import ENDED, FETCHED
from services.words import printable
from tests.contracts.alerting import after, arrived, ready
from tests.support.articles import article

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = "https://ledger.example/feed.xml"
URL = "https://ledger.example/story"


class House:
    """Ports as they are on one machine, and what a crawl and the stages leave in them."""

    def __init__(self, bus: Bus, store: Store) -> None:
        self.bus, self.store = bus, store
        settings = load_settings()
        self.open_bus = partial(bootstrap.open_bus, settings)
        self.open_index = partial(bootstrap.open_index, settings)
        store.put_source(Source(id="ledger", url=FEED, name="The Ledger", added_at=NOON))

    def find(self, url: str = URL, published: str = "") -> None:
        hints = FeedHints(feed=FEED, published=published)
        target = Target(url=url, source="ledger", hints=hints)
        self.store.note_listing(
            Target(url=FEED, source="ledger", outcome="fetched"),
            [Link(target=target, since=NOON)],
            now=NOON,
        )

    def look(self, outcome: str, url: str = URL, reason: str = "", **more: Any) -> None:
        known = self.store.target(url) or Target(url=url, source="ledger")
        target = msgspec.structs.replace(known, outcome=outcome)
        self.store.note_pages([Ended(target=target, reason=reason, **more)], minutes(1))

    def fetch(self, url: str = URL, answered: str = URL, body: bytes = b"<p>Text") -> Event:
        """As ``crawlers.books`` has it: first the log, then the store."""
        page = Page(
            id=article_id(answered),
            url=answered,
            requested_url=url,
            source="ledger",
            fetched_at=minutes(1),
            status=200,
            headers={"content-type": "text/html"},
            body=body,
            content_hash="abab",
        )
        event = event_of(page)
        self.bus.publish(PAGES.name, [event])
        target = Target(url=url, source="ledger", fetched_at=page.fetched_at, outcome="fetched")
        self.store.note_pages([Ended(target=target, event_id=event.id)], minutes(1))
        return event

    def end(self, stage: str, event: str, outcome: str, reason: str = "", topic: str = "") -> None:
        """The event's end in a stage; of a page, at its place on the log."""
        [part] = [lag.partition for lag in self.bus.lag("t", PAGES.name) if lag.end]
        at = minutes(2 + len(self.store.ends(event=event)))
        ended = Finished(
            stage=stage,
            topic=topic or PAGES.name,
            partition=part,
            offset=0,
            event_id=event,
            outcome=outcome,
            reason=reason,
            at=at,
        )
        self.store.finish([ended])

    def keep(self, url: str = URL, **fields: Any) -> str:
        """Its article joined to its story and put into the index; the id of its event."""
        made = msgspec.structs.replace(article(url=url, **fields), fetched_at=minutes(1))
        copy = Copy(
            article_id=made.id,
            published=made.published or made.fetched_at,
            seen=made.fetched_at,
            bands=(1, 2, 3),
            signature=b"\0" * 1024,
        )
        self.store.join_stories([copy])
        with bootstrap.open_index(load_settings(), write=True) as index:
            index.put([made])
        event = f"{made.id}-{int(made.fetched_at.timestamp() * 1000)}"
        for stage, outcome in (("index", "stored"), ("alert", "no-alert")):
            self.end(stage, event, outcome, topic="articles")
        return event

    def ask(self, given: str = URL) -> Trail:
        return trail_of(gather(understand(given), self.store, self.open_bus, self.open_index))


@pytest.fixture
def house(home: str) -> Iterator[House]:
    settings = load_settings()
    with bootstrap.open_bus(settings) as bus, bootstrap.open_store(settings) as store:
        yield House(bus, store)


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def step(trail: Trail, stage: str) -> Step:
    [found] = [each for each in trail.steps if each.stage == stage]
    return found


@pytest.mark.parametrize(
    "given",
    [
        "https://Ledger.example/story?utm_source=feed#top",
        "http://ledger.example:80/story/",
        " https://ledger.example/./story?fbclid=1 ",
        "ledger.example/story",
    ],
)
def test_any_spelling_asks_for_the_same_page(given: str) -> None:
    asked = understand(given)
    assert asked.article == article_id(URL)
    assert URL in asked.urls


def test_ids_are_told_from_addresses() -> None:
    name = article_id(URL)
    assert (understand(name).article, understand(name).url) == (name, "")
    assert understand(f"{name}-17").article == name
    for letter in ("read-pages-3-17", "read-backfill-pages.backfill-0-4"):
        assert (understand(letter).event, understand(letter).url) == (letter, "")


@pytest.mark.parametrize("given", ["", "two words", "ftp://a.example/", "http://[::1", "x" * 999])
def test_what_is_neither_is_refused_with_what_to_give(given: str) -> None:
    with pytest.raises(UserError, match="give the address of an article"):
        understand(given)


@drawn(given=st.text() | st.text("htps:/.@[]%-0afex\n\0").map("http://".__add__))
def test_nothing_that_is_typed_is_more_than_refused(given: str) -> None:
    with suppress(UserError):
        assert understand(given).given == given.strip()


def test_every_outcome_has_its_words() -> None:
    assert {*get_args(FetchOutcome), "pending"} == FETCHED.keys()
    assert set(get_args(Outcome)) == ENDED.keys()


def test_what_reading_says_of_another_address_is_read_again() -> None:
    assert elsewhere(elsewhere_words(URL)) == URL
    assert elsewhere("34 words are fewer than 40") == ""
    assert elsewhere(f"not a record: unknown schema '{elsewhere_words('no address')}'") == ""


def test_an_article_is_found_by_each_of_its_names(house: House) -> None:
    """It was named under one address, answered under a second, and calls itself a third."""
    named, answered = "https://ledger.example/go/1", "https://ledger.example/amp/story"
    house.find(named)
    page = house.fetch(named, answered)
    house.end("read", page.id, "read", elsewhere_words(URL))
    event = house.keep(title="Chips\x1b[2J fell")

    for given in (named, answered, URL, article_id(URL), article_id(answered), event, page.id):
        trail = house.ask(given)
        assert (trail.state, trail.url, trail.article) == ("searchable", named, article_id(URL))
        assert f"named by {FEED}" in step(trail, "found").says
        assert step(trail, "found").at == NOON
        assert "7 bytes, text/html, status 200, from " + answered in step(trail, "page").says
        assert step(trail, "read").says.endswith(URL)
        assert step(trail, "index").outcome == "stored"
        assert step(trail, "article").id == article_id(URL)
    assert not any("\x1b" in printed for printed in map(printable, command.lines(trail)))


def test_a_copy_names_what_it_is_a_copy_of(house: House) -> None:
    house.fetch()
    house.keep("https://wire.example/first", title="Chips fell", published=minutes(-9))
    house.keep(title="Chips fall", published=minutes(-5))
    told = step(house.ask(), "story")
    assert told.outcome == "copy"
    assert told.says.startswith('a copy of "Chips fell", https://wire.example/first; 2 articles')
    assert step(house.ask("https://wire.example/first"), "story").outcome == "original"


def test_what_could_not_be_fetched_says_why_and_when_it_is_tried_again(house: House) -> None:
    house.find()
    house.look(
        "server-error", reason="the server answered 503", due=minutes(9), since=NOON, tries=2
    )
    trail = house.ask()
    assert trail.state == "not-fetched"
    assert step(trail, "fetch").says == "the server has trouble: the server answered 503"
    assert step(trail, "fetch").at == minutes(1)
    assert step(trail, "queue").at == minutes(9)
    assert step(trail, "queue").says == "to be looked at then, after 2 failed tries"


def test_a_refusal_by_robots_says_when_they_were_fetched(house: House) -> None:
    house.find()
    house.store.put_robots(RobotsText(site="https://ledger.example", status=200, fetched=NOON))
    house.look("robots", reason="robots.txt does not allow it")
    trail = house.ask()
    assert trail.state == "refused"
    assert step(trail, "fetch").says.endswith(
        "robots.txt does not allow it (as fetched 2026-03-01 12:00:00)"
    )


def test_what_is_named_and_not_fetched_waits(house: House) -> None:
    house.find(published="Sun, 01 Mar 2026 11:00:00 GMT")
    house.store.put_source(Source(id="ledger", url=FEED, added_at=NOON, paused=True))
    trail = house.ask()
    assert (trail.state, step(trail, "fetch").outcome) == ("waiting", "pending")
    assert "published Sun, 01 Mar 2026" in step(trail, "found").says
    assert step(trail, "queue").remedy.endswith("beatwire sources resume ledger")


def test_what_waits_for_a_stage_says_for_which(house: House) -> None:
    house.find()
    page = house.fetch()
    trail = house.ask()
    assert trail.state == "waiting"
    assert "1 event wait for this stage" in step(trail, "read").says
    house.end("read", page.id, "read")
    house.end("alert", page.id, "no-alert", topic="articles")
    trail = house.ask()
    assert (trail.state, step(trail, "index").outcome) == ("waiting", "waiting")
    house.end("index", page.id, "stored", topic="articles")
    assert house.ask().state == "lost", "the index is empty"


def test_what_was_left_out_says_why(house: House) -> None:
    page = house.fetch()
    house.end("read", page.id, "too-short", "34 words are fewer than 40")
    trail = house.ask()
    assert trail.state == "left-out"
    assert step(trail, "read").says == "too short for an article: 34 words are fewer than 40"
    assert step(trail, "read").remedy.endswith(f"beatwire sources check {URL}")


def test_a_list_of_addresses_is_no_article(house: House) -> None:
    house.store.put_source(
        Source(id="ledger", url=FEED, added_at=NOON, checked_at=minutes(7), note="1 entry")
    )
    house.find()
    trail = house.ask(FEED)
    assert step(trail, "fetch").at == minutes(7)
    assert (trail.state, step(trail, "fetch").says) == (
        "listing",
        "a list of addresses, which was read",
    )


def test_a_dead_letter_is_told_until_it_is_retried(house: House) -> None:
    page = house.fetch()
    house.end("read", page.id, "rejected", "not a record")
    letter = Letter(
        id="read-pages-3-0",
        at=0,
        stage="read",
        topic="pages",
        partition=3,
        offset=0,
        key="ledger.example",
        event_id=page.id,
        error_class="Reject",
        reason="not a record",
        attempts=1,
        failed_at=minutes(3),
        code_version="0.1.0",
    )
    house.store.note_letters([letter], 0)
    for given in (URL, page.id, letter.id):
        trail = house.ask(given)
        assert trail.state == "dead"
        dead = step(trail, "dead")
        assert dead.says == "Reject in stage read after 1 try, version 0.1.0: not a record"
        assert dead.remedy.endswith("beatwire dead retry --id read-pages-3-0")
    house.store.mark_letters([letter.id], "retried", now=minutes(9), by="ada")
    trail = house.ask()
    assert trail.state == "left-out"
    assert step(trail, "dead").says.endswith("; retried 2026-03-01 12:09:00 by ada")


def test_who_was_told_is_told(house: House) -> None:
    house.fetch()
    house.keep()
    one = ready(house.store)
    arrived(house.store, [one], article(url=URL))
    [parcel] = house.store.take(after(1), after(30))
    house.store.end(parcel.message.id, Again(after(60), "the receiver answered 500"), after(2))
    assert step(house.ask(), "message").says == "to webhook c1, 1 try: the receiver answered 500"
    house.store.take(after(90), after(120))
    house.store.end(parcel.message.id, Sent(), after(91))
    trail = house.ask()
    assert step(trail, "alert-topic").says == '"topic t1" of ada'
    message = step(trail, "message")
    assert (message.outcome, message.at, message.id) == ("sent", after(91), parcel.message.id)


def test_what_nobody_knows_says_what_would_be_done(house: House) -> None:
    trail = house.ask("http://ledger.example/other?utm_medium=x")
    assert (trail.state, trail.steps) == ("unknown", ())
    assert trail.advice[0].startswith("it would be fetched as http://ledger.example/other, ")
    assert trail.advice[1].endswith("and never named it: it was not looked at yet")
    assert "beatwire crawl http://ledger.example/other" in trail.advice[-1]
    assert "sources add" in house.ask("https://unknown.example/").advice[1]
    assert len(house.ask("read-pages-1-2").advice) == 1


@pytest.mark.parametrize("error", [TryLater, UserError])
@pytest.mark.parametrize("port", ["open_bus", "open_index"])
def test_a_port_that_is_away_or_refuses_leaves_the_rest(
    house: House, port: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = house.fetch()
    house.end("read", page.id, "read")
    house.keep()

    def away() -> None:
        raise error("it does not answer")

    monkeypatch.setattr(house, port, away)
    trail = house.ask()
    assert trail.state == "searchable"
    assert step(trail, "away").says == "it does not answer"
    assert step(trail, "found").outcome == "found"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)

    def call(*arguments: str) -> tuple[int, str]:
        code = app(["trail", *arguments], standalone_mode=False)
        return code or 0, capsys.readouterr().out

    return call


def test_the_command_prints_lines_or_one_object(
    house: House, run: Callable[..., tuple[int, str]]
) -> None:
    page = house.fetch()
    house.end("read", page.id, "not-article", "a list\x1b of others")
    code, said = run(URL)
    assert (code, said.splitlines()[0]) == (0, URL)
    assert "no article: a list? of others" in said
    code, said = run(URL, "--json")
    found = json.loads(said)
    assert (code, found["state"], found["article"]) == (0, "left-out", article_id(URL))
    read = next(each for each in found["steps"] if each["stage"] == "read")
    assert (read["topic"], read["offset"], read["event"]) == ("pages", 0, page.id)


def test_the_command_ends_with_66_where_nothing_is_known(
    home: str, run: Callable[..., tuple[int, str]]
) -> None:
    assert run(URL)[0] == command.UNKNOWN
    code, said = run(URL, "--json")
    assert (code, json.loads(said)["state"]) == (66, "unknown")


def test_an_event_that_is_no_record_of_ours_is_no_obstacle(house: House) -> None:
    event = Event(id="odd", type="?", key="ledger.example", time=NOON, data=encode(article()))
    house.bus.publish(PAGES.name, [event])
    house.end("read", "odd", "rejected", "expected Page, got Article")
    trail = house.ask("odd")
    assert [each.stage for each in trail.steps] == ["read"]
