"""``beatwire trail``: what became of one address, stage by stage."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.output import JSON, print_json, say

if TYPE_CHECKING:
    from services.trail.steps import Step
    from services.trail.trail import Trail

UNKNOWN = 66
"""EX_NOINPUT of sysexits.h: nothing is known of what was asked."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(trail)


def trail(
    address: Annotated[
        str,
        typer.Argument(
            metavar="URL|ID",
            help="An address in any spelling, or the id of an article, an event or a dead letter.",
        ),
    ],
    as_json: JSON = False,
) -> None:
    """Show what became of an address: found, fetched, read, kept, told; when, by what, and why.

    Times are in UTC. Exit code 0: it is known; 66: it is not; 69: the store does not answer.

    Example: beatwire trail https://paper.example/story
    """
    from services.bootstrap import open_bus, open_index, open_store
    from services.settings import load_settings
    from services.trail.asked import understand
    from services.trail.gather import gather
    from services.trail.trail import trail_of

    asked = understand(address)
    settings = load_settings()
    with open_store(settings) as store:
        facts = gather(asked, store, lambda: open_bus(settings), lambda: open_index(settings))
    found = trail_of(facts)
    if as_json:
        print_json(found)
    else:
        for line in lines(found):
            say(line)
    if found.state == "unknown":
        raise typer.Exit(UNKNOWN)


def lines(found: "Trail") -> list[str]:
    """What is printed: the address, a line a step with what to do, and how it stands."""
    said = [found.url or found.asked]
    if found.article:
        said.append(f"article {found.article}")
    for step in found.steps:
        said.append(_line(step))
        if step.made_by:
            versions = ", ".join(f"{name} {version}" for name, version in step.made_by.items())
            said.append(f"{'':<21}read by {versions}")
        if step.remedy:
            said.append(f"{'':<21}-> {step.remedy}")
    return [*said, found.says, *(f"  {each}" for each in found.advice)]


def _line(step: "Step") -> str:
    when = f"{step.at:%Y-%m-%d %H:%M:%S}" if step.at else ""
    place = f"  [{step.topic}/{step.partition} {step.offset}]" if step.topic else ""
    return f"{when:<19}  {step.stage:<11}  {step.outcome:<13}  {step.says}{place}"
