"""WebSub: when a hub is asked for what, and what it may tell; the page that it calls."""

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest

from crawlers.hubs import Hubs
from services import websub
from services.store import Store
from services.store.intake import Subscription
from services.store.port import Source
from services.store.store import open_sql_store
from services.store.watching import Watch
from tests.support.coverage import NOW as NOON
from tests.support.visitor import Newsroom, newsroom

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HUB, TOPIC, PLACE = "https://hub.example/", "https://paper.example/feed.xml", "https://news.example"


def subscription(**changes: Any) -> Subscription:
    given = {"source": "paper", "topic": TOPIC, "hub": HUB, "token": "tok", "secret": "s3cret"}
    return Subscription(**(given | changes))


def test_a_hub_that_a_feed_names_is_wanted_once() -> None:
    new = subscription()
    assert websub.offered(None, new) == new
    assert websub.offered(new, subscription(token="other")) is None
    other = subscription(hub="https://other.example/", token="other")
    assert websub.offered(new, other) == other
    assert websub.offered(subscription(state="ending"), new) == new
    assert websub.offered(None, subscription(hub="javascript:alert(1)")) is None
    assert websub.offered(None, subscription(hub="https://" + "a" * 3000)) is None
    plain = websub.offered(None, subscription(hub="http://hub.example/"))
    assert plain is not None
    assert plain.secret == "", "a secret that travels unencrypted is none"


@pytest.mark.parametrize(
    ("known", "wanted", "mode"),
    [
        ({}, True, "subscribe"),
        ({}, False, "unsubscribe"),
        ({"state": "asked", "asked_at": NOW, "tries": 1}, True, None),
        ({"state": "asked", "asked_at": NOW - DAY, "tries": 1}, True, "subscribe"),
        ({"state": "asked", "asked_at": NOW - DAY / 2, "tries": 20}, True, None),
        ({"state": "active", "asked_at": NOW - DAY, "until": NOW + DAY}, True, None),
        ({"state": "active", "asked_at": NOW - DAY * 8, "until": NOW + DAY * 2}, True, "subscribe"),
        ({"state": "active", "asked_at": NOW - DAY * 8, "until": NOW - DAY}, True, "subscribe"),
        ({"state": "active", "asked_at": NOW, "until": NOW + DAY}, False, "unsubscribe"),
        ({"state": "denied", "asked_at": NOW - DAY * 6}, True, None),
        ({"state": "denied", "asked_at": NOW - DAY * 8}, True, "subscribe"),
        ({"state": "ending"}, True, "unsubscribe"),
        ({"state": "ending", "asked_at": NOW, "tries": 1}, True, None),
    ],
)
def test_when_a_hub_is_asked(known: dict[str, Any], wanted: bool, mode: str | None) -> None:
    assert websub.due(subscription(**known), NOW, wanted=wanted) == mode


def test_a_hub_that_never_answers_is_asked_less_and_less() -> None:
    known, at, times = subscription(), NOW, []
    while at < NOW + 7 * DAY:
        if websub.due(known, at, wanted=True):
            known = websub.asked(known, "subscribe", at)
            times.append(at)
        at += timedelta(minutes=1)
    waits = [(after - before) / timedelta(minutes=1) for before, after in pairwise(times)]
    assert waits[:4] == [5, 10, 20, 40]
    assert max(waits) == 24 * 60
    assert len(times) < 20


def test_a_farewell_is_said_three_times_at_most() -> None:
    known, at, said = subscription(state="active"), NOW, 0
    while not websub.over(known, wanted=False):
        assert said < 4
        if mode := websub.due(known, at, wanted=False):
            known, said = websub.asked(known, mode, at), said + 1
        at += timedelta(hours=1)
    assert said == 3


@pytest.mark.parametrize(
    ("state", "status", "after"),
    [
        ("asked", 202, None),
        ("asked", 404, "denied"),
        ("asked", 429, "asked"),
        ("asked", 503, "asked"),
        ("asked", 0, "asked"),
        ("active", 404, "active"),
        ("ending", 404, None),
    ],
)
def test_what_a_hubs_answer_means(state: Any, status: int, after: str | None) -> None:
    kept = websub.answered(subscription(state=state), status)
    assert (kept.state if kept else None) == after


ASKED = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "abc"}


