"""A store that may be away when the pages start: opened at its first use; and what is none."""

from collections.abc import Callable
from threading import Lock
from typing import Self

from services.bus import Bus
from services.errors import TryLater
from services.store import Store


class LateStore:
    """Call it for the store; raises TryLater while there is none. Threads may share it."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open = open_store
        self._lock = Lock()
        self._store: Store | None = None

    def __call__(self) -> Store:
        if self._store is None:
            with self._lock:
                if self._store is None:
                    self._store = self._open()
        return self._store

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def no_store() -> Store:
    """For pages that were given none."""
    raise TryLater("these pages were started without a store")


def no_bus() -> Bus:
    """For pages that were given none."""
    raise TryLater("these pages were started without a log")
