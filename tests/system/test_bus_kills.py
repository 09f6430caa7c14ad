"""``kill -9`` of writers and readers at any moment: nothing acknowledged is lost, nothing half.

The programs print what they did (a writer after ``publish``, a reader before ``commit``) into
files: those outlive a process and, unlike pipes, are never full, so that nobody waits for this
test to read. A printed seed repeats the choice of victims.
"""

import hashlib
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from services.bus import Stored
from services.bus.sqlite import SqliteBus
from services.sqlite import driver
from tests.support.processes import wait_until

KILLS = 30
BATCH = 3
SECONDS = 60

WRITER = """
import hashlib, random, sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from services.bus import Event
from services.bus.sqlite import SqliteBus

path, name = Path(sys.argv[1]), sys.argv[2]
chance = random.Random(name)
bus = SqliteBus(path)
for batch in count():
    events = []
    for each in range(3):
        body = chance.randbytes(chance.choice([10, 500, 30_000]))
        key = f"{name}/{batch % 5}"
        events.append(Event(id=f"{name}/{batch}/{each}", type="page/1", key=key,
            time=datetime.now(UTC), data=hashlib.sha256(body).digest() + body))
    bus.publish("pages", events)
    print(batch, flush=True)
"""

READER = """
import hashlib, sys
from pathlib import Path
from services.bus.sqlite import SqliteBus

bus = SqliteBus(Path(sys.argv[1]))
while True:
    for part in bus.poll("g", "pages", most=5, slices=2):
        for stored in bus.read(part):
            data = stored.event.data
            assert hashlib.sha256(data[32:]).digest() == data[:32], stored
        print(part.partition, part.first, part.last, flush=True)
        bus.commit("g", part)
"""


class Player(NamedTuple):
    """One process and the files that it prints into."""

    role: str
    name: str
    process: subprocess.Popen[bytes]
    said: Path
    complaints: Path


class Troupe:
    """Two writers and two readers; whoever is killed is replaced at once."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.path = path
        self.stack = stack
        self.acknowledged: set[str] = set()
        self.done: dict[int, set[int]] = defaultdict(set)
        self.numbers = count()
        self.players = [self.start(role) for role in (WRITER, WRITER, READER, READER)]

    def start(self, role: str) -> Player:
        name = f"w{next(self.numbers)}"
        said, complaints = (self.path.with_name(f"{name}.{end}") for end in ("out", "err"))
        with said.open("wb") as output, complaints.open("wb") as errors:
            process = self.stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", role, str(self.path), name], stdout=output, stderr=errors
                )
            )
        self.stack.callback(process.kill)
        return Player(role, name, process, said, complaints)

    def kill(self, slot: int, after: int) -> None:
        """Kill a player once it has said ``after`` more things, and note all that it said."""
        role, name, process, said, complaints = self.players[slot]
        enough = said.read_bytes().count(b"\n") + after
        wait_until(
            lambda: said.read_bytes().count(b"\n") >= enough or process.poll() is not None,
            SECONDS,
            f"for {name}",
        )
        process.kill()
        process.wait()
        assert complaints.read_text() == ""
        # A kill in the middle of a write can leave part of a line.
        whole, _, _ = said.read_text().rpartition("\n")
        for line in whole.splitlines():
            if role is WRITER:
                self.acknowledged |= {f"{name}/{line}/{each}" for each in range(BATCH)}
            else:
                partition, first, last = map(int, line.split())
                self.done[partition] |= {*range(first, last + 1)}

    def replace(self, slot: int) -> None:
        self.players[slot] = self.start(self.players[slot].role)


def drained(bus: SqliteBus) -> Iterator[Stored]:
    while parts := bus.poll("g", "pages", most=100):
        for part in parts:
            yield from bus.read(part)
            bus.commit("g", part)


def everything(bus: SqliteBus) -> Iterator[Stored]:
    while parts := bus.poll("another group", "pages", most=100):
        for part in parts:
            yield from bus.read(part)


@pytest.mark.slow
def test_kill_9_loses_nothing(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    path = tmp_path / "bus.sqlite"
    with ExitStack() as stack:
        troupe = Troupe(path, stack)
        for _ in range(KILLS):
            slot = chance.randrange(4)
            troupe.kill(slot, after=chance.randrange(1, 15))
            troupe.replace(slot)
        for slot in range(4):  # With the writers gone, readers may have nothing more to say.
            troupe.kill(slot, after=0)

    with SqliteBus(path) as bus:
        for lag in bus.lag("g", "pages"):
            done = troupe.done[lag.partition]
            assert lag.committed <= next(n for n in count() if n not in done)
            troupe.done[lag.partition] |= {*range(lag.committed)}
        for stored in drained(bus):
            troupe.done[stored.partition].add(stored.offset)
        log = list(everything(bus))
        for lag in bus.lag("g", "pages"):
            assert lag.records == 0
            assert troupe.done[lag.partition] == {*range(lag.end)}

    check_log(log, troupe.acknowledged)
    connection = driver.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def check_log(log: list[Stored], acknowledged: set[str]) -> None:
    """All that was acknowledged, each once and whole, batches whole, each key in its order."""
    ids = [stored.event.id for stored in log]
    assert len(ids) == len(set(ids))
    assert acknowledged <= set(ids)
    assert len(acknowledged) > KILLS
    batches: dict[str, int] = defaultdict(int)
    orders: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for stored in sorted(log, key=lambda each: (each.partition, each.offset)):
        data = stored.event.data
        assert hashlib.sha256(data[32:]).digest() == data[:32]
        name, batch, each = stored.event.id.split("/")
        batches[f"{name}/{batch}"] += 1
        orders[stored.event.key].append((int(batch), int(each)))
    assert set(batches.values()) == {BATCH}
    for order in orders.values():
        assert order == sorted(order)
