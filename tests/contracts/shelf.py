"""What every ``Shelf`` promises: one index is live, whole, and it is the old or the new one."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from processors.records import Article
from services.errors import UserError
from services.index import Index
from services.index.shelf import Place, Shelf
from tests.support.articles import article
from tests.support.index import OpenIndex, slugs
from tests.support.shelf import note

OpenShelf = Callable[[], Shelf]


def nothing(index: Index) -> None:
    """Nothing came meanwhile."""


def putting(*names: str) -> Callable[[Index], object]:
    """Puts what came meanwhile."""
    return lambda index: index.put([article(name) for name in names])


def dying_late() -> Callable[[Index], object]:
    """Dies when it is called for the second time, where the index is live already."""
    calls = count(1)

    def catch(_: Index) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt

    return catch


class ShelfContract:
    """Bind it with ``open_shelf``, and ``open_index`` of the live index."""

    @pytest.fixture
    def shelf(self, open_shelf: OpenShelf) -> Iterator[Shelf]:
        with open_shelf() as shelf:
            yield shelf

    def live(self, open_index: OpenIndex) -> list[str]:
        with open_index() as index:
            return sorted(slugs(list(index.every())))

    def fill(self, open_index: OpenIndex, *names: str) -> None:
        with open_index(write=True) as index:
            index.put([article(name) for name in names])

    def make(self, shelf: Shelf, *names: str, **fields: object) -> None:
        shelf.begin(note(**fields))
        with shelf.open("side", write=True) as index:
            index.put([article(name) for name in names])

    def test_all_articles_come_in_one_order(self, shelf: Shelf, open_index: OpenIndex) -> None:
        names = [f"s{number}" for number in range(1300)]
        self.fill(open_index, *names)
        self.make(shelf, *reversed(names))
        with open_index() as live, shelf.open("side") as side:
            every = list(live.every())
            assert [each.id for each in every] == [each.id for each in side.every()]
        assert sorted(slugs(every)) == sorted(names)

    def test_an_index_that_is_not_there(self, shelf: Shelf, open_index: OpenIndex) -> None:
        with open_index() as index:
            assert list(index.every()) == []
        assert shelf.note("live") is None
        places: tuple[Place, ...] = ("side", "previous")
        for place in places:
            assert shelf.note(place) is None
            with pytest.raises(UserError, match="beatwire rebuild"):
                shelf.open(place)
            with pytest.raises(UserError, match="beatwire rebuild"):
                shelf.discard(place)
        with pytest.raises(UserError, match="no index stands beside"):
            shelf.switch(nothing, None)
        with pytest.raises(UserError, match="no previous index"):
            shelf.roll_back(nothing, note)

    def test_what_is_made_beside_is_not_searched(self, shelf: Shelf, open_index: OpenIndex) -> None:
        self.fill(open_index, "old")
        self.make(shelf, "new")
        self.fill(open_index, "live")
        assert self.live(open_index) == ["live", "old"]
        with shelf.open("side") as side:
            assert slugs(list(side.every())) == ["new"]

    def test_it_is_gone_on_with_from_its_note(
        self, open_shelf: OpenShelf, open_index: OpenIndex
    ) -> None:
        whole = note(
            of="pages",
            made_by={"extract": "v2", "it's": "1"},
            next={"pages.backfill": {0: 3, 11: 2**40}},
            turn=7,
            outcomes={"too-short": 2},
            whole=True,
        )
        with open_shelf() as shelf:
            self.make(shelf, "a")
            assert shelf.note("side") == note()
            shelf.keep(whole)
        with open_shelf() as shelf:
            assert shelf.note("side") == whole
            with shelf.open("side", write=True) as side:
                side.put([article("b")])
            with shelf.open("side") as side:
                assert sorted(slugs(list(side.every()))) == ["a", "b"]
            assert self.live(open_index) == []

    def test_beginning_anew_forgets_what_was_there(self, shelf: Shelf) -> None:
        self.make(shelf, "a")
        shelf.keep(note(whole=True))
        shelf.begin(note(turn=1))
        assert shelf.note("side") == note(turn=1)
        with shelf.open("side") as side:
            assert list(side.every()) == []

    def test_switched_it_is_live_and_the_old_one_is_kept(
        self, shelf: Shelf, open_index: OpenIndex
    ) -> None:
        self.fill(open_index, "old")
        self.make(shelf, "new")
        kept = note(turn=3)
        shelf.switch(putting("late"), lambda: kept)
        assert self.live(open_index) == ["late", "new"]
        assert (shelf.note("side"), shelf.note("previous")) == (None, kept)
        assert shelf.note("live") == note()
        self.fill(open_index, "more")
        assert self.live(open_index) == ["late", "more", "new"]
        with shelf.open("previous") as previous:
            assert slugs(list(previous.every())) == ["old"]

    def test_rolled_back_they_change_places(self, shelf: Shelf, open_index: OpenIndex) -> None:
        self.fill(open_index, "old")
        self.make(shelf, "new")
        shelf.switch(nothing, note)
        for turn, (live, other) in enumerate([("old", "new"), ("new", "old")]):
            shelf.roll_back(putting(f"late{turn}"), lambda: note(turn=7))
            assert live in self.live(open_index)
            assert f"late{turn}" in self.live(open_index)
            assert shelf.note("previous") == note(turn=7)
            assert shelf.note("live") == note(turn=7 if turn else None)
            with shelf.open("previous") as previous:
                assert other in slugs(list(previous.every()))

    def test_one_previous_index_is_kept(self, shelf: Shelf, open_index: OpenIndex) -> None:
        self.fill(open_index, "first")
        for number in (1, 2):
            self.make(shelf, f"new{number}")
            shelf.switch(nothing, lambda number=number: note(turn=number))  # type: ignore[misc]
        assert self.live(open_index) == ["new2"]
        assert shelf.note("previous") == note(turn=2)
        with shelf.open("previous") as previous:
            assert slugs(list(previous.every())) == ["new1"]

    def test_a_switch_that_keeps_nothing_leaves_what_was_kept(
        self, shelf: Shelf, open_index: OpenIndex
    ) -> None:
        self.fill(open_index, "first")
        self.make(shelf, "second")
        shelf.switch(nothing, note)
        self.make(shelf, "third")
        shelf.switch(nothing, None)
        assert self.live(open_index) == ["third"]
        with shelf.open("previous") as previous:
            assert slugs(list(previous.every())) == ["first"]

    def test_a_switch_that_fails_leaves_all_as_it_was(
        self, shelf: Shelf, open_index: OpenIndex
    ) -> None:
        self.fill(open_index, "old")
        self.make(shelf, "new")

        def fail(index: Index) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            shelf.switch(fail, note)
        assert self.live(open_index) == ["old"]
        assert shelf.note("side") == note()
        shelf.switch(nothing, note)
        assert self.live(open_index) == ["new"]

    def test_a_return_that_was_broken_off_behind_the_swap_is_brought_to_its_end(
        self, shelf: Shelf, open_index: OpenIndex
    ) -> None:
        """As a switch; and does not change back."""
        self.fill(open_index, "old")
        self.make(shelf, "new")
        shelf.switch(nothing, note)
        try:
            shelf.roll_back(dying_late(), lambda: note(turn=7))
        except KeyboardInterrupt:
            assert self.live(open_index) == ["old"]
            with pytest.raises(UserError, match="--rollback"):
                shelf.discard("previous")
            shelf.roll_back(putting("late"), note)
            assert self.live(open_index) == ["late", "old"]
        assert shelf.note("previous") == note(turn=7)

    def test_a_switch_that_was_broken_off_behind_the_swap_is_brought_to_its_end(
        self, shelf: Shelf, open_index: OpenIndex
    ) -> None:
        """Where an index is caught up with once more when it is live already."""
        self.fill(open_index, "old")
        self.make(shelf, "new")
        try:
            shelf.switch(dying_late(), note)
        except KeyboardInterrupt:
            assert self.live(open_index) == ["new"]
            assert shelf.note("side") == note()
            with pytest.raises(UserError, match="--switch"):
                shelf.discard("side")
            shelf.switch(putting("late"), note)
            assert self.live(open_index) == ["late", "new"]
        assert shelf.note("side") is None
        assert shelf.note("previous") == note()
        with shelf.open("previous") as previous:
            assert slugs(list(previous.every())) == ["old"]

    def test_what_is_discarded_is_gone(self, shelf: Shelf, open_index: OpenIndex) -> None:
        self.fill(open_index, "old")
        self.make(shelf, "new")
        shelf.switch(nothing, note)
        self.make(shelf, "newer")
        shelf.discard("side")
        assert (shelf.note("side"), shelf.note("previous")) == (None, note())
        shelf.discard("previous")
        assert shelf.note("previous") is None
        assert self.live(open_index) == ["new"]

    def test_an_article_comes_back_as_it_was_put(self, shelf: Shelf) -> None:
        made: Article = article("a", "Some text.", made_by={"extract": "1"})
        shelf.begin(note())
        with shelf.open("side", write=True) as side:
            side.put([made])
        with shelf.open("side") as side:
            assert list(side.every()) == [made]
