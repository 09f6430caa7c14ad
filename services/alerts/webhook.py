"""The webhook channel: Standard Webhooks over a guarded connection, hostile receivers included."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpcore
from standardwebhooks import Webhook

from services.alerts.links import Links
from services.alerts.payload import payload
from services.alerts.reaching import GuardedNetwork
from services.alerts.rules import good_webhook
from services.alerts.schedule import Tried, asked_wait
from services.errors import UserError
from services.guard import Network
from services.store.alerting import Channel, ChannelKind, Parcel
from services.version import VERSION

SECONDS = 20.0
"""What one try may take until the status is there; whoever was not reached has the answer then."""
READ_SECONDS = 2.0
MOST_READ = 64 * 1024
"""What is read of an answer after its status, so that a well-behaved receiver ends in peace."""
AT_ONCE = 500
UNREACHABLE = "no answer: it could not be reached, or did not answer in time"
"""One message for all of them: it tells nothing of what is or is not there."""
GONE = 410
NOT_NOW = frozenset({408, 425, 429})
"""Refusals that speak of the moment, or of all that we send."""


class WebhookCarrier:
    """See ``Carrier``. Follows no redirect, uses no proxy, keeps no connection."""

    kind: ChannelKind = "webhook"
    most = AT_ONCE

    def __init__(
        self,
        links: Links,
        network: GuardedNetwork,
        allowed: Sequence[Network] = (),
        *,
        stopping: asyncio.Event | None = None,
        trusted: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: float = SECONDS,
    ) -> None:
        """``stopping`` ends the wait of who was not reached; ``trusted`` are other authorities."""
        self._links = links
        self._allowed = allowed
        self._now = now
        self._seconds = seconds
        self._stopping = stopping or asyncio.Event()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted or ssl.create_default_context(),
            max_connections=AT_ONCE,
            max_keepalive_connections=0,
            network_backend=network,
        )

    def write(self, parcel: Parcel) -> bytes:
        return payload(parcel, self._links)

    async def carry(self, parcel: Parcel, body: bytes) -> Tried:
        channel = parcel.channel
        try:
            address = good_webhook(channel.address, self._allowed)
        except UserError as error:
            return Tried(error=str(error), for_good=True, disable=str(error))
        headers = signed(parcel.message.id, channel, body, self._now())
        ends = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout(self._seconds):
                status, retry_after = await self._post(address, headers, body)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            # Who waits for the end learns from no clock what was in the way.
            await self._until(ends)
            return Tried(error=UNREACHABLE)
        except TimeoutError:
            return Tried(error=UNREACHABLE)
        return answered(status, retry_after, self._now())

    async def close(self) -> None:
        await self._pool.aclose()

    async def _post(
        self, address: str, headers: dict[bytes | str, bytes | str], body: bytes
    ) -> tuple[int, str]:
        """Status and ``Retry-After``."""
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        url = httpcore.URL(
            scheme=parts.scheme, host=parts.hostname or "", port=parts.port, target=target
        )
        named: dict[bytes | str, bytes | str] = {
            "Host": parts.netloc,
            "Connection": "close",
            **headers,
        }
        waits = dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)
        async with self._pool.stream(
            "POST", url, headers=named, content=body, extensions={"timeout": waits}
        ) as answer:
            asked = _header(answer, b"retry-after")
            await _read_a_little(answer)
            return answer.status, asked

    async def _until(self, ends: float) -> None:
        left = ends - asyncio.get_running_loop().time()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), max(left, 0))


def signed(
    message_id: str, channel: Channel, body: bytes, at: datetime
) -> dict[bytes | str, bytes | str]:
    """The headers of a message to a channel: signed with each of its secrets, the newest first."""
    text = body.decode()
    signatures = (Webhook(secret).sign(message_id, at, text) for secret in channel.secrets)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "User-Agent": f"Beatwire/{VERSION}",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def answered(status: int, retry_after: str, now: datetime) -> Tried:
    """What a receiver's answer means; nothing of its text is repeated."""
    if 200 <= status < 300:
        return Tried()
    if status == GONE:
        gone = "the receiver answered 410: it is gone and wants nothing more"
        return Tried(error=gone, for_good=True, disable=gone)
    error = f"the receiver answered {status}"
    if 300 <= status < 400:
        error += ", a redirect; redirects are not followed"
    asked = asked_wait(retry_after, now)
    # Who asks for time wants none of the others before, either.
    alone = 400 <= status < 500 and status not in NOT_NOW and asked is None
    return Tried(error=error, retry_after=asked, alone=alone)


def _header(answer: httpcore.Response, name: bytes) -> str:
    found = (value for key, value in answer.headers if key.lower() == name)
    return next(found, b"").decode("latin-1")


async def _read_a_little(answer: httpcore.Response) -> None:
    """The status is known by now, so whatever happens to the rest changes nothing."""
    read = 0
    with contextlib.suppress(httpcore.NetworkError, httpcore.ProtocolError, TimeoutError):
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in answer.aiter_stream():
                read += len(chunk)
                if read >= MOST_READ:
                    return
