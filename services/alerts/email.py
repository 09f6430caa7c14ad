"""The e-mail channel: one message, one connection to the operator's mail server."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parseaddr

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)
from msgspec.structs import replace

from services.alerts.envelope import enveloped
from services.alerts.letter import letter
from services.alerts.links import Links
from services.alerts.schedule import Tried
from services.smtp import MailServer
from services.store.alerting import ChannelKind, Parcel

SECONDS = 60.0
STEP_SECONDS = 30.0
GOODBYE_SECONDS = 1.0
CLOSING = 421
"""The server ends, whatever it was handed."""
OF_US = {530, 535, 538}
OF_POLICY = re.compile(r"\s*5\.7\.")
"""Refusals of who sends, as of a relay that does not know us (RFC 4954; RFC 3463, 3.8)."""
AT_ONCE = 8
"""Mail servers let few connections of one client stand open."""
UNSURE = "the mail server broke off after it had the whole message, which may have arrived"
"""Kept in the message's error, so that it is handed over once more and never a third time."""


class MailCarrier:
    """See ``Carrier``."""

    kind: ChannelKind = "email"
    most = AT_ONCE

    def __init__(
        self,
        links: Links,
        server: MailServer,
        sender: str,
        *,
        trusted: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: float = SECONDS,
    ) -> None:
        """``sender`` may have a name before the address; ``trusted`` are other authorities."""
        self._links = links
        self._server = server
        self._sender = sender
        self._trusted = trusted or ssl.create_default_context()
        self._now = now
        self._seconds = seconds

    def write(self, parcel: Parcel) -> bytes:
        return enveloped(
            letter(parcel, self._links),
            id=parcel.message.id,
            to=parcel.channel.address,
            sender=self._sender,
            at=self._now(),
        )

    async def carry(self, parcel: Parcel, body: bytes) -> Tried:
        return after_unsure(parcel.message.error, await self._try(parcel.channel.address, body))

    async def close(self) -> None:
        """No connection is kept."""

    async def _try(self, to: str, body: bytes) -> Tried:
        client, step = self._client(), "connect"
        try:
            async with asyncio.timeout(self._seconds):
                await client.connect()
                if self._server.security == "starttls":
                    step = "encrypt"
                    await client.starttls()
                if self._server.user:
                    step = "log in"
                    await client.login(self._server.user, self._server.password)
                step = "address"
                await client.mail(parseaddr(self._sender)[1])
                await client.rcpt(to)
                step = "hand over"
                await client.data(body)
        except SMTPRecipientRefused as error:
            return _address_refused(error.code, str(error.message))
        except SMTPDataError as error:
            return _message_refused(error.code)
        except (SMTPException, OSError, ValueError) as error:
            return _away(UNSURE if step == "hand over" else _words(error, step))
        finally:
            await _leave(client)
        return Tried()

    def _client(self) -> SMTP:
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.security == "tls",
            start_tls=False,  # asked for by itself, so that it can be told what failed
            tls_context=self._trusted,
            timeout=STEP_SECONDS,
            local_hostname=parseaddr(self._sender)[1].rpartition("@")[2],
        )


def after_unsure(before: str, tried: Tried) -> Tried:
    """A message that may have arrived is handed over once more, and never a third time.

    ``before`` is what came of the try before.
    """
    if not before.startswith(UNSURE) or not tried.error:
        return tried
    if tried.error == UNSURE:
        return replace(tried, error=f"{UNSURE}; so it did twice", for_good=True)
    return replace(tried, error=f"{UNSURE}; then {tried.error}")


async def _leave(client: SMTP) -> None:
    """Say goodbye for a moment at most: what became of the message is known."""
    with contextlib.suppress(SMTPException, OSError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await client.quit()
    client.close()


def _address_refused(code: int, said: str) -> Tried:
    if code < 500:
        return _away(f"the mail server does not take mail for this address now ({code})")
    if code in OF_US or OF_POLICY.match(said):
        # Servers say so only now, of whoever the address is: no fault of the channel.
        return _away(f"the mail server takes no mail from us ({code})")
    refused = f"the mail server refuses this address ({code})"
    return Tried(error=refused, for_good=True, disable=refused)


def _message_refused(code: int) -> Tried:
    if 200 <= code < 300:
        return Tried()
    if code < 500:
        later = _away(f"the mail server does not take the message now ({code})")
        return replace(later, alone=code != CLOSING)
    return Tried(error=f"the mail server refuses the message ({code})", for_good=True)


def _away(error: str) -> Tried:
    return Tried(error=error, channels_fault=False)


def _words(error: Exception, step: str) -> str:
    """For the owner: what failed, and nothing of what the server wrote."""
    if isinstance(error, SMTPResponseException):
        at = {"log in": " to our login", "address": " to our address"}.get(step, "")
        return f"the mail server answered {error.code}{at}"
    if _is_tls(error):
        return "the mail server has no certificate that is trusted; nothing was sent"
    if isinstance(error, TimeoutError):
        return "the mail server did not answer in time"
    if isinstance(error, OSError):
        return "the mail server could not be reached, or broke off"
    if step == "encrypt":
        return "the mail server offers no encryption; nothing was sent"
    return "the mail server offers no way to log in; nothing was sent"


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
