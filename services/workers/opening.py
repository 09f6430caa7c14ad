"""What a process needs may be away when it starts: it is asked again until it is there."""

import logging
import random
import threading
from collections.abc import Callable

from services.errors import TryLater
from services.workers.ends import Patience

log = logging.getLogger(__name__)


def when_there[T](
    open_it: Callable[[], T],
    stop: threading.Event,
    chance: Callable[[], float] = random.random,
) -> T | None:
    """Open something, as often as it takes, with waits that grow; None once ``stop`` is set.

    Raises what is no matter of time, such as SettingsError.
    """
    patience = Patience()
    while not stop.is_set():
        try:
            return open_it()
        except TryLater as reason:
            wait, patience = patience.seconds(chance), patience.tried()
            log.warning("waits %.1f s to begin: %s", wait, reason)
            stop.wait(wait)
    return None
