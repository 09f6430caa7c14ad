"""How a message counts and dates: the same words in a webhook, a letter and its subject."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.answers.clean import one_line
from services.store.alerting import AlertTopic, Parcel
from services.words import counted

LONGEST_NAME = 120
LONGEST_TITLE = 300


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


def rhythm(topic: AlertTopic) -> str:
    """How often it sends: ``at once``, ``every hour``, ``daily at 08:00 (Europe/Berlin)``."""
    match topic.cadence:
        case "at-once":
            return "at once"
        case "hourly":
            return "every hour"
        case "daily":
            return f"daily at {topic.hour:02}:00 ({topic.zone})"


def dated(at: datetime, zone: str) -> str:
    """``17 Apr 2025, 09:15 CEST`` in a zone by its IANA name; in UTC where it is unknown."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (ValueError, OSError, KeyError):
        local = at.astimezone(UTC)
    return f"{local.day} {local:%b %Y, %H:%M %Z}"
