"""What a preview says in words: how often a topic would have told, and why if it never would."""

from services.alerts.preview import DAYS, Preview
from services.store.alerting import AlertTopic
from services.words import counted

SPANS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year", 3650: "ten years"}
"""How far back a topic is tried."""
NOT_TRIED = (
    "Tried on the articles as the index has them now. Not tried: cadence, cap and mutes, "
    "and corrections of what was told."
)


def verdict(found: Preview, days: int = DAYS) -> str:
    """``Would have told you 14 times in 30 days, 9 after folding copies.``"""
    least = "at least " if found.cut else ""
    alerts = len(found.alerts)
    span = SPANS.get(days, f"{days} days")
    if not found.articles:
        return f"Would have told you nothing in {span}."
    if alerts == found.articles:
        return f"Would have told you {least}{_times(alerts)} in {span}."
    return (
        f"Would have told you {least}{_times(found.articles)} in {span}, "
        f"{alerts:,} after folding copies and what is not new."
    )


def silence(topic: AlertTopic, found: Preview) -> str:
    """Why there is no alert: a name that never occurs, or all of them, but not together."""
    if found.missing:
        one = len(found.missing) == 1
        return (
            f"{'This' if one else 'These'} never occur{'s' if one else ''} in what was indexed, "
            f"at any time: {', '.join(found.missing)}. Is it written as the coverage writes it?"
        )
    if found.alerts:
        return ""
    if found.articles:
        matching = counted(found.articles, "article")
        return f"{matching} matched, and none was new in the way that was asked for."
    several = " ".join(topic.query.split()).count(" ") > 0
    every = "Every part of the query occurs in what was indexed" if several else "It does occur"
    return f"{every}, but nothing matched in this time."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")
