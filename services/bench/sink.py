"""``python -m services.bench.sink``: takes webhooks on loopback, in a process of its own.

Prints its port, and ends with its input.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import PIPE, Popen

from services.errors import UserError

ADDRESS = "127.0.0.1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def sink() -> Iterator[str]:
    """The address of one, in another process: what it takes is none of ours."""
    command = [sys.executable, "-m", "services.bench.sink"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            if not (port := process.stdout.readline().strip()):
                raise UserError("bench: the receiver of webhooks did not start")
            yield f"http://{ADDRESS}:{port}/"
        finally:
            process.kill()


if __name__ == "__main__":
    with ThreadingHTTPServer((ADDRESS, 0), _Handler) as server:
        print(server.server_port, flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        server.shutdown()
