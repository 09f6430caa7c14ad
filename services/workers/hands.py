"""Who runs slices for a dispatcher: this process, or Celery workers behind a broker."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

import msgspec
from celery.exceptions import TaskRevokedError, TimeLimitExceeded, WorkerLostError
from celery.result import denied_join_result
from kombu.exceptions import OperationalError

from services import tracing
from services.bus import Slice
from services.errors import TryLater, UserError
from services.workers.ends import Died, Done, End, Later, Lost
from services.workers.lease import WANTED_SECONDS, lease_key, wanted_key
from services.workers.suspects import Suspects, deaths_of

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.05
RENEW_SECONDS = 5.0
UNTAKEN_SECONDS = 60.0
"""After this a slice that no worker took, and that waits in no queue, is sent again."""
OF_PRIORITY = "\x06\x16"
"""What kombu writes between a queue's name and a priority."""
FORGOTTEN_SECONDS = 5.0
"""How long a lease must be gone, with no result there, until its worker counts as dead."""


class Hands(Protocol):
    """Runs slices, and tells how they ended. Used by one thread."""

    def send(self, part: Slice) -> str:
        """Have a slice run; its ticket. Raises TryLater when the broker is away."""
        ...

    def look(self) -> list[tuple[str, End]]:
        """What ended since the last look: ticket and end. Raises TryLater as ``send``."""
        ...

    def recall(self) -> list[str]:
        """Give up what nobody has taken yet: its tickets. Raises TryLater as ``send``."""
        ...

    def close(self) -> None:
        """What is still out is wanted no longer."""


class InProcess:
    """Runs each slice at once, where it is sent: the embedded mode."""

    def __init__(self, task: Any, where: str, suspects: Suspects) -> None:
        self._task = task
        self._where = where
        self._suspects = suspects
        self._blamed: Counter[Slice] = Counter()
        """How many deaths of a slice of one event were told."""
        self._ends: list[tuple[str, End]] = []
        self._sent = 0

    def send(self, part: Slice) -> str:
        self._sent += 1
        ticket = str(self._sent)
        if self._blamed[part] < deaths_of(part, self._suspects.of(part)):
            self._blamed[part] += len(part) == 1
            self._ends.append((ticket, Died("a process ended in the middle of it")))
            return ticket
        del self._blamed[part]
        self._ends.append((ticket, self._run(part)))
        return ticket

    def _run(self, part: Slice) -> End:
        try:
            with (
                tracing.span("slice", slice=str(part)) as span,
                self._suspects.during(part),
            ):
                headers = {tracing.HEADER: span.traceparent}
                args = (msgspec.to_builtins(part), self._where)
                self._task.apply(args=args, headers=headers).get()
        except TryLater as reason:
            return Later(str(reason))
        return Done()

    def look(self) -> list[tuple[str, End]]:
        ends, self._ends = self._ends, []
        return ends

    def recall(self) -> list[str]:
        return []

    def close(self) -> None:
        """Nothing is out."""


class Out(NamedTuple):
    """A slice that is with the workers."""

    sent: float
    taken: bool = False
    gone: float | None = None
    """Since when a lease that was there is missing."""

    def is_late(self, now: float) -> bool:
        """Whether a worker should have taken it by now."""
        return not self.taken and now - self.sent > UNTAKEN_SECONDS


