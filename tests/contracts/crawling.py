"""What every ``Store`` promises to crawlers that share their work: ``services.store.crawling``."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from processors.records import FeedHints
from services.store import Store
from services.store.crawling import Beat, Ended, HostState, Link, Listed, RobotsText, Room
from services.store.places import Source, Target
from services.store.watching import Watch

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
FEED = "https://ledger.example/feed.xml"
ROOM = Room(100, 100)

OpenStore = Callable[[], Store]


def source(name: str = "ledger", **given: Any) -> Source:
    fields: dict[str, Any] = {"url": f"https://{name}.example/feed.xml", "added_at": NOON}
    return Source(id=name, **fields | given)


def link(number: object, host: str = "ledger", updated: str = "", **given: Any) -> Link:
    target = Target(
        url=f"https://{host}.example/{number}",
        source="ledger",
        hints=FeedHints(feed=FEED, title=f"{number}", updated=updated),
    )
    return Link(target=target, **{"since": NOON} | given)


def named(store: Store, *links: Link, now: datetime = NOON, **given: Any) -> Listed:
    feed = Target(url=FEED, source="ledger", outcome="fetched")
    return store.note_listing(feed, links, now=now, **given)


def ended(each: Link, outcome: str = "fetched", **given: Any) -> Ended:
    return Ended(target=msgspec.structs.replace(each.target, outcome=outcome), **given)


def urls(store: Store, crawler: str = "one", now: datetime = NOON, room: Room = ROOM) -> list[str]:
    return [task.target.url for task in store.claim_pages(crawler, now, room).tasks]


def seconds(number: float) -> datetime:
    return NOON + timedelta(seconds=number)


class CrawlingContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        store = open_store()
        store.put_source(source())
        for crawler in ("one", "two"):
            store.beat(crawler, "here")
        return store

    # Sources

    def test_a_new_source_is_due_and_held_by_one(self, store: Store) -> None:
        [(found, watch)] = store.claim_sources("one", NOON, 9).due
        assert (found, watch) == (source(), None)
        assert store.claim_sources("two", NOON, 9).due == ()
        assert store.claim_sources("one", NOON, 9).due == ()

    def test_a_source_is_due_again_when_its_time_comes(self, store: Store) -> None:
        store.claim_sources("one", NOON, 9)
        store.release_hosts("one", [HostState(host="ledger.example")])
        watch = Watch(source="ledger", next_look=seconds(60), looked_at=NOON, times=(NOON,))
        store.note_look(watch, NOON, "12 entries")
        assert store.watches() == {"ledger": watch}
        assert store.claim_sources("two", seconds(59), 9).due == ()
        [(found, known)] = store.claim_sources("two", seconds(60), 9).due
        assert (found.id, found.checked_at, found.note) == ("ledger", NOON, "12 entries")
        assert known == watch

    def test_sources_of_higher_priority_come_first(self, store: Store) -> None:
        for name, priority in (("slow", -1), ("wire", 2), ("blog", 0)):
            store.put_source(source(name, priority=priority))
        due = store.claim_sources("one", NOON, 3).due
        assert [each.id for each, _ in due] == ["wire", "blog", "ledger"]

    def test_paused_and_removed_sources_rest(self, store: Store) -> None:
        named(store, link(1))
        store.put_source(source(paused=True))
        assert store.claim_sources("one", NOON, 9).due == ()
        assert urls(store) == []
        store.put_source(source())
        assert urls(store) == [link(1).target.url]
        store.remove_source("ledger")
        assert store.claim_sources("one", NOON, 9).due == ()
        assert store.watches() == {}

    def test_a_source_that_was_pushed_is_due_at_once(self, store: Store) -> None:
        far = Watch(source="ledger", next_look=None, gone=True)
        store.note_look(far, NOON)
        assert store.claim_sources("one", seconds(1e6), 9).due == ()
        assert store.make_due("ledger", seconds(1))
        assert not store.make_due("nobody", NOON)
        [(_, watch)] = store.claim_sources("one", seconds(1), 9).due
        assert watch is not None
        assert watch.gone

    def test_a_push_during_a_look_is_not_lost(self, store: Store) -> None:
        store.claim_sources("one", NOON, 9)
        store.make_due("ledger", seconds(1))
        store.note_look(Watch(source="ledger", next_look=seconds(600)), seconds(2))
        assert len(store.claim_sources("one", seconds(2), 9).due) == 1

    def test_a_look_planned_by_a_clock_that_was_wrong_is_due(self, store: Store) -> None:
        store.note_look(Watch(source="ledger", next_look=seconds(7800)), seconds(7200))
        assert len(store.claim_sources("one", NOON, 9).due) == 1

    def test_a_source_on_a_host_of_another_crawler_is_left_for_that_one(self, store: Store) -> None:
        assert store.hold_hosts("two", ["ledger.example"], NOON)
        assert store.claim_sources("one", NOON, 9).due == ()
        assert len(store.claim_sources("two", NOON, 9).due) == 1

    # Addresses

    def test_what_is_new_waits_in_the_queue_until_it_ends(self, store: Store) -> None:
        found = named(store, link(1), link(2), link(1))
        assert [target.url for target in found.targets] == [
            link(1).target.url,
            link(2).target.url,
        ]
        assert found.new == {link(1).target.url, link(2).target.url}
        assert store.targets(FEED) == list(found.targets)
        assert len(urls(store)) == 2
        assert urls(store) == urls(store, "two") == []
        store.note_pages([ended(link(1)), ended(link(2), due=seconds(60), since=NOON)], NOON)
        assert urls(store, now=seconds(59)) == []
        store.release_hosts("one", [HostState(host="ledger.example")])
        assert urls(store, "two", seconds(60)) == [link(2).target.url]
        assert store.source_outcomes() == {"ledger": {"fetched": 3}}

    def test_a_listing_named_again_changes_nothing(self, store: Store) -> None:
        links = [link(1), link(2)]
        named(store, *links)
        store.note_pages([ended(each) for each in links], NOON)
        again = named(store, *links)
        assert again.new == frozenset()
        assert [target.outcome for target in again.targets] == ["fetched", "fetched"]
        assert urls(store) == []

    def test_an_article_that_its_listing_says_was_updated_is_due_again(self, store: Store) -> None:
        old = link(1, updated="Monday")
        named(store, old)
        fetched = msgspec.structs.replace(old.target, outcome="fetched", fetched_at=NOON)
        store.note_pages([Ended(target=fetched)], NOON)
        named(store, link(1, updated="Monday", archive=True))
        assert urls(store) == []
        named(store, link(1, updated="Tuesday"))
        assert urls(store) == [old.target.url]

    def test_what_was_forgotten_is_queued_by_its_next_listing(self, store: Store) -> None:
        named(store, link(1))
        store.remove_source("ledger")
        store.put_source(source())
        assert urls(store) == []
        named(store, link(1))
        assert urls(store) == [link(1).target.url]

    def test_the_order_of_the_queue(self, store: Store) -> None:
        named(store, link("old", since=seconds(-9e6), archive=True), link(1), priority=5)
        named(store, link(2, since=seconds(-60)), link(3, since=seconds(-30)), priority=1)
        named(store, link(4), priority=0)
        paths = [url.rpartition("/")[2] for url in urls(store)]
        assert paths == ["1", "3", "2", "4", "old"]

    def test_no_host_takes_all_the_room(self, store: Store) -> None:
        named(store, *(link(n, host) for host in ("a", "b") for n in range(5)))
        assert len(urls(store, room=Room(9, 2))) == 4
        assert len(urls(store, room=Room(9, 9, full=("a.example",)))) == 3
        assert len(urls(store, room=Room(2, 9))) == 2

    def test_a_host_is_for_one_crawler_at_a_time(self, store: Store) -> None:
        named(store, link(1, "a"), link(2, "a"), link(3, "b"))
        assert urls(store, room=Room(1, 1)) == [link(1, "a").target.url]
        assert urls(store, "two") == [link(3, "b").target.url]
        assert store.hold_hosts("two", ["a.example"], NOON) == {}
        assert store.wanted_hosts("one") == {"a.example"}
        told = HostState(host="a.example", used=NOON, slower=2.0, paused_until=seconds(60))
        store.release_hosts("one", [told])
        assert store.wanted_hosts("one") == set()
        assert urls(store, "two", seconds(60)) == []
        assert store.claim_pages("two", seconds(61), ROOM).hosts == {"a.example": told}

    def test_a_pause_by_a_clock_that_was_wrong_is_none(self, store: Store) -> None:
        named(store, link(1))
        store.hold_hosts("one", ["ledger.example"], NOON)
        far = HostState(host="ledger.example", paused_until=seconds(2 * 86400))
        store.release_hosts("one", [far])
        assert len(urls(store)) == 1

    def test_a_crawl_that_was_asked_for_holds_its_links(self, store: Store) -> None:
        named(store, link(1))
        assert len(urls(store, "two")) == 1
        found = named(store, link(1), link(2), hold="one")
        assert [target.url for target in found.targets] == [link(2).target.url]
        assert urls(store, "two") == []

    def test_so_many_addresses_of_a_pattern_a_day(self, store: Store) -> None:
        many = [link(n, pattern="ledger.example/N", most=3) for n in range(5)]
        first = named(store, *many[:2])
        assert first.trapped == {}
        second = named(store, *many, link("x", trap="too deep"))
        assert {*second.trapped} == {many[3].target.url, many[4].target.url, link("x").target.url}
        assert len(urls(store)) == 3
        assert store.source_outcomes() == {"ledger": {"fetched": 1, "pending": 3, "trap": 3}}
        tomorrow = named(store, link(9, pattern="ledger.example/N", most=3), now=seconds(86400))
        assert tomorrow.trapped == {}

    # Crawlers

    def test_the_dead_are_buried_unless_they_beat(self, store: Store) -> None:
        named(store, link(1))
        store.claim_sources("one", NOON, 9)
        assert len(urls(store)) == 1
        others = store.beat("two", "here").others
        assert others == (Beat("one", "here", 1),)
        assert store.beat("one", "here").known
        store.bury(others)
        assert urls(store, "two") == []
        store.bury(store.beat("two", "here").others)
        assert urls(store, "two") == [link(1).target.url]
        assert len(store.claim_sources("two", NOON, 9).due) == 1
        assert not store.beat("one", "here").known

    def test_who_leaves_gives_all_back(self, store: Store) -> None:
        named(store, link(1))
        store.claim_sources("one", NOON, 9)
        assert len(urls(store)) == 1
        store.leave("one")
        assert len(store.claim_sources("two", NOON, 9).due) == 1
        assert len(urls(store, "two")) == 1
        assert store.beat("two", "here").others == ()

    def test_several_at_once_share_all_and_double_nothing(self, open_store: OpenStore) -> None:
        store = open_store()
        store.put_source(source())
        named(store, *(link(n, f"host{n % 7}") for n in range(140)))

        def work(name: str) -> list[str]:
            mine = open_store()
            mine.beat(name, "here")
            done: list[str] = []
            idle = 0
            while idle < 50:
                tasks = mine.claim_pages(name, NOON, Room(5, 3)).tasks
                idle = 0 if tasks else idle + 1
                mine.note_pages([Ended(target=task.target) for task in tasks], NOON)
                mine.release_hosts(name, [HostState(host=task.host) for task in tasks])
                done += [task.target.url for task in tasks]
            return done

        with ThreadPoolExecutor(4) as pool:
            done = [url for part in pool.map(work, "abcd") for url in part]
        assert len(done) == len(set(done)) == 140

    # Rules

    def test_rules_come_back_byte_for_byte(self, store: Store) -> None:
        text = RobotsText(site="https://a.example", status=200, body=b"\0\xff", fetched=NOON)
        assert store.robots(text.site) is None
        store.put_robots(text)
        newer = msgspec.structs.replace(text, status=503, body=b"")
        store.put_robots(newer)
        assert store.robots(text.site) == newer
