"""What is too old goes once a day, while stages run: a thread beside each, of which one does it."""

import logging
import threading
from datetime import UTC, datetime, timedelta

from services.bootstrap import open_bus, open_store
from services.errors import TryLater, UserError
from services.keeping.pruning import kept_days, prune
from services.settings import Settings
from services.words import counted

log = logging.getLogger(__name__)

CHORE = "prune"
EVERY = timedelta(days=1)
WITHIN = timedelta(days=30)
"""A clock that starts a year ahead would drop a year: after so long, a day goes by first."""
LOOK_SECONDS = 600.0
"""Between two looks whether a day has gone by."""


def prune_daily(settings: Settings, stop: threading.Event) -> threading.Thread:
    """Begin to look after it, until ``stop`` is set; of several processes one does it a day."""
    thread = threading.Thread(target=_watch, args=(settings, stop), name=CHORE, daemon=True)
    thread.start()
    return thread


def _watch(settings: Settings, stop: threading.Event) -> None:
    while True:
        try:
            prune_if_due(settings, datetime.now(UTC))
        except (TryLater, UserError) as error:
            log.warning("what is too old stays for now: %s", error)
        except Exception as error:
            # A bug of ours must not end what watches for the next day.
            log.warning("what is too old stays for now: %s: %s", type(error).__name__, error)
        if stop.wait(LOOK_SECONDS):
            return


def prune_if_due(settings: Settings, now: datetime) -> bool:
    """Drop what is too old, once a day and not the first time; whether it was due."""
    days = kept_days(settings)
    with open_store(settings) as store:
        if not any(days.values()) or not store.begin_chore(CHORE, now, EVERY, WITHIN):
            return False
        with open_bus(settings) as bus:
            for each in prune(bus, store, days, now):
                if each.rows or each.events:
                    log.info(
                        "%s: %s of the store and %s of the log dropped, older than %s",
                        each.kind,
                        counted(each.rows, "row"),
                        counted(each.events, "event"),
                        counted(each.days, "day"),
                    )
    return True
