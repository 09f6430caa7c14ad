"""An index that is made beside the live one and takes its place, as a rebuild does it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from processors.query.tree import All
from services.bootstrap import open_shelf
from services.index import WholeIndex
from services.index.shelf import Note, Shelf
from services.settings import Settings

BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def note(**changes: object) -> Note:
    given: dict[str, object] = {"of": "articles", "begun_at": BEGUN} | changes
    return Note(**given)  # type: ignore[arg-type]


@contextmanager
def fresh_index(on: Shelf | Settings) -> Iterator[WholeIndex]:
    """Empty; it is the live one when the block ends, and nothing is kept of the one before."""
    with open_shelf(on) if isinstance(on, Settings) else on as shelf:
        shelf.begin(note())
        with shelf.open("side", write=True) as index:
            yield index
        shelf.switch(lambda _: None, None)


@contextmanager
def searching(open_it: Callable[[], WholeIndex], least: int) -> Iterator[list[int]]:
    """Searches all the time; what each found. Fails when one fails or finds too little."""
    stop, found, errors = threading.Event(), list[int](), list[str]()

    def search() -> None:
        with open_it() as index:
            while not stop.is_set():
                try:
                    found.append(index.search(All(), limit=5).total)
                except Exception as error:
                    errors.append(repr(error))
                stop.wait(0.01)

    thread = threading.Thread(target=search)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()
    assert errors == []
    assert found
    assert min(found) >= least
