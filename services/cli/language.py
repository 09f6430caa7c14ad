"""Reading without a crawl: ``extract`` (pages to articles) and ``analyze`` (texts to claims).

Both take JSON lines on standard input and answer each with one line, in order. A line that cannot
be read gets ``{"id"?, "error"}``; the rest goes on, and the exit code is 1 at the end.
"""

import gzip
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from processors.records import Span
from services.cli.lines import BadLine, Id, answer, decoded, standard_input
from services.cli.output import console, messages

if TYPE_CHECKING:
    from processors.extract import Extracted
    from processors.extract.siterules import SiteRules
    from processors.nlp.reader import Reader, Reading, Text

BATCH = 16


class PageLine(msgspec.Struct, frozen=True):
    """A line for ``extract``: the page itself, or the file that holds it (``.gz`` too)."""

    id: Id
    url: str
    html: str | None = None
    html_file: str | None = None


class TextLine(msgspec.Struct, frozen=True):
    """A line for ``analyze``; ``targets`` are offsets in characters, end exclusive."""

    id: Id
    text: str
    title: str | None = None
    url: str | None = None
    published: str | None = None
    targets: tuple[tuple[int, int], ...] | None = None


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(extract)
    app.command()(analyze)


def extract() -> None:
    """Read pages: JSON lines {"id", "url", "html" or "html_file"} in, one article a line out.

    Example: echo '{"id": 1, "url": "https://news.example/a", "html_file": "a.html"}'
    | beatwire extract
    """
    from processors.extract import warm_up
    from services.bootstrap import open_site_rules
    from services.settings import read_settings

    lines = standard_input()
    rules = open_site_rules(read_settings())
    warm_up()
    pages = decoded(lines, msgspec.json.Decoder(PageLine).decode)
    answer(pages, lambda lines: [_extracted(line, rules) for line in lines], batch=1)


def analyze(
    gazetteer: Annotated[
        Path | None, typer.Option(help="A file of further names; default: the setting.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell why each figure is a claim or none.")
    ] = False,
) -> None:
    """Read texts: JSON lines {"id", "text", ...} in, entities, claims and moods a line out.

    With --explain, for people: each sentence with its names and figures, the rules that wanted
    each figure, and why it is a claim or none.

    Example: echo '{"id": 1, "text": "Meta will spend $65 billion."}' | beatwire analyze --explain
    """
    from services.bootstrap import open_reader
    from services.settings import read_settings

    lines = standard_input()
    own = {"gazetteer": gazetteer} if gazetteer else {}
    reader = open_reader(read_settings().model_copy(update=own))
    if explain:
        _explain(reader, decoded(lines, msgspec.json.Decoder(TextLine).decode))
    else:
        answer(
            decoded(lines, msgspec.json.Decoder(TextLine).decode),
            lambda texts: _analyzed(reader, texts),
            batch=BATCH,
        )


def _explain(reader: "Reader", lines: Iterable["TextLine | BadLine"]) -> None:
    """Print the notes on each text; exit with 1 when a line was bad."""
    from services.cli.explain import print_notes

    bad = False
    for line in lines:
        text = _text(line) if isinstance(line, TextLine) else line
        if isinstance(text, BadLine):
            bad = True
            messages().print(f"error: {text.error}", style="red", markup=False)
        elif isinstance(line, TextLine):
            print_notes(console(), f"{line.id}", reader.explain(text))
    if bad:
        raise SystemExit(1)


def _extracted(line: PageLine, rules: "SiteRules") -> Any:
    from processors.extract import extract_article

    if (line.html is None) == (line.html_file is None):
        return BadLine("give one of html and html_file", line.id)
    try:
        page = line.html if line.html is not None else _file_content(Path(line.html_file or ""))
    except (OSError, EOFError, zlib.error) as error:
        return BadLine(f"{line.html_file}: {error}", line.id)
    found = extract_article(page, line.url, fetched_at=datetime.now(UTC), rules=rules)
    return {
        "id": line.id,
        "title": found.title,
        "authors": found.authors,
        "published": _as_stated(found),
        "body": found.body,
        "language": found.language,
        "outcome": found.outcome,
        "kind": found.kind,
        "reason": found.reason,
        "section": found.section,
        "site_name": found.site_name,
        "updated": found.updated,
        "date_suspect": found.date_suspect,
        "canonical_url": found.canonical_url,
    }


def _file_content(path: Path) -> bytes:
    """The page in a file, unpacked; one byte above the limit is enough to be refused by it."""
    from processors.extract import MAX_SIZE

    with path.open("rb") as file:
        if path.suffix != ".gz":
            return file.read(MAX_SIZE + 1)
        with gzip.open(file) as unpacked:
            return unpacked.read(MAX_SIZE + 1)


def _as_stated(found: "Extracted") -> str | None:
    """ISO 8601 with as much as the page stated: a day, a local time, or a time with its zone."""
    if found.published is None:
        return None
    match found.published_stated:
        case "day":
            return found.published.date().isoformat()
        case "local":
            return found.published.replace(tzinfo=None).isoformat()
        case _:
            return found.published.isoformat()


def _analyzed(reader: "Reader", lines: list[TextLine]) -> list[Any]:
    texts = [_text(line) for line in lines]
    readings = iter(reader.read([text for text in texts if not isinstance(text, BadLine)]))
    return [
        text if isinstance(text, BadLine) else _reading(line.id, next(readings))
        for line, text in zip(lines, texts, strict=True)
    ]


def _text(line: TextLine) -> "Text | BadLine":
    from processors.extract.times import parse_when
    from processors.nlp.reader import MAX_CHARACTERS, Text

    size = len(line.text)
    if size > MAX_CHARACTERS:
        return BadLine(f"text of {size:,} characters is longer than {MAX_CHARACTERS:,}", line.id)
    when = parse_when(line.published) if line.published else None
    if line.published and when is None:
        return BadLine(f"published: not a time in ISO 8601: {line.published[:100]!r}", line.id)
    for start, end in line.targets or ():
        if not 0 <= start < end <= size:
            return BadLine(f"targets: [{start}, {end}] is no stretch of {size} characters", line.id)
    return Text(
        body=line.text,
        title=line.title or "",
        published=when.at if when else None,
        targets=tuple(Span(start=start, end=end) for start, end in line.targets or ()),
    )


def _reading(line_id: Id, reading: "Reading") -> dict[str, Any]:
    moods = {mood.entity: _plain(mood, leave_out=("entity",)) for mood in reading.moods}
    entities = [_plain(e) | {"sentiment": moods.get(e.id)} for e in reading.entities]
    return {
        "id": line_id,
        "entities": entities,
        "claims": [_plain(claim) for claim in reading.claims],
        "targets": [_plain(target) for target in reading.targets],
        "made_by": reading.made_by,
    }


def _plain(record: msgspec.Struct, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """All fields of a record, defaults too; spans as objects, which people can read."""
    fields = msgspec.structs.asdict(record)
    return {name: _readable(value) for name, value in fields.items() if name not in leave_out}


def _readable(value: Any) -> Any:
    if isinstance(value, Span):
        return {"start": value.start, "end": value.end}
    return [_readable(item) for item in value] if isinstance(value, tuple) else value
