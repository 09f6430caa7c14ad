"""What the service depends on, as its settings say: how each is looked at."""

from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from services import bootstrap
from services.broker import check_broker
from services.settings import Settings
from services.stages.flow import READ
from services.web.health import READ_ONLY, Dependency
from services.web.late import LateIndex


class Closes(Protocol):
    def close(self) -> None: ...


class Held[Port: Closes]:
    """A port that stays open from look to look, and is opened anew after a look that failed."""

    def __init__(self, open_port: Callable[[], Port], ask: Callable[[Port], Any]) -> None:
        self._open, self._ask = open_port, ask
        self._port: Port | None = None

    def __call__(self) -> str:
        if self._port is None:
            self._port = self._open()
        try:
            self._ask(self._port)
        except BaseException:
            port, self._port = self._port, None
            port.close()
            raise
        return ""


def dependencies(settings: Settings, index: LateIndex) -> list[Dependency]:
    """Bus, index and store, and the broker when there is one."""
    bus = Held(
        lambda: bootstrap.open_bus(settings), lambda port: port.lag(READ.stage, READ.takes.name)
    )
    store = Held(lambda: bootstrap.open_store(settings), lambda port: port.sources())
    found = [
        Dependency("bus", _kind(settings.bus) or "sqlite", bus),
        Dependency("index", _index_kind(settings.index), lambda: look_at_index(index)),
        Dependency("store", _kind(settings.store_url), store),
    ]
    if settings.broker:
        found.append(
            Dependency("broker", _kind(settings.broker), lambda: _look_at_broker(settings.broker))
        )
    return found


def look_at_index(index: LateIndex) -> str:
    """Whether it can be read, and that it is not closed to writing, which stops all news."""
    index.stats()
    # Engines on this machine cannot be closed to writing, so the port does not know of it.
    is_read_only: Callable[[], bool] | None = getattr(index.opened(), "read_only", None)
    return READ_ONLY if is_read_only and is_read_only() else ""


def _look_at_broker(address: str) -> str:
    check_broker(address)
    return ""


def _kind(address: str) -> str:
    return urlsplit(address).scheme.partition("+")[0]


def _index_kind(address: str) -> str:
    return "elasticsearch" if address else "tantivy"
