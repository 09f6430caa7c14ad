"""What the commands about alerts print on a terminal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from processors.query.explain import explain
from processors.query.syntax import QueryError, parse_query
from services.alerts.channel_rules import shown_name
from services.alerts.words import (
    cadence_words,
    cap_words,
    headline,
    message_words,
    news_words,
    state_words,
    told_lines,
)
from services.cli.results import plain
from services.store.alerting import AlertTopic, Channel, Message, Noted
from services.words import counted

BAR = 40
"""Columns of the longest bar."""


def print_topics(console: Console, topics: Sequence[AlertTopic], now: datetime) -> None:
    for topic in topics:
        about = (topic.name, topic.owner, cadence_words(topic), state_words(topic, now), topic.id)
        console.print(Text(plain(" · ".join(filter(None, about)))), soft_wrap=True)
        console.print(Text(f"  {plain(topic.query) or 'everything'}", "dim"), soft_wrap=True)


def print_topic(
    console: Console,
    topic: AlertTopic,
    channels: Sequence[Channel],
    feeds: Mapping[str, str],
    now: datetime,
) -> None:
    console.print(Text(plain(topic.name), "bold"))
    lines = {
        "Id": f"{topic.id}, owned by {topic.owner}, version {topic.version}",
        "Query": topic.query or "everything",
        "Looks for": _explained(topic.query, now),
        "Tells": news_words(topic),
        "Sent": f"{cadence_words(topic)}, {cap_words(topic)}",
        "Channels": ", ".join(f"{each.kind} {shown_name(each)}" for each in channels)
        or "none: the page /alerts and the feed alone",
        "State": state_words(topic, now) or "looks at what comes in",
        **{f"{name.removesuffix(' Feed')} feed": address for name, address in feeds.items()},
    }
    for name, words in lines.items():
        console.print(Text(plain(f"{name + ':':<16} {words}")), soft_wrap=True)


def print_alerts(console: Console, alerts: Sequence[Noted], *, more: bool = False) -> None:
    for noted in alerts:
        alert = noted.alert
        folded = counted(noted.articles - 1, "further copy").replace("copys", "copies")
        about = (
            f"{alert.at:%Y-%m-%d %H:%M UTC}",
            alert.topic_name,
            alert.site_name or alert.source,
            f"+{folded}" if noted.articles > 1 else "",
            "mute: not sent" if noted.muted else "",
            alert.id,
        )
        console.print(Text(plain(headline(alert)), "bold"))
        console.print(Text(plain(" · ".join(filter(None, about))), "dim"), soft_wrap=True)
        for line in told_lines(alert):
            console.print(Padding(Text(plain(line)), (0, 0, 0, 2), expand=False))
        console.print(Text(f"  {plain(alert.url)}", "dim"), soft_wrap=True)
        console.print()
    if more:
        console.print("There are older ones; --limit shows more.")


def print_messages(console: Console, messages: Sequence[Message], now: datetime) -> None:
    for message in messages:
        held = f"{message.held} held back by the cap" if message.held else ""
        about = (
            f"{message.opened_at:%Y-%m-%d %H:%M UTC}",
            message_words(message, now),
            f"to channel {message.channel}",
            counted(message.alerts, "alert"),
            held,
            message.error,
            message.id,
        )
        console.print(Text(plain(" · ".join(filter(None, about)))), soft_wrap=True)


def print_days(console: Console, days: Sequence[tuple[date, int]]) -> None:
    """A bar for each day that has any."""
    most = max((count for _, count in days), default=0)
    for day, count in days:
        if count:
            console.print(Text(f"  {day}  {'█' * max(1, BAR * count // most)} {count:,}"))


def _explained(query: str, now: datetime) -> str:
    try:
        return explain(parse_query(query, now))
    except QueryError as error:
        return f"it cannot be read: {error}"
