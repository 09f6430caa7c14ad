"""The port of a process's metrics: its probes and its metrics over HTTP, and nothing else.

A server of threads beside the work, so that it answers whatever the work is at.
"""

import errno
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer, TCPServer
from typing import Any
from urllib.parse import urlsplit

from services.errors import UserError
from services.probing.probes import Answer, Probes
from services.settings import Settings

PORTS = 300
"""Processes of one machine take as many ports, the first free one each: 256 readers and more."""
PATIENCE_SECONDS = 10.0
"""How long who asks may take to say so."""
MOST_AT_ONCE = 32
"""Who asks is answered in a thread of its own; more are turned away, for the threads of this
process are for its work."""


def listen(settings: Settings, probes: Probes) -> int:
    """Answer at the first free port from ``BEATWIRE_METRICS_PORT`` on; the port, 0 for none.

    Raises UserError when there is none.
    """
    first, host = settings.metrics_port, settings.metrics_host
    if not first:
        return 0
    for port in range(first, min(first + PORTS, 65536)):
        try:
            return start(port, host, probes)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise UserError(
                    f"BEATWIRE_METRICS_PORT={first}: {host} port {port} cannot be used "
                    f"({error.strerror}); choose another, or 0 for no metrics"
                ) from error
    raise UserError(
        f"BEATWIRE_METRICS_PORT={first}: it and the {PORTS - 1} ports after it are taken; "
        "choose another, or 0 for no metrics"
    )


def start(port: int, host: str, probes: Probes) -> int:
    """Answer at this port (0: any free one); the port. Raises OSError when it cannot be had."""
    server = _Server((host, port), _handler(probes))
    threading.Thread(target=server.serve_forever, daemon=True, name="probes").start()
    return int(server.server_address[1])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Two processes must not share a port, one of which nobody would ever see.
    allow_reuse_port = False

    def __init__(
        self, place: tuple[str, int], handler: Callable[[Any, Any, BaseServer], Any]
    ) -> None:
        super().__init__(place, handler)
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._since: dict[Any, float] = {}
        """Connections, and when each came."""

    def server_bind(self) -> None:
        """Without the library's look-up of this machine's name, which may take as long as DNS."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._room.release()  # no thread could be had
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self._since[request] = time.monotonic()
        try:
            super().process_request_thread(request, client_address)
        finally:
            del self._since[request]
            self._room.release()

    def service_actions(self) -> None:
        """Hear no more of who asks in drops; what is being answered still goes out."""
        late = time.monotonic() - PATIENCE_SECONDS
        for request, since in list(self._since.items()):
            if since < late:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_RD)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked went away; nobody else is told."""


def answers(probes: Probes) -> Mapping[str, Callable[[], Answer]]:
    """Path to what answers there."""
    return {
        "/livez": probes.live,
        "/readyz": probes.ready,
        "/startupz": probes.startup,
        "/version": probes.version,
        "/metrics": probes.metrics,
    }


def _handler(probes: Probes) -> Callable[[Any, Any, BaseServer], BaseHTTPRequestHandler]:
    known = answers(probes)

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE_SECONDS
        server_version, sys_version = "beatwire", ""

        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            made = known.get(urlsplit(self.path).path)
            answer = made() if made else Answer(404, f"{' '.join(known)}\n".encode())
            self.send_response(answer.status)
            self.send_header("content-type", answer.media_type)
            self.send_header("content-length", str(len(answer.body)))
            self.send_header("cache-control", "no-store")
            self.end_headers()
            if body:
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Probes come every few seconds: they leave no lines."""

    return Handler
