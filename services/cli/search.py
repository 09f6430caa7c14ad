"""``beatwire search``, ``claims`` and ``article``: what the index knows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from services.errors import UserError

if TYPE_CHECKING:
    from processors.query.tree import Node
    from services.index import Index

ALL = 1_000_000_000
_ADDRESS = re.compile(r"https?://\S+")

Query = Annotated[
    list[str] | None, typer.Argument(metavar="QUERY", help="Nothing means everything.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of a page.")]
Limit = Annotated[int, typer.Option(min=0, help="How many to show; 0 shows all.")]
Offset = Annotated[int, typer.Option(min=0, help="How many to pass over first.")]


class QueryRefused(UserError):
    """The query cannot be understood; the message shows the place."""

    exit_code = 2


def register(app: typer.Typer) -> None:
    # A query may begin with -word; what begins with two dashes is refused in ``_query``.
    passing = {"ignore_unknown_options": True}
    app.command("search", context_settings=passing)(search)
    app.command("claims", context_settings=passing)(claims)
    app.command("article")(article)


def search(
    query: Query = None,
    *,
    as_json: AsJson = False,
    limit: Limit = 20,
    offset: Offset = 0,
    sort: Annotated[
        Literal["relevance", "newest", "oldest"], typer.Option(help="Which come first.")
    ] = "relevance",
    facets: Annotated[bool, typer.Option("--facets", help="Counts beside the articles.")] = False,
) -> None:
    """Find articles by what they say.

    Words must all occur. Further: "a phrase", OR, NOT or -word, parentheses, entity:NAME,
    source:NAME, claim:KIND, usd:>10M, usd:10M..100M, after:2025-01 and before:7d. Put the whole
    query in single quotes.

    Example: beatwire search 'claim:training_cost usd:<10M "lower cost"'
    """
    from services.cli import results
    from services.cli.output import console, print_json

    with _index() as index:
        node = _query(query)
        most = limit or ALL
        found = index.search(node, offset=offset, limit=most, sort=sort, facets=facets)
        if as_json:
            print_json(results.search_json(found, facets=facets))
        elif found.hits:
            results.print_hits(console(), found, offset)
        else:
            results.print_nothing(console(), index, node, found.total, offset)


def claims(
    query: Query = None,
    *,
    as_json: AsJson = False,
    limit: Limit = 20,
    offset: Offset = 0,
) -> None:
    """List claims: who spent, raised, paid, released or forbade what, and who says so.

    Example: beatwire claims 'claim:investment usd:>=1B after:2025'
    """
    from services.cli import results
    from services.cli.output import console, print_json

    with _index() as index:
        node = _query(query)
        found = index.claims(node, offset=offset, limit=limit or ALL)
        if as_json:
            print_json(results.claims_json(found))
        elif found.claims:
            results.print_claims(console(), found, offset)
        else:
            results.print_nothing(console(), index, node, found.total, offset, claims=True)


def article(
    which: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or address.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one article with its entities, claims and moods.

    Example: beatwire article https://ledger.example/chips --json
    """
    from services.cli import results
    from services.cli.output import console, print_json

    with _index() as index:
        found = index.get(_article_id(which))
        if found is None:
            raise UserError(
                f"{which[:200]}: no such article in the index; "
                "`beatwire search` lists what is there, `beatwire crawl URL` fetches more"
            )
        if as_json:
            print_json(results.full(found))
        else:
            results.print_article(console(), found, index.revisions(found.id))


@contextmanager
def _index() -> "Iterator[Index]":
    from services.bootstrap import open_index
    from services.settings import load_settings

    with open_index(load_settings()) as index:
        yield index


def _query(words: list[str] | None) -> "Node":
    from datetime import UTC, datetime

    from processors.query.syntax import QueryError, parse_query

    for word in words or []:
        if word.startswith("--"):
            raise QueryRefused(f"no such option: {word}; see --help")
    text = " ".join(words or [])
    if _ADDRESS.fullmatch(text.strip()):
        raise QueryRefused(
            f"{text.strip()[:200]} is an address; to see that article: beatwire article URL"
        )
    try:
        return parse_query(text, datetime.now(UTC))
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
