"""Topics and messages in words: the same in commands, on pages, in feeds, webhooks and letters."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from processors.figures import claim_line
from processors.records import Alert
from services.alerts.topics import WHEN_WORDS
from services.answers.clean import one_line
from services.store.alerting import AlertTopic, Message, Parcel
from services.words import counted

REASONS_TOLD = 6
LONGEST_NAME = 120
LONGEST_TITLE = 300


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
        return f"mute until {dated(topic.muted_until, topic.zone)}"
    return ""


def dated(at: datetime, zone: str) -> str:
    """``17 Apr 2025, 09:15 CEST`` in a zone by its IANA name; in UTC where it is unknown."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (ValueError, OSError, KeyError):
        local = at.astimezone(UTC)
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


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
    """What became of a message: ``sent``, ``waits, tried 3 times``."""
    tries = f", tried {counted(message.attempts, 'time')}" if message.attempts else ""
    match message.state:
        case "open":
            due = message.retry_at or message.due_at
            return ("waits" if due > now else "is due") + tries
        case "dropped":
            return "dropped: topic, channel or alert went before it was sent"
        case state:
            return state + (tries if message.attempts > 1 else "")


def cut(text: str, most: int) -> str:
    """One clean line of at most so many characters; ``…`` where it was longer."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def counts(parcel: Parcel) -> str:
    """``5,000 articles, 12 stories``; ``3 stories, 1 correction``."""
    message, topic = parcel.message, parcel.topic
    kinds = Counter(each.alert.kind for each in parcel.alerts)
    if message.alerts > len(parcel.alerts) and kinds["correction"]:
        # Those that are not here may be of either kind.
        said = [counted(message.alerts, "alert")]
    else:
        stories = message.alerts - kinds["correction"]
        thing = ("article", "articles") if topic.copies else ("story", "stories")
        said = [counted(stories, *thing)] if stories else []
        if kinds["correction"]:
            said.append(counted(kinds["correction"], "correction"))
    if message.articles > message.alerts:
        said.insert(0, counted(message.articles, "article"))
    return ", ".join(said)


def held(parcel: Parcel) -> str:
    """What the cap of the topic held back until this message; empty: nothing."""
    if not parcel.message.held:
        return ""
    verb = "has" if parcel.message.held == 1 else "have"
    return (
        f"{counted(parcel.message.held, 'alert')} in this message {verb} waited: the topic sends "
        f"at most {counted(parcel.topic.cap, 'message')} an hour."
    )
