"""Two keys in Redis for each slice that was sent: is it still wanted, and does somebody work on it.

The dispatcher keeps ``wanted`` alive while it waits; a task that nobody waits for any more, such as
one that Redis hands out a second time, is dropped unread. The worker keeps ``lease`` alive while
it works; a lease that ends without a result tells that the worker is dead.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from celery import Task
from celery.exceptions import Ignore

from services.errors import TryLater

WANTED_SECONDS = 60
LEASE_SECONDS = 10
RENEW_SECONDS = 2.0


def wanted_key(task_id: str) -> str:
    return f"beatwire:wanted:{task_id}"


def lease_key(task_id: str) -> str:
    return f"beatwire:lease:{task_id}"


@contextmanager
def leased(task: Task) -> Iterator[None]:
    """Hold the lease of the task that runs; nothing to hold where it was called in process.

    Raises Ignore, by which Celery forgets the message without a result, when nobody wants the
    task or another worker has it.
    """
    if task.request.is_eager:
        yield
        return
    backend, task_id = task.app.backend, task.request.id
    client, key, me = backend.client, lease_key(task_id), uuid4().hex
    try:
        wanted = client.exists(wanted_key(task_id))
        mine = wanted and client.set(key, me, nx=True, ex=LEASE_SECONDS)
    except backend.connection_errors as error:
        raise TryLater(f"the Celery broker cannot be reached: {error}") from error
    if not mine:
        raise Ignore
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(client, key, me, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        # The key stays until it runs out or the dispatcher removes it: it must not end before
        # the result is there.
        done.set()
        keeper.join()


def _keep(client: Any, key: str, me: str, done: threading.Event) -> None:
    while not done.wait(RENEW_SECONDS):
        # Without Redis the work goes on, and the next turn tries again.
        with suppress(Exception):
            client.set(key, me, ex=LEASE_SECONDS)
