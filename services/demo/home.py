"""The demo's own home folder: one demo at a time, and a note of how far the last one came."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from services.demo.server import Newsroom
from services.errors import UserError
from services.lockfile import take_lock
from services.loopback import refusal

NOTE = "demo.json"
LOCK = "demo.lock"
PORT = 8380
"""Where the newsroom listens when nobody else does."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """How far a demo came with this content; ids of articles hold the port, so it is kept."""

    content: str
    port: int
    edition: int = 1
    """The edition that is being crawled."""
    done: bool = False


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Be the only demo in a folder, which is made when it is not there.

    Raises LockedError when another demo runs in it.
    """
    with take_lock(home / LOCK, lambda pid: f"a demo already runs in {home}, as pid {pid}"):
        yield


def read_note(home: Path) -> Note | None:
    """What the last demo left; None when there was none, or nothing that can be read."""
    try:
        return msgspec.json.decode((home / NOTE).read_bytes(), type=Note)
    except (OSError, msgspec.DecodeError):
        return None


def write_note(home: Path, note: Note) -> None:
    """Replace the note as a whole."""
    new = home / f"{NOTE}.new"
    new.write_bytes(msgspec.json.encode(note))
    new.replace(home / NOTE)


def clear(home: Path) -> None:
    """Remove what earlier demos made.

    Raises UserError when the folder holds something and no demo's note: it may be somebody's.
    """
    entries = [entry for entry in home.iterdir() if entry.name != LOCK]
    if entries and not (home / NOTE).exists():
        raise UserError(
            f"{home} holds files that no demo made; move them away, or set BEATWIRE_HOME"
        )
    # The note goes last: a removal that is interrupted can be started again.
    for entry in sorted(entries, key=lambda entry: entry.name == NOTE):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def open_newsroom(note: Note | None, content: str) -> tuple[Newsroom, bool]:
    """The newsroom where the last demo had it, else at its usual port, else at any free one.

    The second value tells whether what was crawled before is of use: the content and the port
    are the same.
    """
    if note and note.content == content:
        try:
            return Newsroom(note.port, note.edition), True
        except OSError:
            if note.done:  # Everything is crawled: only the links to the originals lead nowhere.
                return Newsroom(0, note.edition), True
    try:
        return Newsroom(PORT), False
    except OSError:
        return Newsroom(0), False


def free_port(wanted: int, *, must: bool) -> int:
    """``wanted`` when it is free; otherwise 0, which takes any, unless it ``must`` be that one.

    Raises UserError when it must be and is taken.
    """
    reason = refusal(wanted)
    if reason and must:
        raise UserError(
            f"port {wanted} cannot be used ({reason}); leave --port out to take any free one"
        )
    return 0 if reason else wanted
