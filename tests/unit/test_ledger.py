"""The arithmetic of a group's ledger, against plain sets of offsets."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from services.bus.ledger import (
    DONE,
    Gift,
    Ledger,
    Open,
    Part,
    finish,
    free,
    give,
    share,
    take_back,
)

END = 12
runs = st.tuples(st.integers(0, END - 1), st.integers(0, END - 1)).map(
    lambda ends: (min(ends), max(ends))
)
steps = st.lists(
    st.tuples(st.sampled_from(["give", "finish", "take back"]), runs, st.integers(1, 3))
)


def offsets(parts: Iterable[tuple[int, ...]]) -> set[int]:
    return {offset for first, last, *_ in parts for offset in range(first, last + 1)}


def check_form(ledger: Ledger) -> None:
    before = Part(-2, ledger.committed - 1, DONE)
    for part in ledger.parts:
        assert before.last < part.first <= part.last
        assert not (part.member == before.member == DONE and before.last + 1 == part.first)
        before = part


@given(steps)
def test_a_ledger_agrees_with_plain_sets(taken: list[tuple[str, tuple[int, int], int]]) -> None:
    ledger, done = Ledger(), set[int]()
    held: dict[int, int] = {}
    for what, (first, last), member in taken:
        run = offsets([(first, last)])
        if what == "finish":
            ledger = finish(ledger, first, last)
            done |= run
            held = {offset: who for offset, who in held.items() if offset not in run}
        elif what == "take back":
            ledger = take_back(ledger, first, last, member)
            held = {n: who for n, who in held.items() if not (n in run and who == member)}
        elif run <= offsets(free(ledger, END)):
            ledger = give(ledger, first, last, member)
            held |= dict.fromkeys(run, member)
        check_form(ledger)
        assert ledger.committed == next(n for n in range(END + 1) if n not in done)
        assert offsets(free(ledger, END)) == {*range(END)} - done - held.keys()
        assert ledger.holders == {*held.values()}


def ledger_of(given_out: list[tuple[tuple[int, int], int]]) -> Ledger:
    ledger = Ledger()
    for (first, last), member in given_out:
        if member == DONE:
            ledger = finish(ledger, first, last)
        elif offsets([(first, last)]) <= offsets(free(ledger, END)) and ledger.holders <= {member}:
            ledger = give(ledger, first, last, member)
    return ledger


ledgers = st.lists(st.tuples(runs, st.integers(0, 3)), max_size=4).map(ledger_of)
partition_lists = st.lists(ledgers.map(lambda each: Open(each, END)), min_size=1, max_size=6)


@given(
    partition_lists,
    st.integers(1, 4),
    st.integers(0, 9),
    st.integers(1, 14),
    st.integers(1, 9),
)
def test_sharing_hands_out_what_is_free_and_fair(
    partitions: list[Open], members: int, turn: int, most: int, slices: int
) -> None:
    me = 1
    gifts = share(partitions, me=me, members=members, turn=turn, most=most, slices=slices)
    assert len(gifts) <= slices
    touched = {gift.place for gift in gifts}
    for place in touched:
        assert partitions[place].ledger.holders <= {me}
        mine = [(gift.first, gift.last) for gift in gifts if gift.place == place]
        assert all(1 <= last - first + 1 <= most for first, last in mine)
        assert sum(last - first + 1 for first, last in mine) == len(offsets(mine))
        assert offsets(mine) <= offsets(free(*partitions[place]))
        assert mine == sorted(mine)
    held = {place for place, each in enumerate(partitions) if me in each.ledger.holders}
    fair = -(-len(partitions) // members)
    assert len(held | touched) <= max(fair, len(held))


@given(partition_lists, st.integers(0, 9))
def test_a_member_alone_gets_all_that_is_free_and_nobodys(
    partitions: list[Open], turn: int
) -> None:
    gifts = share(partitions, me=1, members=1, turn=turn, most=1, slices=10**6)
    wanted = {
        (place, offset)
        for place, each in enumerate(partitions)
        if each.ledger.holders <= {1}
        for offset in offsets(free(*each))
    }
    assert {(gift.place, gift.first) for gift in gifts} == wanted


def test_least_in_hand_comes_first_then_the_turn() -> None:
    partitions = [Open(give(Ledger(), 0, 0, 1), 4), Open(Ledger(), 4), Open(Ledger(), 4)]
    gifts = share(partitions, me=1, members=1, turn=2, most=2, slices=3)
    assert gifts == [Gift(2, 0, 1), Gift(1, 0, 1), Gift(2, 2, 3)]


def test_evenly_each_gives_one_run_as_long_as_what_waits_asks_for() -> None:
    ends = {"in hand": 90, "little": 1, "some": 9, "more": 13, "much": 90}
    partitions = [Open(Ledger(), end) for end in ends.values()]
    partitions[0] = Open(give(Ledger(), 0, 0, 1), 90)
    gifts = share(partitions, me=1, members=1, turn=0, most=2, slices=9, evenly=True)
    assert gifts == [Gift(1, 0, 0), Gift(2, 0, 1), Gift(3, 0, 2), Gift(4, 0, 7)]


def test_a_member_above_its_share_gets_more_only_of_what_it_may_keep() -> None:
    partitions = [Open(give(Ledger(), 0, 0, 1), 4) for _ in range(4)]
    gifts = share(partitions, me=1, members=2, turn=3, most=9, slices=9)
    assert {gift.place for gift in gifts} == {0, 1}
