"""``beatwire topics preview|alerts|deliveries``: what a topic would find, found, and sent."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer

from services.cli.output import JSON, console, print_json
from services.cli.topic_options import (
    OWNER,
    QUERY,
    TOPIC,
    Copies,
    Percent,
    When,
    find_topic,
    open_settings_store,
)
from services.errors import UserError
from services.store.alerting import Alerting

MOST_DAYS = 365
AT_ONCE = 1000
"""Messages that are made due again in one transaction."""
LIMIT = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``topics``."""
    group.command("preview", context_settings={"ignore_unknown_options": True})(preview)
    group.command("alerts")(alerts)
    group.command("deliveries")(deliveries)


def preview(
    query: QUERY = None,
    *,
    topic: Annotated[
        str | None, typer.Option("--topic", help="Try this topic instead of a query.")
    ] = None,
    when: When = "any",
    percent: Percent = None,
    copies: Copies = None,
    days: Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="Back from now.")] = 30,
    owner: OWNER = "local",
    as_json: JSON = False,
) -> None:
    """Try a topic on the past: how often it would have told, and of what.

    Example: beatwire topics preview 'entity:nvidia claim:revenue' --when first

    Example: beatwire topics preview --topic "Sour on DeepSeek" --days 90
    """
    from services.alerts.preview import preview as tried
    from services.alerts.previewing import NOT_TRIED, silence, verdict
    from services.alerts.topics import Wish, new_topic
    from services.bootstrap import open_index
    from services.cli.alert_results import print_alerts, print_days
    from services.cli.search import query_refused, query_text
    from services.settings import load_settings
    from services.store.alerting import Noted

    now = datetime.now(UTC)
    if topic is not None:
        if query:
            raise UserError("give a query or --topic, not both")
        with open_settings_store() as store:
            chosen = find_topic(store, topic, owner)
    else:
        wish = Wish(
            query=query_text(query),
            when=when,
            percent=None if percent is None else str(percent),
            copies=copies,
        )
        with query_refused():
            chosen = new_topic(owner, wish, (), now)
    with open_index(load_settings()) as index, query_refused():
        found = tried(chosen, index, now, days)
    if as_json:
        print_json({"query": chosen.query, "said": verdict(found, days), **_fields(found)})
        return
    console().print(verdict(found, days), markup=False)
    if why := silence(chosen, found):
        console().print(why, markup=False)
    print_days(console(), sorted(found.days))
    console().print(NOT_TRIED, markup=False, style="dim")
    console().print()
    print_alerts(console(), [Noted(seq=0, alert=each) for each in found.alerts])


def alerts(
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="Its name or id; all when left out.")
    ] = None,
    *,
    limit: LIMIT = 20,
    owner: OWNER = "local",
    as_json: JSON = False,
) -> None:
    """Show what was found, the newest first, and why it was told.

    Example: beatwire topics alerts "Sour on DeepSeek"
    """
    from services.answers.alert_shapes import alert_row
    from services.answers.shapes import plain
    from services.cli.alert_results import print_alerts

    with open_settings_store() as store:
        found_topic = find_topic(store, topic, owner) if topic else None
        found = store.alerts(
            topic=found_topic.id if found_topic else None,
            owner=None if found_topic else owner,
            limit=limit + 1,
        )
    shown, more = found[:limit], len(found) > limit
    if as_json:
        print_json({"alerts": [plain(alert_row(each)) for each in shown], "more": more})
    elif not shown:
        console().print("Nothing was found yet. What is fetched after a topic was made counts.")
    else:
        print_alerts(console(), shown, more=more)


def deliveries(
    topic: TOPIC,
    *,
    limit: LIMIT = 20,
    replay: Annotated[
        bool, typer.Option("--replay", help="Send all that failed again, with its ids and bodies.")
    ] = False,
    owner: OWNER = "local",
    as_json: JSON = False,
) -> None:
    """Show a topic's messages: sent, waiting, failed and why.

    Example: beatwire topics deliveries "Sour on DeepSeek" --replay
    """
    from services.answers.alert_shapes import message_row
    from services.cli.alert_results import print_messages

    now = datetime.now(UTC)
    with open_settings_store() as store:
        found = find_topic(store, topic, owner)
        again = _replay(store, found.id, now) if replay else 0
        messages = store.messages(topic=found.id, limit=limit)
    if as_json:
        print_json({"replayed": again, "messages": [message_row(each) for each in messages]})
        return
    if replay:
        console().print(f"{again} will be sent again")
    if not messages:
        console().print("No messages yet: nothing was found, or the topic has no channel.")
    print_messages(console(), messages, now)


def _replay(store: Alerting, topic: str, now: datetime) -> int:
    """Make every message of a topic that failed due again, each once; how many."""
    done: set[str] = set()
    again = 0
    while True:
        failed = {one.id for one in store.messages(topic=topic, state="failed", limit=AT_ONCE)}
        if failed <= done:  # What was sent again meanwhile may have failed again.
            return again
        again += store.replay(failed - done, now)
        done |= failed


def _fields(found: object) -> dict[str, object]:
    return dict(msgspec.to_builtins(found))
