"""``kill -9`` at every point of the pipeline, under load: nothing is lost, nothing shows twice.

One load, one warm set of processes, and one kill after the other in a seeded order. ``make test``
goes through all points twice, ``TEST_ROUNDS`` says otherwise; ``TEST_SEED`` repeats a run.
"""

import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.bootstrap import open_bus
from services.bus import Bus
from services.settings import load_settings
from tests.support.hostile import Site
from tests.support.killing import CRAWL, DISPATCHER, JOINED, WORKER
from tests.support.killing_cast import Company, company, dispatcher, usual_cast
from tests.support.killing_load import Load
from tests.support.killing_places import Mode, place
from tests.support.killing_traps import Trap
from tests.support.killing_watch import Account, left, onlooker, settle

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.filterwarnings("ignore:.*_text is deprecated:DeprecationWarning"),
]

ROUNDS = int(os.environ.get("TEST_ROUNDS", "2"))
SEED = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**6)))
STAGES = ("read", "index")
WAVE = 8
"""Events a kill, so that there is always something to be in the middle of."""
LISTED = 6
DRAIN_SECONDS = 180.0
NEVER = 10**6


class Matrix:
    """One run: who plays, what is on its way, and the dice."""

    def __init__(self, mode: Mode, cast: Company, site: Site, bus: Bus, seed: object) -> None:
        self._mode = mode
        self._cast = cast
        self._site = site
        self._bus = bus
        self._dice = random.Random(f"kills of {seed}")
        self.load = Load(seed)

    def run(self, rounds: int) -> None:
        """Kill at every point, so many times, in any order."""
        plan = [step for _ in range(rounds) for step in self._steps()]
        self._dice.shuffle(plan)
        for kind, point in plan:
            began = time.monotonic()
            match kind:
                case "crawl":
                    self._kill_crawl(point)
                case "dispatcher":
                    self._kill(*(f"{point}-{stage}" for stage in STAGES))
                case "joining":
                    self._kill_while_joining(point)
                case "whole":
                    self._kill(point, whole=True)
                case _:
                    self._kill(point)
            print(f"{kind} {point}: {time.monotonic() - began:.1f} s, {left(self._bus)} left")

    def _steps(self) -> Iterator[tuple[str, str]]:
        yield from (("crawl", point) for point in CRAWL)
        yield from (("dispatcher", point) for point in DISPATCHER)
        yield from (("worker", point) for point in WORKER)
        yield from (("joining", who) for who in ("new", "old"))
        if self._mode == "servers":
            yield from (("whole", point) for point in ("reading", "indexed"))

    def _kill(self, *points: str, whole: bool = False) -> None:
        """Under load, kill one process at each point; then start them again."""
        for point in points:
            self._cast.traps.set(point, Trap(self._dice.randint(1, 2), whole))
        self._feed(poison="buried" in points)
        for point in points:
            self._cast.await_death(point, meanwhile=self._feed)
        self._cast.mend()

    def _kill_crawl(self, point: str) -> None:
        """A crawl that dies in the middle is run again, and ends well."""
        feed = self.load.list_pages(self._site, LISTED)
        self._cast.traps.set(point, Trap(self._dice.randint(1, LISTED)))
        assert self._crawl(feed) == -9
        assert self._crawl(feed) == 0

    def _crawl(self, feed: str) -> int:
        return self._cast.start("crawl", ("crawlers", feed)).wait(60)

    def _kill_while_joining(self, who: str) -> None:
        """A dispatcher joins its group, and it or the one that was there dies of it."""
        traps = self._cast.traps
        if who == "new":
            traps.set(JOINED, Trap())
            self._feed()
            self._cast.start("joiner", dispatcher("read"))
            self._cast.await_death(JOINED)
            return
        traps.set(JOINED, Trap(NEVER))
        self._cast.start("joiner", dispatcher("read"))
        self._cast.wait_until(lambda: traps.passes(JOINED) > 0, "for the second dispatcher")
        traps.clear(JOINED)
        self._kill("polled-read")
        self._cast.end(["joiner"])

    def _feed(self, *, poison: bool = False) -> None:
        self.load.publish(self._bus, WAVE)
        if poison:
            self.load.poison(self._bus)


def drain(cast: Company, bus: Bus) -> None:
    """Have everything worked off, and everybody gone in good order.

    A worker may still do what a killed dispatcher asked for: what comes of that is worked off too.
    """
    while True:
        cast.mend()
        cast.wait_until(lambda: not left(bus), "for all to be done", DRAIN_SECONDS)
        ends = cast.end()
        assert {code for code, _ in ends.values()} == {0}, cast.last_words()
        if not left(bus):
            return


def summary(cast: Company, account: Account) -> str:
    """The line at the end of each matrix."""
    return (
        f"kills {len(cast.traps.strikes())}, events {account.events}, lost {len(account.lost)}, "
        f"visible duplicates {len(account.twice)}, freshness p95 {account.p95:.1f} s, "
        f"TEST_SEED={SEED}"
    )


@pytest.mark.parametrize("mode", ["embedded", pytest.param("servers", marks=pytest.mark.connected)])
def test_kills_at_every_point_lose_and_repeat_nothing(
    mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print(f"TEST_SEED={SEED}")
    with (
        place(mode, tmp_path / "home", monkeypatch),
        Site() as site,
        open_bus(load_settings()) as bus,
        onlooker() as looking,
        company(tmp_path / "cast", usual_cast(mode)) as cast,
    ):
        matrix = Matrix(mode, cast, site, bus, f"{SEED}-{mode}")
        try:
            matrix.run(ROUNDS)
            drain(cast, bus)
        except subprocess.TimeoutExpired as error:
            error.add_note(cast.last_words())
            raise
        looking.finish()
        account = settle(matrix.load, looking)
        print(summary(cast, account))
    assert (account.lost, account.twice) == ((), ())
    assert account.events >= len(matrix.load.articles)
