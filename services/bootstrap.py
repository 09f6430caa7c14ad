"""The one place that names adapters: settings in, ports out.

Imports stay inside the branches, so that a command loads only what it uses.
"""

from urllib.parse import urlsplit

from services.bus import Bus
from services.errors import SettingsError
from services.index import Index
from services.settings import Settings
from services.stages import Stage
from services.store import Store


def open_bus(settings: Settings) -> Bus:
    """The log that ``BEATWIRE_BUS`` names, or the one in the home folder."""
    match urlsplit(settings.bus).scheme:
        case "":
            from services.bus.sqlite import SqliteBus

            return SqliteBus(settings.bus_file)
        case other:
            raise SettingsError(
                f"BEATWIRE_BUS={settings.bus}: {other!r} is not known; leave it unset"
            )


def open_index(settings: Settings, *, write: bool = False) -> Index:
    """The index that ``BEATWIRE_INDEX`` names, or the one in the home folder.

    Raises LockedError when ``write`` is asked for and another process writes.
    """
    match urlsplit(settings.index).scheme:
        case "":
            from services.index.tantivy import TantivyIndex

            return TantivyIndex(settings.index_folder, write=write)
        case other:
            raise SettingsError(
                f"BEATWIRE_INDEX={settings.index}: {other!r} is not known; leave it unset"
            )


def open_store(settings: Settings) -> Store:
    """The store that ``BEATWIRE_STORE`` names, or the one in the home folder."""
    from services.store.store import open_sql_store

    return open_sql_store(settings.store_url)


def open_stage(name: str, settings: Settings) -> Stage:
    """A stage with the ports that it needs.

    Raises LockedError when the stage writes the index and another process does.
    """
    match name:
        case "read":
            from processors.nlp.reader import load_reader
            from services.stages.read import ReadStage

            try:
                return ReadStage(load_reader(settings.gazetteer))
            except (ValueError, OSError) as error:
                raise SettingsError(f"BEATWIRE_GAZETTEER={settings.gazetteer}: {error}") from error
        case "index":
            from services.stages.index import IndexStage

            return IndexStage(open_index(settings, write=True))
        case other:
            raise ValueError(f"no stage {other!r}")
