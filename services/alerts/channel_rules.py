"""What a channel may be: made and changed from what a person typed. Pure; raises UserError."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from services.accounts.rules import good_label
from services.accounts.tokens import new_id, new_token
from services.alerts.rules import good_mail, good_webhook, new_secret
from services.errors import UserError
from services.guard import Network
from services.store.alerting import Channel, ChannelKind

MOST_CHANNELS = 50
"""Channels of one person."""
ENDED = "its receiver asked for no more messages"


def new_channel(
    owner: str,
    kind: str,
    address: str,
    name: str,
    *,
    now: datetime,
    allowed: Sequence[Network] = (),
) -> Channel:
    """A channel with a secret of its own; ``allowed`` as for ``good_webhook``."""
    if kind not in ("webhook", "email"):
        raise UserError(f"{kind[:20]!r} is no kind of channel; choose webhook or email")
    chosen: ChannelKind = "webhook" if kind == "webhook" else "email"
    return Channel(
        id=new_id(),
        owner=owner,
        kind=chosen,
        name=good_label(name),
        address=good_webhook(address, allowed) if chosen == "webhook" else good_mail(address),
        secrets=(new_secret(),) if chosen == "webhook" else (),
        token="" if chosen == "webhook" else new_token(),
        created_at=now,
    )


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
    return msgspec.structs.replace(channel, disabled=f"{ENDED} on {now:%Y-%m-%d}")


def has_ended(channel: Channel) -> bool:
    """Whether its receiver wants no more."""
    return channel.disabled.startswith(ENDED)


def shown_name(channel: Channel) -> str:
    """What a channel is called where it is listed."""
    return channel.name or channel.address
