"""What every ``Bus`` promises, adapter by adapter: see ``services.bus.Bus``.

A log on a server may need several polls until a group has settled: the tests ask until something
comes, and wait ``quiet_seconds`` where nothing may come.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import count

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.bus import Bus, Event, Log, Slice
from services.errors import Reject
from services.topics import DEAD, PAGES, TOPICS
from tests.support.bus import (
    NOON,
    PAUSE_SECONDS,
    SEVERAL,
    SINGLE,
    committed,
    drain,
    event,
    events,
    ids,
    left,
    poll,
    refused_events,
)

ANY_ORDER = settings(
    max_examples=25,
    deadline=None,
    # One log serves all examples, each with a group of its own, and each adapter runs them.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)

OpenBus = Callable[[], Log]
_groups = count()


class BusContract:
    """Bind it with a fixture ``open_bus`` that opens one more member on the same empty log."""

    quiet_seconds = 0.0
    """How long a member is asked where it must get nothing; 0: once."""

    def settle(self, group: str, topic: str, *members: Bus) -> None:
        """Return when the members share an empty topic."""
        for bus in members:
            assert bus.poll(group, topic) == []

    def gets_nothing(self, bus: Bus, group: str, topic: str) -> bool:
        deadline = time.monotonic() + self.quiet_seconds
        while not (found := bus.poll(group, topic)) and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
        return not found

    @pytest.fixture
    def open_bus(self) -> OpenBus:
        raise AssertionError("bind this suite with a fixture open_bus")

    @pytest.fixture
    def bus(self, open_bus: OpenBus) -> Log:
        return open_bus()

    # What was published

    def test_labels_are_for_others_alone(self, bus: Bus) -> None:
        labelled = msgspec.structs.replace(event("k"), labels=(("dlq-reason", "odd \ud800 \n"),))
        bus.publish(SINGLE, [labelled])
        assert [each.event for each in drain(bus, "g", SINGLE)] == [event("k")]

    def test_an_event_comes_back_as_it_was(self, bus: Bus) -> None:
        east = timezone(timedelta(hours=5, minutes=30))
        sent = Event(
            id="a\x00b",
            type="page/1",
            key="nøkkel 鍵 🔑",
            time=datetime(2026, 3, 1, 17, 30, 0, 123456, tzinfo=east),
            data=bytes(range(256)),
        )
        bus.publish(SEVERAL, [sent])
        assert [each.event for each in drain(bus, "g", SEVERAL)] == [sent]

    @pytest.mark.parametrize("size", [0, 1, 1024, 1025, 300_000])
    def test_data_of_any_size_and_kind_comes_back(self, bus: Bus, size: int) -> None:
        alike, mixed = b"a" * size, bytes(each * each % 251 for each in range(size))
        bus.publish(SEVERAL, [event("alike", data=alike), event("mixed", data=mixed)])
        found = {each.event.key: each.event.data for each in drain(bus, "g", SEVERAL)}
        assert found == {"alike": alike, "mixed": mixed}

    def test_events_of_one_key_keep_their_order(self, bus: Bus) -> None:
        for number in range(0, 60, 3):
            bus.publish(
                SEVERAL,
                [event(key, number + each) for each in range(3) for key in ("a", "b", "c", "d")],
            )
        found = drain(bus, "g", SEVERAL, most=7)
        for key in "abcd":
            mine = [each for each in found if each.event.key == key]
            assert ids(mine) == [f"{key}#{number}" for number in range(60)]
            assert len({each.partition for each in mine}) == 1

    def test_offsets_have_no_gaps(self, bus: Bus) -> None:
        for _ in range(3):
            bus.publish(SEVERAL, events(20))
        places = Counter[int]()
        for each in sorted(drain(bus, "g", SEVERAL), key=lambda each: each.offset):
            assert each.offset == places[each.partition]
            places[each.partition] += 1
        assert places == {lag.partition: lag.end for lag in bus.lag("g", SEVERAL) if lag.end}

    def test_keys_spread_over_the_partitions(self, bus: Bus) -> None:
        bus.publish(SEVERAL, events(400))
        ends = [lag.end for lag in bus.lag("g", SEVERAL)]
        assert len(ends) == PAGES.partitions
        assert sum(ends) == 400
        assert min(ends) > 0

    def test_publishing_nothing_changes_nothing(self, bus: Bus) -> None:
        bus.publish(SEVERAL, [])
        assert self.gets_nothing(bus, "g", SEVERAL)
        assert left(bus, "g", SEVERAL) == 0

    def test_publishing_twice_appends_twice(self, bus: Bus) -> None:
        bus.publish(SINGLE, events(2))
        bus.publish(SINGLE, events(2))
        assert len(drain(bus, "g", SINGLE)) == 4

    def test_an_event_that_is_too_large_stops_them_all(self, bus: Bus) -> None:
        large = event("the large one", data=b"x" * (PAGES.max_event_bytes + 1))
        before = refused_events("too-large")
        with pytest.raises(Reject, match=r"'the large one'.* 8,388,609 .*8,388,608"):
            bus.publish(SEVERAL, [event("small"), large])
        assert left(bus, "g", SEVERAL) == 0
        assert refused_events("too-large") == before + 1

    def test_an_event_of_the_largest_size_passes(self, bus: Bus) -> None:
        bus.publish(SEVERAL, [event("largest", data=b"x" * PAGES.max_event_bytes)])
        [found] = drain(bus, "g", SEVERAL)
        assert len(found.event.data) == PAGES.max_event_bytes

    def test_a_key_that_is_no_text_is_refused(self, bus: Bus) -> None:
        before = refused_events("no-text")
        with pytest.raises(Reject, match="no valid text"):
            bus.publish(SEVERAL, [event("small"), event("\ud800")])
        assert left(bus, "g", SEVERAL) == 0
        assert refused_events("no-text") == before + 1

    def test_a_time_without_a_zone_is_a_bug(self, bus: Bus) -> None:
        naive = Event(id="1", type="page/1", key="k", time=NOON.replace(tzinfo=None), data=b"")
        with pytest.raises(ValueError, match="without a zone"):
            bus.publish(SEVERAL, [naive])

    def test_topics_are_apart(self, bus: Bus) -> None:
        for topic in TOPICS:
            bus.publish(topic, [event(f"for {topic}")])
        for topic in TOPICS:
            assert [each.event.key for each in drain(bus, "g", topic)] == [f"for {topic}"]

    def test_an_unknown_topic_is_a_bug(self, bus: Bus) -> None:
        with pytest.raises(ValueError, match="'pagse'"):
            bus.publish("pagse", [event("a")])
        with pytest.raises(ValueError, match="'pagse'"):
            bus.poll("g", "pagse")
        with pytest.raises(ValueError, match="'pagse'"):
            bus.commit("g", Slice("pagse", 0, 0, 0))

    # Slices

    def test_slices_are_cut_to_what_was_asked(self, bus: Bus) -> None:
        bus.publish(SINGLE, events(25))
        parts = poll(bus, "g", SINGLE, most=10, slices=9)
        assert [(part.first, part.last, len(part)) for part in parts] == [
            (0, 9, 10),
            (10, 19, 10),
            (20, 24, 5),
        ]

    def test_a_member_is_given_nothing_twice(self, bus: Bus) -> None:
        bus.publish(SEVERAL, events(100))
        found: list[str] = []
        while len(found) < 100:
            parts = poll(bus, "g", SEVERAL, most=3, slices=2)
            assert len(parts) <= 2
            for part in parts:
                assert 1 <= len(part) <= 3
                found += ids(bus.read(part))
        assert len(found) == len(set(found)) == 100
        assert bus.poll("g", SEVERAL) == []

    def test_asking_for_none_gives_none(self, bus: Bus) -> None:
        bus.publish(SEVERAL, events(5))
        assert bus.poll("g", SEVERAL, most=0) == []
        assert bus.poll("g", SEVERAL, slices=0) == []

    def test_one_full_partition_does_not_hide_the_others(self, bus: Bus) -> None:
        bus.publish(SEVERAL, [event("busy", number) for number in range(200)])
        bus.publish(SEVERAL, events(100))
        partitions = set()
        for _ in range(PAGES.partitions):
            for part in poll(bus, "g", SEVERAL, most=5):
                partitions.add(part.partition)
                bus.commit("g", part)
        assert len(partitions) == PAGES.partitions

    def test_any_member_may_read_any_slice_again(self, open_bus: OpenBus) -> None:
        with open_bus() as one, open_bus() as other:
            one.publish(SINGLE, events(5))
            [part] = poll(one, "g", SINGLE)
            one.commit("g", part)
            assert one.read(part) == other.read(part) == one.read(part)
            inner = Slice(SINGLE, 0, 1, 3)
            assert [each.offset for each in other.read(inner)] == [1, 2, 3]
            assert one.read(Slice(SINGLE, 0, 5, 9)) == []

    # Commit

    def test_an_event_comes_back_until_it_is_committed(self, open_bus: OpenBus) -> None:
        with open_bus() as bus:
            bus.publish(SEVERAL, [event("a")])
        for _ in range(2):
            with open_bus() as bus:
                assert [ids(bus.read(part)) for part in poll(bus, "g", SEVERAL)] == [["a#0"]]
        with open_bus() as bus:
            drain(bus, "g", SEVERAL)
        with open_bus() as bus:
            assert self.gets_nothing(bus, "g", SEVERAL)

    def test_the_position_moves_over_the_contiguous_part_only(self, bus: Bus) -> None:
        bus.publish(SINGLE, events(40))
        one, two, three, four = poll(bus, "g", SINGLE, most=10, slices=4)
        seen = []
        for part in (three, two, one, four):
            bus.commit("g", part)
            seen.append(committed(bus, "g", SINGLE)[0])
        assert seen == [0, 0, 30, 40]

    def test_what_was_not_committed_is_not_lost_when_a_later_part_was(
        self, open_bus: OpenBus
    ) -> None:
        with open_bus() as bus:
            bus.publish(SINGLE, events(30))
            second = poll(bus, "g", SINGLE, most=10, slices=3)[1]
            done = ids(bus.read(second))
            bus.commit("g", second)
        with open_bus() as bus:
            done += ids(drain(bus, "g", SINGLE, most=30))
            assert {*done} == {f"key {each}#0" for each in range(30)}
            assert committed(bus, "g", SINGLE) == {0: 30}

    def test_committing_again_changes_nothing(self, bus: Bus) -> None:
        bus.publish(SINGLE, events(20))
        first, second = poll(bus, "g", SINGLE, most=10, slices=2)
        for part in (first, first, second, first, second):
            bus.commit("g", part)
        assert committed(bus, "g", SINGLE) == {0: 20}
        assert bus.poll("g", SINGLE) == []

    def test_a_part_of_a_slice_may_be_committed(self, bus: Bus) -> None:
        bus.publish(SINGLE, events(10))
        poll(bus, "g", SINGLE)
        bus.commit("g", Slice(SINGLE, 0, 0, 3))
        assert committed(bus, "g", SINGLE) == {0: 4}
        assert bus.poll("g", SINGLE) == []  # the rest is still in hand
        bus.commit("g", Slice(SINGLE, 0, 0, 9))
        assert committed(bus, "g", SINGLE) == {0: 10}

    def test_a_commit_never_passes_the_end(self, bus: Bus) -> None:
        bus.publish(SINGLE, events(3))
        poll(bus, "g", SINGLE)
        bus.commit("g", Slice(SINGLE, 0, 0, 99))
        assert committed(bus, "g", SINGLE) == {0: 3}
        bus.publish(SINGLE, [event("later")])
        assert ids(drain(bus, "g", SINGLE)) == ["later#0"]

    def check_commits(self, open_bus: OpenBus, data: st.DataObject) -> None:
        with open_bus() as bus:
            if not any(lag.end for lag in bus.lag("any", SINGLE)):
                bus.publish(SINGLE, events(24))
            group = f"group {next(_groups)}"
            most = data.draw(st.integers(4, 24), label="most")
            parts = poll(bus, group, SINGLE, most=most, slices=24)
            assert [offset for each in parts for offset in range(each.first, each.last + 1)] == [
                *range(24)
            ]
            done: set[int] = set()
            for part in data.draw(st.permutations([*parts, *parts[:2]]), label="order"):
                bus.commit(group, part)
                done |= {*range(part.first, part.last + 1)}
                first = next(n for n in count() if n not in done)
                assert committed(bus, group, SINGLE) == {0: first}

    @ANY_ORDER
    @given(data=st.data())
    def test_commits_in_any_order_add_up(self, open_bus: OpenBus, data: st.DataObject) -> None:
        self.check_commits(open_bus, data)

    # Groups and members

    def test_groups_are_independent(self, bus: Bus) -> None:
        bus.publish(SEVERAL, events(30))
        assert len(drain(bus, "one", SEVERAL)) == 30
        assert left(bus, "other", SEVERAL) == 30
        assert len(drain(bus, "other", SEVERAL)) == 30

    def test_a_group_that_comes_late_reads_from_the_start(self, bus: Bus) -> None:
        bus.publish(SEVERAL, events(3))
        assert len(drain(bus, "late", SEVERAL)) == 3

    def test_two_members_share(self, open_bus: OpenBus) -> None:
        with open_bus() as one, open_bus() as other:
            self.settle("g", SEVERAL, one, other)
            one.publish(SEVERAL, events(200))
            found: dict[Bus, list[str]] = {one: [], other: []}
            while left(one, "g", SEVERAL):
                for bus in (one, other):
                    for part in bus.poll("g", SEVERAL, most=8, slices=8):
                        found[bus] += ids(bus.read(part))
                        bus.commit("g", part)
        both = Counter([*found[one], *found[other]])
        assert len(both) == 200
        assert set(both.values()) == {1}
        assert min(len(found[one]), len(found[other])) > 40

    def test_a_member_that_joins_gets_a_share(self, open_bus: OpenBus) -> None:
        with open_bus() as one, open_bus() as other:
            one.publish(SEVERAL, events(200))
            drain(one, "g", SEVERAL, most=200)
            self.settle("g", SEVERAL, one, other)
            one.publish(SEVERAL, events(200))
            mine = poll(one, "g", SEVERAL, most=200, slices=100)
            others = poll(other, "g", SEVERAL, most=200, slices=100)
            assert sum(map(len, mine)) + sum(map(len, others)) == 200
            one_has, other_has = ({part.partition for part in parts} for parts in (mine, others))
            assert one_has <= one.open_to("g", SEVERAL) - other_has
            assert other_has <= other.open_to("g", SEVERAL) - one_has
            assert one_has.isdisjoint(other.open_to("g", SEVERAL))

    def test_what_a_closed_member_held_goes_to_another(self, open_bus: OpenBus) -> None:
        with open_bus() as one, open_bus() as other:
            one.publish(SINGLE, events(20))
            first, second = poll(one, "g", SINGLE, most=10, slices=2)
            one.commit("g", first)
            one.close()
            assert poll(other, "g", SINGLE) == [second]

    def test_a_late_commit_of_a_closed_members_slice_harms_nothing(self, open_bus: OpenBus) -> None:
        with open_bus() as other:
            with open_bus() as one:
                one.publish(SINGLE, events(5))
                [part] = poll(one, "g", SINGLE)
            assert poll(other, "g", SINGLE) == [part]
            with open_bus() as stranger:
                stranger.commit("g", part)
            assert committed(other, "g", SINGLE)[0] in (0, 5)
            other.commit("g", part)
            assert committed(other, "g", SINGLE) == {0: 5}
            assert other.poll("g", SINGLE) == []

    def test_what_is_given_back_is_handed_out_again(self, bus: Bus) -> None:
        bus.publish(SINGLE, events(20))
        first, second = poll(bus, "g", SINGLE, most=10, slices=2)
        bus.give_back("g", first)
        bus.commit("g", second)
        assert bus.poll("g", SINGLE, most=10, slices=2) == [first]

    def test_evenly_a_partition_gives_one_slice_that_is_longer_where_more_waits(
        self, bus: Bus
    ) -> None:
        bus.publish(SINGLE, events(40))
        [first] = poll(bus, "g", SINGLE, most=5, slices=3, evenly=True)
        assert (first.first, first.last) == (0, 9)
        assert bus.poll("g", SINGLE, most=5, slices=3, evenly=True) == []
        bus.commit("g", first)
        [second] = poll(bus, "g", SINGLE, most=5, slices=3, evenly=True)
        assert (second.first, second.last) == (10, 16)

    def test_giving_back_what_is_done_or_anothers_changes_nothing(self, open_bus: OpenBus) -> None:
        with open_bus() as one, open_bus() as other:
            one.publish(SINGLE, events(30))
            first, second, third = poll(one, "g", SINGLE, most=10, slices=3)
            one.commit("g", first)
            one.commit("g", third)
            for part in (first, third):
                one.give_back("g", part)
            for part in (first, second, third):
                other.give_back("g", part)
            assert one.poll("g", SINGLE) == []
            one.commit("g", second)
            assert committed(one, "g", SINGLE) == {0: 30}

    def test_closing_twice_changes_nothing(self, open_bus: OpenBus) -> None:
        bus = open_bus()
        bus.publish(SINGLE, events(1))
        bus.poll("g", SINGLE)
        bus.close()
        bus.close()

    # Looking at it

    def test_lag_counts_from_the_position_to_the_end(self, bus: Bus) -> None:
        assert DEAD.partitions == 1
        [empty] = bus.lag("g", SINGLE)
        assert (empty.committed, empty.end, empty.records, empty.oldest) == (0, 0, 0, None)
        bus.publish(SINGLE, events(20))
        [full] = bus.lag("g", SINGLE)
        assert (full.committed, full.end, full.records, full.oldest) == (0, 20, 20, NOON)
        bus.commit("g", poll(bus, "g", SINGLE, most=5)[0])
        [some] = bus.lag("g", SINGLE)
        assert (some.committed, some.records) == (5, 15)
        assert some.oldest == NOON + timedelta(minutes=5)
        drain(bus, "g", SINGLE)
        [done] = bus.lag("g", SINGLE)
        assert (done.committed, done.end, done.oldest) == (20, 20, None)

    def test_lag_lists_every_partition_in_order(self, bus: Bus) -> None:
        bus.publish(SEVERAL, [event("a")])
        lags = bus.lag("g", SEVERAL)
        assert [lag.partition for lag in lags] == [*range(PAGES.partitions)]
        assert sum(lag.records for lag in lags) == 1

    def test_offsets_for_a_time(self, bus: Bus) -> None:
        bus.publish(SINGLE, events(10))
        at = {
            "before all": (NOON - timedelta(days=1), 0),
            "exactly": (NOON + timedelta(minutes=4), 4),
            "between": (NOON + timedelta(minutes=4, seconds=1), 5),
            "after all": (NOON + timedelta(days=1), 10),
        }
        found = {name: bus.offsets_for(SINGLE, time) for name, (time, _) in at.items()}
        assert found == {name: {0: offset} for name, (_, offset) in at.items()}

    def test_offsets_for_a_time_when_events_come_out_of_order(self, bus: Bus) -> None:
        times = [5.0, 1.0, 9.0, 2.0, 7.0]
        bus.publish(SINGLE, [event("k", n, minutes=each) for n, each in enumerate(times)])
        assert bus.offsets_for(SINGLE, NOON + timedelta(minutes=6)) == {0: 2}

    def test_offsets_for_lists_every_partition(self, bus: Bus) -> None:
        bus.publish(SEVERAL, [event("a")])
        found = bus.offsets_for(SEVERAL, NOON)
        assert found == dict.fromkeys(range(PAGES.partitions), 0)
