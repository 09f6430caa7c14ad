"""``beatwire listing``: what a feed, a sitemap or a section page lists, as the crawl reads it."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from services.cli.output import console, print_json
from services.errors import UserError
from services.words import printable

COMMAND = (sys.executable, "-P", "-m", "crawlers.reading")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(listing)


def listing(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Documents; none: JSON lines on standard input."),
    ] = None,
    url: Annotated[str, typer.Option(help="The address that FILE was fetched from.")] = "",
    content_type: Annotated[str, typer.Option(help="What its server said that it is.")] = "",
    section: Annotated[
        bool, typer.Option("--section", help="Read a page as a list of articles.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a FILE.")] = False,
) -> None:
    """What documents list: feeds, sitemaps, pages. Nothing is fetched.

    JSON lines in: {"id"} and "file", "body" (text) or "base64", with url, content_type, headers
    and section where they are known; a line out each, in order: {"id", "kind", "type", "entries",
    "feed", "urls", "error"}, times in UTC.

    Example: beatwire listing feed.xml --url https://publisher.example/feed.xml
    """
    if not files:
        code = subprocess.run(COMMAND, check=False).returncode
        raise typer.Exit(code)
    failed = False
    for path in files:
        said = _read(path, {"url": url, "content_type": content_type, "section": section})
        failed = failed or "kind" not in said
        if as_json:
            print_json(said)
        else:
            _show(said)
    raise typer.Exit(int(failed))


def _read(path: Path, known: dict[str, Any]) -> dict[str, Any]:
    """The answer for one file. Raises UserError when the reader breaks off without one."""
    line = msgspec.json.encode({"id": str(path), "file": str(path), **known})
    done = subprocess.run(COMMAND, input=line + b"\n", stdout=subprocess.PIPE, check=False)
    if not done.stdout.strip():
        raise UserError(f"{path}: the reader ended without an answer ({done.returncode})")
    said: dict[str, Any] = msgspec.json.decode(done.stdout)
    return said


def _show(said: dict[str, Any]) -> None:
    name = _safe(str(said["id"]))
    if said.get("error"):
        _print(f"{name}: {_safe(said['error'])}")
        return
    rows = said["entries"] or said["urls"]
    what = said.get("format") or said["type"] or "HTML"
    plural = "entry" if len(rows) == 1 else "entries"
    listed = "" if said["kind"] == "page" else f", {len(rows):,} {plural}"
    title = said["feed"].get("title") or ""
    _print(f"{name}: {said['kind']} ({what}){listed}{title and ': '}{_safe(title)}")
    for row in rows:
        when = row.get("published") or row.get("news_publication_date") or row.get("lastmod") or "-"
        title = row.get("title") or row.get("news_title") or ""
        _print(f"  {when[:16]:<16}  {_safe(title)}")
        _print(f"  {'':<16}  {_safe(row.get('link') or row.get('loc') or '-')}")


def _print(line: str) -> None:
    console().print(line, soft_wrap=True)


def _safe(text: str) -> str:
    """Fetched text on a terminal: no control characters, no markup of the console."""
    from rich.markup import escape

    return escape(printable(text)[:200])