@pytest.mark.parametrize(
    ("lease", "days"),
    [("864000", 10), ("", 10), ("-5", 10), ("9" * 30, 10), ("1", 5 / 24 / 60), ("99999999", 60)],
)
def test_a_lease_is_believed_within_bounds(lease: str, days: float) -> None:
    known = subscription(state="asked", asked_at=NOW, tries=3)
    verdict = websub.verify(known, ASKED | {"hub.lease_seconds": lease}, NOW)
    assert verdict.challenge == "abc"
    assert verdict.keep == msgspec.structs.replace(
        known, state="active", tries=0, until=NOW + days * DAY
    )


@pytest.mark.parametrize(
    ("state", "query"),
    [
        ("wanted", ASKED),
        ("denied", ASKED),
        ("ending", ASKED),
        ("active", ASKED | {"hub.topic": "https://other.example/"}),
        ("active", ASKED | {"hub.mode": "unsubscribe"}),
        ("active", ASKED | {"hub.mode": "odd"}),
        ("active", ASKED | {"hub.challenge": ""}),
        ("active", ASKED | {"hub.challenge": "<b>" + "a" * 2000}),
        ("active", ASKED | {"hub.challenge": "a\r\nb"}),
        ("active", {}),
    ],
)
def test_what_nobody_asked_for_is_not_confirmed(state: Any, query: dict[str, str]) -> None:
    assert websub.verify(subscription(state=state), query, NOW) == websub.Verdict()


def test_denials_and_farewells() -> None:
    denied = ASKED | {"hub.mode": "denied", "hub.reason": "no\r\nroom" + "x" * 500}
    kept = websub.verify(subscription(state="asked"), denied, NOW).keep
    assert kept is not None
    assert (kept.state, kept.reason[:26]) == ("denied", "the hub denied it: no room")
    assert len(kept.reason) < 250
    gone = websub.verify(subscription(state="ending"), ASKED | {"hub.mode": "unsubscribe"}, NOW)
    assert gone == websub.Verdict("abc", gone=True)


def signed(body: bytes, name: str = "sha256", secret: str = "s3cret") -> str:
    return f"{name}={hmac.new(secret.encode(), body, name).hexdigest()}"


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_is_of_these_bytes(name: str) -> None:
    known = subscription()
    assert websub.is_signed(known, signed(b"new", name), b"new")
    assert not websub.is_signed(known, signed(b"new", name), b"other")
    assert not websub.is_signed(known, signed(b"new", name, "guess"), b"new")


@pytest.mark.parametrize(
    "header", ["", "sha256=", "md5=" + "a" * 40, "sha1=" + "a" * 40, "x" * 9999]
)
def test_anything_else_is_no_signature(header: str) -> None:
    assert not websub.is_signed(subscription(), header, b"new")
    assert websub.is_signed(subscription(secret=""), header, b"new")


def test_many_words_make_a_source_due_every_few_seconds() -> None:
    known, dues = subscription(state="active"), []
    for tenth in range(200):
        if told := websub.heard(known, NOW + timedelta(seconds=tenth / 10)):
            known, at = told
            dues.append((at - NOW).total_seconds())
    assert dues == [0, 5, 10, 15, 20]
    assert websub.heard(subscription(state="ending"), NOW) is None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_sql_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        store.put_source(Source(id="paper", url=TOPIC, added_at=NOW))
        yield store


def test_a_crawl_asks_hubs_for_sources_that_are_looked_at(store: Store) -> None:
    clock = [NOW]
    tokens = iter(f"t{number}" for number in range(99))
    hubs = Hubs(store, PLACE, lambda: clock[0], lambda: next(tokens))
    hubs.offer("paper", TOPIC, HUB)
    [ask] = hubs.asks()
    assert (ask.hub, ask.source) == (HUB, "paper")
    assert parse_qs(ask.body.decode()) == {
        "hub.mode": ["subscribe"],
        "hub.topic": [TOPIC],
        "hub.callback": [f"{PLACE}/websub/t0"],
        "hub.lease_seconds": ["864000"],
        "hub.secret": ["t1"],
    }
    clock[0] += timedelta(minutes=1)
    hubs.offer("paper", TOPIC, HUB)
    assert hubs.asks() == []
    hubs.answered("paper", 503)
    assert [each.reason for each in store.subscriptions()] == ["the hub answered 503"]
    store.put_source(Source(id="paper", url=TOPIC, added_at=NOW, paused=True))
    clock[0] += DAY
    [ask] = hubs.asks()
    assert b"hub.mode=unsubscribe" in ask.body
    assert b"secret" not in ask.body


