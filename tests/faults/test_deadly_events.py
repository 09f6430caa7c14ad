"""An event that kills the process it runs in, in the embedded mode, where nobody sees it die."""

import signal
import subprocess
import sys
from datetime import UTC, datetime

from processors.records import DeadLetter, decode
from services.bootstrap import open_bus
from services.bus import Event
from services.settings import load_settings
from services.stages.flow import waiting
from services.workers.ends import DEATHS

EVENTS, DEADLY = 4, 2
READING = """
import os, signal, sys
from services.workers.process import Process
from services.workers.run import run_stage

def run(_self, _step, part):
    if part.first <= int(sys.argv[1]) <= part.last:
        os.kill(os.getpid(), signal.SIGKILL)
    return {}

Process.run = run
Process.stage = lambda *_: None
run_stage("read", drain=True)
"""


def read(deadly: int) -> int:
    """The exit code of one process that reads all there is."""
    command = [sys.executable, "-c", READING, str(deadly)]
    return subprocess.run(command, check=False, timeout=60, capture_output=True).returncode


def test_an_event_that_kills_is_a_dead_letter_after_a_few_deaths() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with open_bus(load_settings()) as bus:
        name = "e{}".format
        events = [
            Event(id=name(n), type="page/1", key="one", time=now, data=b"{}") for n in range(EVENTS)
        ]
        bus.publish("pages", events)
        codes = [read(DEADLY)]
        while codes[-1]:
            codes.append(read(DEADLY))
            assert len(codes) < 3 + EVENTS.bit_length() + DEATHS
        assert set(codes[:-1]) == {-signal.SIGKILL}
        assert len(codes) > DEATHS
        assert not sum(waiting(bus).values())
        [part] = bus.poll("look", "dead", slices=9)
        [stored] = bus.read(part)
    letter = decode(stored.event.data)
    assert isinstance(letter, DeadLetter)
    assert (letter.event_id, letter.attempts) == (name(DEADLY), DEATHS)
