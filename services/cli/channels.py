"""``beatwire channels``: where alerts go."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from services.cli.output import JSON, console, messages, print_json
from services.cli.topic_options import OWNER, may_own, open_settings_store
from services.errors import UserError

if TYPE_CHECKING:
    from services.store.alerting import Channel
    from services.store.port import Store

CHANNEL = Annotated[
    str, typer.Argument(metavar="CHANNEL", help="The id that `beatwire channels list` shows.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(
        help="Webhooks and e-mail addresses that alerts are sent to.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_channels)
    group.command("add")(add)
    group.command("rotate")(rotate)
    group.command("enable")(enable)
    group.command("test")(send_test)
    group.command("remove")(remove)
    app.add_typer(group, name="channels")


def list_channels(
    owner: Annotated[
        str | None, typer.Option("--owner", help="Whose; those of everybody when left out.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Show all channels, and what is wrong with those that fail.

    Example: beatwire channels list
    """
    from services.answers.alert_shapes import channel_row
    from services.cli.results import plain

    with open_settings_store() as store:
        found = store.channels(owner)
    if as_json:
        print_json({"total": len(found), "channels": [channel_row(each) for each in found]})
        return
    if not found:
        console().print("No channels yet. Add one: beatwire channels add https://HOST/PATH")
    for each in found:
        failing = "refuses what it is sent" if each.failing_since else ""
        failing = f"failed {each.failures} times in a row" if each.failures else failing
        state = f"disabled: {each.disabled}" if each.disabled else failing
        about = (each.id, each.owner, each.kind, each.name, each.address, state)
        line = plain(" · ".join(filter(None, about)))
        console().print(line, markup=False, soft_wrap=True)


def add(
    address: Annotated[str, typer.Argument(help="https://HOST/PATH, or name@host.")],
    *,
    name: Annotated[str, typer.Option("--name", help="What it is called.")] = "",
    owner: OWNER = "local",
    as_json: JSON = False,
) -> None:
    """Add a webhook or an e-mail address. A webhook's secret is printed now and never again.

    Example: beatwire channels add https://hooks.example/beatwire --name "our desk"

    Example: beatwire channels add desk@news.example
    """
    from services.alerts.channel_rules import MOST_CHANNELS, new_channel
    from services.settings import load_settings

    kind = "webhook" if "://" in address else "email"
    with open_settings_store() as store:
        allowed = load_settings().webhook_networks
        owner = may_own(store, owner)
        made = new_channel(owner, kind, address, name, now=datetime.now(UTC), allowed=allowed)
        if len(store.channels(owner)) >= MOST_CHANNELS:
            raise UserError(f"{MOST_CHANNELS} channels are there already; remove one first")
        if not store.add_channel(made):
            raise UserError("the channel was not added; try again")
    _tell(made, "added", secret=True, as_json=as_json)


def rotate(channel: CHANNEL, as_json: JSON = False) -> None:
    """Give a webhook a new secret. The one before it signs too, until the next rotation.

    Example: beatwire channels rotate 0123456789abcdef
    """
    from services.alerts.channel_rules import rotated

    with open_settings_store() as store:
        changed = rotated(_find(store, channel))
        store.change_channel(changed)
    _tell(changed, "rotated", secret=True, as_json=as_json)


def enable(channel: CHANNEL, as_json: JSON = False) -> None:
    """Send to a channel again that was given up.

    Example: beatwire channels enable 0123456789abcdef
    """
    from services.alerts.channel_rules import enabled

    with open_settings_store() as store:
        changed = enabled(_find(store, channel))
        store.change_channel(changed)
    _tell(changed, "enabled", as_json=as_json)


def send_test(channel: CHANNEL, as_json: JSON = False) -> None:
    """Send a test message to a channel, and wait for what comes of it.

    Example: beatwire channels test 0123456789abcdef
    """
    from services.bootstrap import try_channel
    from services.settings import load_settings

    with open_settings_store() as store:
        found = _find(store, channel)
    if failed := try_channel(load_settings(), found):
        raise UserError(f"{found.address} did not take the test message: {failed}")
    _tell(found, "sent a test to", as_json=as_json)


def remove(channel: CHANNEL, as_json: JSON = False) -> None:
    """Remove a channel; topics that had it go on without. What was not sent yet is not.

    Example: beatwire channels remove 0123456789abcdef
    """
    with open_settings_store() as store:
        found = _find(store, channel)
        store.remove_channel(found.id)
    _tell(found, "removed", as_json=as_json)


def _find(store: "Store", channel_id: str) -> "Channel":
    if found := store.channel(channel_id.strip()):
        return found
    raise UserError(f"there is no channel {channel_id[:40]!r}; `beatwire channels list` shows all")


def _tell(channel: "Channel", done: str, *, as_json: bool, secret: bool = False) -> None:
    from services.answers.alert_shapes import channel_row
    from services.cli.results import plain

    shown = channel.secrets[0] if secret and channel.secrets else ""
    if as_json:
        row = msgspec.to_builtins(channel_row(channel))
        print_json(row | ({"secret": shown} if shown else {}))
        return
    line = plain(f"{done} {channel.kind} {channel.address} ({channel.id})")
    console().print(line, markup=False, soft_wrap=True)
    if shown:
        typer.echo(shown)
        messages().print("its secret, for checking signatures; it is not shown again")
