"""What is put on topic ``pages``, and how each of it has to end. One seed gives one load."""

import random
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from services.bus import Bus, Event
from services.errors import TryLater
from services.pages import event_of
from services.topics import PAGES
from tests.support.soak.pages import made_page, stub_page

AGAIN = 0.04
"""Of all events: a page that was fetched before, as it was."""
EDITS = 0.04
STUBS = 0.01
POISON = 0.005
LATELY = 200
"""Pages come again, as they were or edited, soon after they came first."""
BATCH = 16
DAY = timedelta(days=1)
"""The time that a run stands for: its articles are published in the course of a day."""


class Sheet(NamedTuple):
    """A page that was published."""

    number: int
    article: str
    published: datetime


class Load:
    """Made as it is published; what was made and not taken is offered again."""

    def __init__(self, articles: int, seed: int) -> None:
        """``articles``: events in all, of which nine in ten are articles that are new."""
        self.total = articles
        self.published = 0
        """Events that the log took."""
        self.events: set[str] = set()
        """Their ids."""
        self.editions: dict[str, int] = {}
        """The articles that must be searchable: id to the last edition."""
        self.edits = 0
        self.endings: dict[str, str] = {}
        """Event id to outcome in the stage ``read``, of what becomes no article."""
        self._dice = random.Random(f"load of {seed}")
        self._first = seed % 1000 * 1_000_000
        self._made = 0
        self._last = datetime.now(UTC)
        self._day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - DAY
        self._lately = deque[Sheet](maxlen=LATELY)
        self._waiting: Sequence[Event] = ()

    def publish(self, bus: Bus, most: int) -> bool:
        """Publish up to so many events; False when the log is away, and they have to wait."""
        while most > 0 or self._waiting:
            if not self._waiting:
                self._waiting = [self._event() for _ in range(min(most, BATCH))]
                most -= len(self._waiting)
            try:
                bus.publish(PAGES.name, self._waiting)
            except TryLater:
                return False
            self.events |= {event.id for event in self._waiting}
            self.published += len(self._waiting)
            self._waiting = ()
        return True

    def _event(self) -> Event:
        self._made += 1
        draw = self._dice.random()
        if draw < POISON:
            return self._poison()
        if draw < POISON + STUBS:
            return self._stub()
        if self._lately and draw < POISON + STUBS + EDITS + AGAIN:
            return self._again(edited=draw < POISON + STUBS + EDITS)
        return self._new()

    def _new(self) -> Event:
        number, published = self._number(), self._moment()
        page = made_page(number, 0, published, self._fetched())
        self._lately.append(Sheet(number, page.id, published))
        self.editions[page.id] = 0
        return event_of(page)

    def _again(self, *, edited: bool) -> Event:
        sheet = self._dice.choice(self._lately)
        self.edits += edited
        edition = self.editions[sheet.article] = self.editions[sheet.article] + edited
        return event_of(made_page(sheet.number, edition, sheet.published, self._fetched()))

    def _stub(self) -> Event:
        event = event_of(stub_page(self._number(), self._moment(), self._fetched()))
        self.endings[event.id] = "too-short"
        return event

    def _poison(self) -> Event:
        """Bytes that are no record."""
        event = Event(
            id=f"poison-{self._made}",
            type="page/1",
            key=f"source-{self._dice.randrange(100)}.example",
            time=datetime.now(UTC),
            data=b"\xff no record",
        )
        self.endings[event.id] = "rejected"
        return event

    def _number(self) -> int:
        return self._first + self._made

    def _moment(self) -> datetime:
        """When the article now made was published, in the day that the run stands for."""
        return self._day + (DAY * (self._made / max(self.total, 1)))

    def _fetched(self) -> datetime:
        """Now; two fetches of a page in one millisecond would be one event."""
        self._last = max(datetime.now(UTC), self._last + timedelta(milliseconds=2))
        return self._last