def test_a_feed_that_names_no_hub_any_more_is_let_go(store: Store) -> None:
    hubs = Hubs(store, PLACE, lambda: NOW)
    hubs.offer("paper", TOPIC, HUB)
    hubs.asks()
    hubs.offer("paper", TOPIC, "")
    assert [b"unsubscribe" in ask.body for ask in hubs.asks()] == [True]


def test_without_a_public_address_nothing_is_asked_for(store: Store) -> None:
    hubs = Hubs(store, "", lambda: NOW)
    hubs.offer("paper", TOPIC, HUB)
    assert (hubs.asks(), store.subscriptions()) == ([], [])
    store.put_subscription(subscription(state="active", until=NOW + DAY, asked_at=NOW))
    [ask] = Hubs(store, "", lambda: NOW).asks()
    assert b"unsubscribe" in ask.body


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("room")) as room:
        yield room


@pytest.fixture
def at_hub(room: Newsroom) -> Newsroom:
    """With a subscription whose hub was asked, of a source that was just looked at."""
    room.store.put_source(Source(id="paper", url=TOPIC, added_at=NOON))
    room.store.put_subscription(subscription(state="asked", asked_at=NOON, tries=1))
    watch = Watch(source="paper", next_look=NOON + DAY)
    room.store.note_look(watch, NOON)
    return room


def next_look(room: Newsroom) -> datetime:
    found = room.store.watches()["paper"].next_look
    assert found is not None
    return found


def test_the_page_confirms_and_hears(at_hub: Newsroom) -> None:
    hub = at_hub.visitor()
    query = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "<script>"}
    answer = hub.request("GET", "/websub/tok", params=query | {"hub.lease_seconds": "86400"})
    assert (answer.status_code, answer.text) == (200, "<script>")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    [known] = at_hub.store.subscriptions()
    assert (known.state, known.until) == ("active", NOON + DAY)
    assert next_look(at_hub) == NOON + DAY

    body = b"<feed>whatever it holds</feed>"
    for wrong in ({}, {"X-Hub-Signature": "sha1=" + "0" * 40}):
        answer = hub.request("POST", "/websub/tok", content=body, headers=wrong)
        assert answer.status_code == 202
        assert next_look(at_hub) == NOON + DAY
    right = {"X-Hub-Signature": signed(body), "Content-Type": "application/atom+xml"}
    assert hub.request("POST", "/websub/tok", content=body, headers=right).status_code == 202
    assert next_look(at_hub) == NOON


def test_who_does_not_know_the_token_gets_nowhere(at_hub: Newsroom) -> None:
    other = at_hub.visitor()
    query = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "abc"}
    answer = other.request("GET", "/websub/guess", params=query)
    assert (answer.status_code, "abc" in answer.text) == (404, False)
    assert other.request("POST", "/websub/guess", content=b"x").status_code == 410
    answer = other.request("GET", "/websub/tok", params=query | {"hub.topic": "https://o.example/"})
    assert (answer.status_code, "abc" in answer.text) == (404, False)
    assert other.request("GET", "/websub/tok").status_code == 404
    assert other.request("POST", "/websub/tok", content=bytes(2 << 20)).status_code == 413
    assert [each.state for each in at_hub.store.subscriptions()] == ["asked"]
    assert next_look(at_hub) == NOON + DAY


def test_the_page_hears_a_denial_and_a_farewell(at_hub: Newsroom) -> None:
    hub = at_hub.visitor()
    denied = {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "full"}
    assert hub.request("GET", "/websub/tok", params=denied).status_code == 200
    assert at_hub.store.subscriptions()[0].reason == "the hub denied it: full"
    at_hub.store.put_subscription(subscription(state="ending"))
    ended = {"hub.mode": "unsubscribe", "hub.topic": TOPIC, "hub.challenge": "bye"}
    assert hub.request("GET", "/websub/tok", params=ended).text == "bye"
    assert at_hub.store.subscriptions() == []
    assert hub.request("POST", "/websub/tok", content=b"x").status_code == 410
