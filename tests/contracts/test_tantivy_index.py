"""The contract on tantivy, and what only a folder with one writer promises."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import IO

import pytest

from processors.query.syntax import parse_query
from services.errors import LockedError, TryLater, UserError
from services.index.shelf import Shelf
from services.index.tantivy import TantivyIndex
from services.index.tantivy_folder import LOCK, WRITTEN_WITH, move_in
from services.index.tantivy_shelf import TantivyShelf
from tests.contracts.index import IndexContract
from tests.contracts.shelf import OpenShelf, ShelfContract, nothing
from tests.support.articles import article, claim
from tests.support.index import OpenIndex, found, slugs
from tests.support.shelf import fresh_index, note
from tests.support.write_articles import ARTICLES

ROOT = Path(__file__).parents[2]


class TestTantivyIndex(IndexContract):
    @pytest.fixture
    def open_index(self, tmp_path: Path) -> OpenIndex:
        return partial(TantivyIndex, tmp_path / "index")


class TestTantivyShelf(ShelfContract):
    @pytest.fixture
    def open_index(self, tmp_path: Path) -> OpenIndex:
        return partial(TantivyIndex, tmp_path / "index")

    @pytest.fixture
    def open_shelf(self, tmp_path: Path) -> OpenShelf:
        return partial(TantivyShelf, tmp_path / "index")

    def test_while_one_switches_nobody_else_moves_anything(
        self, shelf: Shelf, open_index: OpenIndex, open_shelf: OpenShelf
    ) -> None:
        self.fill(open_index, "first")
        self.make(shelf, "second")
        shelf.switch(nothing, lambda: note(turn=1))
        self.make(shelf, "third")

        def meanwhile(_: object) -> None:
            other = open_shelf()
            assert other.note("previous") == note(turn=1)
            acts: list[Callable[[], None]] = [
                partial(other.begin, note()),
                partial(other.discard, "previous"),
                partial(other.roll_back, nothing, note),
            ]
            for act in acts:
                with pytest.raises(LockedError, match="switching"):
                    act()

        shelf.switch(meanwhile, lambda: note(turn=2))
        assert (self.live(open_index), shelf.note("previous")) == (["third"], note(turn=2))

    @pytest.mark.parametrize("discarded", [True, False])
    def test_what_was_killed_before_the_swap_costs_no_previous_index(
        self,
        shelf: Shelf,
        open_index: OpenIndex,
        monkeypatch: pytest.MonkeyPatch,
        discarded: bool,
    ) -> None:
        self.fill(open_index, "first")
        self.make(shelf, "second")
        shelf.switch(nothing, lambda: note(turn=1))
        self.make(shelf, "third")

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        for act in (shelf.switch, shelf.roll_back):
            with monkeypatch.context() as patch:
                patch.setattr(TantivyShelf, "_enter", die)
                with pytest.raises(KeyboardInterrupt):
                    act(nothing, note)
            # As the stage does it, which is started again.
            self.fill(open_index, f"after {act.__name__}")
            assert shelf.note("previous") == note(turn=1)
        if discarded:
            shelf.discard("side")
        shelf.roll_back(nothing, note)
        assert self.live(open_index) == ["first"]
        with shelf.open("previous") as previous:
            assert "after roll_back" in slugs(list(previous.every()))


@contextmanager
def writing(folder: Path) -> "Iterator[tuple[subprocess.Popen[str], IO[str]]]":
    """A process that writes to a folder, and what it prints; ended with the block."""
    command = [sys.executable, "-m", "tests.support.write_articles", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout
        finally:
            process.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "index"


def test_a_reader_sees_what_appears_later(folder: Path) -> None:
    with TantivyIndex(folder) as reader:
        assert found(reader) == []
        assert not folder.exists()
        with TantivyIndex(folder, write=True) as writer:
            assert found(reader) == []
            for n in range(3):
                writer.put([article(f"s{n}", hours=n)])
                assert found(reader, sort="oldest") == [f"s{n}" for n in range(n + 1)]


def test_a_reader_does_not_write(folder: Path) -> None:
    with TantivyIndex(folder) as reader, pytest.raises(RuntimeError, match="not open for writing"):
        reader.put([article()])


def test_there_is_one_writer(folder: Path) -> None:
    with TantivyIndex(folder, write=True) as first:
        with pytest.raises(LockedError, match=f"is locked by pid {os.getpid()};"):
            TantivyIndex(folder, write=True)
        first.put([article()])
    with TantivyIndex(folder, write=True) as second:
        assert second.put([article()]) == ["unchanged"]


def test_another_process_is_named(folder: Path) -> None:
    with writing(folder) as (process, printed):
        printed.readline()
        with pytest.raises(LockedError, match=f"locked by pid {process.pid};"):
            TantivyIndex(folder, write=True)


def test_what_another_version_wrote_is_not_read(folder: Path) -> None:
    with TantivyIndex(folder, write=True) as index:
        index.put([article()])
    (folder / WRITTEN_WITH).write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match="another version of Beatwire; rebuild it"):
        TantivyIndex(folder, write=True)
    with TantivyIndex(folder) as reader, pytest.raises(UserError, match="rebuild it"):
        reader.search(parse_query(""))
    (folder / WRITTEN_WITH).unlink()
    with pytest.raises(UserError, match="rebuild it"):
        TantivyIndex(folder, write=True)


def test_a_reader_outlives_a_rebuild(folder: Path) -> None:
    with TantivyIndex(folder, write=True) as index:
        index.put([article("old")])
    with TantivyIndex(folder) as reader:
        assert found(reader) == ["old"]
        shutil.rmtree(folder)
        assert found(reader) == []
        with TantivyIndex(folder, write=True) as index:
            index.put([article("new")])
        assert found(reader) == ["new"]


def test_a_broken_index_says_so(folder: Path) -> None:
    with TantivyIndex(folder, write=True) as index:
        index.put([article()])
    (folder / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be read"):
        TantivyIndex(folder, write=True)
    assert (folder / LOCK).exists()


def damage_meta(folder: Path) -> None:
    (folder / "meta.json").write_text("{", encoding="utf-8")


def damage_segment(folder: Path) -> None:
    next(folder.glob("*.idx")).write_bytes(b"short")


def make_old(folder: Path) -> None:
    (folder / WRITTEN_WITH).write_text("{}", encoding="utf-8")


@pytest.mark.parametrize("kind", ["store", "term"])
def test_damage_within_a_file_is_no_bug(folder: Path, kind: str) -> None:
    """The engine finds it late, when it reads that part."""
    with TantivyIndex(folder, write=True) as index:
        index.put([article(f"s{n}", f"Story {n} of many.") for n in range(50)])
    (file,) = folder.glob(f"*.{kind}")
    whole = file.read_bytes()
    file.write_bytes(b"\xa5" * (len(whole) // 2) + whole[len(whole) // 2 :])
    with TantivyIndex(folder) as reader, pytest.raises(UserError, match="beatwire rebuild"):
        reader.search(parse_query("many"), facets=True)
    with TantivyIndex(folder, write=True) as index, pytest.raises(TryLater, match="rebuild"):
        index.put([article("s1")])


@pytest.mark.parametrize("spoil", [damage_meta, damage_segment, make_old])
def test_the_remedy_of_a_spoilt_index_works(folder: Path, spoil: Callable[[Path], None]) -> None:
    with TantivyIndex(folder, write=True) as index:
        index.put([article("old")])
    spoil(folder)
    with TantivyIndex(folder) as reader:
        with pytest.raises(UserError, match="beatwire rebuild"):
            reader.stats()
        with fresh_index(TantivyShelf(folder)) as fresh:
            fresh.put([article("new")])
        assert found(reader) == ["new"]
    with TantivyIndex(folder, write=True) as index:
        assert index.put([article("new")]) == ["unchanged"]
    assert not list(folder.parent.glob("*.new"))


def test_a_rebuild_is_seen_only_when_it_is_whole(folder: Path) -> None:
    with TantivyIndex(folder, write=True) as index:
        index.put([article("old")])
        with pytest.raises(LockedError), fresh_index(TantivyShelf(folder)):
            pass
    with TantivyIndex(folder) as reader:
        assert found(reader) == ["old"]
        with suppress(KeyboardInterrupt), fresh_index(TantivyShelf(folder)) as fresh:
            fresh.put([article("new")])
            raise KeyboardInterrupt
        assert found(reader) == ["old"]
        with fresh_index(TantivyShelf(folder)) as fresh:
            fresh.put([article("new")])
            assert found(reader) == ["old"]
        assert found(reader) == ["new"]


def test_a_rebuild_that_is_killed_in_the_swap_leaves_one_whole_index(folder: Path) -> None:
    """Broken off after each rename in turn: the old index or the new one, and it can be written."""
    seen, old, new = set(), folder.with_name("old"), folder.with_name("next")
    for made in (old, new):
        with TantivyIndex(made.with_suffix(".whole"), write=True) as index:
            index.put([article(made.name.replace("next", "new"))])
    for moves in range(60):
        for made, place in ((old, folder), (new, new)):
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(made.with_suffix(".whole"), place)
        broken = broken_after(moves)
        with pytest.MonkeyPatch.context() as patch:
            for act in ("replace", "unlink", "hardlink_to"):
                patch.setattr(Path, act, broken(act))
            try:
                move_in(new, folder)
                ended = True
            except InterruptedError:
                ended = False
        with TantivyIndex(folder, write=True) as index:
            (slug,) = found(index)
            index.put([article("more")])
            assert sorted(found(index)) == sorted([slug, "more"])
        seen.add(slug)
        if ended:
            break
    assert (ended, slug, seen) == (True, "new", {"old", "new"})


def broken_after(moves: int) -> Callable[[str], Callable[..., object]]:
    """Of what changes files, each act as it is, but for the one after so many."""
    left = iter(range(moves))

    def broken(act: str) -> Callable[..., object]:
        whole = getattr(Path, act)

        def step(*given: object, **options: object) -> object:
            if next(left, None) is None:
                raise InterruptedError
            return whole(*given, **options)

        return step

    return broken


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    with TantivyIndex(tmp_path / "index") as reader, pytest.raises(UserError, match="index"):
        reader.stats()
    with pytest.raises(UserError, match="cannot be written"):
        TantivyIndex(tmp_path / "index", write=True)


def test_a_lock_on_a_full_disk_asks_for_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("services.lockfile.take_lock", full)
    with pytest.raises(UserError, match=r"\(No space left on device\); make room$"):
        TantivyIndex(tmp_path / "index", write=True)


def test_a_failed_write_is_tried_later(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(known: object) -> list[object]:
        raise OSError(28, "No space left on device")

    with TantivyIndex(folder, write=True) as index:
        index.put([article("a")])
        with monkeypatch.context() as patch:
            patch.setattr("services.index.tantivy.documents", full)
            with pytest.raises(TryLater, match="No space left"):
                index.put([article("b")])
        assert found(index) == ["a"]
        assert index.put([article("b")]) == ["stored"]
        assert sorted(found(index)) == ["a", "b"]


def test_a_killed_writer_loses_nothing_and_leaves_nothing_half(folder: Path) -> None:
    """Eight rounds; every ``put`` that returned is there, each article with all of its claims."""
    random = Random(12)
    done = 0
    for _ in range(8):
        with writing(folder) as (process, printed):
            for _ in range(random.randint(1, 6)):
                done = int(printed.readline())
            process.kill()
            done = max([done, *map(int, printed.read().split())])
        with TantivyIndex(folder) as index:
            assert index.stats().articles == ARTICLES
            turns = set()
            for hit in index.search(parse_query("")).hits:
                one = hit.article
                turn = int(one.body.removeprefix("round "))
                turns.add(turn)
                assert turn >= done
                assert len(one.claims) == turn + 1
                assert index.edits([one]) == [turn - 1]
            assert len(turns) == 1
            assert index.claims(parse_query(""), limit=0).total == ARTICLES * (turns.pop() + 1)


def test_many_commits_stay_searchable(folder: Path) -> None:
    with TantivyIndex(folder, write=True) as index:
        for n in range(40):
            index.put([article(f"s{n}", claims=(claim(low=1e6),))])
        assert index.search(parse_query("usd:1M")).total == 40
        assert len(list(folder.glob("*.store"))) < 40
