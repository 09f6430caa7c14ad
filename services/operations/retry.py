"""A retry of a group of dead letters, for the page: so many at once, and told in numbers."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from services.bus import Bus
from services.dead.retrying import Retry
from services.operations.parts import UNFINISHED
from services.store import Store
from services.store.letters import OPEN, Wanted

AT_ONCE = 500
"""Letters of one press of the button, so that its answer comes soon; the command takes more."""


class Retried(msgspec.Struct, frozen=True):
    """What came of it."""

    retried: int
    """Letters whose event is on its topic again."""
    gone: int
    """Letters whose event is no longer in the log; they were dropped."""
    left: int
    """Letters of the group that are open, or that somebody else retries."""


def unfinished(store: Store, stage: str, error_class: str) -> int:
    """How many letters of a group are open, or were to be retried."""
    counted = store.count_letters()
    return sum(
        number
        for (of_stage, of_class, state), number in counted.items()
        if (of_stage, of_class) == (stage, error_class) and state in UNFINISHED
    )


def retry_group(
    bus: Bus,
    store: Store,
    *,
    stage: str,
    error_class: str,
    by: str,
    now: Callable[[], datetime],
) -> Retried:
    """Retry up to ``AT_ONCE`` letters of a group, the oldest first.

    What somebody else retries at this moment is left to them. Raises TryLater while the log or the
    store is away; the same call then goes on.
    """
    work = Retry(bus, store, by=by, now=now, sleep=lambda _: None)
    wanted = Wanted(stage=stage, error_class=error_class)
    done = work.run(wanted, limit=AT_ONCE, instead=OPEN)
    return Retried(done.retried, len(done.gone), unfinished(store, stage, error_class))
