"""One process of the pages takes the port over from another one, and nobody is refused meanwhile.

Both then hold the same listening socket: a connection waits in its one queue until either takes
it, so that none is lost when the older process lets go. The socket goes from one to the other over
a Unix socket in the home folder, which only the same user can open.
"""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from services.disk import make_private
from services.errors import UserError

log = logging.getLogger(__name__)

START_SECONDS = 120.0
"""How long a newer process may take to be ready; the older one serves until then."""
PART_SECONDS = 10.0
"""How long the older one may take to let go of the way to it."""
_HERE, _READY, _GONE = b"h", b"r", b"g"


def way_to(home: Path, port: int) -> Path:
    """Where a process that serves a port can be asked for it."""
    return home / f"pages-{port}.sock"


class Taken:
    """The listening socket of a process that goes on until ``done`` is called."""

    def __init__(self, peer: socket.socket, listener: socket.socket) -> None:
        self.listener, self._peer = listener, peer

    def done(self) -> None:
        """Say that this process takes connections; returns when the other one gives up its way."""
        with contextlib.suppress(OSError), self._peer:
            self._peer.settimeout(PART_SECONDS)
            self._peer.send(_READY)
            self._peer.recv(1)


def take(way: Path, host: str) -> Taken | None:
    """Ask the process that serves a port for its socket; None where there is none.

    Raises UserError when it listens on another address than ``host``.
    """
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        peer.settimeout(START_SECONDS)
        peer.connect(str(way))
        _, (number, *_), _, _ = socket.recv_fds(peer, 1, 1)
    except (OSError, ValueError):  # nobody there, one that died, or a way that is too long
        peer.close()
        return None
    listener = socket.socket(fileno=number)
    there = str(listener.getsockname()[0])
    if there != host:
        listener.close()
        peer.close()
        raise UserError(
            f"--take-over: the pages are served on {there}; take over with --host {there}"
        )
    return Taken(peer, listener)


class Offer:
    """Gives the socket of this process to a newer one, and calls ``end`` once that is ready."""

    def __init__(self, way: Path, listener: socket.socket, end: Callable[[], None]) -> None:
        self._way, self._listener, self._end = way, listener, end
        self._door: socket.socket | None = None

    def open(self) -> None:
        """Begin to answer; where that cannot be, the log says so and nothing else changes."""
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            make_private(self._way.parent)
            self._way.unlink(missing_ok=True)  # of one that was killed
            door.bind(str(self._way))
            self._way.chmod(0o600)
            door.listen(1)
        except OSError as error:
            door.close()
            log.warning("%s: no newer process can take the pages over: %s", self._way, error)
            return
        self._door = door
        threading.Thread(target=self._answer, args=(door,), daemon=True, name="handover").start()

    def _answer(self, door: socket.socket) -> None:
        while True:
            try:
                peer, _ = door.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), peer:
                peer.settimeout(START_SECONDS)
                socket.send_fds(peer, [_HERE], [self._listener.fileno()])
                if peer.recv(1) == _READY:
                    self.close()
                    self._end()
                    peer.send(_GONE)
                    return

    def close(self) -> None:
        """Answer nobody any more; a second call changes nothing."""
        door, self._door = self._door, None
        if door is not None:
            self._way.unlink(missing_ok=True)
            door.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
