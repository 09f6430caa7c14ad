"""Options and arguments that the commands about alerts share."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from services.errors import UserError

if TYPE_CHECKING:
    from services.store.alerting import AlertTopic
    from services.store.port import Store

OWNER = Annotated[
    str,
    typer.Option("--owner", help="Whose it is: a user, or `local` where nobody has to log in."),
]
TOPIC = Annotated[str, typer.Argument(metavar="TOPIC", help="Its name, or its id.")]
QUERY = Annotated[
    list[str] | None, typer.Argument(metavar="QUERY", help="As for `beatwire search`.")
]
When = Annotated[
    Literal["any", "first", "changed", "second-origin", "disagreement", "spike"],
    typer.Option(
        "--when",
        help="What must be new. any: that a story matches. first: the first claim of its kind "
        "about its subject. changed: another figure, by --percent or more. second-origin: a second "
        "source, not a copy, states a figure. disagreement: a figure does not meet another "
        "story's. spike: more stories in a day than --percent of the mean.",
    ),
]
Percent = Annotated[
    int | None,
    typer.Option(
        "--percent",
        help="Of changed: by how much at least. Of spike: of the mean of 14 days.",
        show_default="10; 200 for spike",
    ),
]
Copies = Annotated[
    bool | None,
    typer.Option("--copies/--no-copies", help="Tell each copy of a story, not the story once."),
]
Channels = Annotated[
    list[str] | None,
    typer.Option("--channel", help="Id of a channel of the owner; may be given again."),
]
Cadences = Annotated[
    Literal["at-once", "hourly", "daily"],
    typer.Option("--cadence", help="When it is sent: at once, on the hour, or once a day."),
]
Zone = Annotated[
    str | None,
    typer.Option("--zone", help="Time zone of --hour and of days.", show_default="UTC"),
]
Hour = Annotated[
    int | None,
    typer.Option("--hour", help="Of a daily message: the hour, 0 to 23.", show_default="8"),
]
Cap = Annotated[
    int | None,
    typer.Option(
        "--cap",
        help="Most messages an hour to each channel; what is held back goes with the next one.",
        show_default="20",
    ),
]


def open_settings_store() -> "Store":
    from services.bootstrap import open_store
    from services.settings import load_settings

    return open_store(load_settings())


def may_own(store: "Store", owner: str) -> str:
    """The name of somebody who may have topics and channels. Raises UserError for anybody else."""
    from services.accounts.roles import ROLE_MAY
    from services.accounts.rules import LOCAL, tidy_name

    name = tidy_name(owner)
    if name == LOCAL:
        return name
    user = store.user(name)
    if user is None:
        raise UserError(f"no user has the name {name}; `beatwire users list` shows all")
    if "subscribe" not in ROLE_MAY[user.role]:
        raise UserError(
            f"{name} is a {user.role}, who has no topics; first: beatwire users role {name} analyst"
        )
    return name


def find_topic(store: "Store", wanted: str, owner: str) -> "AlertTopic":
    """By id, whoever owns it, or by name among those of the owner. Raises UserError."""
    if found := store.topic(wanted):
        return found
    name = " ".join(wanted.split())
    for topic in store.topics(owner.strip().lower()):
        if topic.name == name:
            return topic
    raise UserError(
        f"{owner} has no topic named {name[:100]!r}; `beatwire topics list` shows all, "
        "and --owner names somebody else"
    )
