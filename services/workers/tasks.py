"""The Celery tasks: one a stage. A message holds a slice, never an event."""

from typing import Any

import msgspec
from celery import Task

from services.bus import Slice
from services.stages.flow import FLOW, Step
from services.workers.app import app
from services.workers.lease import leased
from services.workers.process import process


def _task_of(step: Step) -> Any:
    @app.task(name=f"beatwire.{step.stage}", bind=True, throws=(Exception,))
    def bring_to_its_end(self: Task, part: dict[str, Any]) -> dict[str, int]:
        with leased(self):
            return process().run(step, msgspec.convert(part, Slice))

    return bring_to_its_end


TASKS = {step.stage: _task_of(step) for step in FLOW}
