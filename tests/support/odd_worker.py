"""A real Celery worker whose slices do what their offsets say: sleep, wait, die.

Started as ``celery -A tests.support.odd_worker worker``. It needs no bus, index or store, so that
what is tested is the way between dispatcher and worker alone.
"""

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

from celery.signals import import_modules

from services.bus import Slice
from services.errors import SettingsError, TryLater
from services.stages.flow import Step
from services.workers.app import app

__all__ = ["app"]

NORMAL, WAITING, KILLER, SLOW, BUGGY, MENDABLE = range(0, 6000, 1000)
"""First offsets of slices: those at or above each, up to the next, behave so."""
SLOW_SECONDS = float(os.environ.get("TEST_SLOW_SECONDS", "4"))


def run(step: Step, part: Slice) -> dict[str, int]:
    """Note the start and the end in ``TEST_NOTES``, and do in between what the offset says."""
    note("start", part)
    if part.first >= MENDABLE:
        raise SettingsError("the password is wrong")
    if part.first >= BUGGY:
        raise KeyError("a bug")
    if part.first >= SLOW:
        time.sleep(SLOW_SECONDS)
    elif part.first >= KILLER:
        os.kill(os.getpid(), signal.SIGKILL)
    elif part.first >= WAITING:
        raise TryLater("the index is away")
    from services import metrics

    metrics.STAGE_PROCESSED.labels(step.stage, "read").inc(len(part))
    note("end", part)
    return {"read": len(part)}


def note(what: str, part: Slice) -> None:
    with Path(os.environ["TEST_NOTES"]).open("a") as notes:
        notes.write(f"{what} {part.first} {os.getpid()}\n")


@import_modules.connect  # type: ignore[untyped-decorator]
def _behave_so(**_: object) -> None:
    # After the application's own: counters are shared before the tasks are imported.
    from services.workers import tasks

    vars(tasks)["process"] = lambda: SimpleNamespace(run=run)


if visibility := os.environ.get("TEST_VISIBILITY"):
    app.conf.broker_transport_options["visibility_timeout"] = float(visibility)
