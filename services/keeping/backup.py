"""A backup: the store and the log, as files, while everything runs.

No transaction spans store and log, so the order makes a backup whole. First the positions of the
stages, then the store, then the log's events: what came in between is done once more after a
restore, which changes nothing, and nothing is missing that the store takes for done. The index is
left out, for it is a view of the log.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from processors.records import AnyRecord
from services.bootstrap import open_bus, open_index, open_log_file
from services.errors import TryLater, UserError
from services.keeping import logs
from services.keeping.manifest import LOG, MANIFEST, STORE, Manifest, sum_of, write
from services.settings import Settings
from services.sqlite_copy import copy_file, settle, sync
from services.store.copying import copy_store, rows_of, sqlite_file
from services.version import VERSION

Tell = Callable[[str, int, int], None]
"""Is given what is being done, how much of it is done, and of how much."""


def back_up(settings: Settings, folder: Path, tell: Tell) -> Manifest:
    """Write a backup into a folder that is not there yet, or empty.

    Until it is whole it has another name. Raises UserError for a folder that is taken or cannot
    be made, or when there is nothing to back up; TryLater when a server is away.
    """
    _check_source(settings)
    with _unfinished(folder) as making:
        with open_bus(settings) as bus:
            positions = logs.positions(bus)
        copy_store(settings.store_url, making / STORE, lambda *at: tell("store", *at))
        _copy_log(settings, making / LOG, lambda *at: tell("log", *at))
        with open_log_file(making / LOG) as copied:
            logs.set_positions(copied, positions)
            events = logs.counts(copied)
        settle(making / LOG)
        version, rows = rows_of(making / STORE)
        manifest = Manifest(
            made_at=datetime.now(UTC),
            beatwire=VERSION,
            store_version=version,
            records=tuple(sorted(str(each.__struct_config__.tag) for each in get_args(AnyRecord))),
            rows=rows,
            events=events,
            articles=_articles(settings),
            files={name: sum_of(making / name) for name in (STORE, LOG)},
        )
        write(making, manifest)
    return manifest


def _check_source(settings: Settings) -> None:
    files = [None if settings.bus else settings.bus_file, sqlite_file(settings.store_url)]
    for file in files:
        if file is not None and not file.is_file():
            raise UserError(
                f"{file}: there is none, so there is nothing to back up; "
                "set BEATWIRE_HOME to the folder that Beatwire works in"
            )


def _copy_log(settings: Settings, file: Path, tell: Callable[[int, int], None]) -> None:
    if not settings.bus:
        copy_file(settings.bus_file, file, tell)
        return
    with open_bus(settings) as bus, open_log_file(file) as copied:
        logs.copy_events(bus, copied, tell)


def _articles(settings: Settings) -> int | None:
    try:
        with open_index(settings) as index:
            return index.stats().articles
    except (TryLater, UserError):
        return None


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder beside the wanted one, which gets its name when the block ends well."""
    folder = folder.resolve()  # beside it is where it is, not where a link to it is
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UserError(f"{folder} is there already; give another folder, as {folder}-2")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f"{folder.name}.unfinished-", dir=folder.parent))
    except OSError as error:
        raise UserError(
            f"{folder}: the folder cannot be made ({error.strerror}); give one that you may write"
        ) from error
    try:
        yield making
        sync(making / MANIFEST)
        sync(making)
        making.rename(folder)
        sync(folder.parent)
    except OSError as error:
        raise UserError(
            f"{folder}: the backup cannot be written ({error.strerror}), and nothing is left of "
            "it; make room, or give another folder"
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
