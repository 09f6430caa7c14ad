"""The pages: each handler turns one address into one answer."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from processors.query.fields import FIELDS
from processors.query.lexer import MAX_CHARACTERS
from processors.query.syntax import QueryError, parse_query
from services.errors import TryLater, UserError
from services.index import Index
from services.version import VERSION
from services.web.api.guide import description
from services.web.article_view import article_view
from services.web.assets import Asset, asset_response
from services.web.clauses import filter_clause
from services.web.problems import AWAY, BROKEN, NOT_FOUND, Problem, sentence, with_caret
from services.web.search_view import ResultsView, claims_view, search_view
from services.web.security import HEADERS
from services.web.state import SORTS, SearchState, read_state
from services.web.views import Freshness, freshness

TEMPLATES = Path(__file__).parent / "templates"
EXAMPLES = (
    ('deepseek "hedge fund"', "words, and a phrase"),
    ("claim:training_cost usd:<10M", "a kind of claim, by its figure"),
    ("claim:investment usd:>10B", "big spending plans"),
    ("entity:nvidia NOT shares", "whoever is named, without a word"),
    ("(openai OR anthropic) claim:valuation", "either company, one kind of claim"),
    ("claim:export_control after:2025-01-01", "by date of publication"),
)
FRESH = {"cache-control": "private, no-cache"}
"""A page may be kept for the way back, and is asked for again before it is shown anew."""
MAX_ID = 64

View = Callable[[Index, SearchState, Callable[[str], Any], datetime], ResultsView]


def environment(assets: dict[str, Asset]) -> jinja2.Environment:
    """The templates: everything is escaped, and an unknown name is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(
        asset=lambda name: f"/static/{name}?v={assets[name].digest}",
        entity_clause=lambda entity: filter_clause("entity", entity),
        examples=EXAMPLES,
        fields=tuple(f"{name}:" for name in FIELDS),
        max_query=MAX_CHARACTERS,
        sorts=SORTS,
        version=VERSION,
    )
    return made


class Pages:
    """The handlers over one index; ``now`` is the reader's clock."""

    def __init__(self, index: Index, now: Callable[[], datetime], assets: dict[str, Asset]) -> None:
        self._index = index
        self._now = now
        self._assets = assets
        self._templates = environment(assets)
        self._described = description()

    def search(self, request: Request) -> Response:
        """``/?q=&sort=&page=&after=&before=``: articles."""
        return self._results(request, "search.html", "articles", search_view)

    def claims(self, request: Request) -> Response:
        """``/claims?q=&page=&after=&before=``: claims as a table."""
        return self._results(request, "claims.html", "claims", claims_view)

    def article(self, request: Request) -> Response:
        """``/article/{id}``; the parameters are the search that led here."""
        wanted = request.path_params["article_id"]
        found = self._index.get(wanted) if len(wanted) <= MAX_ID else None
        if found is None:
            return self.not_found(request)
        view = article_view(found, self._index.revisions(found.id), self._now())
        state = shown(read_state(request.query_params))
        return self._page("article.html", state=state, here="article", view=view)

    def status(self, _: Request) -> Response:
        """``/status``: what is in the index, and how fresh it is."""
        return self._page("status.html", here="status")

    def api(self, _: Request) -> Response:
        """``/api``: what programs may ask, described for people."""
        return self._page("api.html", here="api", api=self._described)

    def static(self, request: Request) -> Response:
        """``/static/{name}``: one of the files that were there at the start."""
        asset = self._assets.get(request.path_params["name"])
        return asset_response(asset, request) if asset else self.not_found(request)

    def not_found(self, _: Request, __: Exception | None = None) -> Response:
        return self._page("error.html", 404, error=NOT_FOUND)

    def away(self, _: Request, __: Exception) -> Response:
        return self._page("error.html", 503, error=AWAY, fresh=None)

    def broken(self, _: Request, __: Exception) -> Response:
        """A bug: the log has it, the page says nothing of it.

        Made outside of the guard, so it carries the guard's headers itself.
        """
        answer = self._page("error.html", 500, error=BROKEN, fresh=None)
        answer.headers.update(HEADERS)
        return answer

    def _results(self, request: Request, template: str, here: str, make: View) -> Response:
        state, now = read_state(request.query_params), self._now()
        view, error = None, None
        try:
            view = make(self._index, state, partial(parse_query, now=now), now)
        except QueryError as wrong:
            error = query_problem(state.q, wrong)
        except UserError as wrong:
            error = Problem("This search cannot be made", str(wrong))
        status = 400 if error else 200
        return self._page(template, status, state=shown(state), here=here, view=view, error=error)

    def _page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        given = {"state": SearchState(), "here": "", **values}
        if "fresh" not in given:
            given["fresh"] = self._freshness()
        body = self._templates.get_template(template).render(given)
        return HTMLResponse(body, status, headers=FRESH)

    def _freshness(self) -> Freshness | None:
        try:
            return freshness(self._index.stats(), self._now())
        except TryLater:
            return None


def shown(state: SearchState) -> SearchState:
    """The state as the links of a page repeat it: of a query far too long, its beginning."""
    return msgspec.structs.replace(state, q=state.q[:MAX_CHARACTERS])


def query_problem(query: str, error: QueryError) -> Problem:
    """A query error with the place that it names; a query far too long is not shown again."""
    if len(query) > MAX_CHARACTERS:
        return Problem("This query is too long", sentence(error.message))
    line, caret = with_caret(query, error.position)
    return Problem(
        "This query cannot be read", sentence(error.message), line, caret, sentence(error.hint)
    )
