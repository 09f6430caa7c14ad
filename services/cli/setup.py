"""``beatwire setup``: makes what is missing in the log, the index and the store."""

from datetime import UTC, datetime

import msgspec
import typer

from services.broker import check_broker
from services.bus import Bus
from services.cli.output import JSON, console, print_json
from services.effective import without_password
from services.index import Index, Stats
from services.settings import Settings
from services.store import Store
from services.topics import TOPICS
from services.words import counted


class TopicFound(msgspec.Struct, frozen=True):
    """A topic as it is now."""

    topic: str
    partitions: int
    events: int


class Found(msgspec.Struct, frozen=True):
    """What stands ready, and where; no password is shown."""

    bus: str
    index: str
    store: str
    topics: tuple[TopicFound, ...]
    holds: Stats
    sources: int


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(setup)


def setup(as_json: JSON = False) -> None:
    """Make the topics, the index and the tables that are missing; say what is there.

    What is there already stays as it is, so it may run at every start and several times at once.

    Example: beatwire setup
    """
    from services.bootstrap import check_model, check_shared, open_bus, open_index, open_store
    from services.settings import load_settings

    settings = load_settings()
    check_model()
    check_shared(settings)
    if settings.broker:
        check_broker(settings.broker)
    with (
        open_bus(settings) as bus,
        open_store(settings) as store,
        open_index(settings) as index,
    ):
        found = look(settings, bus, store, index)
    if as_json:
        print_json(found)
    else:
        console().print(render(found), markup=False, soft_wrap=True)


def look(settings: Settings, bus: Bus, store: Store, index: Index) -> Found:
    """Read everything once, which also makes what is made at its first use."""
    now = datetime.now(UTC)
    # From now on there is nothing yet, so these are the ends.
    ends = {name: bus.offsets_for(name, now) for name in TOPICS}
    return Found(
        bus=without_password(settings.bus or str(settings.bus_file)),
        index=without_password(settings.index or str(settings.index_folder)),
        store=without_password(settings.store_url),
        topics=tuple(
            TopicFound(name, len(each), sum(each.values())) for name, each in ends.items()
        ),
        holds=index.stats(),
        sources=len(store.sources()),
    )


def render(found: Found) -> str:
    """One line a place."""
    topics = ", ".join(
        f"{each.topic} ({counted(each.partitions, 'partition')}, {counted(each.events, 'event')})"
        for each in found.topics
    )
    return "\n".join(
        (
            f"log    {found.bus}: {topics}",
            f"index  {found.index}: {counted(found.holds.articles, 'article')}, "
            f"{counted(found.holds.claims, 'claim')}",
            f"store  {found.store}: {counted(found.sources, 'source')}",
        )
    )
