"""The server of the pages, with the way it leaves: not ready first, and gone a moment later."""

import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

import uvicorn

from services.probing.probes import Probes
from services.web.live import end_streams
from services.web.protocol import Protocol

LEAVE_SECONDS = 2.0
"""After SIGTERM it still answers for so long, and ``/readyz`` says 503: whoever balances load
learns that it goes before it is gone."""

LAST_GRACE = 30
"""Seconds that answers under way may take once a newer process has the port: nobody waits."""


class Server(uvicorn.Server):
    """Ctrl-C stops it at once, SIGTERM a moment later, and a second signal without waiting."""

    def __init__(
        self,
        config: uvicorn.Config,
        probes: Probes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(config)
        self._probes, self._clock = probes, clock
        self._leave_at: float | None = None
        self.begun: Callable[[], None] = lambda: None
        """Is called, in a thread of its own, when connections are taken."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        threading.Thread(target=self.begun, daemon=True, name="begun").start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_streams()
        await super().shutdown(sockets)

    def hand_over(self) -> None:
        """A newer process has the port: bring to an end what is under way, and cut nobody off."""
        self._probes.leave()
        Protocol.leaving = True
        self.config.timeout_graceful_shutdown = LAST_GRACE
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second while it serves."""
        self._probes.started()
        self._probes.pulse.beat()
        if self._leave_at is not None and self._clock() >= self._leave_at:
            self.should_exit = True
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - its form
        """What a signal does; not raised once more at the end, as uvicorn would."""
        self._probes.leave()
        if self._leave_at is not None or self.should_exit:
            self.should_exit = self.force_exit = True
        elif sig == signal.SIGTERM and self.started:
            self._leave_at = self._clock() + LEAVE_SECONDS
        else:
            self.should_exit = True
