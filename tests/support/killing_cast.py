"""The processes of the matrix: those that users start, each in a session of its own."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from services.bus import Bus
from tests.support.killing import play
from tests.support.killing_alerts import sending
from tests.support.killing_places import Mode
from tests.support.killing_traps import Traps
from tests.support.killing_watch import left
from tests.support.processes import alive, wait_until

PATIENCE_SECONDS = 90.0
FEED_SECONDS = 5.0
BETWEEN_SECONDS = 1.0
DRAIN_SECONDS = 480.0

Command = tuple[str, ...]

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.support.killing_warm"])


def dispatcher(stage: str) -> Command:
    return ("services.cli", "work", stage)


def worker(name: str) -> Command:
    """One child a worker: what dies with it is what it worked on, and nothing beside it."""
    options = ("--concurrency", "1", "--loglevel", "WARNING", "--without-gossip")
    args = ("-A", "services.workers.app", "worker", *options, "--without-mingle")
    return ("celery", *args, "--hostname", f"{name}@%h")


def usual_cast(mode: Mode, workers: int = 2) -> dict[str, Command]:
    """Names and commands of all processes but the crawl."""
    cast = {stage: dispatcher(stage) for stage in ("alert", "index", "read")}
    cast["deliver"] = ("services.cli", "deliver")
    if mode == "servers":
        return cast | {f"worker-{n}": worker(f"worker-{n}") for n in range(1, workers + 1)}
    return cast | {"read-2": dispatcher("read")}


class Company:
    """Running processes by name; who dies is started again when ``mend`` is called."""

    def __init__(self, folder: Path, cast: dict[str, Command]) -> None:
        self.traps = Traps(folder / "traps")
        self._folder = folder
        self._cast = dict(cast)
        self._running: dict[str, ForkServerProcess] = {}
        self._ties: dict[str, Connection] = {}

    def start(self, name: str, command: Command = ()) -> ForkServerProcess:
        """Start a member again or, with a command, somebody who is not started again."""
        if name in self._running:
            self._forget(name)
        # Nobody outlives the test, however it ends: the end of this tie is the end of the process.
        theirs, self._ties[name] = _forking.Pipe(duplex=False)
        traps, log = self._folder / "traps", self._folder / f"{name}.log"
        args = (command or self._cast[name], traps, {**os.environ}, theirs, log)
        process = self._running[name] = _forking.Process(target=play, args=args)
        process.start()
        theirs.close()
        return process

    def mend(self) -> list[str]:
        """Start all members that do not run; their names."""
        dead = [name for name in self._cast if not self._runs(name)]
        for name in dead:
            self.start(name)
        return dead

    def await_deaths(self, points: Sequence[str], meanwhile: Callable[[], None]) -> None:
        """Wait until somebody died at each point; who died is started again at once.

        ``meanwhile`` is called every few seconds.
        """
        again = time.monotonic() + FEED_SECONDS

        def all_sprung() -> bool:
            nonlocal again
            self.mend()
            if time.monotonic() > again:
                meanwhile()
                again = time.monotonic() + FEED_SECONDS
            return all(map(self.traps.is_sprung, points))

        self.wait_until(all_sprung, f"for victims at {' and '.join(points)}")
        victims = {each.point: each.pid for each in self.traps.strikes()}
        dying = [victims[point] for point in points]
        self.wait_until(lambda: not any(map(alive, dying)), f"for {dying} to be dead")

    def wait_until(
        self, holds: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS
    ) -> None:
        """As ``wait_until``; a failure shows the last words of everybody."""
        try:
            wait_until(holds, seconds, what)
        except AssertionError as error:
            error.add_note(self.last_words())
            raise

    def end(self, names: Sequence[str] = ()) -> dict[str, tuple[int, float]]:
        """SIGTERM to these, or to all, at once; exit code and seconds of each."""
        ending = {name: self._running[name] for name in names or self._running if self._runs(name)}
        for process in ending.values():
            self.wait_until(partial(_is_up_or_over, process), "for a start")
        began = time.monotonic()
        for process in ending.values():
            process.terminate()
        ends: dict[str, tuple[int, float]] = {}

        def all_ended() -> bool:
            for name, process in ending.items():
                if name not in ends and process.exitcode is not None:
                    ends[name] = (process.exitcode, time.monotonic() - began)
            return len(ends) == len(ending)

        self.wait_until(all_ended, f"for the end of {list(ending)}")
        for name in ends:
            self._forget(name)
        return ends

    def end_hard(self, name: str) -> tuple[int, float]:
        """SIGTERM twice; the exit code, and the seconds from the second one."""
        process = self._running[name]
        process.terminate()
        process.join(BETWEEN_SECONDS)
        began = time.monotonic()
        process.terminate()
        code = self._forget(name)
        return code, time.monotonic() - began

    def last_words(self) -> str:
        """The end of what each process wrote."""
        return "\n".join(
            f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}"
            for log in sorted(self._folder.glob("*.log"))
        )

    def close(self) -> None:
        """Kill whatever is left, with all its children."""
        for name, process in list(self._running.items()):
            with suppress(ProcessLookupError):  # It has no session of its own yet.
                os.killpg(_pid(process), signal.SIGKILL)
            process.kill()
            self._forget(name)

    def _forget(self, name: str) -> int:
        """The exit code of a process that is about to end, or has ended."""
        process = self._running.pop(name)
        process.join(PATIENCE_SECONDS)
        assert process.exitcode is not None, f"{name} does not end\n{self.last_words()}"
        self._ties.pop(name).close()
        return process.exitcode

    def _runs(self, name: str) -> bool:
        return name in self._running and self._running[name].exitcode is None


def _pid(process: ForkServerProcess) -> int:
    assert process.pid is not None
    return process.pid


def _is_up_or_over(process: ForkServerProcess) -> bool:
    return process.exitcode is not None or is_up(_pid(process))


def is_up(pid: int) -> bool:
    """Whether a process has come so far that it ends in order when it is told to."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


@contextmanager
def company(folder: Path, cast: dict[str, Command]) -> Iterator[Company]:
    """All of a cast, running; nobody is left at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Company(folder, cast)
    try:
        found.mend()
        yield found
    finally:
        found.close()


def drain(cast: Company, bus: Bus) -> None:
    """Have everything worked off, and everybody gone in good order.

    A worker may still do what a killed dispatcher asked for: what comes of that is worked off too.
    """

    def all_done() -> bool:
        cast.mend()  # as their supervisor would, however late one of them dies
        return not left(bus) and not sending()

    while True:
        cast.wait_until(all_done, "for all to be done", DRAIN_SECONDS)
        ends = cast.end()
        assert {code for code, _ in ends.values()} == {0}, f"{ends}\n{cast.last_words()}"
        if not left(bus) and not sending():
            return
