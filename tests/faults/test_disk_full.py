"""Row 25: a disk that runs full loses nothing, breaks nothing, and is told about in one line."""

import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from processors.query.tree import All
from services.bus import Event
from services.bus.sqlite import SqliteBus
from services.errors import TryLater
from services.index.tantivy import TantivyIndex
from services.sqlite import driver
from services.store import Store
from services.store.port import Finished
from services.store.store import open_sql_store
from tests.support.articles import article
from tests.support.bus import ids, log_of
from tests.support.small_disk import SmallDisk, kinds, small_disk

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ROOMS = (0, 1, 5_000, 15_000, 30_000)
"""Bytes that are left: so that the disk runs full at different moments of a commit."""
FULL = ("full", "No space left", "File too large", "disk I/O error")


@pytest.fixture(params=kinds(Path(tempfile.gettempdir())))
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(request.param, tmp_path / "disk") as disk:
        yield disk


def noise(size: int, seed: int) -> bytes:
    """Data that no log can make smaller."""
    return random.Random(seed).randbytes(size)


def batch(number: int) -> list[Event]:
    """Ten events of one publish, in several partitions."""
    return [
        Event(
            id=f"{number}-{each}",
            type="page/1",
            key=f"host{each}.example",
            time=NOW,
            data=noise(8000, number * 10 + each),
        )
        for each in range(10)
    ]


def fails(act: Callable[[int], object], disk: SmallDisk, room: int, first: int) -> tuple[int, str]:
    """Act until the disk is full: the number that failed, and what was said."""
    disk.fill(room)
    for number in range(first, first + 30):
        try:
            act(number)
        except TryLater as error:
            return number, str(error)
    raise AssertionError("the disk never ran full")


def sound(path: Path) -> bool:
    """Whether SQLite finds no damage."""
    connection = driver.connect(path)
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    finally:
        connection.close()


def test_the_log_appends_all_of_a_batch_or_nothing(disk: SmallDisk) -> None:
    """Row 25, log append."""
    path = disk.folder / "bus.sqlite"
    with SqliteBus(path) as bus, SqliteBus(path) as reader:
        kept = 0

        def publish(number: int) -> None:
            bus.publish("pages", batch(number))

        for room in ROOMS:
            number, said = fails(publish, disk, room, kept)
            assert str(path) in said
            assert any(word in said for word in FULL), said
            assert in_the_log(reader) == {e.id for n in range(number) for e in batch(n)}
            disk.free()
            publish(number)
            kept = number + 1
            assert in_the_log(reader) == {e.id for n in range(kept) for e in batch(n)}
    assert sound(path)


def in_the_log(bus: SqliteBus) -> set[str]:
    """Ids of all events; each must be there once."""
    found = ids(log_of(bus, "pages"))
    assert len(found) == len(set(found))
    return set(found)


def test_the_index_commits_all_of_a_batch_or_nothing(disk: SmallDisk) -> None:
    """Row 25, commit of the index."""
    folder = disk.folder / "index"

    def texts(number: int) -> list[str]:
        return [f"{number}-{each}" for each in range(8)]

    def put(number: int) -> None:
        dice = random.Random(number)
        index.put(
            [
                article(slug, body=" ".join(f"{dice.getrandbits(64):x}" for _ in range(800)))
                for slug in texts(number)
            ]
        )

    with TantivyIndex(folder, write=True) as index, TantivyIndex(folder) as reader:
        put(0)
        kept = 1
        for room in ROOMS:
            number, said = fails(put, disk, room, kept)
            assert str(folder) in said
            assert "bytes are free" in said
            assert in_the_index(reader) == {s for n in range(number) for s in texts(n)}
            disk.free()
            put(number)
            kept = number + 1
            assert in_the_index(reader) == {s for n in range(kept) for s in texts(n)}
    with TantivyIndex(folder, write=True) as again:
        assert in_the_index(again) == {s for n in range(kept) for s in texts(n)}


def in_the_index(index: TantivyIndex) -> set[str]:
    hits = index.search(All(), limit=1000).hits
    assert len({hit.article.id for hit in hits}) == len(hits)
    return {hit.article.url.rpartition("/")[2] for hit in hits}


def test_the_store_commits_all_of_a_batch_or_nothing(disk: SmallDisk) -> None:
    """Row 25, commit of the store."""
    path = disk.folder / "store.sqlite"
    with open_sql_store(f"sqlite:///{path}") as store:

        def finish(number: int) -> None:
            store.finish(ends(number))

        finish(0)
        kept = 1
        for room in ROOMS:
            number, said = fails(finish, disk, room, kept)
            assert str(path) in said
            assert any(word in said for word in FULL), said
            assert noted(store) == number * 40
            disk.free()
            finish(number)
            kept = number + 1
            assert noted(store) == kept * 40
    assert sound(path)


def ends(number: int) -> list[Finished]:
    return [
        Finished(
            stage="read", topic="pages", partition=0, offset=number * 40 + each,
            event_id=f"{number}-{each}", outcome="read",
            reason=noise(500, number * 40 + each).hex(), at=NOW,
        )
        for each in range(40)
    ]  # fmt: skip


def noted(store: Store) -> int:
    return sum(sum(counts.values()) for counts in store.outcomes().values())
