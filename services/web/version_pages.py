"""The page of one version of an article, against the one before it."""

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.answers.history import History, history_of
from services.index import Index
from services.web.problems import NOT_FOUND, Problem
from services.web.state import MAX_ID
from services.web.versions_view import version_view


class VersionPages:
    """The handler over one index; ``page`` renders a template as every page of this site."""

    def __init__(
        self, index: Index, now: Callable[[], datetime], page: Callable[..., HTMLResponse]
    ) -> None:
        self._index = index
        self._now = now
        self._page = page

    def one(self, request: Request) -> Response:
        """``/article/{id}/versions/{which}?whole=``: by its number, or the name of its text."""
        wanted = request.path_params["article_id"]
        article = self._index.get(wanted) if len(wanted) <= MAX_ID else None
        if article is None:
            return self._page("error.html", 404, error=NOT_FOUND)
        found = history_of(self._index, article)
        version = found.find(request.path_params["which"])
        if version is None:
            return self._page("error.html", 404, error=not_kept(found))
        whole = request.query_params.get("whole") == "1"
        view = version_view(found, version, self._now(), whole=whole)
        return self._page("version.html", here="version", view=view)


def not_kept(found: History) -> Problem:
    """Which versions there are."""
    numbers = [each.number for each in found.versions]
    if len(numbers) == 1:
        there = "This article has one version."
    elif found.left_out:
        there = f"Kept are the first version and those from {numbers[-2]} to {numbers[0]}."
    else:
        there = f"There are the versions 1 to {numbers[0]}."
    return Problem(
        "There is no such version",
        there,
        suggestion="The page of the article lists them.",
    )
