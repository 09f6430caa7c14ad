"""The stream of somebody's own alerts: told as they are decided, none twice and none left out.

Server-sent events (HTML Living Standard, 9.2), each with the alert's place as its id, so that a
browser that comes back says where it was and is told the rest. What waits for a slow listener is
in the store, and nowhere else.
"""

import asyncio
from collections.abc import Callable

import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.alerts.words import headline
from services.errors import TryLater
from services.store import Store
from services.store.alerting import Noted
from services.web import live
from services.web.alerts.means import place

LOOK_SECONDS = 1.0
"""Between two looks at the store, by one task however many listen."""
BATCH = 100
HERE = b"id: %d\nevent: here\ndata: {}\n\n"
"""Only a place."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What an event tells."""

    id: str
    seq: int
    kind: str
    topic: str
    topic_name: str
    title: str
    news: str
    page: str


class AlertStream:
    """Looks at the ledger while anybody listens, and wakes those for whom there is news."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._newest: int | None = None
        """The last place that was looked at; None before the first look."""
        self._of: dict[str, int] = {}
        """The newest place of each owner, of those decided while anybody listened."""
        self._changed = asyncio.Event()
        self._listeners = 0
        self._looking: asyncio.Task[None] | None = None

    def stream(self, request: Request) -> Response:
        """``/live/alerts?after=``: one's own, after the place that was told last, or from now on.

        What a browser says on its return (Last-Event-ID) goes before the address.
        """
        said = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
        return live.EventStream(_Listener(self, request.state.who.name, place(said)).tell)

    async def start(self, seconds: float) -> int | None:
        """The newest place of all, to begin after; None when the store is away so long."""
        try:
            async with asyncio.timeout(seconds):
                while self._newest is None:
                    await self._changed.wait()
        except TimeoutError:
            return None
        return self._newest

    async def after(self, owner: str, known: int, seconds: float) -> bool:
        """Whether the owner had an alert after a known place, waited for at most so long."""
        try:
            async with asyncio.timeout(seconds):
                while self.newest_of(owner) <= known:
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def newest_of(self, owner: str) -> int:
        """The newest place of an owner that was seen here; 0 for none."""
        return self._of.get(owner, 0)

    async def told(self, owner: str, known: int) -> list[Noted] | None:
        """The owner's next alerts after a place, oldest first; None while the store is away."""
        try:
            return await anyio.to_thread.run_sync(
                lambda: self._store().alerts(owner=owner, after=known, limit=BATCH)
            )
        except TryLater:
            return None

    def __enter__(self) -> None:
        self._listeners += 1
        if self._looking is None:
            self._newest, self._of = None, {}
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def __exit__(self, *exc: object) -> None:
        self._listeners -= 1
        if not self._listeners and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _look(self) -> None:
        while True:
            try:
                found = await anyio.to_thread.run_sync(self._next)
            except TryLater:
                pass  # The store is away; who listens is told when it is back.
            else:
                if found or self._newest is None:
                    self._newest = found[-1].seq if found else 0
                    self._of |= {each.alert.owner: each.seq for each in found}
                    self._changed.set()
                    self._changed = asyncio.Event()
                if len(found) == BATCH:
                    continue
            await asyncio.sleep(LOOK_SECONDS)

    def _next(self) -> list[Noted]:
        """What was decided since the last look; at the first, the newest alone."""
        if self._newest is None:
            return self._store().alerts(limit=1)
        return self._store().alerts(after=self._newest, limit=BATCH)


class _Listener:
    """One browser: what it was told last, and what it is told next."""

    def __init__(self, stream: AlertStream, owner: str, known: int | None) -> None:
        self._stream, self._owner, self._known = stream, owner, known

    async def tell(self, send: live.Push, end: float) -> None:
        """Events until ``end`` (of the loop's clock), or until the listener takes none."""
        loop = asyncio.get_running_loop()

        def left() -> float:
            return min(live.HEARTBEAT_SECONDS, end - loop.time())

        with self._stream:
            while (newest := await self._stream.start(left())) is None:
                if left() <= 0 or not await send(live.STILL_HERE):
                    return
            known = newest if self._known is None else self._known
            # Says where it begins, so that its return leaves nothing out.
            if self._known is not None or await send(HERE % known):
                await self._follow(send, known, left)

    async def _follow(self, send: live.Push, known: int, left: Callable[[], float]) -> None:
        while left() > 0:
            seen = self._stream.newest_of(self._owner)
            found = await self._stream.told(self._owner, known)
            if found is None:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            # What was seen and is not there was removed since.
            known = found[-1].seq if found else max(known, seen)
            if found and not await send(b"".join(map(event, found))):
                return
            if len(found) == BATCH or await self._stream.after(self._owner, known, left()):
                continue
            if not await send(live.STILL_HERE):
                return


def event(noted: Noted) -> bytes:
    """One alert; of a mute one only its place, which is not told again."""
    if noted.muted:
        return HERE % noted.seq
    alert = noted.alert
    told = Told(
        id=alert.id,
        seq=noted.seq,
        kind=alert.kind,
        topic=alert.topic,
        topic_name=alert.topic_name,
        title=headline(alert),
        news=alert.news,
        page=f"/alerts/{alert.id}",
    )
    return b"id: %d\nevent: alert\ndata: %s\n\n" % (noted.seq, msgspec.json.encode(told))
