"""What a channel may be: made and changed from what a person typed. Pure; raises UserError."""

import base64
import re
import secrets
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from services.accounts.rules import good_label
from services.accounts.tokens import new_id, new_token
from services.errors import UserError
from services.store.alerting import Channel, ChannelKind

MOST_CHANNELS = 50
"""Channels of one person."""
SECRET_START, SECRET_BYTES = "whsec_", 32  # noqa: S105 - the mark of a secret, not one
LONGEST_URL, LONGEST_MAIL = 2_000, 254
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
"""What browsers take for an address (HTML Living Standard, 4.10.5.1.5): no quotes, no comments."""


def new_channel(owner: str, kind: str, address: str, name: str, now: datetime) -> Channel:
    """A channel with a secret of its own."""
    if kind not in ("webhook", "email"):
        raise UserError(f"{kind[:20]!r} is no kind of channel; choose webhook or email")
    chosen: ChannelKind = "webhook" if kind == "webhook" else "email"
    return Channel(
        id=new_id(),
        owner=owner,
        kind=chosen,
        name=good_label(name),
        address=good_url(address) if chosen == "webhook" else good_mail(address),
        secrets=(new_secret(),) if chosen == "webhook" else (),
        token="" if chosen == "webhook" else new_token(),
        created_at=now,
    )


def new_secret() -> str:
    """32 random bytes as Standard Webhooks writes a secret."""
    return SECRET_START + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def rotated(channel: Channel) -> Channel:
    """With a new secret in front; the one before it signs too, until the next rotation."""
    if channel.kind != "webhook":
        raise UserError("an e-mail address has no secret; only webhooks are signed")
    return msgspec.structs.replace(channel, secrets=(new_secret(), *channel.secrets[:1]))


def enabled(channel: Channel) -> Channel:
    """Ready to be tried again at once, whatever went wrong before."""
    return msgspec.structs.replace(
        channel, disabled="", failing_since=None, failures=0, retry_at=None
    )


def ended_by_receiver(channel: Channel, now: datetime) -> Channel:
    """Nothing more is sent; it is kept, and its owner sees why."""
    said = f"its receiver asked for no more messages on {now:%Y-%m-%d}"
    return msgspec.structs.replace(channel, disabled=said)


def good_url(text: str) -> str:
    """The address of a webhook. Whether it may be reached is looked at when it is."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or not host or parts.scheme not in ("https", "http") or len(url) > LONGEST_URL:
        raise UserError(f"{url[:80]!r} is no address of a webhook; write https://HOST/PATH")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UserError("leave user, password and #part out of the address; messages are signed")
    return url


def good_mail(text: str) -> str:
    """One e-mail address, without a name."""
    address = text.strip()
    if len(address) > LONGEST_MAIL or not _MAIL.fullmatch(address):
        raise UserError(f"{address[:80]!r} is no e-mail address; write name@host")
    return address


def shown_name(channel: Channel) -> str:
    """What a channel is called where it is listed."""
    return channel.name or channel.address
