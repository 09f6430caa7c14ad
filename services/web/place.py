"""What operators look at from the pages."""

import platform
from collections.abc import Callable

from services import bootstrap
from services.operations.lookout import Place
from services.settings import Settings
from services.sqlite import driver
from services.store import Store
from services.version import VERSION


def place(settings: Settings, store: Callable[[], Store]) -> Place:
    """The log and the store of these settings, and what this process has."""
    versions = [("pages", VERSION), ("Python", platform.python_version())]
    if not settings.bus or not settings.store:
        versions.append(("SQLite", driver.sqlite_version))
    return Place(
        open_bus=lambda: bootstrap.open_bus(settings),
        store=store,
        home=settings.home,
        components=versions,
    )
