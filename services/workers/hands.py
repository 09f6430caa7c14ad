"""Who runs slices for a dispatcher: this process, or Celery workers behind a broker."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

import msgspec
from celery.exceptions import TimeLimitExceeded, WorkerLostError
from celery.result import denied_join_result
from kombu.exceptions import OperationalError

from services.bus import Slice
from services.errors import TryLater
from services.workers.ends import Died, Done, End, Later, Lost
from services.workers.lease import WANTED_SECONDS, lease_key, wanted_key

LOOK_SECONDS = 0.05
RENEW_SECONDS = 5.0
UNTAKEN_SECONDS = 60.0
"""After this a slice that no worker took is sent again; it may have died with one."""
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

    def __init__(self, task: Any) -> None:
        self._task = task
        self._ends: list[tuple[str, End]] = []
        self._sent = 0

    def send(self, part: Slice) -> str:
        self._sent += 1
        ticket = str(self._sent)
        try:
            self._task.apply(args=(msgspec.to_builtins(part),)).get()
        except TryLater as reason:
            self._ends.append((ticket, Later(str(reason))))
        else:
            self._ends.append((ticket, Done()))
        return ticket

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


class ByBroker:
    """Sends slices to the stage's queue, and asks Redis how they are."""

    def __init__(self, task: Any) -> None:
        self._task = task
        self._out: dict[str, Out] = {}
        self._renewed = 0.0

    def send(self, part: Slice) -> str:
        ticket = uuid4().hex
        with self._reaching() as backend:
            backend.client.set(wanted_key(ticket), 1, ex=WANTED_SECONDS)
            # The results are looked for by key, so Celery need not subscribe to them.
            with denied_join_result():
                self._task.apply_async(
                    args=(msgspec.to_builtins(part),),
                    task_id=ticket,
                    retry=False,
                    expires=2 * UNTAKEN_SECONDS,
                )
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
            keys = [key for ticket in tickets for key in _keys(backend, ticket)]
            values = iter(backend.mget(keys))
            ended = []
            for ticket, (result, wanted, lease) in zip(
                tickets, zip(values, values, values, strict=True), strict=True
            ):
                state = _seen(self._out[ticket], now, leased=lease is not None)
                self._out[ticket] = state
                if end := self._end(backend, state, now, result, wanted):
                    ended.append((ticket, end))
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

    def _end(
        self, backend: Any, out: Out, now: float, result: bytes | None, wanted: bytes | None
    ) -> End | None:
        if result is not None:
            meta = backend.meta_from_decoded(backend.decode_result(result))
            if meta["status"] == "SUCCESS":
                return Done()
            if meta["status"] in backend.READY_STATES:
                return _failure(meta["result"])
        if wanted is None:
            return Lost("the broker forgot it")
        if out.gone is not None and now - out.gone > FORGOTTEN_SECONDS:
            return Died("its worker is gone")
        if not out.taken and now - out.sent > UNTAKEN_SECONDS:
            return Lost(
                f"no worker took it for {UNTAKEN_SECONDS:.0f} s; "
                "start one: celery -A services.workers.app worker"
            )
        return None

    def _renew(self, client: Any) -> None:
        pipeline = client.pipeline(transaction=False)
        for ticket in self._out:
            # Only what is still there: a key that is gone tells that the broker was emptied.
            pipeline.expire(wanted_key(ticket), WANTED_SECONDS)
        pipeline.execute()

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
        except (OperationalError, *backend.connection_errors) as error:
            raise TryLater(f"the Celery broker cannot be reached: {error}") from error


def _keys(backend: Any, ticket: str) -> tuple[Any, str, str]:
    return backend.get_key_for_task(ticket), wanted_key(ticket), lease_key(ticket)


def _seen(out: Out, now: float, *, leased: bool) -> Out:
    if leased:
        return out._replace(taken=True, gone=None)
    return out._replace(gone=now) if out.taken and out.gone is None else out


def _failure(error: BaseException) -> End:
    """What a worker's exception means; one that means nothing known is a bug and raised."""
    match error:
        case TryLater():
            return Later(str(error))
        case WorkerLostError() | TimeLimitExceeded():
            return Died(f"{type(error).__name__}: {error}")
        case _:
            raise error
