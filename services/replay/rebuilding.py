"""The steps of a rebuild: begun or gone on with, compared, switched to, rolled back."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from services.bus import Bus
from services.errors import UserError
from services.index import WholeIndex
from services.index.shelf import Note, Shelf
from services.replay.compare import Report, compare
from services.stages import Stage
from services.stages.made_of import Making, OfArticles, OfPages
from services.stages.rebuild import Rebuild, note_of_live
from services.store.port import Stories


class Reads(Stage, Protocol):
    """The stage ``read``."""

    @property
    def made_by(self) -> dict[str, str]:
        """Component name to version, of all that takes part."""


class Rebuilding:
    """One rebuild at a time, on the ports of an installation."""

    def __init__(
        self,
        bus: Bus,
        store: Stories,
        shelf: Shelf,
        *,
        now: Callable[[], datetime],
        tell: Callable[[int, int], None],
    ) -> None:
        """``tell`` is given how many events are done, and of how many."""
        self._bus, self._store, self._shelf = bus, store, shelf
        self._now, self._tell = now, tell

    def fill_with_articles(self) -> Rebuild:
        """Fill the side index with the articles of the log, or go on with that.

        Raises UserError where that would throw away an index that was read again.
        """
        note = self._shelf.note("side")
        if note is not None and note.of == "pages":
            raise UserError(
                "an index that was read again stands beside the live one; put it in its place, or "
                "remove it: beatwire rebuild --switch, or beatwire rebuild --discard side"
            )
        return self._filled(OfArticles(self._store), note or self._begun("articles", {}))

    def fill_with_pages(self, open_stage: Callable[[], Reads]) -> Rebuild:
        """Read the pages of the log again into the side index, or go on with that.

        What other versions had read is begun anew.
        """
        stage = open_stage()
        note = self._shelf.note("side")
        if note is None or note.of != "pages" or note.made_by != stage.made_by:
            note = self._begun("pages", stage.made_by)
        return self._filled(OfPages(self._store, lambda: stage), note)

    def bring_up(self, open_stage: Callable[[], Reads]) -> Rebuild:
        """Read again what came since the side index was filled; the stage is opened for that alone.

        Raises UserError when no whole one is there, or other versions had read it.
        """
        note = self._shelf.note("side")
        if note is None or note.of != "pages" or not note.whole:
            raise UserError(
                "no index that was read again stands whole beside the live one; make one, or go on "
                "with it: beatwire rebuild --read-again"
            )
        made_by = note.made_by

        def checked() -> Reads:
            stage = open_stage()
            if stage.made_by != made_by:
                raise UserError(
                    "the index beside the live one was read by other versions than these; begin it "
                    "anew: beatwire rebuild --read-again"
                )
            return stage

        return self._filled(OfPages(self._store, checked), note)

    def compare(self, live: WholeIndex) -> Report:
        """What the side index says that the live one does not."""
        with self._shelf.open("side") as side:
            return compare(live.every(), side.every())

    def switch(self, work: Rebuild, *, keep: bool) -> None:
        """The side index becomes the live one; ``keep``: that one becomes the previous one."""
        self._shelf.switch(work.finish, self._note_of_live if keep else None)

    def roll_back(self) -> Rebuild:
        """The previous index becomes the live one, with what came since it was that."""
        note = self._shelf.note("previous")
        work = Rebuild(self._bus, self._store, self._tell, note=note)
        self._shelf.roll_back(work.catch_up, self._note_of_live)
        return work

    def was_read_again(self) -> bool:
        """Whether the live index holds readings that the articles of the log are not."""
        note = self._shelf.note("live")
        return note is not None and note.of == "pages"

    def _note_of_live(self) -> Note:
        """Up to where it is, and what it was made of."""
        found = note_of_live(self._bus, self._store, self._now())
        if (made := self._shelf.note("live")) is None:
            return found
        return msgspec.structs.replace(found, of=made.of, made_by=made.made_by)

    def _begun(self, of: Literal["articles", "pages"], made_by: dict[str, str]) -> Note:
        note = Note(of=of, begun_at=self._now(), made_by=made_by)
        self._shelf.begin(note)
        return note

    def _filled(self, made_of: Making, note: Note) -> Rebuild:
        work = Rebuild(
            self._bus, self._store, self._tell, made_of=made_of, note=note, keep=self._shelf.keep
        )
        with self._shelf.open("side", write=True) as index:
            work.fill(index)
        return work
