"""``beatwire rebuild``: the index made again, compared, switched to and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.output import JSON, messages, print_json, warn
from services.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.replay.rebuilding import Rebuilding
    from services.settings import Settings
    from services.stages.rebuild import Rebuild


ReadAgain = Annotated[
    bool, typer.Option("--read-again", help="Read all pages again, into an index beside the live.")
]
Compare = Annotated[
    bool, typer.Option("--compare", help="Say how the one beside the live one differs.")
]
Switch = Annotated[
    bool, typer.Option("--switch", help="Put it in the live one's place, which is kept.")
]
Removed = Annotated[
    float | None,
    typer.Option(
        min=0, max=100, metavar="PERCENT", help="Do not switch when more than this is gone."
    ),
]
Changed = Annotated[
    float | None,
    typer.Option(
        min=0, max=100, metavar="PERCENT", help="Do not switch when more than this is changed."
    ),
]
Rollback = Annotated[
    bool, typer.Option("--rollback", help="Put back the previous index; the two change places.")
]
Discard = Annotated[
    str, typer.Option(metavar="side|previous", help="Remove the one beside, or the previous.")
]


class GateClosed(UserError):
    """The index beside the live one differs by more than it may."""

    exit_code = 65  # EX_DATAERR of sysexits.h


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(rebuild)


def rebuild(
    *,
    read_again: ReadAgain = False,
    compare: Compare = False,
    switch: Switch = False,
    max_removed: Removed = None,
    max_changed: Changed = None,
    rollback: Rollback = False,
    discard: Discard = "",
    as_json: JSON = False,
) -> None:
    """Make the index again from the log, when it is damaged or outdated, or pages are read better.

    Without options: from all articles in the log; it takes the old one's place at the end, and
    searches see the old one until then. With --read-again its pages are read again, and nothing is
    switched unasked. Either goes on where it was killed. With an index in the home folder, `work`
    and `up` must not run while it is switched; with one on a server, they may.

    Example: beatwire rebuild --read-again --compare --switch --max-removed 1
    """
    from services.bootstrap import open_bus, open_shelf, open_store
    from services.replay.rebuilding import Rebuilding
    from services.settings import load_settings

    gate = {"max_removed": max_removed, "max_changed": max_changed}
    comparing = compare or any(most is not None for most in gate.values())
    beside = read_again or comparing or switch
    _check(beside, rollback=rollback, discard=discard)
    settings = load_settings()
    with (
        open_bus(settings) as bus,
        open_store(settings) as store,
        open_shelf(settings) as shelf,
        _shown() as tell,
    ):
        if switch or not (beside or discard):
            shelf.check()  # before hours of work, and again when it comes to it
        doing = Rebuilding(bus, store, shelf, now=lambda: datetime.now(UTC), tell=tell)
        if discard:
            shelf.discard("side" if discard == "side" else "previous")
            done: dict[str, Any] = {"discarded": discard}
        elif rollback:
            done = _after("rolled back", doing.roll_back(), settings)
        elif beside:
            done = _beside(doing, settings, gate, read=read_again, compare=comparing, switch=switch)
        else:
            if doing.was_read_again():
                warn(READ_AGAIN)
            work = doing.fill_with_articles()
            doing.switch(work, keep=False)
            done = _after("rebuilt", work, settings)
    _say(done, as_json=as_json)
    if done.get("refused"):
        raise GateClosed("not switched: " * switch + "; ".join(done["refused"]))


def _check(beside: bool, *, rollback: bool, discard: str) -> None:
    if discard not in ("", "side", "previous"):
        raise UserError(f"--discard {discard[:40]!r} is neither side nor previous")
    if beside + rollback + bool(discard) > 1:
        raise UserError("--rollback and --discard stand alone; give one of them and nothing else")


def _beside(
    doing: "Rebuilding",
    settings: "Settings",
    gate: dict[str, float | None],
    *,
    read: bool,
    compare: bool,
    switch: bool,
) -> dict[str, Any]:
    """All that was asked for of the index beside the live one, in its order."""
    from services.bootstrap import open_index, open_read_stage
    from services.replay.gate import refusals

    fill = doing.fill_with_pages if read else doing.bring_up
    work = fill(lambda: open_read_stage(settings))
    done: dict[str, Any] = {"outcomes": dict(work.outcomes)}
    if compare:
        with open_index(settings) as live:
            report = doing.compare(live)
        done |= {"report": report, "empty": report.is_empty, "refused": refusals(report, **gate)}
    if switch and not done.get("refused"):
        doing.switch(work, keep=True)
        done |= _after("switched", work, settings)
    return done


def _after(what: str, work: "Rebuild", settings: "Settings") -> dict[str, Any]:
    """What is said of an index that is the live one by now."""
    from services.bootstrap import open_index

    with open_index(settings) as index:
        made = {"outcomes": dict(work.outcomes), "begun_at": work.note.begun_at}
        return {"live": what, **made, "index": index.stats()}


@contextmanager
def _shown() -> "Iterator[Callable[[int, int], None]]":
    with messages().status("rebuilding the index") as line:
        yield lambda done, of: line.update(f"{done:,} of {of:,} events of the log done")


READ_AGAIN = (
    "the live index was made by --read-again; this makes it of the articles as they were read at "
    "first. To read them by the versions of today: beatwire rebuild --read-again --switch"
)
SAYS = {
    "switched": "The index beside it is the live one now. The one before is kept: "
    "beatwire rebuild --rollback puts it back, --discard previous removes it.",
    "rolled back": "The previous index is the live one again, with what came since. "
    "The other one is kept: --rollback changes them once more, --discard previous removes it.",
    "beside": "It stands beside the live index, which is as it was. Next: "
    "beatwire rebuild --compare, and --switch.",
}


def _say(done: dict[str, Any], *, as_json: bool) -> None:
    from services.cli.compared import render
    from services.cli.report import render_ends

    if as_json:
        print_json(done)
        return
    if "discarded" in done:
        typer.echo(f"The {done['discarded']} index is removed.")
        return
    typer.echo(render_ends({"rebuild": done["outcomes"]}))
    if "report" in done:
        typer.echo(render(done["report"]))
    if done.get("live") != "rebuilt" and not done.get("refused"):
        typer.echo(SAYS[done.get("live", "beside")])
