"""The work of one crawler process: who is looked at when, at how many at a time.

Work comes from seeds that a person named or, while it watches, from what is due in the store.
Scrapy is asked for single downloads only (``spider.py``).
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import msgspec

from crawlers.books import MOST_SECONDS, MOST_WAITING, Books
from crawlers.company import BEAT_SECONDS, Mourner, place
from crawlers.desk import Desk
from crawlers.fetching.budget import Budget
from crawlers.fetching.limits import ALL_HOSTS, PER_HOST
from crawlers.lanes import Lanes
from crawlers.looks import Looks
from crawlers.visits import Visit
from services.errors import StageError
from services.store.crawling import Room
from services.store.hosts import host_of
from services.store.port import Store

log = logging.getLogger(__name__)

IN_HAND = 1024
"""Addresses that a crawler holds at a time."""
HALF_OF_A_HOST = 20
SOURCES_AT_A_TIME = 32
TICK_SECONDS = 0.05
CLAIM_SECONDS = 1.0
IDLE_SECONDS = 2.0
LEARN_SECONDS = 60.0
LONG_PAUSE_SECONDS = 60.0
GRACE_SECONDS = 3.0
"""How long a stopped crawl waits for what is on its way; the rest is fetched next time."""
LONG_GRACE_SECONDS = 60.0
"""How long one waits whose span is over."""

Look = Callable[[Visit], Awaitable[Iterable[Visit]]]


class Span(msgspec.Struct, frozen=True):
    """How long one process works before a fresh one takes its place."""

    seconds: float = 1800.0
    pages: int = 20_000


class Office(msgspec.Struct, frozen=True):
    """What one crawler works with."""

    crawler: str
    store: Store
    desk: Desk
    books: Books
    looks: Looks
    budget: Budget
    now: Callable[[], datetime]


class Crew:
    """One crawl. ``seeds`` None: watch the store for what is due, until ``span`` is over."""

    def __init__(
        self,
        office: Office,
        seeds: Sequence[tuple[str, str]] | None,
        span: Span = Span(),
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """``beat`` is told of every turn of the loop."""
        self._heart = beat
        self._office, self._seeds, self._span = office, seeds, span
        self._lanes: Lanes[Visit] = Lanes(PER_HOST)
        self._ready: deque[Visit] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving: set[str] = set()
        self._mourner, self._place = Mourner(), place()
        self._stirred = asyncio.Event()
        self._looked_at = 0
        self._ends = False
        self.stopped = False
        """Whether it was told to end before its work was done."""
        self._grace = LONG_GRACE_SECONDS
        self._begun = self._beaten = self._claimed = self._learnt = self._flushed = -1e9
        self.fatal = ""

    @property
    def watching(self) -> bool:
        return self._seeds is None

    def end(self) -> None:
        """Begin nothing more; ``work`` ends when what is on its way has, or its grace is over."""
        self._ends = self.stopped = True
        self._grace = GRACE_SECONDS
        self._stirred.set()

    def break_off(self, error: Exception) -> None:
        """A port failed: the crawl ends, and says why."""
        self.fatal = self.fatal or f"the crawl broke off: {error or type(error).__name__}"
        self.end()

    async def work(self, look: Look) -> None:
        """Look at everything; ``look`` downloads one visit and has the desk deal with it."""
        self._look = look
        self._begun = time.monotonic()
        with ThreadPoolExecutor(1, "books") as pool:
            try:
                self._beat(first=True)
                for address, source in self._seeds or ():
                    self.add(self._office.desk.open(address, source))
                while not self._over():
                    self._heart()
                    self._turn()
                    await self._pause()
                    await self._flush(pool, MOST_WAITING)
            except StageError as error:
                self.break_off(error)
            finally:
                await self._close(pool)

    def add(self, visits: Iterable[Visit]) -> None:
        """More to look at, in turn; what can begin now does."""
        for visit in visits:
            if begun := self._lanes.enter(host_of(visit.url), visit):
                self._ready.append(begun)
        self._begin()

    def _begin(self) -> None:
        books = self._office.books
        while self._ready and len(self._tasks) < ALL_HOSTS and not self._ends:
            if books.waiting >= MOST_WAITING:
                return  # until they are noted, so that a kill has few fetched again
            task = asyncio.ensure_future(self._visit(self._ready.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    async def _visit(self, visit: Visit) -> None:
        found: Iterable[Visit] = ()
        try:
            found = await self._look(visit)
        finally:
            self._looked_at += 1
            if waiting := self._lanes.leave(host_of(visit.url)):
                self._ready.append(waiting)
        if visit.role != "page":
            self._claimed = -1e9  # what a listing named anew is not kept waiting
        self.add(found)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.break_off(error if isinstance(error, Exception) else RuntimeError(repr(error)))
        self._begin()
        if not self._tasks or self._office.books.waiting >= MOST_WAITING:
            self._stirred.set()

    def _over(self) -> bool:
        if self.watching:
            lived = time.monotonic() - self._begun
            return self._ends or lived > self._span.seconds or self._looked_at > self._span.pages
        return self._ends or not (self._tasks or self._ready)

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stirred.wait(), TICK_SECONDS)
        self._stirred.clear()

    def _turn(self) -> None:
        """What is done from time to time."""
        now = time.monotonic()
        if now - self._beaten >= BEAT_SECONDS:
            self._beat()
        if self.watching:
            if now - self._learnt >= LEARN_SECONDS:
                self._learnt = now
                self._office.looks.learn(self._office.store.sources())
            if now - self._claimed >= CLAIM_SECONDS:
                self._claimed = now
                self._let_go()
                self._claim()
        budget = self._office.budget
        budget.release(budget.idle(self._lanes.busy, IDLE_SECONDS))

    def _beat(self, *, first: bool = False) -> None:
        self._beaten = time.monotonic()
        office = self._office
        company = office.store.beat(office.crawler, self._place)
        if not company.known and not first:
            log.warning("this crawl was taken for dead; others do what it held")
            office.budget.lose()
            self._drop(self._lanes.hosts)
        office.store.bury(self._mourner.dead(company.others))

    def _let_go(self) -> None:
        """Give back hosts that others wait for, or that are to be left alone for long."""
        budget = self._office.budget
        wanted = self._office.store.wanted_hosts(self._office.crawler)
        long = {host for host in budget.held if budget.paused(host, LONG_PAUSE_SECONDS)}
        leaving = (wanted | long) - self._leaving
        self._drop(leaving)
        self._leaving |= leaving
        free = [host for host in self._leaving if not self._lanes.busy(host)]
        budget.release(free)
        self._leaving.difference_update(free)

    def _drop(self, hosts: Iterable[str]) -> None:
        """Leave pages that did not begin to others; a look at a source is brought to its end."""
        for host in list(hosts):
            for visit in self._lanes.drain(host, lambda visit: visit.role == "page"):
                self._office.desk.forget(visit)

    def _claim(self) -> None:
        office, now = self._office, self._office.now()
        due = office.store.claim_sources(office.crawler, now, SOURCES_AT_A_TIME)
        office.budget.take(due.hosts)
        if due.due:
            office.looks.learn(office.store.sources())
        for source, watch in due.due:
            self.add(office.desk.open_source(source, watch))
        # Pages of slow hosts may fill the room; sources never wait for them.
        room = IN_HAND - self._lanes.waiting
        if room < IN_HAND // 4:
            return
        full = {host for host in self._lanes.hosts if self._lanes.held(host) > HALF_OF_A_HOST}
        asked = Room(room, 2 * HALF_OF_A_HOST, tuple(full | self._leaving))
        pages = office.store.claim_pages(office.crawler, now, asked)
        office.budget.take(pages.hosts)
        self.add([office.desk.open_task(task) for task in pages.tasks])
        if len(pages.tasks) > room // 2:
            self._claimed = time.monotonic() - CLAIM_SECONDS + TICK_SECONDS

    async def _flush(self, pool: ThreadPoolExecutor, most: int) -> None:
        books, now = self._office.books, time.monotonic()
        if not books.waiting or (books.waiting < most and now - self._flushed < MOST_SECONDS):
            return
        loop = asyncio.get_running_loop()
        done = await loop.run_in_executor(pool, books.flush)
        self._flushed = time.monotonic()
        self._office.desk.report(done)
        self._begin()

    async def _close(self, pool: ThreadPoolExecutor) -> None:
        """Wait a little for what is on its way, note what came of it, give the rest back."""
        self._ends = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._grace)
        for task in list(self._tasks):
            task.cancel()
        budget = self._office.budget
        try:
            await self._flush(pool, 1)
        except StageError as error:
            self.break_off(error)
        try:
            budget.release(list(budget.held))
            self._office.store.leave(self._office.crawler)
        except StageError as error:
            self.break_off(error)
