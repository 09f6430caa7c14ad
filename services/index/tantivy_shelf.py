"""``Shelf`` on one machine: folders beside the one that is searched.

Files of an index are written once, so a folder is copied by links. Its list of files, which is
read first, is moved last: one rename makes an index another one.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import msgspec

from services import lockfile
from services.errors import LockedError, UserError
from services.index.documents import fingerprint
from services.index.shelf import Catch, Note, Place, missing
from services.index.tantivy import TantivyIndex
from services.index.tantivy_folder import (
    LOCK,
    WRITTEN_WITH,
    copy_to,
    exists,
    move_in,
    take_lock,
    write_whole,
)

NOTE = "note.json"
ENTERING = "entering"
"""In the folder of the index that leaves: the name of the folder that takes its place."""
_notes = msgspec.json.Decoder(Note)


class TantivyShelf:
    """See ``Shelf``. The live index is switched while no other process writes it."""

    def __init__(self, folder: Path) -> None:
        self._live = folder
        self._folders: dict[Place, Path] = {
            "live": folder,
            "side": folder.with_name(f"{folder.name}.new"),
            "previous": folder.with_name(f"{folder.name}.old"),
        }
        self._leaving = folder.with_name(f"{folder.name}.leaving")
        """What is live now and previous soon; with a note, it is whole."""
        self._changing = folder.with_name(f"{folder.name}.changing")
        """Locked by the one process that moves folders."""

    def check(self) -> None:
        take_lock(self._live).close()

    def note(self, place: Place) -> Note | None:
        self._settle()
        folder = self._folders[place]
        mark = folder / WRITTEN_WITH
        if not exists(folder) or not mark.exists() or mark.read_text() != fingerprint():
            return None
        return _read_note(folder)

    def begin(self, note: Note) -> None:
        folder = self._folders["side"]
        with self._alone():
            self._forget_leaving()
            with take_lock(folder):
                _empty(folder)
                write_whole(folder / NOTE, msgspec.json.encode(note).decode())
            TantivyIndex(folder, write=True).close()

    def keep(self, note: Note) -> None:
        write_whole(self._folders["side"] / NOTE, msgspec.json.encode(note).decode())

    def open(self, place: Place, *, write: bool = False) -> TantivyIndex:
        return TantivyIndex(self._found(place), write=write)

    def switch(self, catch: Catch, before: Callable[[], Note] | None) -> None:
        side = self._found("side")
        with self._alone(), take_lock(self._live):
            with TantivyIndex(side, write=True) as index:
                catch(index)
            if before is not None:
                self._leave(before(), side)
            self._enter(side)

    def roll_back(self, catch: Catch, before: Callable[[], Note]) -> None:
        previous = self._found("previous")
        with self._alone(), take_lock(self._live):
            with TantivyIndex(previous, write=True) as index:
                catch(index)
            self._leave(before(), previous)
            self._enter(previous)

    def discard(self, place: Place) -> None:
        folder = self._found(place)
        with self._alone():
            self._forget_leaving()
            with take_lock(folder):
                shutil.rmtree(folder)

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None: ...

    def _found(self, place: Place) -> Path:
        self._settle()
        folder = self._folders[place]
        if not exists(folder) or _read_note(folder) is None:
            raise UserError(missing(place))
        return folder

    def _leave(self, note: Note, entering: Path) -> None:
        """Copy the live index to where it will be previous from."""
        shutil.rmtree(self._leaving, ignore_errors=True)
        if exists(self._live):
            copy_to(self._live, self._leaving, leave=(NOTE, ENTERING))
            write_whole(self._leaving / ENTERING, entering.name)
            write_whole(self._leaving / NOTE, msgspec.json.encode(note).decode())

    def _enter(self, folder: Path) -> None:
        """Put what is in a folder in the place of the live index, and remove the folder."""
        note = (folder / NOTE).read_text()
        move_in(folder, self._live, leave=(NOTE,))
        write_whole(self._live / NOTE, note)
        shutil.rmtree(folder)
        self._move_out()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Move folders while nobody else does. Raises LockedError while somebody does."""

        def taken(pid: str) -> str:
            return f"pid {pid} is switching the index in {self._live}; wait for its end"

        with lockfile.take_lock(self._changing, taken):
            self._move_out()
            yield

    def _settle(self) -> None:
        """Bring to its end what a killed switch had begun; one that lives does so itself."""
        if self._has_left():
            with suppress(LockedError), self._alone():
                pass

    def _move_out(self) -> None:
        if self._has_left():
            previous = self._folders["previous"]
            shutil.rmtree(previous, ignore_errors=True)
            self._leaving.rename(previous)
            (previous / ENTERING).unlink(missing_ok=True)

    def _has_left(self) -> bool:
        """Whether the swap was made, which moves the list of files out of the folder that enters.

        That the live index is another one by now does not say so: after a kill before the swap
        somebody may have written to it.
        """
        if _read_note(self._leaving) is None:
            return False
        if exists(self._leaving.with_name((self._leaving / ENTERING).read_text())):
            return False
        now = (self._live / "meta.json").read_bytes() if exists(self._live) else b""
        return (self._leaving / "meta.json").read_bytes() != now

    def _forget_leaving(self) -> None:
        """What a switch that was killed before the swap had copied is worth nothing any more."""
        shutil.rmtree(self._leaving, ignore_errors=True)


def _read_note(folder: Path) -> Note | None:
    try:
        return _notes.decode((folder / NOTE).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name != LOCK:
            path.unlink()
