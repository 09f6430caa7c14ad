"""``beatwire reprocess``: what was read or indexed once is read or indexed once more."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from services.cli.importing import full
from services.cli.output import JSON, print_json, progress, say, warn
from services.errors import UserError
from services.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.replay.reprocess import Found, Progress, Reprocess
    from services.store.replays import Replay

AGAIN = "give the same command again"
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]
NOUNS = {"read": "page", "index": "article"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(reprocess)


def reprocess(
    *,
    stage: Annotated[
        Literal["read", "index"] | None,
        typer.Option(help="read: pages are read again; index: articles are put again."),
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="DATE", help="Fetched then or later: 2026-11-28, 12h or 7d.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Fetched before then.")] = "",
    source: Annotated[str, typer.Option(metavar="ID", help="Of this source alone.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="How many at most.")] = None,
    rate: Annotated[
        float, typer.Option(min=0, help="How many a second at most; 0: as fast as they are done.")
    ] = 0,
    notify: Annotated[
        bool,
        typer.Option(
            "--notify",
            help="Put them on the way of live news: alerts are told of what they never decided on.",
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with every run that was stopped.")
    ] = False,
    dry_run: DryRun = False,
    as_json: JSON = False,
) -> None:
    """Read pages of the log again, or index its articles again, behind what is live.

    As after a release that reads better. Nothing is fetched, and nobody is alerted without
    --notify. A run that was stopped goes on when the same command is given again. What is read
    again by the same versions changes nothing.

    Example: beatwire reprocess --stage read --since 7d --dry-run
    """
    from services.bootstrap import open_bus, open_store
    from services.replay.reprocess import Reprocess
    from services.settings import load_settings

    settings = load_settings()
    now = datetime.now(UTC)
    with open_bus(settings) as bus, open_store(settings) as store, _shown() as tell:
        work = Reprocess(
            bus, store, now=lambda: datetime.now(UTC), rate=rate, tell=tell,
            room=lambda: full(settings, AGAIN),
        )  # fmt: skip
        if resume:
            if stage or since or until or source or limit or notify or dry_run:
                raise UserError("--resume goes on with what was asked for; give it alone")
            runs = store.running_replays()
        else:
            wanted = _wanted(stage, since, until, source, limit, notify=notify, now=now)
            if dry_run:
                _say_found(wanted, work.find(wanted), as_json=as_json)
                return
            runs = [work.begin(wanted)]
        done = [_run(work, each) for each in runs]
    _say_done(done, as_json=as_json)


def _run(work: "Reprocess", replay: "Replay") -> "Replay":
    if replay.turn > 1:
        since, begun = (f"{at:%Y-%m-%d %H:%M:%S %Z}" for at in (replay.since, replay.began_at))
        done = counted(replay.published, NOUNS[replay.work])
        warn(f"going on after {done}: {replay.asked}, begun {begun}, of what came since {since}")
    return work.run(replay)


def _wanted(
    stage: Literal["read", "index"] | None,
    since: str,
    until: str,
    source: str,
    limit: int | None,
    *,
    notify: bool,
    now: datetime,
) -> "Replay":
    """Raises UserError for what is missing, and a time that is none."""
    from services.replay.reprocess import run_id
    from services.store.replays import Replay

    if stage is None or not since:
        raise UserError("say what: --stage read (or index) and --since DATE, such as --since 7d")
    begin, end = _moment("--since", since, now), _moment("--until", until, now) if until else None
    if end is not None and end <= begin:
        raise UserError(f"--until {until} is not after --since {since}")
    given = {"--stage": stage, "--since": since, "--until": until, "--source": source}
    given |= {"--limit": str(limit or ""), "--notify": "yes" if notify else ""}
    asked = " ".join(
        name if name == "--notify" else f"{name} {value}" for name, value in given.items() if value
    )
    return Replay(
        id=run_id(asked),
        asked=asked,
        work=stage,
        since=begin,
        until=end,
        source=source,
        limit=limit,
        notify=notify,
        began_at=now,
        changed_at=now,
    )


def _moment(option: str, text: str, now: datetime) -> datetime:
    from processors.query.values import moment

    if (found := moment(text, now)) is None:
        raise UserError(f"{option} {text[:40]!r} is no date; write 2026-11-28, 12h, 7d or 4w")
    return found


@contextmanager
def _shown() -> "Iterator[Callable[[Progress], None]]":
    with progress("looking") as show:

        def tell(at: "Progress") -> None:
            if at.waiting:
                show(f"{at.waiting:,} wait to be worked on; waiting", None, None)
            else:
                show(f"{at.published:,} of {at.done:,} looked at", at.done, at.of)

        yield tell


def _say_found(wanted: "Replay", found: "Found", *, as_json: bool) -> None:
    if as_json:
        print_json({"would": found, "asked": wanted.asked})
        return
    many = counted(found.events, NOUNS[wanted.work])
    span = ""
    if found.oldest and found.newest:
        span = f", fetched from {found.oldest:%Y-%m-%d %H:%M} to {found.newest:%Y-%m-%d %H:%M}"
    doing = "read" if wanted.work == "read" else "indexed"
    say(f"{many} of {counted(len(found.sources), 'source')} would be {doing} again{span}")
    for source, count in sorted(found.sources.items(), key=lambda each: (-each[1], each[0])):
        say(f"  {count:>6,}  {source}")
    if found.events:
        say(f"The log grows by {found.bytes / 1e6:,.1f} MB before it is packed.")


def _say_done(done: "list[Replay]", *, as_json: bool) -> None:
    if as_json:
        print_json({"runs": done})
        return
    from services.replay.reprocess import taker

    if not done:
        say("No run was stopped; nothing to go on with.")
    for replay in done:
        step = taker(replay)
        many = counted(replay.published, NOUNS[replay.work])
        say(f"{many} put on {step.takes.name}, where stage {step.stage} takes them")
        if replay.notify:
            say("They go the way of live news: alerts tell of what they never decided on.")
        else:
            say("Nobody is alerted of them. How far it is: beatwire status")
