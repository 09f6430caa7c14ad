"""Hubs of feeds: who is asked for what, decided by ``services.websub`` and sent by the spider."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from services import websub
from services.store.intake import Subscription
from services.store.port import Source

LOOK_EVERY = timedelta(seconds=30)


class Ask(msgspec.Struct, frozen=True):
    """A request to a hub."""

    hub: str
    source: str
    body: bytes
    """A form, for a POST."""


class Places(Protocol):
    """As much of the store as is needed."""

    def sources(self) -> list[Source]: ...
    def subscriptions(self) -> list[Subscription]: ...
    def put_subscription(self, subscription: Subscription) -> None: ...
    def remove_subscription(self, source: str) -> bool: ...


def _now() -> datetime:
    return datetime.now(UTC)


class Hubs:
    """Of one crawl. Without a public address, nothing is asked for, as no hub could answer."""

    def __init__(
        self,
        store: Places,
        address: str,
        now: Callable[[], datetime] = _now,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._store, self._address, self._now, self._new_token = store, address, now, new_token
        self._look_at: datetime | None = None

    def offer(self, source: str, topic: str, hub: str) -> None:
        """A source's feed names a hub (or none: ``hub`` is empty), and its own address."""
        if not self._address:
            return
        known = self._of(source)
        if hub:
            token, secret = self._new_token(), self._new_token()
            new = Subscription(source=source, topic=topic, hub=hub, token=token, secret=secret)
            if kept := websub.offered(known, new):
                self._store.put_subscription(kept)
                self._look_at = None
        elif known and known.state != "ending":
            kept = msgspec.structs.replace(known, state="ending", asked_at=None, tries=0)
            self._store.put_subscription(kept)
            self._look_at = None

    def asks(self) -> list[Ask]:
        """What is to be asked now, noted as asked; looked for from time to time, and after news."""
        now = self._now()
        if self._look_at and now < self._look_at:
            return []
        self._look_at = now + LOOK_EVERY
        known = self._store.subscriptions()
        watched = {each.id for each in self._store.sources() if not each.paused} if known else set()
        found = []
        for each in known:
            wanted = bool(self._address) and each.source in watched
            if websub.over(each, wanted=wanted):
                self._store.remove_subscription(each.source)
            elif mode := websub.due(each, now, wanted=wanted):
                self._store.put_subscription(websub.asked(each, mode, now))
                body = websub.form(each, mode, self._address)
                found.append(Ask(each.hub, each.source, body))
        return found

    def answered(self, source: str, status: int) -> None:
        """What the hub said to the request itself; 0: it could not be reached."""
        known = self._of(source)
        if known and (kept := websub.answered(known, status)):
            self._store.put_subscription(kept)

    def _of(self, source: str) -> Subscription | None:
        return next((each for each in self._store.subscriptions() if each.source == source), None)
