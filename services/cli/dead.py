"""``beatwire dead``: events that no stage could bring to an end."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from services.cli.output import JSON, messages, print_json, say
from services.errors import UserError
from services.words import counted

if TYPE_CHECKING:
    from services.store.letters import Letter, LetterState, Wanted

BY = "command line"
MOST = 1_000_000

Id = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="<id>", help="A letter's id; may be given again."),
]
Class = Annotated[str, typer.Option("--class", help="The class of the error, as WorkerDied.")]
Stage = Annotated[str, typer.Option("--stage", help="The stage that gave it up.")]
Since = Annotated[
    str | None, typer.Option("--since", help="Failed then or later: 2026-11-28, 12h or 7d.")
]
All = Annotated[bool, typer.Option("--all", help="All of them, where nothing narrows them down.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show which they would be.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(
        help="Dead letters: events that no stage could bring to an end.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_letters)
    group.command("show")(show)
    group.command("retry")(retry)
    group.command("drop")(drop)
    app.add_typer(group, name="dead")


def list_letters(
    *,
    ids: Id = None,
    error_class: Class = "",
    stage: Stage = "",
    since: Since = None,
    state: Annotated[
        Literal["open", "retrying", "retried", "dropped", "any"],
        typer.Option("--state", help="What became of them."),
    ] = "open",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many are shown.")] = 20,
    as_json: JSON = False,
) -> None:
    """Show the newest letters with their reasons, and how many there are of each class.

    Example: beatwire dead list --stage read
    """
    from services.bootstrap import open_bus, open_store
    from services.dead.reading import catch_up
    from services.settings import load_settings

    states: tuple[LetterState, ...] = () if state == "any" else (state,)
    wanted = _wanted(ids, error_class, stage, since, states)
    settings = load_settings()
    with open_bus(settings) as bus, open_store(settings) as store:
        catch_up(bus, store)
        found = store.letters(wanted, limit=limit)
        counts = store.count_letters()
    if as_json:
        told = [
            {"stage": each, "class": name, "state": how, "letters": number}
            for (each, name, how), number in counts.items()
        ]
        print_json({"counts": told, "letters": found})
        return
    for letter in found:
        say(_line(letter))
    for (each, name, how), number in counts.items():
        say(f"{each}: {counted(number, 'letter')} {how}, {name}")
    if not counts:
        say("No dead letters: every event came to its end.")
    elif any(how == "open" for _, _, how in counts):
        say("Once the cause is mended: beatwire dead retry --class CLASS")


def show(
    letter_id: Annotated[str, typer.Argument(metavar="ID", help="As `beatwire dead list` shows.")],
    raw: Annotated[
        bool, typer.Option("--raw", help="The bytes of the event as they are, and nothing else.")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Show all that is known of one letter, and the beginning of its event.

    Example: beatwire dead show read-pages-3-17
    """
    from services.bootstrap import open_bus, open_store
    from services.dead.reading import catch_up, event_of
    from services.settings import load_settings
    from services.store.letters import Wanted

    settings = load_settings()
    with open_bus(settings) as bus, open_store(settings) as store:
        catch_up(bus, store)
        found = store.letters(Wanted(ids=(letter_id,)), limit=1)
        if not found:
            raise UserError(f"no dead letter {letter_id[:80]!r}; see them: beatwire dead list")
        event, gone = None, ""
        try:
            event = event_of(bus, found[0])
        except UserError as reason:
            if raw:
                raise
            gone = str(reason)
    if raw and event:
        sys.stdout.buffer.write(event.data)
        return
    about = {"type": event.type, "time": event.time, "bytes": len(event.data)} if event else {}
    if as_json:
        print_json({"letter": found[0], "event": {**about, "data": event.data} if event else None})
        return
    for name, value in {**_fields(found[0]), **{f"event {k}": v for k, v in about.items()}}.items():
        say(f"{name:<14} {value}")
    say(f"{'event begins':<14} {event.data[:300]!r}" if event else gone)


