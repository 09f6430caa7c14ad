"""The Celery application, which every worker of a production set-up runs:

``celery -A services.workers.app worker``. Its tasks are in ``services.workers.tasks``. It is
configured when it is first used, never at import.
"""

import sys
import threading
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

import redis
from billiard.process import current_process
from celery import Celery
from celery.signals import (
    import_modules,
    setup_logging,
    worker_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutting_down,
)

from services.bus import Lag
from services.errors import SettingsError, UserError
from services.logs import start_logs
from services.probing.exposition import sum_children
from services.settings import load_settings
from services.stages.flow import LIVE
from services.tracing import flush, start_tracing
from services.workers.consuming import idle_lags, waiting_in, watch

if TYPE_CHECKING:
    from services.probing.probes import Probes

HARD_SECONDS = 900
"""After this a worker's child is killed. The stages' own deadlines end a slice long before."""
VISIBILITY_SECONDS = 3600
"""After this Redis hands out again what a worker took and never confirmed.

It must exceed the hard limit, or a slow slice would be run twice at once.
"""
FIRST, LAST = 0, 9
"""Priorities in Redis: a worker takes history when no queue of its own has anything live."""
CHILD_TASKS = 10_000
CHILD_KIB = 2_500_000
"""A child is replaced after so many slices or this much memory: parsers' leaks end there."""


def configuration() -> dict[str, Any]:
    """Celery's settings, from ours; a setting that is wrong ends the process with one line."""
    try:
        broker = load_settings().broker
    except UserError as error:
        _refuse(error)
    transport = {"visibility_timeout": VISIBILITY_SECONDS}
    return {
        "broker_url": broker or "memory://",
        "result_backend": broker or "cache+memory://",
        "broker_transport_options": transport
        | {"socket_keepalive": True, "socket_timeout": 30, "socket_connect_timeout": 5},
        "result_backend_transport_options": transport,
        "visibility_timeout": VISIBILITY_SECONDS,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "redis_socket_timeout": 10.0,
        "redis_socket_connect_timeout": 5.0,
        "redis_socket_keepalive": True,
        "redis_retry_on_timeout": False,
        "result_expires": VISIBILITY_SECONDS,
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        "task_queues": {step.stage: {} for step in LIVE},
        "task_routes": {
            f"beatwire.{each.stage}": {"queue": live.stage, "priority": priority}
            for live in LIVE
            for priority, each in ((FIRST, live), (LAST, live.history))
            if each
        },
        "task_acks_late": True,
        # A child that dies is reported to the dispatcher, which cuts the slice in two. Handing
        # the message out again here would kill one child after the other.
        "task_reject_on_worker_lost": False,
        "task_time_limit": HARD_SECONDS,
        "task_send_sent_event": True,
        "worker_send_task_events": True,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": CHILD_TASKS,
        "worker_max_memory_per_child": CHILD_KIB,
        "worker_soft_shutdown_timeout": 25.0,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
    }


def _refuse(error: UserError) -> NoReturn:
    sys.stderr.write(f"beatwire: {error}\n")
    raise SystemExit(error.exit_code)


app = Celery("beatwire", include=["services.workers.tasks"])
app.add_defaults(configuration)


@import_modules.connect
def _share_counters(**_: object) -> None:
    # Before the tasks are imported, and with them the counters: ``celeryd_init`` comes after.
    # The children of a pool are numbered from 1, and a new one takes the number of its forerunner.
    sum_children(lambda: getattr(current_process(), "index", -1) + 1)


@setup_logging.connect
def _start_logs(**_: object) -> None:
    # Celery makes none of its own then: its workers' lines are like everybody's.
    try:
        start_logs(load_settings())
    except UserError as error:
        _refuse(error)


@worker_init.connect
def _begin(**_: object) -> None:
    from services.bootstrap import check_model, check_shared

    settings = load_settings()
    try:
        if not settings.broker:
            raise SettingsError("BEATWIRE_BROKER is not set: a Celery worker needs redis://HOST/0")
        check_shared(settings)
        check_model()
        _probes()
        start_tracing(settings, "worker")
    except UserError as error:
        _refuse(error)


@cache
def _probes() -> "Probes":
    """Those of this worker; they answer from the first call on."""
    from services.probing.dependencies import EVERYTHING
    from services.probing.process import begin

    return begin(load_settings(), "worker", EVERYTHING)


@worker_ready.connect
def _watch(**_: object) -> None:
    from celery.worker import state

    probes = _probes()
    probes.started()
    client = redis.Redis.from_url(
        load_settings().broker, socket_timeout=5, socket_connect_timeout=5
    )
    queues = list(app.amqp.queues.consume_from)

    def look() -> list[Lag]:
        waiting = waiting_in(client, queues, LAST)
        taken = sum(state.total_count.values())
        return idle_lags(waiting, taken, busy=bool(state.active_requests))

    watching = (look, threading.Event(), probes.pulse.beat)
    threading.Thread(target=watch, args=watching, daemon=True, name="consuming").start()


@worker_shutting_down.connect
def _leave(**_: object) -> None:
    _probes().leave()


@worker_process_shutdown.connect
def _close(**_: object) -> None:
    from services.workers.process import process

    process().close()
    flush()
