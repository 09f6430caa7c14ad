"""What a member has in hand of its partitions."""

from services.bus.kafka_hand import Anew, Hand, Skipped


def hand_of(positions: dict[int, int], ends: dict[int, int]) -> Hand:
    """A member that has all these partitions of a log that begins at 0."""
    hand = Hand()
    hand.assign(ends)
    hand.place(positions)
    assert hand.is_behind(ends) == any(end > positions.get(at, 0) for at, end in ends.items())
    assert hand.begin(dict.fromkeys(ends, 0)) == []
    return hand


def test_slices_go_from_the_position_to_the_end() -> None:
    hand = hand_of({0: 4}, {0: 25, 1: 3})
    assert hand.take(10, 9) == [(0, 4, 13), (1, 0, 2), (0, 14, 23), (0, 24, 24)]
    assert hand.take(10, 9) == []


def test_only_the_contiguous_done_part_is_to_be_stored() -> None:
    hand = hand_of({0: 0}, {0: 30})
    first, second, third = hand.take(10, 3)
    hand.finish(*second)
    assert hand.to_store == {}
    hand.finish(*first)
    assert hand.to_store == {0: 20}
    hand.stored(hand.to_store)
    assert hand.to_store == {}
    hand.finish(*third)
    assert hand.to_store == {0: 30}


def test_a_group_without_a_position_starts_with_the_log_and_misses_nothing() -> None:
    hand = Hand()
    hand.assign([0])
    hand.place({})
    assert hand.is_behind({0: 9})
    assert hand.begin({0: 5}) == []
    assert hand.take(10, 1) == [(0, 5, 8)]


def test_what_the_log_dropped_is_named_and_passed() -> None:
    hand = hand_of({0: 2, 1: 8}, {0: 9, 1: 9})
    assert hand.begin({0: 6, 1: 6}) == [Skipped(0, 2, 5)]
    assert hand.to_store == {0: 6}
    assert hand.take(10, 2) == [(0, 6, 8), (1, 8, 8)]


def test_what_was_in_hand_when_the_log_dropped_it_is_not_skipped_again() -> None:
    hand = hand_of({0: 0}, {0: 9})
    [part] = hand.take(4, 1)
    assert hand.begin({0: 6}) == [Skipped(0, 4, 5)]
    hand.finish(*part)
    assert hand.to_store == {0: 6}
    assert hand.take(10, 1) == [(0, 6, 8)]


def test_a_log_that_was_made_anew_is_read_from_its_start() -> None:
    hand = Hand()
    hand.assign([0])
    hand.place({0: 50})
    assert hand.is_behind({0: 3})
    assert hand.begin({0: 0}) == [Anew(0, 50, 3)]
    assert hand.take(10, 1) == [(0, 0, 2)]


def test_what_is_in_hand_stays_so_when_the_partition_comes_back() -> None:
    hand = hand_of({0: 0, 1: 0}, {0: 20, 1: 20})
    taken = hand.take(10, 4)
    hand.finish(0, 10, 19)
    hand.assign([0])
    assert hand.unplaced == [0]
    hand.place({0: 0})
    assert not hand.is_behind({0: 20})
    assert hand.take(10, 4) == []
    for run in taken:
        hand.finish(*run)  # of partition 1 too, which is another's by now
    assert hand.to_store == {0: 20}


def test_a_partition_that_was_away_starts_where_the_group_is() -> None:
    hand = hand_of({0: 0, 1: 0}, {0: 20, 1: 20})
    hand.take(10, 2)
    hand.assign([0])
    hand.assign([0, 1])
    hand.place({0: 0, 1: 5})
    assert hand.is_behind({0: 20, 1: 20})
    assert hand.take(20, 4) == [(1, 5, 19), (0, 10, 19)]


def test_what_another_did_meanwhile_is_not_done_again() -> None:
    hand = hand_of({0: 0}, {0: 20})
    hand.take(5, 1)
    hand.assign([0])
    hand.place({0: 15})
    assert hand.is_behind({0: 20})
    assert hand.take(20, 1) == [(0, 15, 19)]
    assert hand.to_store == {}


def test_a_position_never_passes_the_end() -> None:
    hand = hand_of({0: 0}, {0: 3})
    hand.finish(0, 0, 99)
    assert hand.to_store == {0: 3}


def test_what_is_given_back_is_taken_again() -> None:
    hand = hand_of({0: 0}, {0: 20})
    first, second = hand.take(10, 2)
    hand.take_back(*first)
    hand.finish(*second)
    assert hand.take(10, 2) == [first]
    hand.take_back(7, 0, 3)
    hand.finish(7, 0, 3)
    assert hand.to_store == {}
