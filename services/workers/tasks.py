"""The Celery tasks: one a stage. A message holds a slice, never an event."""

from typing import Any

import msgspec

from services.bus import Slice
from services.stages.flow import STEPS
from services.workers.app import app
from services.workers.process import process


@app.task(name="beatwire.read", throws=(Exception,))
def read(part: dict[str, Any]) -> dict[str, int]:
    """Bring the pages of a slice to their ends."""
    return process().run(STEPS["read"], msgspec.convert(part, Slice))


@app.task(name="beatwire.index", throws=(Exception,))
def index(part: dict[str, Any]) -> dict[str, int]:
    """Bring the articles of a slice to their ends."""
    return process().run(STEPS["index"], msgspec.convert(part, Slice))


TASKS = {"read": read, "index": index}
