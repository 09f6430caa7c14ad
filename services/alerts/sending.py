"""The sender: takes what is due, has it carried, and notes how that ended.

Many channels are served at once and one message a channel, so a receiver that is slow or dead
keeps nobody else waiting. What is sent is fixed before the first try, and a try counts only once
its end is noted: whoever dies in between leaves a message that is taken again, with the same id and
the same bytes.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from services.alerts.carrier import Carrier
from services.alerts.schedule import Tried, end_of
from services.errors import TryLater
from services.metrics import ALERT_DELIVERIES, ALERT_DELIVERY_LATENCY
from services.store.alerting import Again, Alerting, Failed, Parcel, SendEnd, Sent

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
"""Longer than any carrier takes; after it, what a process that died had taken is sent again."""
IDLE_SECONDS = 0.2
"""Shorter than a message gathers, so that it is known before it is due."""
LOOK_SECONDS = 2.0
"""How often messages are asked for although none is known to be due."""
SETTLE_SECONDS = 20.0
"""How long what is on its way may still end after the signal to stop."""
LONGEST_WAIT_SECONDS = 30.0
SOON = timedelta(seconds=6)
"""A drain waits for what is due so soon: a storm is gathered until it was quiet for 5 s."""
OUR_FAULT = "it could not be sent because of an error of Beatwire's own"


class Sender:
    """Runs in one event loop; the store is asked in threads of its own."""

    def __init__(
        self,
        store: Alerting,
        carriers: Sequence[Carrier],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        soon: timedelta = SOON,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """``beat`` is told of every turn of the loop."""
        self._beat = beat
        self._store = store
        self._carriers = carriers
        self._kinds = tuple(carrier.kind for carrier in carriers)
        self._now, self._chance, self._soon = now, chance, soon
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="store")
        # Its own thread, so that the loop does not stand behind hundreds of messages whose ends a
        # slow store does not take: it would be ended for it, and all of them sent once more.
        self._turns = ThreadPoolExecutor(1, thread_name_prefix="turn")
        self._out: dict[asyncio.Task[None], Carrier] = {}
        self._look_at = 0.0
        self.ends: Counter[str] = Counter()
        """Tries by what came of them: ``sent``, ``again``, ``failed``, ``disabled``."""

    async def run(self, stop: asyncio.Event, *, drained: Callable[[], bool] | None = None) -> None:
        """Send until ``stop`` is set or, with ``drained``, until nothing is due any more.

        ``drained`` says whether no more messages can come.
        """
        wait = IDLE_SECONDS
        try:
            while not stop.is_set():
                self._beat()
                try:
                    due = await self._turn(self._store.next_due, self._kinds)
                    taken = await self._take(due)
                    if drained and not taken and await self._is_done(drained):
                        return
                    wait = 0.0 if taken else self._until(due)
                except TryLater as reason:
                    wait = min(max(wait, IDLE_SECONDS) * 2, LONGEST_WAIT_SECONDS)
                    log.warning("deliveries wait %.1f s: %s", wait, reason)
                await self._pause(stop, wait)
        finally:
            await self._settle()

    async def _take(self, due: datetime | None) -> int:
        """Start on its way what is due and has room; how many that was."""
        clock = asyncio.get_running_loop().time()
        if (due is None or due > self._now()) and clock < self._look_at:
            return 0
        self._look_at = clock + LOOK_SECONDS
        busy = Counter(carrier.kind for carrier in self._out.values())
        taken = 0
        for carrier in self._carriers:
            room, now = carrier.most - busy[carrier.kind], self._now()
            if room <= 0:
                continue
            parcels = await self._turn(self._store.take, now, now + LEASE, room, (carrier.kind,))
            for parcel in parcels:
                task = asyncio.create_task(self._send(carrier, parcel))
                self._out[task] = carrier
                task.add_done_callback(self._out.pop)
            taken += len(parcels)
        return taken

    async def _send(self, carrier: Carrier, parcel: Parcel) -> None:
        message = parcel.message
        try:
            body = message.body or await self._ask(
                self._store.freeze, message.id, carrier.write(parcel)
            )
            tried = await carrier.carry(parcel, body)
        except TryLater as reason:
            log.warning("message %s is left for later: %s", message.id, reason)
            return
        except Exception:
            # A fault of ours in one message keeps no other from being sent.
            log.exception("message %s to channel %s", message.id, parcel.channel.id)
            tried = Tried(error=OUR_FAULT, channels_fault=False, alone=True)
        ended = end_of(tried, parcel, self._now(), self._chance())
        if await self._note(parcel, ended):
            self.ends[note(carrier, parcel, ended, self._now())] += 1

    async def _note(self, parcel: Parcel, ended: SendEnd) -> bool:
        """Whether it was noted before the message is anybody's again."""
        wait, waited = 0.5, 0.0
        while True:
            try:
                await self._ask(self._store.end, parcel.message.id, ended, self._now())
            except TryLater as reason:
                log.warning("the end of message %s is noted later: %s", parcel.message.id, reason)
                if waited > LEASE.total_seconds():
                    return False
                await asyncio.sleep(wait)
                wait, waited = min(wait * 2, LONGEST_WAIT_SECONDS), waited + wait
            else:
                return True

    async def _is_done(self, drained: Callable[[], bool]) -> bool:
        # In this order: what is drained may have opened a message a moment ago.
        if self._out or not await self._turn(drained):
            return False
        due = await self._turn(self._store.next_due, self._kinds)
        return due is None or due > self._now() + self._soon

    def _until(self, due: datetime | None) -> float:
        if due is None or due <= self._now():  # due, and its channel has one on its way
            return IDLE_SECONDS
        return min((due - self._now()).total_seconds(), IDLE_SECONDS)

    async def _pause(self, stop: asyncio.Event, seconds: float) -> None:
        """Until ``stop`` is set, something on its way has ended, or so many seconds."""
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait(
                {stopped, *self._out}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            stopped.cancel()

    async def _settle(self) -> None:
        """What does not end in time is taken again, by any process."""
        if self._out:
            await asyncio.wait(self._out, timeout=SETTLE_SECONDS)
        left = list(self._out)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for carrier in self._carriers:
            await carrier.close()
        self._threads.shutdown(wait=False)
        self._turns.shutdown(wait=False)

    async def _ask[**P, T](self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Of a message that is on its way."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: call(*args, **kwargs))

    async def _turn[**P, T](self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Of the loop itself."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._turns, lambda: call(*args, **kwargs))


def note(carrier: Carrier, parcel: Parcel, ended: SendEnd, now: datetime) -> str:
    """The outcome, in the metrics and, where somebody should look, the log; no address is there."""
    message = parcel.message
    match ended:
        case Sent():
            outcome = "sent"
            late = (now - message.due_at).total_seconds()
            ALERT_DELIVERY_LATENCY.labels(channel=carrier.kind).observe(max(late, 0.0))
        case Again(at, error, _):
            outcome = "again"
            log.warning("message %s is sent again at %s: %s", message.id, f"{at:%F %T}", error)
        case Failed(error, disable):
            outcome = "disabled" if disable else "failed"
            log.warning("message %s is not sent: %s", message.id, error)
            if disable:
                log.warning("channel %s is switched off: %s", parcel.channel.id, disable)
    ALERT_DELIVERIES.labels(channel=carrier.kind, outcome=outcome).inc()
    return outcome