class ByBroker:
    """Sends slices to the stage's queue, and asks Redis how they are."""

    def __init__(self, task: Any, where: str) -> None:
        """``where`` names the installation, so that no worker of another one runs its slices."""
        self._task = task
        self._where = where
        self._out: dict[str, Out] = {}
        self._renewed = 0.0

    def send(self, part: Slice) -> str:
        ticket = uuid4().hex
        with self._reaching() as backend:
            backend.client.set(wanted_key(ticket), 1, ex=WANTED_SECONDS)
            # The results are looked for by key, so Celery need not subscribe to them.
            with denied_join_result(), tracing.span("send slice", slice=str(part)) as span:
                args = (msgspec.to_builtins(part), self._where)
                headers = {tracing.HEADER: span.traceparent}
                self._task.apply_async(args=args, task_id=ticket, retry=False, headers=headers)
        self._out[ticket] = Out(monotonic())
        return ticket

    def look(self) -> list[tuple[str, End]]:
        if not self._out:
            return []
        now = monotonic()
        with self._reaching() as backend:
            if now - self._renewed > RENEW_SECONDS:
                self._renew(backend.client)
                self._renewed = now
            tickets = list(self._out)
            values = iter(backend.mget([key for each in tickets for key in _keys(backend, each)]))
            seen = dict(zip(tickets, zip(values, values, values, strict=True), strict=True))
            self._ask_queue(backend.client, now)
        ended = []
        for ticket, (result, wanted, lease) in seen.items():
            out = self._out[ticket] = _seen(self._out[ticket], now, leased=lease is not None)
            if end := _result(backend, result) or _missing(out, now, wanted=wanted is not None):
                ended.append((ticket, end))
        with self._reaching():
            self._forget(backend, [ticket for ticket, _ in ended])
        return ended

    def recall(self) -> list[str]:
        untaken = [ticket for ticket, out in self._out.items() if not out.taken]
        with self._reaching() as backend:
            self._forget(backend, untaken)
        return untaken

    def close(self) -> None:
        try:
            with self._reaching() as backend:
                self._forget(backend, list(self._out))
        except TryLater:
            self._out.clear()  # The keys run out by themselves.

    def _renew(self, client: Any) -> None:
        pipeline = client.pipeline(transaction=False)
        for ticket in self._out:
            # Only what is still there: a key that is gone tells that the broker was emptied.
            pipeline.expire(wanted_key(ticket), WANTED_SECONDS)
        pipeline.execute()

    def _ask_queue(self, client: Any, now: float) -> None:
        """Slices that were never taken are lost, unless they wait in the queue for a worker."""
        late = [each for each, out in self._out.items() if out.is_late(now)]
        route = self._task.app.conf.task_routes[self._task.name]
        queue, priority = route["queue"], route["priority"]
        # Redis has a list for each priority; kombu names that of the first like the queue.
        waiting = f"{queue}{OF_PRIORITY}{priority}" if priority else queue
        if late and client.llen(waiting):
            log.warning(
                "no worker is free for queue %s since %.0f s; start one more: "
                "celery -A services.workers.app worker -Q %s",
                queue,
                UNTAKEN_SECONDS,
                queue,
            )
            for each in late:
                self._out[each] = Out(now)

    def _forget(self, backend: Any, tickets: Sequence[str]) -> None:
        if tickets:
            backend.client.delete(*(key for each in tickets for key in _keys(backend, each)))
        for ticket in tickets:
            self._out.pop(ticket)

    @contextmanager
    def _reaching(self) -> Iterator[Any]:
        backend = self._task.app.backend
        try:
            yield backend
        except (OperationalError, *backend.connection_errors, *backend.channel_errors) as error:
            raise TryLater(f"the Celery broker cannot be used: {error}") from error


def _keys(backend: Any, ticket: str) -> tuple[Any, str, str]:
    return backend.get_key_for_task(ticket), wanted_key(ticket), lease_key(ticket)


def _seen(out: Out, now: float, *, leased: bool) -> Out:
    if leased:
        return out._replace(taken=True, gone=None)
    return out._replace(gone=now) if out.taken and out.gone is None else out


def _missing(out: Out, now: float, *, wanted: bool) -> End | None:
    """What it means that there is no result; None: nothing yet."""
    if not wanted:
        return Lost("the broker forgot it")
    if out.gone is not None and now - out.gone > FORGOTTEN_SECONDS:
        return Died("its worker is gone")
    if out.is_late(now):
        return Lost(f"no worker worked on it for {UNTAKEN_SECONDS:.0f} s, nor does it wait for one")
    return None


def _result(backend: Any, result: bytes | None) -> End | None:
    """What a worker's result means; None while there is none."""
    meta = backend.meta_from_decoded(backend.decode_result(result)) if result else {}
    if meta.get("status") not in backend.READY_STATES:
        return None
    return Done() if meta["status"] == "SUCCESS" else _failure(meta["result"])


def _failure(error: BaseException) -> End:
    match error:
        case TryLater() | UserError():
            # What a person has to mend at one worker must not end the others.
            return Later(str(error))
        case WorkerLostError() | TimeLimitExceeded():
            return Died(f"{type(error).__name__}: {error}")
        case TaskRevokedError():
            return Lost("it was revoked")
        case _:
            # A bug outside of the stages, such as in a port: no fault of the events.
            return Later(f"{type(error).__name__}: {error}")
