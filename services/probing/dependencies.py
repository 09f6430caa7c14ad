"""What a process depends on, as its settings say: how each is looked at."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Literal
from urllib.parse import urlsplit

from services import bootstrap
from services.broker import check_broker
from services.bus import Bus
from services.index import Index
from services.look import Held
from services.probing.health import READ_ONLY, Dependency
from services.settings import Settings
from services.stages.flow import READ
from services.store import Store

Need = Literal["bus", "index", "store"]
EVERYTHING: tuple[Need, ...] = ("bus", "index", "store")


def dependencies(
    settings: Settings,
    needs: Collection[Need] = EVERYTHING,
    look_at: Callable[[], str] | None = None,
    *,
    hands_out: bool = True,
) -> list[Dependency]:
    """What of bus, index and store is needed, and the broker when work is handed out by one.

    ``look_at`` looks at the index, where the process has it open already.
    """
    looks: dict[Need, tuple[str, Callable[[], str]]] = {
        "bus": (
            _kind(settings.bus) or "sqlite",
            partial(Held(lambda: bootstrap.open_bus(settings)).ask, _ask_bus),
        ),
        "index": (
            "elasticsearch" if settings.index else "tantivy",
            look_at or partial(Held(lambda: bootstrap.open_index(settings)).ask, look_at_index),
        ),
        "store": (
            _kind(settings.store_url),
            partial(Held(lambda: bootstrap.open_store(settings)).ask, _ask_store),
        ),
    }
    found = [Dependency(name, *look) for name, look in looks.items() if name in needs]
    if settings.broker and hands_out:
        found.append(
            Dependency("broker", _kind(settings.broker), lambda: _look_at_broker(settings.broker))
        )
    return found


def look_at_index(index: Index) -> str:
    """Whether it can be read, and that it is not closed to writing, which stops all news."""
    index.stats()
    return READ_ONLY if is_read_only(index) else ""


def is_read_only(index: Index) -> bool:
    """Whether it takes no writes: engines on this machine always do, so the port has no word."""
    ask: Callable[[], bool] | None = getattr(index, "read_only", None)
    return ask is not None and ask()


def _ask_bus(bus: Bus) -> str:
    bus.lag(READ.stage, READ.takes.name)
    return ""


def _ask_store(store: Store) -> str:
    store.sources()
    return ""


def _look_at_broker(address: str) -> str:
    check_broker(address)
    return ""


def _kind(address: str) -> str:
    return urlsplit(address).scheme.partition("+")[0]
