"""What an alert topic may be: made and changed from what a person typed, on a page or in a shell.

Everything here is pure. Wrong input raises UserError with what to write instead; a query that
cannot be read raises QueryError, which shows the place.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec

from processors.query.syntax import parse_query
from services.accounts.rules import good_label
from services.accounts.tokens import new_id, new_token
from services.errors import UserError
from services.store.alerting import AlertTopic, Cadence, When
from services.words import printable

MOST_TOPICS = 500
"""Topics of one person."""
CADENCES: tuple[Cadence, ...] = get_args(Cadence)
WHENS: tuple[When, ...] = get_args(When)
CADENCE_WORDS: dict[Cadence, str] = {
    "at-once": "at once",
    "hourly": "gathered, on the hour",
    "daily": "gathered, once a day",
}
WHEN_WORDS: dict[When, str] = {
    "any": "any story that matches",
    "first": "the first claim of its kind about its subject",
    "changed": "another figure than the latest known one",
    "second-origin": "a second source, not a copy, states the same figure",
    "disagreement": "a figure does not meet those of another story",
    "spike": "more stories in a day than usual for this topic",
}
OF_CLAIMS: frozenset[When] = frozenset({"first", "changed", "second-origin", "disagreement"})
"""Those that no article without a claim can meet."""
USUAL_PERCENT: dict[When, int] = dict.fromkeys(WHENS, 10) | {"spike": 200}
_PERCENT, _CAP, _HOUR = (1, 100_000), (1, 1000), (0, 23)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks of a topic, as it was typed; None: as it is, or as is usual."""

    name: str | None = None
    query: str | None = None
    when: str | None = None
    percent: str | None = None
    copies: bool | None = None
    channels: tuple[str, ...] | None = None
    cadence: str | None = None
    zone: str | None = None
    hour: str | None = None
    cap: str | None = None


def new_topic(owner: str, wish: Wish, channels: Collection[str], now: datetime) -> AlertTopic:
    """A topic that looks at what is fetched from now on; ``channels`` are the owner's, by id."""
    blank = AlertTopic(
        id=new_id(),
        owner=owner,
        name="",
        query="",
        feed_token=new_token(),
        created_at=now,
        since=now,
    )
    topic = _wished(blank, wish, channels, now)
    if not topic.name:
        topic = msgspec.structs.replace(topic, name=default_name(topic.query))
    return topic


def edited(topic: AlertTopic, wish: Wish, channels: Collection[str], now: datetime) -> AlertTopic:
    """The topic as it is wished. Another query, or another idea of news, is another version."""
    found = _wished(topic, wish, channels, now)
    if not found.name:
        raise UserError("it needs a name")
    if _told_by(found) == _told_by(topic):
        return found
    return msgspec.structs.replace(found, version=topic.version + 1, since=now)


def muted(topic: AlertTopic, until: datetime | None) -> AlertTopic:
    return msgspec.structs.replace(topic, muted_until=until)


def with_new_feed(topic: AlertTopic) -> AlertTopic:
    """With another address of its feed; the one before leads nowhere from now on."""
    return msgspec.structs.replace(topic, feed_token=new_token())


def default_name(query: str) -> str:
    """What a topic is called whose owner did not say."""
    shown = printable(query, " ")
    return " ".join(shown.split())[:100].strip() or "Everything"


def mute_until(text: str, zone: str, now: datetime) -> datetime:
    """When a mute ends: ``90m``, ``1h``, ``3d``, ``2w``, ``today``, or when a day begins.

    ``today`` and a day (``2026-12-24``) are in the topic's zone.
    """
    said = text.strip().lower()
    units = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    if said[:-1].isascii() and said[:-1].isdigit() and len(said) <= 5 and said[-1] in units:
        end = now + timedelta(**{units[said[-1]]: int(said[:-1])})
    else:
        local = now.astimezone(ZoneInfo(zone))
        end = _midnight(said, local).astimezone(now.tzinfo)
    if end <= now:
        raise UserError(f"{text.strip()[:40]} is over already; give a later end")
    if end > now + timedelta(days=3660):
        raise UserError("ten years are the longest; a topic that is not wanted can be removed")
    return end


def _midnight(said: str, local: datetime) -> datetime:
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if said == "today":
        return start + timedelta(days=1)
    try:
        day = datetime.strptime(said, "%Y-%m-%d")  # noqa: DTZ007 - the zone is put in below
    except ValueError:
        raise UserError(
            f"{said[:40]!r} is no time; write 1h, 3d, 2w, today, or a day such as 2026-12-24"
        ) from None
    return start.replace(year=day.year, month=day.month, day=day.day)


def _told_by(topic: AlertTopic) -> tuple[str, When, int]:
    return topic.query, topic.when, topic.percent


def _wished(topic: AlertTopic, wish: Wish, channels: Collection[str], now: datetime) -> AlertTopic:
    query = topic.query if wish.query is None else " ".join(wish.query.split("\n")).strip()
    parse_query(query, now)
    when = topic.when if wish.when is None else _one_of(wish.when, WHENS, "kind of news")
    usual = topic.percent if when == topic.when else USUAL_PERCENT[when]
    cadence = topic.cadence
    if wish.cadence is not None:
        cadence = _one_of(wish.cadence, CADENCES, "cadence")
    return msgspec.structs.replace(
        topic,
        name=topic.name if wish.name is None else good_label(wish.name),
        query=query,
        when=when,
        percent=_number(wish.percent, usual, _PERCENT, "the percentage"),
        copies=topic.copies if wish.copies is None else wish.copies,
        channels=topic.channels if wish.channels is None else _known(wish.channels, channels),
        cadence=cadence,
        zone=topic.zone if wish.zone is None else good_zone(wish.zone),
        hour=_number(wish.hour, topic.hour, _HOUR, "the hour"),
        cap=_number(wish.cap, topic.cap, _CAP, "the most messages an hour"),
        # A query that this version can read is looked at again.
        disabled="",
    )


def good_zone(text: str) -> str:
    """The IANA name of a time zone."""
    name = text.strip()
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UserError(
            f"{name[:60]!r} is no time zone; write one such as UTC or Europe/Berlin"
        ) from None
    return name


def _one_of[T: str](text: str, known: tuple[T, ...], what: str) -> T:
    for each in known:
        if text.strip().lower() == each:
            return each
    raise UserError(f"{text[:40]!r} is no {what}; choose from {', '.join(known)}")


def _number(text: str | None, usual: int, span: tuple[int, int], what: str) -> int:
    if text is None or not text.strip():
        return usual
    low, high = span
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or not low <= int(digits[:9]) <= high:
        raise UserError(f"{what} is a whole number from {low} to {high:,}; it is {digits[:20]!r}")
    return int(digits)


def _known(wished: tuple[str, ...], channels: Collection[str]) -> tuple[str, ...]:
    for each in wished:
        if each not in channels:
            raise UserError(f"there is no channel {each[:40]!r} of yours; add it first")
    return tuple(dict.fromkeys(wished))
