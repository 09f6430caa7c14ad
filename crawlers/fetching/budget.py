"""What each host may be asked: kept by this process while it holds the host, known to the next one.

A host is worked on by one crawler at a time, which keeps the delay between two requests by its own
monotonic clock. Whoever takes a host over waits for one delay first, so that no two clocks are ever
compared.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

import msgspec

from services.store.crawling import Crawling, HostState

LEAST_SLOWER, MOST_SLOWER = 1.0, 60.0
"""Seconds between two requests to a host that said it has enough of us."""
RECOVERY = 0.9
"""By how much each good answer shortens that."""
GONE = 0.25
MOST_PAUSE_SECONDS = 86400.0
REMEMBERED = timedelta(hours=24)


class _Held:
    def __init__(self, state: HostState, free_at: float) -> None:
        self.state = state
        self.slower = state.slower
        self.free_at = free_at
        self.paused_until: datetime | None = None
        self.idle_since: float | None = None


class Budget:
    """The hosts that one crawler holds; used by one thread.

    Args:
        delay: the least seconds between two requests to one host.
    """

    def __init__(
        self,
        store: Crawling,
        crawler: str,
        delay: float,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._crawler, self._delay = store, crawler, delay
        self._now, self._clock = now, clock
        self._held: dict[str, _Held] = {}

    @property
    def held(self) -> Collection[str]:
        return self._held.keys()

    def take(self, states: Mapping[str, HostState]) -> None:
        """Hosts that came with a claim."""
        for host, state in states.items():
            if host not in self._held:
                used = state.used is not None and abs(self._now() - state.used) < REMEMBERED
                wait = max(self._delay, state.slower) if used else 0.0
                self._held[host] = _Held(state, self._clock() + wait)

    def enter(self, host: str) -> float | None:
        """Seconds until this host may be asked; None while another crawler holds it."""
        if host not in self._held:
            self.take(self._store.hold_hosts(self._crawler, [host], self._now()))
        if host not in self._held:
            return None
        held = self._held[host]
        held.idle_since = None
        return max(0.0, held.free_at - self._clock())

    def delay(self, host: str, asked: float) -> float:
        """Seconds between two requests, where its robots.txt asks for ``asked``."""
        held = self._held.get(host)
        return max(self._delay, asked, held.slower if held else 0.0)

    def pause(self, host: str, seconds: float) -> None:
        """Leave it alone for a while; what it asked for itself, a day at most."""
        seconds = min(seconds, MOST_PAUSE_SECONDS)
        if held := self._held.get(host):
            held.free_at = max(held.free_at, self._clock() + seconds)
            until = self._now() + timedelta(seconds=seconds)
            held.paused_until = max(held.paused_until or until, until)

    def too_fast(self, host: str) -> None:
        """It answered 429 or 503: from now on, half as often."""
        if held := self._held.get(host):
            held.slower = min(max(2 * max(held.slower, self._delay), LEAST_SLOWER), MOST_SLOWER)

    def well(self, host: str) -> None:
        """It answered as it should: slowly back to the usual delay."""
        held = self._held.get(host)
        if held and held.slower:
            held.slower *= RECOVERY
            if held.slower <= max(self._delay, GONE):
                held.slower = 0.0

    def paused(self, host: str, longer_than: float) -> bool:
        """Whether it is to be left alone for longer than so many seconds."""
        held = self._held.get(host)
        return held is not None and held.free_at - self._clock() > longer_than

    def idle(self, busy: Callable[[str], bool], seconds: float) -> list[str]:
        """Hosts that nobody here had use for during so many seconds."""
        now, found = self._clock(), []
        for host, held in self._held.items():
            if busy(host):
                held.idle_since = None
            elif held.idle_since is None:
                held.idle_since = now
            elif now - held.idle_since >= seconds:
                found.append(host)
        return found

    def release(self, hosts: Collection[str]) -> None:
        """Give hosts back, with what was learnt of them."""
        states = [self._state(host) for host in hosts if host in self._held]
        self._store.release_hosts(self._crawler, states)
        for host in hosts:
            self._held.pop(host, None)

    def lose(self) -> None:
        """All hosts were given to others, who took this crawler for dead."""
        self._held.clear()

    def _state(self, host: str) -> HostState:
        held = self._held[host]
        paused = held.paused_until
        return msgspec.structs.replace(
            held.state, used=self._now(), slower=held.slower, paused_until=paused
        )
