"""The process of ``beatwire deliver``: sends what is due until a signal, or until nothing is."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack

from services import bootstrap
from services.alerts.sending import Sender
from services.probing.probes import Probes
from services.probing.process import probed
from services.settings import Settings, load_settings
from services.stages.flow import ALERT, drained
from services.store import Store
from services.store.alerting import CHANNEL_KINDS
from services.workers.opening import when_there
from services.workers.supervisor import stop_on_signals

log = logging.getLogger(__name__)

TELL_SECONDS = 3600.0
"""How often it is said that messages wait for a setting."""


def run_deliver(*, drain: bool) -> dict[str, int]:
    """Send messages, as many processes at once as are wanted; tries by what came of them.

    With ``drain``: until no stage can bring any more and none is due. Raises SettingsError when
    the mail server is set and the sender's address is not.
    """
    settings = load_settings()
    with (
        probed(settings, "deliver", ("bus", "store"), hands_out=False) as probes,
        ExitStack() as held,
    ):
        stop = stop_on_signals()
        store = when_there(lambda: bootstrap.open_store(settings), stop)
        bus = when_there(lambda: bootstrap.open_bus(settings), stop)
        for port in (store, bus):
            if port is not None:
                held.callback(port.close)
        if store is None or bus is None:
            return {}
        done = (lambda: drained(bus, ALERT.stage)) if drain else None
        return asyncio.run(_deliver(settings, store, probes, done, stop))


async def _deliver(
    settings: Settings,
    store: Store,
    probes: Probes,
    done: Callable[[], bool] | None,
    asked: threading.Event,
) -> dict[str, int]:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    if asked.is_set():  # by a signal that came while all was opened
        stop.set()
    carriers = bootstrap.open_carriers(settings, stop)
    told = asyncio.create_task(_tell_of_waiting(store, {each.kind for each in carriers}))
    sender = Sender(store, carriers, beat=probes.pulse.beat)
    probes.started()
    try:
        await sender.run(stop, drained=done)
    finally:
        probes.leave()
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
