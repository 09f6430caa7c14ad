"""The pages of claims, disagreements, stories and entities."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from processors.query.lexer import MAX_CHARACTERS
from processors.query.syntax import parse_query
from services.index import Index
from services.web.attempt import Attempt, attempt
from services.web.claims_view import claims_view
from services.web.disagreements_view import disagreements_view
from services.web.entity_view import entity_page
from services.web.problems import AWAY, Problem
from services.web.record_state import (
    CLAIM_SORTS,
    DISPUTE_SORTS,
    read_claims_state,
    read_disputes_state,
    search_state,
)
from services.web.state import SearchState, read_state
from services.web.story_view import story_page

LONGEST_ID = 300
NO_STORY = Problem(
    "There is no such story",
    "No article of this index tells it; it may have been joined to another.",
    suggestion="Search for it by a headline.",
)
NO_ENTITY = Problem(
    "Nobody of this name is known here",
    "No article of this index names it.",
    suggestion="Search for it: an entity's page is linked from every article that names it.",
)


class RecordPages:
    """The handlers over one index; ``page`` renders a template as every page of this site."""

    def __init__(
        self, index: Index, now: Callable[[], datetime], page: Callable[..., HTMLResponse]
    ) -> None:
        self._index = index
        self._now = now
        self._page = page

    def claims(self, request: Request) -> Response:
        """``/claims?q=&sort=&group=&page=&after=&before=``: claims as a table and a chart."""
        asked, now = read_claims_state(request.query_params), self._now()
        parse = partial(parse_query, now=now)
        made = attempt(lambda: claims_view(self._index, asked, parse, now), asked.q)
        return self._results("claims.html", "claims", asked, made, CLAIM_SORTS)

    def disagreements(self, request: Request) -> Response:
        """``/disagreements?q=&sort=&every=&page=&after=&before=``: the ledger."""
        asked, now = read_disputes_state(request.query_params), self._now()
        parse = partial(parse_query, now=now)
        made = attempt(lambda: disagreements_view(self._index, asked, parse, now), asked.q)
        return self._results("disagreements.html", "disagreements", asked, made, DISPUTE_SORTS)

    def story(self, request: Request) -> Response:
        """``/story/{id}``; the parameters are the search that led here."""
        wanted = request.path_params["story_id"]
        state = shown(read_state(request.query_params))
        view = story_page(self._index, wanted, self._now()) if _likely(wanted) else None
        if view is None:
            return self._page("error.html", 404, error=NO_STORY)
        return self._page("story.html", state=state, here="story", view=view)

    def entity(self, request: Request) -> Response:
        """``/entity/{id}``."""
        wanted = request.path_params["entity_id"]
        view = entity_page(self._index, wanted, self._now()) if _likely(wanted) else None
        if view is None:
            return self._page("error.html", 404, error=NO_ENTITY)
        return self._page("entity.html", here="entity", view=view)

    def _results[View](
        self,
        template: str,
        here: str,
        asked: SearchState,
        made: Attempt[View],
        sorts: tuple[str, ...],
    ) -> Response:
        own = shown(asked)
        given = {"asked": own, "state": search_state(own), "orders": sorts, "here": here}
        if made.error is AWAY:
            given["fresh"] = None
        return self._page(template, made.status, view=made.view, error=made.error, **given)


def shown[State: SearchState](state: State) -> State:
    """The state as the links of a page repeat it: of a query far too long, its beginning."""
    return msgspec.structs.replace(state, q=state.q[:MAX_CHARACTERS])


def _likely(wanted: str) -> bool:
    return 0 < len(wanted) <= LONGEST_ID and wanted.isprintable()
