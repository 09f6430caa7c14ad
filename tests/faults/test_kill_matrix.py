"""``kill -9`` at every point of the pipeline, under load: nothing is lost, nothing shows twice.

One load, one warm set of processes, and one kill after the other in a seeded order. ``make test``
goes through all points once: one half of those that both modes have on one machine, the other half
on the servers, as the seed has it. ``TEST_ROUNDS`` goes through all in each mode, so many times;
``TEST_SEED`` repeats a run.
"""

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import batched
from pathlib import Path
from typing import NamedTuple

import pytest

from services.bootstrap import open_bus
from services.bus import Bus
from services.settings import load_settings
from services.topics import ARTICLES
from tests.support.bus import log_of
from tests.support.hostile import Site
from tests.support.killing import CRAWL, DISPATCHER, JOINED, WORKER
from tests.support.killing_account import settle, summary
from tests.support.killing_alerts import hooks, subscribe, wrong_alerts
from tests.support.killing_cast import Company, company, dispatcher, drain, usual_cast
from tests.support.killing_load import Load
from tests.support.killing_places import Mode, place
from tests.support.killing_traps import DELIVERY, WHOLE
from tests.support.killing_watch import left, onlooker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

ROUNDS = int(os.environ.get("TEST_ROUNDS", "0"))
"""0: one half of a round."""
SEED = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**6)))
STAGES = ("read", "index")
WAVE = 8
"""Events a kill, so that there is always something to be in the middle of."""
LISTED = 6
NEVER = 10**6
AT_ONCE = 3
REPLAYED = ("matched", "decided", "told")
KILLED = -9


class Step(NamedTuple):
    """Kills that belong together: one at each of these points."""

    points: tuple[str, ...]
    most: int = 2
    """The kill is at the first pass or a later one, up to this."""


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
        """Kill at every point, so many times, in any order; several at a time."""
        for _ in range(rounds or 1):
            steps = [*self._steps()] if rounds else half(self._mode, [*self._steps()])
            self._dice.shuffle(steps)
            for batch in batched(steps, AT_ONCE):
                self._timed(self._kill, batch)
            for who in ("new", "old"):
                self._timed(self._kill_while_joining, who)

    def replay(self) -> None:
        """All articles come again, and workers die of it: nobody is told anything twice."""
        articles = [stored.event for stored in log_of(self._bus, ARTICLES.name)]
        for point in REPLAYED:
            self._cast.traps.set(point, self._dice.randint(1, 2))
        self._bus.publish(ARTICLES.name, articles)
        self._cast.await_deaths(REPLAYED, self._feed)
        print(f"replayed {len(articles)} articles, {left(self._bus)} left")

    def _timed[Given](self, kill: Callable[[Given], None], given: Given) -> None:
        began = time.monotonic()
        kill(given)
        print(f"{given}: {time.monotonic() - began:.1f} s, {left(self._bus)} left")

    def _steps(self) -> Iterator[Step]:
        for point in CRAWL:
            # Each response is its own, but pages are appended several at a time.
            yield Step((point,), most=LISTED if point == "fetched" else 1)
        for point in DISPATCHER:
            yield Step(tuple(f"{point}-{stage}" for stage in STAGES))
        yield from (Step((point,)) for point in (*WORKER, *DELIVERY))
        if self._mode == "servers":
            yield from (Step((point + WHOLE,)) for point in ("read", "noted-index"))

    def _kill(self, steps: Sequence[Step]) -> None:
        """Under load, kill one process at each point; a crawl is run again until it ends well."""
        points = [point for step in steps for point in step.points]
        for step in steps:
            for point in step.points:
                self._cast.traps.set(point, self._dice.randint(1, step.most))
        feed = partial(self._feed, poison="buried" in points)
        feed()
        if CRAWL.keys() & {*points}:
            address = self.load.list_pages(self._site, LISTED)
            while self._crawl(address) == KILLED:
                self._cast.mend()
        self._cast.await_deaths(points, feed)

    def _crawl(self, feed: str) -> int:
        """Run a crawl to its end, which is a good one or that of a victim."""
        crawl = self._cast.start("crawl", ("crawlers", feed))
        self._cast.wait_until(lambda: crawl.exitcode is not None, "for a crawl")
        assert crawl.exitcode in {0, KILLED}, self._cast.last_words()
        return crawl.exitcode

    def _kill_while_joining(self, who: str) -> None:
        """A dispatcher joins its group, and it or the one that was there dies of it."""
        traps, joined = self._cast.traps, f"{JOINED}-read"
        self._feed()
        traps.set(joined, 1 if who == "new" else NEVER)
        self._cast.start("joiner", dispatcher("read"))
        if who == "new":
            self._cast.await_deaths([joined], self._feed)
        else:
            self._cast.wait_until(lambda: traps.passes(joined) > 0, "for the second dispatcher")
            traps.clear(joined)
            self._kill([Step(("polled-read",))])
        self._cast.end(["joiner"])

    def _feed(self, *, poison: bool = False) -> None:
        self.load.publish(self._bus, WAVE)
        if poison:
            self.load.poison(self._bus)


def half(mode: Mode, steps: Sequence[Step]) -> list[Step]:
    """What this mode does of one round; together the two modes do all of it."""
    shared = [step for step in steps if not step.points[0].endswith(WHOLE)]
    random.Random(f"halves of {SEED}").shuffle(shared)
    if mode == "embedded":
        return shared[::2]
    return [*shared[1::2], *(step for step in steps if step.points[0].endswith(WHOLE))]


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
        hooks() as receiver,
        company(tmp_path / "cast", usual_cast(mode)) as cast,
    ):
        subscribe(receiver)
        matrix = Matrix(mode, cast, site, bus, f"{SEED}-{mode}")
        matrix.run(ROUNDS)
        matrix.replay()
        drain(cast, bus)
        looking.finish()
        strikes = cast.traps.strikes()
        alerts = wrong_alerts(bus, receiver, *matrix.load.ids(), strikes)
        account = settle(matrix.load, looking, alerts)
        print(summary(cast.traps, account, SEED))
    assert account.faults == ()
    assert account.events >= len(matrix.load.articles)
