"""``beatwire sources check``: what would be fetched, what is found, and whether it can be read."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.output import JSON, console, messages, print_json
from services.cli.source_options import find_sources, open_sources
from services.errors import UserError

if TYPE_CHECKING:
    from services.sources.checking import Checked
    from services.sources.findings import Look
    from services.store.watching import SourceState

COMMAND = (sys.executable, "-P", "-m", "services.tied", "crawlers.check")
MOST_AT_ONCE = 200


def register(group: typer.Typer) -> None:
    """Add the command to the group of sources."""
    group.command("check")(check)


def check(
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|URL]...", help="Sources by id, or any addresses; none: all that you have."
        ),
    ] = None,
    as_json: JSON = False,
) -> None:
    """Look at sources now, and say what is there. Nothing is kept, nothing changed.

    Each is fetched as the crawl would, with the first articles that it names, which are read as
    the pipeline would. The exit code is 1 when one of them cannot be used.

    Example: beatwire sources check https://publisher.example/feed.xml
    """
    from services.cli.source_findings import print_checked
    from services.sources.checking import judge

    wanted, states = _wanted(named or ())
    if not wanted:
        console().print("No sources yet. Give an address: beatwire sources check URL")
        return
    results: list[Checked] = []
    for look in _looks(list(wanted)):
        checked = judge(look, datetime.now(UTC), wanted.get(look.seed, ""))
        results.append(checked)
        if not as_json:
            print_checked(checked, states.get(checked.source), datetime.now(UTC))
    asked = list(wanted)
    results.sort(key=lambda checked: asked.index(checked.seed))
    bad = [checked for checked in results if not checked.usable]
    if as_json:
        print_json({"total": len(results), "usable": len(results) - len(bad), "sources": results})
    elif len(results) > 1:
        console().print(f"{len(results) - len(bad)} of {len(results)} can be used")
    if bad:
        raise typer.Exit(1)


def _wanted(named: Sequence[str]) -> "tuple[dict[str, str], dict[str, SourceState]]":
    """Addresses with the ids of their sources, and the states of those."""
    from services.sources.catalogue import catalogue
    from services.sources.rules import Known

    listed = {entry.id: entry.url for entry in catalogue()}
    with open_sources() as store:
        sources = store.sources()
        known = Known(sources)
        wanted = {} if named else {source.url: source.id for source in sources}
        for name in named:
            if "://" in name:
                there = known.at(name)
                wanted[name] = there.id if there else ""
            elif name not in known.by_id and name in listed:
                wanted[listed[name]] = ""
            else:
                (source,) = find_sources(store, [name])
                wanted[source.url] = source.id
        states = store.source_states(datetime.now(UTC))
    return wanted, states


def _looks(addresses: Sequence[str]) -> "Iterator[Look]":
    """What the checking process says, in the order in which it gets there.

    Raises UserError when it ended without a word about one of them.
    """
    import msgspec

    from services.settings import load_settings
    from services.sources.findings import Look

    load_settings()
    for at in range(0, len(addresses), MOST_AT_ONCE):
        some = addresses[at : at + MOST_AT_ONCE]
        left = set(some)
        # Standard input is the tie: the check ends when this process does, however it ends.
        with (
            subprocess.Popen(
                [*COMMAND, "--", *some], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            ) as child,
            messages().status("looking") as status,
        ):
            for line in child.stdout or ():
                look = msgspec.json.decode(line, type=Look)
                left.discard(look.seed)
                status.update(f"looking; {len(left)} left")
                yield look
        if left:
            first = min(left)
            raise UserError(
                f"the check broke off (exit code {child.returncode}) before {first} was looked at; "
                "try again"
            )
