"""``beatwire crawl``: starts the crawl process, shows what it says, sums it up."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, Any

import msgspec
import typer

from services.cli.output import JSON, console, messages, print_json
from services.words import printable

COMMAND = (sys.executable, "-P", "-m", "services.tied", "crawlers")


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(crawl)


def crawl(
    seeds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE|URL]...",
            help="Sources by id, or addresses of feeds, sitemaps and articles; none: all sources.",
        ),
    ] = None,
    as_json: JSON = False,
) -> None:
    """Fetch feeds and sitemaps, follow their links, and put the pages on the bus.

    Example: beatwire crawl https://publisher.example/feed.xml
    """
    from services.settings import load_settings

    load_settings()
    code, summary = _run(list(seeds or ()))
    if summary is not None:
        _show(summary, as_json=as_json)
    if code:
        raise typer.Exit(code)


def _run(seeds: list[str]) -> tuple[int, dict[str, Any] | None]:
    """Run the crawl to its end, showing progress; its exit code and its last line."""
    summary = None
    # Standard input is the tie: the crawl ends when this process does, however it ends.
    command = [*COMMAND, "--", *seeds]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child,
        _passing_on(child),
        messages().status("crawling") as status,
    ):
        done = 0
        for line in child.stdout or ():
            said = msgspec.json.decode(line)
            summary = said.get("summary", summary)
            if "url" in said:
                done += 1
                status.update(f"{done} looked at; {said['outcome']}: {_safe(said['url'])}")
    return child.returncode, summary


@contextmanager
def _passing_on(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    """A signal to the command is one to the crawl, which then ends in order and says how far."""

    def handle(number: int, _frame: FrameType | None) -> None:
        if child.poll() is None:
            child.send_signal(number)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(summary: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(summary)
        return
    out = console()
    if not summary["seeds"]:
        out.print("No source to look at. Add one: beatwire sources add URL")
    for seed in summary["seeds"]:
        found = seed.get("entries", 0)
        listed = f", {found:,} {'entry' if found == 1 else 'entries'}" if found else ""
        reason = f" ({_safe(seed['reason'])})" if seed.get("reason") else ""
        kind = "" if seed["kind"] == "unknown" else f"{seed['kind']}{listed}, "
        out.print(f"{_safe(seed['seed'])}: {kind}{seed['outcome']}{reason}")
    for outcome, count in summary["outcomes"].items():
        out.print(f"  {count:>6,}  {outcome}")


def _safe(text: str) -> str:
    """Fetched text on a terminal: no control characters, no markup of the console."""
    from rich.markup import escape

    return escape(printable(text)[:200])
