"""``beatwire search``, ``claims`` and ``article``: what the index knows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from services.errors import UserError

if TYPE_CHECKING:
    from msgspec import Struct

    from processors.query.tree import Node
    from services.index import Index

ALL = 1_000_000_000
_ADDRESS = re.compile(r"https?://\S+")

USUAL = 20
FILES: dict[str, Literal["csv", "jsonl"]] = {"csv": "csv", "jsonl": "jsonl"}
Query = Annotated[
    list[str] | None, typer.Argument(metavar="QUERY", help="Nothing means everything.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of a page.")]
Form = Annotated[
    Literal["text", "json", "csv", "jsonl"] | None,
    typer.Option("--format", help="csv and jsonl hold all that is found, unless --limit is given."),
]
Out = Annotated[
    Path | None,
    typer.Option(dir_okay=False, help="Write to this file; its ending (.csv) tells the format."),
]
Limit = Annotated[
    int | None, typer.Option(min=0, help="How many to show; 0 shows all.", show_default="20")
]
Offset = Annotated[int, typer.Option(min=0, help="How many to pass over first.")]


class QueryRefused(UserError):
    """The query cannot be understood; the message shows the place."""

    exit_code = 2


def register(app: typer.Typer) -> None:
    # A query may begin with -word; what begins with two dashes is refused in ``_query``.
    passing = {"ignore_unknown_options": True}
    app.command("search", context_settings=passing)(search)
    app.command("claims", context_settings=passing)(claims)
    app.command("disagreements", context_settings=passing)(disagreements)
    app.command("article")(article)


def search(
    query: Query = None,
    *,
    as_json: AsJson = False,
    form: Form = None,
    out: Out = None,
    limit: Limit = None,
    offset: Offset = 0,
    sort: Annotated[
        Literal["relevance", "newest", "oldest"] | None,
        typer.Option(help="Which come first: relevance, or newest where a file holds all."),
    ] = None,
    fold: Annotated[
        bool, typer.Option("--fold", help="One article a story, not each copy.")
    ] = False,
    facets: Annotated[bool, typer.Option("--facets", help="Counts beside the articles.")] = False,
) -> None:
    """Find articles by what they say.

    Words must all occur. Further: "a phrase", OR, NOT or -word, parentheses, entity:NAME,
    source:NAME, claim:KIND, usd:>10M, usd:10M..100M, after:2025-01 and before:7d. Put the whole
    query in single quotes.

    Example: beatwire search 'claim:training_cost usd:<10M "lower cost"'

    Example: beatwire search nvidia --fold --out nvidia.csv
    """
    from services.answers import shapes
    from services.cli import results
    from services.cli.output import console

    chosen, most = _form(as_json, form, out), _most(limit)
    with _index() as index:
        node = _query(query)
        if file_form := FILES.get(chosen):
            from services.cli.exporting import export_articles

            _refuse_offset(offset)
            order = sort or ("relevance" if limit else "newest")
            export_articles(
                index, node, form=file_form, out=out, sort=order, fold=fold, most=limit or None
            )
            return
        order = sort or "relevance"
        found = index.search(node, offset=offset, limit=most, sort=order, facets=facets, fold=fold)
        edits = index.edits([hit.article for hit in found.hits])
        if chosen == "json":
            _write_json(shapes.articles(found, edits), out)
        elif found.hits:
            results.print_hits(console(), found, edits, offset)
        else:
            results.print_nothing(console(), index, node, found.total, offset)


def claims(
    query: Query = None,
    *,
    as_json: AsJson = False,
    form: Form = None,
    out: Out = None,
    limit: Limit = None,
    offset: Offset = 0,
    sort: Annotated[
        Literal["newest", "oldest", "largest", "smallest"], typer.Option(help="Which come first.")
    ] = "newest",
) -> None:
    """List claims: who spent, raised, paid, released or forbade what, and who says so.

    Example: beatwire claims 'claim:investment usd:>=1B after:2025' --sort largest
    """
    from services.answers import shapes
    from services.cli import results
    from services.cli.output import console

    chosen, most = _form(as_json, form, out), _most(limit)
    with _index() as index:
        node = _query(query)
        if file_form := FILES.get(chosen):
            from services.cli.exporting import export_claims

            _refuse_offset(offset)
            export_claims(index, node, form=file_form, out=out, sort=sort, most=limit or None)
            return
        found = index.claims(node, offset=offset, limit=most, sort=sort)
        if chosen == "json":
            _write_json(shapes.claims(found), out)
        elif found.claims:
            results.print_claims(console(), found, offset)
        else:
            results.print_nothing(console(), index, node, found.total, offset, claims=True)


def disagreements(
    query: Query = None,
    *,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show where claims about the same thing state different figures, and who says which.

    Example: beatwire disagreements claim:training_cost
    """
    from services.answers.disagreements import disagreements as told
    from services.cli import results
    from services.cli.output import console

    with _index() as index:
        node = _query(query)
        found = index.disputes(node, limit=_most(limit))
        if as_json:
            _write_json(told(found), None)
        else:
            results.print_disagreements(console(), found)


