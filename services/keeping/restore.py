"""A restore: the store and the log of a backup into an installation with nothing in it.

Any backup goes into any installation, with files or with servers. A store of an older Beatwire
comes to the newest tables on the way. The index is built from the log at the end.
"""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec

from services.bootstrap import open_bus, open_index, open_log_file, open_shelf, open_store
from services.errors import UserError
from services.index import Stats
from services.keeping import logs, manifest
from services.keeping.backup import Tell
from services.keeping.manifest import BLOCK, LOG, STORE, Manifest
from services.lockfile import FAMILY, take_lock
from services.replay.rebuilding import Rebuilding
from services.settings import Settings
from services.sqlite_copy import sync
from services.stages.flow import waiting
from services.store.copying import bring_up, fill_store, has_rows, newest, rows_of, sqlite_file
from services.topics import TOPICS

COMING = ".restoring"
"""What the name of a file ends in until all of it is there."""
BESIDE_FILES = ("", "-wal", "-journal")
"""SQLite reads these as the last changes of whatever file has the name that they begin with
(https://sqlite.org/howtocorrupt.html): those of a file that was moved away would spoil another."""
BESIDE_INDEX = ("", ".new", ".old", ".leaving")
"""The index and what may stand beside it (``services.index.tantivy_shelf``): what was begun there
from another log must not be gone on with."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    made_at: str
    rows: int
    events: int
    articles: int
    """In the index that was built."""
    articles_before: int | None
    """In the index when the backup was made, which may have been behind; None: not known."""
    to_do: dict[str, int]
    """Stage to the events that it has still to do."""


def check(folder: Path, tell: Tell) -> Manifest:
    """Look at a backup and change nothing.

    Raises UserError, in one line, for what is damaged, or newer than this Beatwire knows.
    """
    found = manifest.read(folder)
    if found.store_version > newest():
        raise UserError(
            f"{folder / STORE}: the store of a newer Beatwire (format {found.store_version}, known "
            f"here up to {newest()}; Beatwire {found.beatwire} made it); upgrade this Beatwire"
        )
    manifest.check(folder, found, lambda *at: tell("checking", *at))
    rows_of(folder / STORE)
    with open_log_file(folder / LOG, only_read=True) as log:
        logs.counts(log)
    return found


def restore(settings: Settings, folder: Path, tell: Tell) -> Restored:
    """Bring a backup into an empty installation, and build the index.

    Raises UserError as ``check``, or where something is there already; LockedError while Beatwire
    runs in the home folder; TryLater when a server is away.
    """
    found = check(folder, tell)

    def taken(pid: str) -> str:
        return f"Beatwire runs in {settings.home} as pid {pid}; stop it first"

    with (
        take_lock(settings.home / FAMILY, taken),
        tempfile.TemporaryDirectory(dir=settings.home) as own,
    ):
        check_empty(settings)
        with Arrivals() as arrivals:
            # What needs room here comes before anything that is put on a server.
            store = _newest_store(settings, folder / STORE, Path(own), arrivals, tell)
            _bring_log(settings, folder / LOG, arrivals, tell)
            if sqlite_file(settings.store_url) is None:
                fill_store(store, settings.store_url, lambda *at: tell("store", *at))
            arrivals.name()
    stats = rebuild_index(settings, lambda *at: tell("index", *at))
    with open_bus(settings) as bus:
        to_do = waiting(bus)
    return Restored(
        made_at=found.made_at.isoformat(timespec="seconds"),
        rows=sum(found.rows.values()),
        events=sum(found.events.values()),
        articles=stats.articles,
        articles_before=found.articles,
        to_do=to_do,
    )


def check_empty(settings: Settings) -> None:
    """Raise UserError, with the remedy, where anything is there already."""
    store_file = sqlite_file(settings.store_url)
    if there := [each for each in _places(settings) if each.exists()]:
        moves = " && ".join(f"mv {each} {each.with_name(f'away-{each.name}')}" for each in there)
        raise UserError(
            f"{' and '.join(map(str, there))}: there already, and a restore goes where nothing is; "
            f"move what is there away ({moves}), or set BEATWIRE_HOME to another folder"
        )
    if settings.bus:
        with open_bus(settings) as bus:
            taken = [
                topic for topic in TOPICS if any(lag.end for lag in bus.lag(logs.READER, topic))
            ]
        if taken:
            raise UserError(
                f"BEATWIRE_BUS: topic {taken[0]} has had events already, and a restore goes where "
                "nothing is; give the log another prefix, as kafka://HOST:PORT/restored"
            )
    if store_file is None and (table := has_rows(settings.store_url)):
        raise UserError(
            f"BEATWIRE_STORE: its table {table} has rows already, and a restore goes where nothing "
            "is; make an empty database (createdb NAME) and set BEATWIRE_STORE to it"
        )
    if settings.index:
        with open_index(settings) as index, open_shelf(settings) as shelf:
            beside = shelf.note("side") or shelf.note("previous")
            if index.stats().articles or beside:
                raise UserError(
                    f"BEATWIRE_INDEX: {'another stands beside it' if beside else 'it has articles'}"
                    " already, and a restore goes where nothing is; give the index another "
                    "prefix, as http://HOST:PORT/restored"
                )


def _places(settings: Settings) -> list[Path]:
    """Every file and folder of this machine that a restore makes, or that would spoil it."""
    files = [None if settings.bus else settings.bus_file, sqlite_file(settings.store_url)]
    found = [each.with_name(f"{each.name}{end}") for each in files if each for end in BESIDE_FILES]
    if not settings.index:
        folder = settings.index_folder
        found += [folder.with_name(f"{folder.name}{end}") for end in BESIDE_INDEX]
    return found


def rebuild_index(settings: Settings, tell: Callable[[int, int], None]) -> Stats:
    """Build a fresh index of the log's articles in the old one's place; what is in it.

    Raises LockedError while another process writes an index in the home folder, UserError when a
    server is away for long; the index is then as it was.
    """
    with open_bus(settings) as bus, open_store(settings) as store, open_shelf(settings) as shelf:
        doing = Rebuilding(bus, store, shelf, now=lambda: datetime.now(UTC), tell=tell)
        doing.switch(doing.fill_with_articles(), keep=False)
    with open_index(settings) as index:
        return index.stats()


class Arrivals:
    """Files that come under other names, and get their own together at the end."""

    def __init__(self) -> None:
        self._coming: list[tuple[Path, Path]] = []

    def add(self, source: Path, target: Path, tell: Callable[[int, int], None]) -> Path:
        """Copy a file for ``target``; where it is for now."""
        coming = target.with_name(target.name + COMING)
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(coming)  # What a killed restore left.
        self._coming.append((coming, target))
        _copy(source, coming, tell)
        return coming

    def name(self) -> None:
        """Give all files their names."""
        for coming, target in self._coming:
            sync(coming)
            coming.rename(target)
            sync(target.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for coming, _ in self._coming:
            _remove(coming)


def _bring_log(settings: Settings, file: Path, arrivals: Arrivals, tell: Tell) -> None:
    if not settings.bus:
        arrivals.add(file, settings.bus_file, lambda *at: tell("log", *at))
        return
    with open_log_file(file, only_read=True) as copied, open_bus(settings) as bus:
        logs.copy_events(copied, bus, lambda *at: tell("log", *at))
        logs.set_positions(bus, logs.positions(copied))


def _newest_store(
    settings: Settings, file: Path, own: Path, arrivals: Arrivals, tell: Tell
) -> Path:
    """The store of the backup with the newest tables, on its way to its place or in ``own``."""
    target = sqlite_file(settings.store_url) or own / STORE
    copied = arrivals.add(file, target, lambda *at: tell("store", *at))
    bring_up(copied)
    return copied


def _copy(source: Path, target: Path, tell: Callable[[int, int], None]) -> None:
    try:
        total = source.stat().st_size
        with source.open("rb") as old, target.open("xb") as new:
            while block := old.read(BLOCK):
                new.write(block)
                tell(new.tell(), total)
    except OSError as error:
        raise UserError(
            f"{target}: cannot be written ({error.strerror}); nothing was restored, try again once "
            "that is mended"
        ) from error


def _remove(coming: Path) -> None:
    for each in coming.parent.glob(f"{coming.name}*"):
        each.unlink()
