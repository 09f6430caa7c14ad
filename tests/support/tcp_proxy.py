"""A TCP proxy on loopback that can be as bad as a network: resets, refusals, silence, delay.

::

    with TcpProxy("127.0.0.1:9092") as proxy:
        use(proxy.address)
        proxy.stall()

Made for tests: two threads for each connection.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any, Self

CHUNK = 64 * 1024
_RESET = struct.pack("ii", 1, 0)
"""``SO_LINGER`` on, for no time: closing sends RST and drops what was not sent."""


class TcpProxy:
    """Passes bytes between its own port and a server, until it is told otherwise."""

    def __init__(self, target: str) -> None:
        """``target`` is ``HOST:PORT``; the proxy takes a free port, which it keeps for its life."""
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._lock = threading.RLock()
        self._pairs: set[_Pair] = set()
        self._threads: list[threading.Thread] = []
        self._timer: threading.Timer | None = None
        self._going = threading.Event()
        self._going.set()
        self._delay = 0.0
        self._closed = False
        self.connections = 0
        """How many were passed on so far."""
        self._listener = _bound(0)
        self.port = int(self._listener.getsockname()[1])
        self._refusing = True
        self.accept()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def reset_all(self) -> int:
        """Cut every connection with RST; how many there were. New ones are taken as before."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            pair.cut()
        return len(pairs)

    def refuse(self, seconds: float | None = None) -> None:
        """Cut what is there, and let nobody connect: for so long, or until ``accept``."""
        with self._lock:
            if not self._refusing:
                self._refusing = True
                _stop_listening(self._listener)
                self._listener = _bound(self.port)  # not listening: nobody else gets the port
            self._stop_timer()
            if seconds is not None:
                self._timer = threading.Timer(seconds, self.accept)
                self._timer.start()
        self.reset_all()

    def accept(self) -> None:
        """Take connections again, on the same port."""
        with self._lock:
            self._stop_timer()
            if self._refusing and not self._closed:
                self._refusing = False
                self._listener.listen(64)
                self._start(self._listen, self._listener)

    def stall(self) -> None:
        """Keep all connections, and take new ones, but pass no byte either way until ``go_on``."""
        self._going.clear()

    def go_on(self) -> None:
        self._going.set()

    def delay(self, seconds: float) -> None:
        """Pass each piece of data so much later from now on, in each direction; 0 ends it."""
        self._delay = seconds

    def close(self) -> None:
        """End all connections and threads. Calling it again changes nothing."""
        with self._lock:
            self._closed = True
            timer = self._timer
            self._stop_timer()
            _stop_listening(self._listener)
        self._delay = 0.0
        self.go_on()
        self.reset_all()
        for thread in [*self._threads, *([timer] if timer else [])]:
            thread.join(10)
            assert not thread.is_alive(), f"{thread.name} of the proxy did not end"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self, run: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=run, args=args, daemon=True, name=f"proxy{run.__name__}")
        self._threads = [each for each in self._threads if each.is_alive()]
        thread.start()
        self._threads.append(thread)

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:  # closed
                return
            try:
                server = socket.create_connection(self._target, timeout=5)
            except OSError:
                _cut(client)
                continue
            server.settimeout(None)
            self._join(_Pair(client, server))

    def _join(self, pair: "_Pair") -> None:
        with self._lock:
            if self._refusing or self._closed:
                pair.cut()
                return
            self._pairs.add(pair)
            self.connections += 1
            self._start(self._pass, pair, pair.client, pair.server)
            self._start(self._pass, pair, pair.server, pair.client)

    def _pass(self, pair: "_Pair", source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(CHUNK):
                if self._delay:
                    threading.Event().wait(self._delay)
                self._going.wait()
                sink.sendall(data)
            self._going.wait()
            if not pair.is_cut:
                sink.shutdown(socket.SHUT_WR)
        except OSError:
            pair.cut()
        if pair.end_one_way():
            with self._lock:
                self._pairs.discard(pair)


class _Pair:
    """A client's connection and the one to the server that goes with it."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.is_cut = False
        self._ways = 2
        self._lock = threading.Lock()
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def cut(self) -> None:
        self.is_cut = True
        for end in (self.client, self.server):
            _cut(end)

    def end_one_way(self) -> bool:
        """One direction has ended; with the second, both sockets are closed, and True is said."""
        with self._lock:
            self._ways -= 1
            if self._ways:
                return False
        self.client.close()
        self.server.close()
        return True


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


def _stop_listening(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)  # closing alone does not wake who waits in accept
    listener.close()


def _cut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RD)  # wakes the thread that reads; the socket closes with it
    end.close()
