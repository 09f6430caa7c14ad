"""With Celery, slices of history lie in the queues of live news, behind all of them."""

import json
import os
import subprocess
import sys

import pytest

from services.workers.hands import OF_PRIORITY
from tests.support.servers import required_server

SEND = """
import json
from services.workers.app import app
from services.workers.tasks import TASKS
part = {"topic": "pages", "partition": 0, "first": 0, "last": 0}
with app.connection() as connection:
    client = connection.default_channel.client
    client.flushdb()
    for stage in ("read-backfill", "index-backfill", "alert-backfill", "read", "index", "alert"):
        TASKS[stage].apply_async(args=(part, "here"))
    lists = [key for key in client.keys() if client.type(key) == b"list"]
    lengths = {key.decode(): client.llen(key) for key in lists}
    channel = connection.channel()
    taken = []
    for queue in ("read", "index", "alert"):
        channel.basic_consume(queue, no_ack=True, callback=taken.append, consumer_tag=queue)
    while len(taken) < 6:
        connection.drain_events(timeout=5)
    client.flushdb()
print(json.dumps([lengths, [each.headers["task"] for each in taken]]))
"""


@pytest.mark.connected("redis")
def test_workers_take_history_when_no_queue_has_anything_live() -> None:
    broker = required_server("redis").rpartition("/")[0] + "/14"
    done = subprocess.run(
        [sys.executable, "-c", SEND],
        env={**os.environ, "BEATWIRE_BROKER": broker},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    lengths, taken = json.loads(done.stdout)
    live = ["read", "index", "alert"]
    assert {name: lengths[name] for name in live} == dict.fromkeys(live, 1)
    assert {lengths[f"{name}{OF_PRIORITY}9"] for name in live} == {1}
    assert {each.removeprefix("beatwire.") for each in taken[:3]} == set(live)
    assert {each.removeprefix("beatwire.") for each in taken[3:]} == {f"{x}-backfill" for x in live}
