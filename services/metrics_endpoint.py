"""The metrics of a process for Prometheus: one endpoint, which also speaks for forked children.

Celery runs tasks in children, each with counters of its own. They write them to files of a private
folder, and the parent's endpoint shows the sums. Metrics choose their kind when they are made, so
``sum_children`` comes before the import of ``services.metrics``.
"""

import atexit
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING

from services.errors import UserError
from services.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable in which the client library looks for the folder of shared counters."""
PORTS = 16
"""Several processes of one machine take as many ports, the first free one each."""


def sum_children(slot: Callable[[], int] = os.getpid) -> None:
    """Let the counters of children that are forked later add up in this process's endpoint.

    ``slot`` numbers the process that calls it; two that run at once must differ. With numbers that
    come again (1 to the size of the pool), the folder does not grow with every replaced child.
    """
    if "services.metrics" in sys.modules:
        raise RuntimeError("metrics were made before they could be shared with children")
    folder = tempfile.mkdtemp(prefix="beatwire-metrics-")
    os.environ[FOLDER] = folder
    atexit.register(_remove, folder, os.getpid())
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(slot)  # type: ignore[no-untyped-call]


def start_metrics(settings: Settings) -> int:
    """Serve the metrics of this process and its children; the port, 0 when they are switched off.

    Takes the first free one of the sixteen ports from ``BEATWIRE_METRICS_PORT`` on. Raises
    UserError when there is none.
    """
    first = settings.metrics_port
    host = settings.metrics_host
    if not first:
        return 0
    for port in range(first, min(first + PORTS, 65536)):
        try:
            return _listen(port, host)
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


def exposition() -> tuple[bytes, str]:
    """The metrics of this process and its children as text, and the media type of that text."""
    from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    return generate_latest(_registry()), CONTENT_TYPE_PLAIN_0_0_4


def _listen(port: int, host: str) -> int:
    from prometheus_client import start_http_server

    server, _ = start_http_server(port, host, _registry())
    return int(server.server_port)


def _registry() -> "CollectorRegistry":
    from prometheus_client import REGISTRY, CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    import services.metrics  # noqa: F401 - what is to be shown must have been made

    if FOLDER not in os.environ:
        return REGISTRY
    summed = CollectorRegistry()
    MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
    return summed


def _remove(folder: str, owner: int) -> None:
    # A forked child that ends the ordinary way runs the parent's exit handlers too.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
