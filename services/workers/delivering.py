"""The process of ``beatwire deliver``: sends what is due until a signal, or until nothing is."""

import asyncio
import logging
import signal
from collections.abc import Callable

from services import bootstrap
from services.alerts.sending import Sender
from services.metrics_endpoint import start_metrics
from services.settings import Settings, load_settings
from services.stages.flow import ALERT, drained
from services.store import Store
from services.store.alerting import CHANNEL_KINDS

log = logging.getLogger(__name__)

TELL_SECONDS = 3600.0
"""How often it is said that messages wait for a setting."""


def run_deliver(*, drain: bool) -> dict[str, int]:
    """Send messages, as many processes at once as are wanted; tries by what came of them.

    With ``drain``: until no stage can bring any more and none is due. Raises SettingsError when
    the mail server is set and the sender's address is not.
    """
    settings = load_settings()
    start_metrics(settings)
    with bootstrap.open_store(settings) as store, bootstrap.open_bus(settings) as bus:
        done = (lambda: drained(bus, ALERT.stage)) if drain else None
        return asyncio.run(_deliver(settings, store, done))


async def _deliver(
    settings: Settings, store: Store, done: Callable[[], bool] | None
) -> dict[str, int]:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    carriers = bootstrap.open_carriers(settings, stop)
    told = asyncio.create_task(_tell_of_waiting(store, {each.kind for each in carriers}))
    sender = Sender(store, carriers)
    try:
        await sender.run(stop, drained=done)
    finally:
        told.cancel()
    return dict(sender.ends)


async def _tell_of_waiting(store: Store, kinds: set[str]) -> None:
    """Say from time to time that messages wait which nobody here can send."""
    lacking = tuple(kind for kind in CHANNEL_KINDS if kind not in kinds)
    while lacking:
        if await asyncio.to_thread(store.next_due, lacking):
            log.warning(
                "e-mails wait: set BEATWIRE_SMTP to the address of a mail server, and "
                "BEATWIRE_MAIL_FROM to the address that they come from"
            )
        await asyncio.sleep(TELL_SECONDS)


def _stop_on_signals(stop: asyncio.Event) -> None:
    """The first SIGTERM or Ctrl-C lets what is on its way end; the second ends the process."""
    loop = asyncio.get_running_loop()

    def handle(number: int) -> None:
        if stop.is_set():
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, handle, number)
