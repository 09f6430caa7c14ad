"""What every ``Store`` promises of trails: see ``services.store.trails``."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from services.store import Store
from services.store.alerting import Sent
from services.store.crawling import Ended
from services.store.port import Finished
from tests.contracts.alerting import after, alone, arrived, ready
from tests.contracts.crawling import FEED, NOON, ended, link, named, seconds, source, urls

OpenStore = Callable[[], Store]
URL = link(1).target.url


def end(offset: int, event_id: str, stage: str = "read") -> Finished:
    at = NOON + timedelta(seconds=offset)
    return Finished(
        stage=stage,
        topic="pages",
        partition=3,
        offset=offset,
        event_id=event_id,
        outcome="read",
        at=at,
    )


class TrailsContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        store = open_store()
        store.put_source(source())
        store.beat("one", "here")
        return store

    def test_an_address_is_told_from_its_find_to_its_turn(self, store: Store) -> None:
        named(store, link(1), link(2))
        [way] = store.ways([URL, "https://ledger.example/unknown"])
        assert (way.found_at, way.ended_at, way.reason, way.event_id) == (NOON, None, "", "")
        assert (way.target, way.listings) == (link(1).target, (FEED,))
        assert way.turn is not None
        assert (way.turn.tries, way.turn.held) == (0, False)
        urls(store)
        assert [way.turn and way.turn.held for way in store.ways([URL])] == [True]

    def test_the_end_of_a_look_leaves_when_and_why(self, store: Store) -> None:
        named(store, link(1))
        away = ended(link(1), "server-error", reason="the server answered 503", tries=1)
        store.note_pages([msgspec.structs.replace(away, due=seconds(90), since=NOON)], seconds(9))
        [way] = store.ways([URL])
        assert (way.found_at, way.ended_at) == (NOON, seconds(9))
        assert way.reason == "the server answered 503"
        assert way.turn is not None
        assert (way.turn.due, way.turn.tries) == (seconds(90), 1)

    def test_the_event_stays_until_there_is_another_one(self, store: Store) -> None:
        fetched = msgspec.structs.replace(link(1).target, fetched_at=seconds(5))
        for at, event in ((5, "page-5"), (6, ""), (7, "")):
            store.note_pages([Ended(target=fetched, event_id=event)], seconds(at))
        named(store, link(1, updated="later"), now=seconds(8))
        [way] = store.ways([URL])
        assert (way.event_id, way.found_at, way.ended_at) == ("page-5", seconds(5), seconds(7))
        assert store.ways_of_fetch("ledger", seconds(5)) == [way]
        assert store.ways_of_fetch("other", seconds(5)) == []
        store.note_pages([Ended(target=fetched, event_id="page-9")], seconds(9))
        assert [way.event_id for way in store.ways([URL])] == ["page-9"]

    def test_a_trap_ends_as_it_is_found(self, store: Store) -> None:
        named(store, link(1, trap="repeats itself"))
        [way] = store.ways([URL])
        assert (way.target.outcome, way.ended_at, way.reason) == ("trap", NOON, "repeats itself")
        assert way.turn is None

    def test_ends_are_found_by_event_and_by_what_events_are_of(self, store: Store) -> None:
        made = [end(0, "ab-1"), end(1, "ab-2"), end(2, "ab-1", "index"), end(3, "abc-1")]
        store.finish(made[::-1])
        assert store.ends(event="ab-1") == [made[0], made[2]]
        assert store.ends(article="ab") == made[:3]
        assert store.ends(article="ab", limit=2) == made[1:3]
        assert store.ends(article="a") == store.ends(event="ab") == []

    def test_alerts_are_found_by_their_article_and_by_its_copies(self, store: Store) -> None:
        one = ready(store)
        first = alone(1, story="s")
        copy = msgspec.structs.replace(first, id="copy", fetched_at=first.fetched_at)
        [(noted,)] = arrived(store, [one], first)
        arrived(store, [one], copy, at=after(1))
        arrived(store, [one], alone(2), at=after(2))
        assert [each.alert.id for each in store.alerts_about(first.id)] == [noted.alert.id]
        assert [each.alert.id for each in store.alerts_about("copy")] == [noted.alert.id]
        assert store.alerts_about("nothing") == []

    def test_messages_are_found_by_their_alerts(self, store: Store) -> None:
        [(noted,)] = arrived(store, [ready(store)], alone(1))
        alert = noted.alert.id
        [parcel] = store.take(after(1), after(30))
        store.freeze(parcel.message.id, b"what was sent")
        store.end(parcel.message.id, Sent(), after(2))
        found = store.messages_with([alert, "other"])
        [message] = found[alert]
        assert (message.id, message.state, message.sent_at) == (parcel.message.id, "sent", after(2))
        assert (message.body, found["other"]) == (b"", [])
