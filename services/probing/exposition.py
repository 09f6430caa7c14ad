"""The metrics of a process as text for Prometheus, with those of its children.

Celery runs tasks in children, and a schedule of crawls has one crawl after the other, each with
counters of its own. They write them to files of a private folder, and the parent shows the sums.
Metrics choose their kind when they are made, so ``sum_children`` and ``count_for_parent`` come
before the import of ``services.metrics``.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from services.probing.own_folder import make_own_folder

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable in which the client library looks for the folder of shared counters."""
_shown: dict[type, "Collector"] = {}


def sum_children(slot: Callable[[], int] = os.getpid) -> None:
    """Let the counters of children that are started later add up in what this process shows.

    ``slot`` numbers the process that calls it; two that run at once must differ. With numbers that
    come again (1 to the size of the pool), the folder does not grow with every replaced child.
    """
    _refuse_if_made()
    os.environ[FOLDER] = make_own_folder()
    _share(slot)


def count_for_parent(slot: int) -> None:
    """Count in the parent's folder, where it has one: for a child that is no fork of it.

    Its forerunner of the same slot is gone by then, and it goes on with its figures.
    """
    if FOLDER in os.environ:
        _refuse_if_made()
        _share(lambda: slot)


def show(collector: "Collector") -> None:
    """Have a collector's metrics shown too: figures that are looked up when they are asked for.

    It takes the place of one of its kind.
    """
    _shown[type(collector)] = collector


def exposition() -> tuple[bytes, str]:
    """The metrics of this process and its children as text, and the media type of that text.

    Collectors may ask a server, so this may take a while.
    """
    from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest

    looked_up = CollectorRegistry(auto_describe=False)
    for collector in _shown.values():
        looked_up.register(collector)
    return generate_latest(_registry()) + generate_latest(looked_up), CONTENT_TYPE_PLAIN_0_0_4


def _registry() -> "CollectorRegistry":
    from prometheus_client import REGISTRY, CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    import services.metrics  # noqa: F401 - what is to be shown must have been made

    if FOLDER not in os.environ:
        return REGISTRY
    summed = CollectorRegistry()
    MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
    return summed


def _refuse_if_made() -> None:
    if "services.metrics" in sys.modules:
        raise RuntimeError("metrics were made before they could be shared with children")


def _share(slot: Callable[[], int]) -> None:
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(slot)  # type: ignore[no-untyped-call]
