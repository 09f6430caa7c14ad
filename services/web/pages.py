"""The pages: each handler turns one address into one answer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from processors.query.fields import FIELDS
from processors.query.lexer import MAX_CHARACTERS
from processors.query.syntax import QueryError, parse_query
from processors.query.tree import All, Node
from services.answers.history import history_of
from services.errors import TryLater
from services.index import Index
from services.version import VERSION
from services.web.article_view import article_view
from services.web.assets import Asset, asset_response
from services.web.attempt import attempt
from services.web.clauses import with_clause
from services.web.entity_view import entity_address
from services.web.event_view import event_view
from services.web.problems import AWAY, BROKEN, NOT_FOUND, Problem
from services.web.record_pages import RecordPages, shown
from services.web.related_view import related, story_view
from services.web.saved_links import LISTED, SavedLinks, no_links
from services.web.search_view import SearchView, places, search_view
from services.web.security import HEADERS
from services.web.state import MAX_ID, SORTS, SearchState, read_state
from services.web.take_along import take_along
from services.web.version_pages import VersionPages
from services.web.views import Freshness, freshness
from services.web.who import Who, current, may_subscribe

TEMPLATES = Path(__file__).parent / "templates"
EXAMPLES = (
    ('deepseek "hedge fund"', "words, and a phrase"),
    ("claim:training_cost(usd<10M subject:deepseek)", "one claim: its kind, figure and subject"),
    ("mood:nvidia<-0.3", "coverage that is sour on somebody"),
    ('"export chips"~5 after:90d', "words near each other, of late"),
    ("(openai OR anthropic) claim:valuation", "either company, one kind of claim"),
    ("entity:meta is:original -source:wire", "no copies, and not from one source"),
)
PLACES = (
    ("a", "Articles", "/"),
    ("c", "Claims", "/claims"),
    ("d", "Disagreements", "/disagreements"),
    ("l", "Alerts", "/alerts"),
    ("o", "Sources", "/sources"),
    ("s", "Status", "/status"),
)
"""The pages of the navigation, each with the letter that goes there after a ``g``."""
FOR_OPERATORS = ("p", "Operations", "/operations")
FRESH = {"cache-control": "private, no-cache"}
"""A page may be kept for the way back, and is asked for again before it is shown anew."""

Parse = Callable[[str], Node]
View = Callable[[Index, SearchState, Parse, datetime], SearchView]


def environment(assets: dict[str, Asset], saved: SavedLinks = no_links) -> jinja2.Environment:
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
        entity_address=entity_address,
        examples=EXAMPLES,
        fields=FIELDS,
        narrowed=narrowed,
        places=places_of,
        max_query=MAX_CHARACTERS,
        sorts=SORTS,
        version=VERSION,
    )
    made.globals.update(who=current, saved_links=saved, listed=LISTED, may_subscribe=may_subscribe)
    return made


class Pages:
    """The handlers over one index; ``now`` is the reader's clock."""

    def __init__(
        self,
        index: Index,
        now: Callable[[], datetime],
        assets: dict[str, Asset],
        saved: SavedLinks = no_links,
    ) -> None:
        self._index = index
        self._now = now
        self._assets = assets
        self._templates = environment(assets, saved)
        self.records = RecordPages(index, now, self.show)
        self.versions = VersionPages(index, now, self.show)

    def search(self, request: Request) -> Response:
        """``/?q=&sort=&page=&after=&before=``: articles."""
        return self._results(request, "search.html", "articles", search_view)

    def article(self, request: Request) -> Response:
        """``/article/{id}``; the parameters are the search that led here."""
        wanted = request.path_params["article_id"]
        found = self._index.get(wanted) if len(wanted) <= MAX_ID else None
        if found is None:
            return self.not_found(request)
        state, now = read_state(request.query_params), self._now()
        return self.show(
            "article.html",
            state=shown(state),
            here="article",
            view=article_view(
                found, history_of(self._index, found), now, places(asked(state.q, now), found)
            ),
            story=story_view(self._index, found, now),
            related=related(self._index, found, now),
            event=event_view(self._index, found, now),
        )

    def keys(self, _: Request) -> Response:
        """``/keys``: the keyboard and the query language."""
        return self.show("keys.html", here="keys")

    def status(self, _: Request) -> Response:
        """``/status``: what is in the index, and how fresh it is."""
        return self.show("status.html", here="status")

    def static(self, request: Request) -> Response:
        """``/static/{name}``: one of the files that were there at the start."""
        asset = self._assets.get(request.path_params["name"])
        return asset_response(asset, request) if asset else self.not_found(request)

    def not_found(self, _: Request, __: Exception | None = None) -> Response:
        return self.show("error.html", 404, error=NOT_FOUND)

    def away(self, _: Request, __: Exception) -> Response:
        return self.show("error.html", 503, error=AWAY, fresh=None)

    def broken(self, _: Request, __: Exception) -> Response:
        """A bug: the log has it, the page says nothing of it.

        Made outside of the guard, so it carries the guard's headers itself.
        """
        answer = self.show("error.html", 500, error=BROKEN, fresh=None)
        answer.headers.update(HEADERS)
        return answer

    def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page of this site, for other groups of handlers, too."""
        given = {"state": SearchState(), "here": "", **values}
        if "fresh" not in given:
            given["fresh"] = self._freshness()
        body = self._templates.get_template(template).render(given)
        return HTMLResponse(body, status, headers=FRESH)

    def refused(self, problem: Problem, status: int) -> Response:
        """What is said in place of a page that was not to be made."""
        return self.show("error.html", status, error=problem, fresh=None)

    def _results(self, request: Request, template: str, here: str, make: View) -> Response:
        """A search and what it finds; whatever goes wrong, the query stays in the box."""
        state, now = read_state(request.query_params), self._now()
        made = attempt(
            lambda: make(self._index, state, partial(parse_query, now=now), now), state.q
        )
        given = shown(state)
        origin = f"{request.url.scheme}://{request.url.netloc}"
        more = {"fresh": None} if made.error is AWAY else {}
        return self.show(
            template,
            made.status,
            state=given,
            here=here,
            view=made.view,
            error=made.error,
            take=take_along(given, origin) if made.view else None,
            **more,
        )

    def _freshness(self) -> Freshness | None:
        try:
            return freshness(self._index.stats(), self._now())
        except TryLater:
            return None


def places_of(who: Who) -> Sequence[tuple[str, str, str]]:
    """What is in the navigation of somebody."""
    return (*PLACES, FOR_OPERATORS) if who.role == "operator" else PLACES


def asked(query: str, now: datetime) -> Node:
    """The query that led to a page; everything when it is no sound one."""
    try:
        return parse_query(query, now)
    except QueryError:
        return All()


def narrowed(state: SearchState, clause: str) -> str:
    """The address of the search narrowed by a clause."""
    return state.but(q=with_clause(state.q, clause)).address()