def article(
    which: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or address.")],
    *,
    as_json: AsJson = False,
    versions: Annotated[
        bool, typer.Option("--versions", help="List its versions and what each changed.")
    ] = False,
    diff: Annotated[
        str | None,
        typer.Option(metavar="N", help="Show what version N changed in the one before it."),
    ] = None,
) -> None:
    """Show one article with its entities, claims and moods; or what became of it since.

    Example: beatwire article https://ledger.example/chips --versions
    """
    from services.answers import shapes
    from services.cli import results
    from services.cli.output import console

    with _index() as index:
        found = index.get(_article_id(which))
        if found is None:
            raise UserError(
                f"{which[:200]}: no such article in the index; "
                "`beatwire search` lists what is there, `beatwire crawl URL` fetches more"
            )
        if versions or diff is not None:
            from services.cli.versions import show_versions

            show_versions(index, found, diff, as_json=as_json)
        elif as_json:
            _write_json(shapes.told_article(found), None)
        else:
            results.print_article(console(), found, *index.edits([found]))


def _form(as_json: bool, form: str | None, out: Path | None) -> str:
    """What is written: as asked for, else as the file's name ends."""
    if as_json and form not in (None, "json"):
        raise UserError(f"--json and --format {form} are two formats; leave one out")
    if out and form == "text":
        raise UserError("text is for a terminal; give --out with csv, jsonl or json")
    if form or as_json:
        return form or "json"
    if out is None:
        return "text"
    ending = out.suffix.removeprefix(".").lower()
    if ending not in ("json", *FILES):
        raise UserError(f"{out}: add --format csv, jsonl or json, or end the name with one of them")
    return ending


def _most(limit: int | None) -> int:
    return ALL if limit == 0 else USUAL if limit is None else limit


def _refuse_offset(offset: int) -> None:
    if offset:
        raise UserError("--offset is for pages; csv and jsonl begin with the first; leave it out")


def _write_json(answer: "Struct", out: Path | None) -> None:
    from services.answers.rows import json_lines
    from services.cli.saving import write_out

    write_out(json_lines([answer]), out)


@contextmanager
def _index() -> "Iterator[Index]":
    from services.bootstrap import open_index
    from services.settings import load_settings

    with open_index(load_settings()) as index:
        yield index


def _query(words: list[str] | None) -> "Node":
    from datetime import UTC, datetime

    from processors.query.syntax import parse_query

    text = query_text(words)
    with query_refused():
        return parse_query(text, datetime.now(UTC))


def query_text(words: list[str] | None) -> str:
    """The words of a command as one query. Raises QueryRefused for what was meant otherwise."""
    for word in words or []:
        if word.startswith("--"):
            raise QueryRefused(f"no such option: {word}; see --help")
    text = " ".join(words or [])
    if _ADDRESS.fullmatch(text.strip()):
        raise QueryRefused(
            f"{text.strip()[:200]} is an address; to see that article: beatwire article URL"
        )
    return text


@contextmanager
def query_refused() -> Iterator[None]:
    """A query that is read in here and cannot be is refused, with the place shown."""
    from processors.query.errors import QueryError

    try:
        yield
    except QueryError as error:
        shown = error.render().replace("\n", "\n  ")
        raise QueryRefused(f"this query cannot be understood\n  {shown}") from None


def _article_id(which: str) -> str:
    from processors.ids import article_id

    if "://" not in which:
        return which.strip().lower()
    try:
        return article_id(which)
    except ValueError as error:
        raise UserError(f"{which[:200]}: {error}; give an id or an address") from None
