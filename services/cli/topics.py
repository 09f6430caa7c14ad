"""``beatwire topics``: searches that tell when there is something new."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from services.cli import topics_found
from services.cli.output import JSON, console, print_json
from services.cli.topic_options import (
    OWNER,
    QUERY,
    TOPIC,
    Cadences,
    Cap,
    Channels,
    Copies,
    Hour,
    Percent,
    When,
    Zone,
    find_topic,
    may_own,
    open_settings_store,
)
from services.errors import UserError

if TYPE_CHECKING:
    from services.store.alerting import AlertTopic

NAME = Annotated[str | None, typer.Option("--name", help="What it is called.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(
        help="Alert topics: searches that tell you when there is something new.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    passing = {"ignore_unknown_options": True}
    group.command("add", context_settings=passing)(add)
    group.command("list")(list_topics)
    group.command("show")(show)
    group.command("edit")(edit)
    group.command("mute")(mute)
    group.command("unmute")(unmute)
    group.command("remove")(remove)
    topics_found.register(group)
    app.add_typer(group, name="topics")


def add(
    query: QUERY = None,
    *,
    name: NAME = None,
    when: When = "any",
    percent: Percent = None,
    copies: Copies = None,
    channel: Channels = None,
    cadence: Cadences = "at-once",
    zone: Zone = None,
    hour: Hour = None,
    cap: Cap = None,
    owner: OWNER = "local",
    as_json: JSON = False,
) -> None:
    """Add a topic. What is fetched from now on is looked at.

    The query is one of `beatwire search`; put it in single quotes. Without a channel a topic is
    seen on the page /alerts and in its own feed; `beatwire channels` adds webhooks and e-mail.

    Example: beatwire topics add 'claim:valuation subject:anthropic' --when changed --percent 10

    Example: beatwire topics add 'deepseek mood:deepseek<-0.3' --name "Sour on DeepSeek"
    """
    from services.alerts.topics import MOST_TOPICS, Wish, new_topic
    from services.cli.search import query_refused, query_text

    wish = Wish(
        name=name,
        query=query_text(query),
        when=when,
        percent=_text(percent),
        copies=copies,
        channels=_listed(channel),
        cadence=cadence,
        zone=zone,
        hour=_text(hour),
        cap=_text(cap),
    )
    with open_settings_store() as store:
        owner = may_own(store, owner)
        known = [each.id for each in store.channels(owner)]
        with query_refused():
            topic = new_topic(owner, wish, known, datetime.now(UTC))
        if len(store.topics(owner)) >= MOST_TOPICS:
            raise UserError(f"{MOST_TOPICS} topics are there already; remove one first")
        if not store.add_topic(topic):
            raise UserError(f"a topic named {topic.name!r} is there already; give another --name")
    _tell(topic, "added", as_json=as_json)


def list_topics(
    owner: Annotated[
        str | None, typer.Option("--owner", help="Whose; those of everybody when left out.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Show all topics.

    Example: beatwire topics list --owner ada
    """
    from services.answers.alert_shapes import topic_row
    from services.cli.alert_results import print_topics

    with open_settings_store() as store:
        found = store.topics(owner)
    if as_json:
        print_json({"total": len(found), "topics": [topic_row(each) for each in found]})
    elif not found:
        console().print("No topics yet. Add one: beatwire topics add 'QUERY'")
    else:
        print_topics(console(), found, datetime.now(UTC))


def show(topic: TOPIC, owner: OWNER = "local", as_json: JSON = False) -> None:
    """Show one topic with its channels, its mute and the addresses of its feed.

    Who knows an address of the feed can read it; the page of the topic makes new ones.

    Example: beatwire topics show "Sour on DeepSeek"
    """
    from services.alerts.addresses import feed_addresses
    from services.answers.alert_shapes import topic_row
    from services.cli.alert_results import print_topic
    from services.settings import load_settings

    with open_settings_store() as store:
        found = find_topic(store, topic, owner)
        channels = [each for each in store.channels(found.owner) if each.id in found.channels]
    base = load_settings().address or f"http://127.0.0.1:{load_settings().port}"
    feeds = feed_addresses(base, found)
    if as_json:
        print_json({**msgspec.to_builtins(topic_row(found)), "feeds": feeds})
    else:
        print_topic(console(), found, channels, feeds, datetime.now(UTC))


