"""Whether a Celery worker still takes what waits for it: one may stay up and take nothing more.

After a lost connection to Redis that is known of Celery (its issues 8030, 8091, 10205). So the
worker looks at its own queues, by the rule of the dispatchers' watchdog: a queue with slices in
it, of which an idle worker takes none for ``STALL_SECONDS``, ends the process to be started anew.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Mapping

import redis

from services.bus import Lag
from services.stages.flow import STALL_SECONDS
from services.workers.hands import OF_PRIORITY
from services.workers.watchdog import Progress

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
UNAVAILABLE = 69
"""EX_UNAVAILABLE of sysexits.h, as the dispatcher that stands still."""


def waiting_in(client: "redis.Redis", queues: Collection[str], last: int) -> dict[str, int]:
    """Messages in each queue, of live news and (priority ``last``) of history."""
    keys = [key for queue in queues for key in (queue, f"{queue}{OF_PRIORITY}{last}")]
    pipeline = client.pipeline(transaction=False)
    for key in keys:
        pipeline.llen(key)
    found = iter(pipeline.execute())
    return {queue: next(found) + next(found) for queue in queues}


def idle_lags(waiting: Mapping[str, int], taken: int, *, busy: bool) -> list[Lag]:
    """Queues as the watchdog's rule knows them: what was taken is the position.

    None while the worker has tasks in hand, which have time limits of their own.
    """
    return [] if busy else [Lag(queue, 0, taken, taken + n) for queue, n in waiting.items()]


def watch(
    look: Callable[[], list[Lag]],
    stop: threading.Event,
    beat: Callable[[], None],
    *,
    clock: Callable[[], float] = time.monotonic,
    end: Callable[[int], object] = os._exit,
    pause: float = LOOK_SECONDS,
) -> None:
    """Look from time to time, and ``end`` the process when it takes nothing more."""
    progress = Progress()
    while not stop.wait(pause):
        now = clock()
        try:
            progress = progress.after(look(), now)
        except redis.RedisError:
            progress = Progress()  # Nothing can be taken, and Celery connects again by itself.
        if stalled := progress.stalled(now, STALL_SECONDS - pause):
            names = ", ".join(queue for queue, _ in stalled)
            log.error("queue %s has slices and this idle worker takes none; starting anew", names)
            end(UNAVAILABLE)
            return
        beat()
