"""HTTP/1.1 as uvicorn speaks it, with a limit on headers that is told, and an end to waiting."""

import asyncio
import resource
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from services.web.security import MOST_HEADER_BYTES

HEADER_SECONDS = 20.0
"""A connection that has not sent a whole request by then is closed."""
MOST_CONNECTIONS = 2_048
"""More are closed at once. Pages that are open in a browser hold one each (``live``)."""
SPARE_FILES = 256
"""File descriptors that are left for the index and the store."""


def make_room(connections: int = MOST_CONNECTIONS) -> int:
    """Let this process hold so many connections, or as many as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE_FILES
    if soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
        soft = max(soft, allowed)
    return max(1, min(connections, soft - SPARE_FILES))


class Protocol(H11Protocol):
    """One connection."""

    most = MOST_CONNECTIONS
    """Of all together, as ``make_room`` said."""
    leaving = False
    """Whether another process has the port, so that no connection need be cut at once."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Also counts how many there are, and when this one must have asked for something."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        else:
            self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Takes what came; the wait ends with a whole request, and begins anew after its answer."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._stop_waiting()
            if self.leaving:
                self._say_that_it_is_the_last()

    def shutdown(self) -> None:
        """Cut what is idle, and let what is under way be the last of its connection.

        Where another process has the port there is time to say so before: a request that is on
        its way to an idle connection, or follows an answer that has begun, is the last one.
        """
        if not self.leaving:
            super().shutdown()
        else:
            self._say_that_it_is_the_last()

    def _say_that_it_is_the_last(self) -> None:
        if self.cycle is not None and not self.cycle.response_started:
            self.cycle.default_headers = [*self.cycle.default_headers, (b"connection", b"close")]

    def data_received(self, data: bytes) -> None:
        # Between two requests only uvicorn's own timer runs, and the first byte stops it.
        if self._deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._wait_for_request()
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """What cannot be read is 400; what is too long to be read is 431, as RFC 6585 has it."""
        waiting, _ = self.conn.trailing_data
        if len(waiting) <= MOST_HEADER_BYTES:
            super().send_400_response(msg)
            return
        said = b"The headers of a request may have 64 KiB.\n"
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
            b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%s" % (len(said), said)
        )
        self.transport.close()

    def _wait_for_request(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()