def edit(
    topic: TOPIC,
    *,
    name: NAME = None,
    query: Annotated[str | None, typer.Option("--query", help="Another query.")] = None,
    when: Annotated[str | None, typer.Option("--when", help="As with add.")] = None,
    percent: Percent = None,
    copies: Copies = None,
    channel: Channels = None,
    cadence: Annotated[str | None, typer.Option("--cadence", help="As with add.")] = None,
    zone: Zone = None,
    hour: Hour = None,
    cap: Cap = None,
    owner: OWNER = "local",
    as_json: JSON = False,
) -> None:
    """Change a topic; what is left out stays. --channel '' takes all channels away.

    With another query or another --when, only what is fetched from now on counts.

    Example: beatwire topics edit "Sour on DeepSeek" --cadence daily --zone Europe/Berlin --hour 8
    """
    from services.alerts.topics import Wish, edited
    from services.cli.search import query_refused

    wish = Wish(
        name=name,
        query=query,
        when=when,
        percent=_text(percent),
        copies=copies,
        channels=_listed(channel),
        cadence=cadence,
        zone=zone,
        hour=_text(hour),
        cap=_text(cap),
    )
    with open_settings_store() as store:
        before = find_topic(store, topic, owner)
        known = [each.id for each in store.channels(before.owner)]
        with query_refused():
            after = edited(before, wish, known, datetime.now(UTC))
        if not store.change_topic(after):
            raise UserError(f"another topic is named {after.name!r}; give another --name")
    _tell(after, "changed", as_json=as_json)


def mute(
    topic: TOPIC,
    until: Annotated[
        str, typer.Argument(help="1h, 3d, 2w, today, or the day when it ends: 2026-12-24.")
    ] = "1d",
    owner: OWNER = "local",
    as_json: JSON = False,
) -> None:
    """Send nothing of a topic for a while. What it finds is still noted, and counted.

    Example: beatwire topics mute "Sour on DeepSeek" 3d
    """
    from services.alerts.topics import mute_until, muted

    with open_settings_store() as store:
        found = find_topic(store, topic, owner)
        found = muted(found, mute_until(until, found.zone, datetime.now(UTC)))
        store.change_topic(found)
    _tell(found, "muted", as_json=as_json)


def unmute(topic: TOPIC, owner: OWNER = "local", as_json: JSON = False) -> None:
    """Send again what a topic finds. What it found while it was mute is not sent.

    Example: beatwire topics unmute "Sour on DeepSeek"
    """
    from services.alerts.topics import muted

    with open_settings_store() as store:
        found = muted(find_topic(store, topic, owner), None)
        store.change_topic(found)
    _tell(found, "unmuted", as_json=as_json)


def remove(topic: TOPIC, owner: OWNER = "local", as_json: JSON = False) -> None:
    """Remove a topic with all that it found; what was not sent yet is not.

    Example: beatwire topics remove "Sour on DeepSeek"
    """
    with open_settings_store() as store:
        found = find_topic(store, topic, owner)
        store.remove_topic(found.id)
    _tell(found, "removed", as_json=as_json)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _listed(channels: list[str] | None) -> tuple[str, ...] | None:
    return None if channels is None else tuple(filter(None, channels))


def _tell(topic: "AlertTopic", done: str, *, as_json: bool) -> None:
    from services.alerts.words import state_words
    from services.answers.alert_shapes import topic_row
    from services.cli.results import plain

    if as_json:
        print_json(topic_row(topic))
        return
    state = state_words(topic, datetime.now(UTC))
    line = f"{done} {topic.name} ({topic.id})" + (f": {state}" if state else "")
    console().print(plain(line), markup=False, soft_wrap=True)
