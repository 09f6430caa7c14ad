"""Subscriptions to hubs (W3C WebSub): what is asked when, and what a hub may tell. Pure.

A hub's word makes a source due, nothing else: what is new is fetched from the source itself, by
the crawl, as always. So a forged word costs one conditional request.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha1, sha256, sha384, sha512
from typing import Literal
from urllib.parse import urlencode, urlsplit

import msgspec

from services.store.intake import Subscription

Mode = Literal["subscribe", "unsubscribe"]
PATH = "/websub"
LEASE = timedelta(days=10)
"""What is asked for; the hub decides."""
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=60)
"""What a hub is believed: renewing more often would be a burden, to trust for longer a risk."""
RENEW_AT = 0.75
"""Of a lease."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)
DENIED_WAIT = timedelta(days=7)
MOST_FAREWELLS = 3
LEAST_BETWEEN = timedelta(seconds=5)
"""Two words of a hub within this make the source due once more, this long after the first."""
MOST_ADDRESS = 2083
_CHALLENGE = re.compile(r"[!-~]{1,1024}")
_SIGNED = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})")
_HASHES = {"sha1": sha1, "sha256": sha256, "sha384": sha384, "sha512": sha512}


def offered(known: Subscription | None, new: Subscription) -> Subscription | None:
    """What is to be kept when a source's feed names a hub; None: it stays as it is."""
    if not (_is_address(new.topic) and _is_address(new.hub)):
        return None
    if known and (known.topic, known.hub) == (new.topic, new.hub) and known.state != "ending":
        return None
    # A secret that travels unencrypted would be none (WebSub 5.1).
    encrypted = urlsplit(new.hub).scheme == "https"
    return new if encrypted else msgspec.structs.replace(new, secret="")


def _is_address(text: str) -> bool:
    return len(text) <= MOST_ADDRESS and text.startswith(("http://", "https://"))


def due(known: Subscription, now: datetime, *, wanted: bool) -> Mode | None:
    """What the hub is to be asked now, if anything; ``wanted``: that the source is looked at."""
    if not wanted or known.state == "ending":
        told = known.state == "ending" and known.asked_at and now < known.asked_at + _wait(known)
        return None if told else "unsubscribe"
    if known.state == "denied":
        again = not known.asked_at or now >= known.asked_at + DENIED_WAIT
    elif known.state == "active" and known.until and known.asked_at and now < known.until:
        again = now >= known.asked_at + (known.until - known.asked_at) * RENEW_AT
        again = again and (not known.tries or now >= known.asked_at + _wait(known))
    else:
        again = not known.asked_at or not known.tries or now >= known.asked_at + _wait(known)
    return "subscribe" if again else None


def over(known: Subscription, *, wanted: bool) -> bool:
    """Whether nothing is to be kept or told any more."""
    if known.state == "ending":
        return known.tries >= MOST_FAREWELLS
    return not wanted and known.state in {"wanted", "denied"}


def _wait(known: Subscription) -> timedelta:
    doubled: int = 1 << min(max(known.tries - 1, 0), 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def asked(known: Subscription, mode: Mode, now: datetime) -> Subscription:
    """As it is once the hub is asked: before the request, as the hub may confirm during it."""
    if mode == "unsubscribe":
        first = known.state != "ending"
        tries = 1 if first else known.tries + 1
        return msgspec.structs.replace(known, state="ending", asked_at=now, tries=tries)
    held = known.state == "active" and known.until is not None and now < known.until
    tries = known.tries + 1
    state = "active" if held else "asked"
    # While a lease runs, it goes on to count from when it was given.
    return msgspec.structs.replace(known, state=state, asked_at=now, tries=tries)


def form(known: Subscription, mode: Mode, address: str) -> bytes:
    """The body of the request; ``address`` is where the pages are reached from outside."""
    fields = {
        "hub.mode": mode,
        "hub.topic": known.topic,
        "hub.callback": f"{address}{PATH}/{known.token}",
    }
    if mode == "subscribe":
        fields["hub.lease_seconds"] = str(int(LEASE.total_seconds()))
        if known.secret:
            fields["hub.secret"] = known.secret
    return urlencode(fields).encode()


def answered(known: Subscription, status: int) -> Subscription | None:
    """What is to be kept of the hub's answer to the request; None: it stays as it is.

    Whatever the answer is, the request counts when the hub confirms it.
    """
    if 200 <= status < 300 or known.state == "ending":
        return None
    # What is refused, away or mute is told in the same words.
    reason = f"the hub answered {status}" if status else "the hub could not be asked"
    final = 400 <= status < 500 and status not in {408, 429}
    state = "denied" if final and known.state == "asked" else known.state
    return msgspec.structs.replace(known, state=state, reason=reason)


class Verdict(msgspec.Struct, frozen=True):
    """What is said to a hub that asks, and what is kept."""

    challenge: str = ""
    """Empty: this was not asked for, and the hub is told so."""
    keep: Subscription | None = None
    gone: bool = False
    """Whether nothing is kept any more."""


def verify(known: Subscription, query: Mapping[str, str], now: datetime) -> Verdict:
    """The hub asks whether a request was ours, or tells that it will not do it."""
    mode, challenge = query.get("hub.mode", ""), query.get("hub.challenge", "")
    if query.get("hub.topic") != known.topic:
        return Verdict()
    if mode == "denied":
        return _denied(known, " ".join(query.get("hub.reason", "").split())[:200])
    if not _CHALLENGE.fullmatch(challenge):
        return Verdict()
    if mode == "unsubscribe" and known.state == "ending":
        return Verdict(challenge, gone=True)
    if mode == "subscribe" and known.state in {"asked", "active"}:
        until = now + _lease(query.get("hub.lease_seconds", ""))
        kept = msgspec.structs.replace(
            known, state="active", reason="", asked_at=now, tries=0, until=until
        )
        return Verdict(challenge, kept)
    return Verdict()


def _denied(known: Subscription, reason: str) -> Verdict:
    if known.state == "ending":
        return Verdict(gone=True)
    said = f"the hub denied it: {reason}" if reason else "the hub denied it"
    return Verdict(keep=msgspec.structs.replace(known, state="denied", reason=said, until=None))


def _lease(text: str) -> timedelta:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return LEASE
    return min(max(timedelta(seconds=int(text)), SHORTEST), LONGEST)


def is_signed(known: Subscription, header: str, body: bytes) -> bool:
    """Whether the hub signed these bytes; one that has no secret of ours need not."""
    if not known.secret:
        return True
    match = _SIGNED.fullmatch(header.strip())
    if not match:
        return False
    made = hmac.new(known.secret.encode(), body, _HASHES[match[1].lower()]).hexdigest()
    return hmac.compare_digest(made, match[2].lower())


def heard(known: Subscription, now: datetime) -> tuple[Subscription, datetime] | None:
    """The hub told of something new: what is kept, and when the source is due.

    None: it is not listened to, or the source is due already.
    """
    if known.state not in {"active", "asked"}:
        return None
    if known.heard_at and now < known.heard_at:
        return None
    at = max(now, known.heard_at + LEAST_BETWEEN) if known.heard_at else now
    return msgspec.structs.replace(known, heard_at=at), at
