"""The Celery tasks: one a stage. A message holds a slice, never an event."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
from celery import Task

from services import tracing
from services.bus import Slice
from services.errors import SettingsError
from services.settings import load_settings
from services.stages.flow import FLOW, Step
from services.workers.app import app
from services.workers.lease import leased
from services.workers.process import process


@cache
def installation() -> str:
    """What tells this installation from others that may share the broker; alike on its machines."""
    settings = load_settings()
    places = (settings.bus, settings.index, settings.store)
    return " ".join(urlsplit(place).path for place in places)


def check_installation(where: str) -> None:
    """Raise SettingsError for a slice of another installation: it is not in our log."""
    if where != installation():
        raise SettingsError(
            "a Celery worker of another installation took the slice: give each installation a "
            "database of its own in BEATWIRE_BROKER, such as redis://HOST/1"
        )


def _task_of(step: Step) -> Any:
    @app.task(name=f"beatwire.{step.stage}", bind=True, throws=(Exception,))
    def bring_to_its_end(self: Task, part: dict[str, Any], where: str) -> dict[str, int]:
        sent = (self.request.headers or {}).get(tracing.HEADER, "")
        with leased(self), tracing.span("run slice", sent, stage=step.stage):
            check_installation(where)
            return process().run(step, msgspec.convert(part, Slice))

    return bring_to_its_end


TASKS = {step.stage: _task_of(step) for step in FLOW}
