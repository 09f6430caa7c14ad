"""Topics and messages in words, the same in commands, on pages and in feeds."""

from datetime import datetime
from zoneinfo import ZoneInfo

from processors.figures import claim_line
from processors.records import Alert
from services.alerts.topics import WHEN_WORDS
from services.store.alerting import AlertTopic, Message
from services.words import counted

REASONS_TOLD = 6


def news_words(topic: AlertTopic) -> str:
    """What must be new: ``another figure than the latest known one, by 10% or more``."""
    words = WHEN_WORDS[topic.when]
    if topic.when == "changed":
        words += f", by {topic.percent:,}% or more"
    elif topic.when == "spike":
        words += f": {topic.percent:,}% of the mean of 14 days, and 5 at least"
    return words + (", each copy by itself" if topic.copies else "")


def cadence_words(topic: AlertTopic) -> str:
    """``at once``."""
    return {
        "at-once": "at once",
        "hourly": "gathered, on the hour",
        "daily": f"gathered, daily at {topic.hour:02}:00 {topic.zone}",
    }[topic.cadence]


def cap_words(topic: AlertTopic) -> str:
    """``at most 20 messages an hour``."""
    return f"at most {counted(topic.cap, 'message')} an hour"


def state_words(topic: AlertTopic, now: datetime) -> str:
    """Why it does not tell now; empty when it does."""
    if topic.disabled:
        return f"not looked at: {topic.disabled}"
    if topic.muted_until is not None and topic.is_mute(now):
        return f"mute until {_local(topic.muted_until, topic.zone)}"
    return ""


def _local(at: datetime, zone: str) -> str:
    here = at.astimezone(ZoneInfo(zone))
    return f"{here.day} {here:%b %Y, %H:%M} {zone}"


def headline(alert: Alert) -> str:
    """The title of what was told; of a correction, that it is one."""
    title = alert.title or alert.url
    return f"Corrected: {title}" if alert.kind == "correction" else title


def told_lines(alert: Alert) -> list[str]:
    """Why somebody was told, a line a thing: what is new, then each reason with its sentence."""
    lines = [alert.news] if alert.news else []
    for reason in alert.reasons[:REASONS_TOLD]:
        said = claim_line(reason.claim) if reason.claim else reason.says
        lines.append(f"{said}: “{reason.quote}”" if reason.quote else said)
    if len(alert.reasons) > REASONS_TOLD:
        lines.append(f"and {counted(len(alert.reasons) - REASONS_TOLD, 'more reason')}")
    return lines


def message_words(message: Message, now: datetime) -> str:
    """What became of a message: ``sent``, ``waits``, ``tried 3 times, again …``."""
    tries = f", tried {counted(message.attempts, 'time')}" if message.attempts else ""
    match message.state:
        case "open":
            waits = "waits" if message.due_at > now else "is due"
            return waits + tries
        case "dropped":
            return "dropped: topic, channel or alert went before it was sent"
        case state:
            return state + (tries if message.attempts > 1 else "")