def retry(
    *,
    ids: Id = None,
    error_class: Class = "",
    stage: Stage = "",
    since: Since = None,
    every: All = False,
    again: Annotated[
        bool, typer.Option("--again", help="Those that were retried or dropped before, too.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most, the oldest first.")] = MOST,
    dry_run: DryRun = False,
    as_json: JSON = False,
) -> None:
    """Put the events of letters on their topics once more, each once.

    What fails again is a new letter. It may be stopped at any moment and run again. Stages take an
    event that they had before as it is, so that nothing comes twice.

    Example: beatwire dead retry --class WorkerDied --since 1d
    """
    from services.bootstrap import open_bus, open_store
    from services.dead.reading import catch_up
    from services.dead.retrying import Retry, chosen
    from services.settings import load_settings

    states: tuple[LetterState, ...] = ("open", "retried", "dropped") if again else ("open",)
    wanted = _wanted(ids, error_class, stage, since, (), every=every)
    settings = load_settings()
    with open_bus(settings) as bus, open_store(settings) as store:
        if dry_run:
            catch_up(bus, store)
            _dry(chosen(store, wanted, limit=limit, states=states), "retried", as_json)
            return
        with messages().status("retrying") as line:
            tell = lambda done: line.update(f"retrying: {done:,} done")  # noqa: E731
            work = Retry(bus, store, by=BY, now=lambda: datetime.now(UTC), tell=tell)
            done = work.run(wanted, limit=limit, instead=states)
    if as_json:
        print_json(done)
        return
    say(f"{counted(done.retried, 'letter')} retried")
    for gone in done.gone:
        say(f"{gone} is dropped: its event is no longer in the log")


def drop(
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the letters.")],
    ids: Id = None,
    error_class: Class = "",
    stage: Stage = "",
    since: Since = None,
    every: All = False,
    dry_run: DryRun = False,
    as_json: JSON = False,
) -> None:
    """Mark letters as not worth a retry. They stay, and `retry --again` still takes them.

    Example: beatwire dead drop --id read-pages-3-17 --reason "a test page"
    """
    from services.bootstrap import open_bus, open_store
    from services.dead.reading import catch_up
    from services.dead.retrying import chosen
    from services.settings import load_settings

    wanted = _wanted(ids, error_class, stage, since, (), every=every)
    settings = load_settings()
    with open_bus(settings) as bus, open_store(settings) as store:
        catch_up(bus, store)
        found = chosen(store, wanted, limit=MOST, states=("open",))
        if dry_run:
            _dry(found, "dropped", as_json)
            return
        named = [letter.id for letter in found]
        now = datetime.now(UTC)
        dropped = store.mark_letters(named, "dropped", now=now, by=BY, note=reason)
    if as_json:
        print_json({"dropped": len(dropped)})
    else:
        say(f"{counted(len(dropped), 'letter')} dropped")


def _wanted(
    ids: list[str] | None,
    error_class: str,
    stage: str,
    since: str | None,
    states: "tuple[LetterState, ...]",
    *,
    every: bool = True,
) -> "Wanted":
    """Raises UserError for a stage that there is not, a time that is none, and nothing given."""
    from processors.query.values import moment
    from services.stages.flow import STEPS
    from services.store.letters import Wanted

    if stage and stage not in STEPS:
        raise UserError(f"{stage[:40]!r} is no stage; it is one of {', '.join(STEPS)}")
    if not (every or ids or error_class or stage or since):
        raise UserError("say which letters: --id, --class, --stage or --since, or --all")
    begin = moment(since, datetime.now(UTC)) if since else None
    if since and begin is None:
        raise UserError(f"--since {since[:40]!r} is no date; write 2026-11-28, 12h, 7d or 4w")
    return Wanted(
        ids=tuple(ids or ()), error_class=error_class, stage=stage, since=begin, states=states
    )


def _dry(found: "list[Letter]", what: str, as_json: bool) -> None:
    if as_json:
        print_json({"would": len(found), "letters": found})
        return
    for letter in found:
        say(_line(letter))
    say(f"{counted(len(found), 'letter')} would be {what}")


def _line(letter: "Letter") -> str:
    state = "" if letter.state == "open" else f"  {letter.state}"
    return (
        f"{letter.id}  {letter.failed_at:%Y-%m-%d %H:%M:%S}  {letter.error_class}{state}  "
        f"{letter.reason}"
    )


def _fields(letter: "Letter") -> dict[str, Any]:
    import msgspec

    found = {**msgspec.structs.asdict(letter)}
    return {name: value for name, value in found.items() if value not in ("", None, {})}
