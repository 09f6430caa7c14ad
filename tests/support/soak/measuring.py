"""What is measured every few seconds while a soak runs: a line of JSON each time."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import msgspec

from services.bootstrap import open_bus
from services.errors import TryLater
from services.settings import load_settings
from services.stages.flow import LIVE
from tests.support.soak.crew import Member

EVERY_SECONDS = 5.0


class Reading(msgspec.Struct, frozen=True):
    """One process at one moment."""

    role: str
    pid: int
    rss: int
    """Bytes in memory."""
    descriptors: int


class Sample(msgspec.Struct, frozen=True):
    """Everything at one moment."""

    at: float
    """Seconds since the run began."""
    published: int
    done: int
    """Pages that stage ``read`` brought to their end."""
    lag: dict[str, int]
    """Stage to events that wait for it; empty while the log is away."""
    segments: int | None
    """Of all indices; None while Elasticsearch is away."""
    processes: tuple[Reading, ...]


class Sampler(threading.Thread):
    """Samples on and on, into a file and a list."""

    def __init__(
        self, file: Path, members: Callable[[], Sequence[Member]], published: Callable[[], int]
    ) -> None:
        super().__init__(name="sampler", daemon=True)
        self._file, self._members, self._published = file, members, published
        self._stop_asked = threading.Event()
        self._began = time.monotonic()
        self.samples: list[Sample] = []

    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._began

    def run(self) -> None:
        settings = load_settings()
        done = 0
        with open_bus(settings) as bus, self._file.open("wb") as out:
            while not self._stop_asked.wait(EVERY_SECONDS):
                try:
                    found = {step.stage: bus.lag(step.stage, step.takes.name) for step in LIVE}
                    lag = {stage: sum(one.records for one in lags) for stage, lags in found.items()}
                    done = sum(one.committed for one in found["read"])
                except TryLater:
                    lag = {}
                sample = Sample(
                    at=round(self.elapsed(), 1),
                    published=self._published(),
                    done=done,
                    lag=lag,
                    segments=segments(settings.index),
                    processes=tuple(readings(self._members())),
                )
                self.samples.append(sample)
                out.write(msgspec.json.encode(sample) + b"\n")
                out.flush()

    def finish(self) -> None:
        self._stop_asked.set()
        self.join()


@contextmanager
def sampling(
    file: Path, members: Callable[[], Sequence[Member]], published: Callable[[], int]
) -> Iterator[Sampler]:
    """A sampler that works while the block runs."""
    sampler = Sampler(file, members, published)
    sampler.start()
    try:
        yield sampler
    finally:
        sampler.finish()


def readings(members: Sequence[Member]) -> Iterator[Reading]:
    """What the system tells of processes; those that are gone meanwhile are left out."""
    for role, pid in members:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            descriptors = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        except OSError:
            continue
        sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
        if sizes:
            yield Reading(role, pid, int(sizes[0]) * 1024, descriptors)


def segments(index: str) -> int | None:
    """Segments of the index at this address, over all kinds of documents."""
    server, _, prefix = index.rpartition("/")
    try:
        with urllib.request.urlopen(f"{server}/{prefix}-*/_segments", timeout=5) as answer:
            found = json.load(answer)["indices"]
    except (OSError, HTTPException, ValueError, KeyError):
        return None
    shards = (copy for one in found.values() for shard in one["shards"].values() for copy in shard)
    return sum(int(copy["num_search_segments"]) for copy in shards)
