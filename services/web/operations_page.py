"""``/operations``: how everything runs, and a retry of dead letters; for operators alone."""

import logging
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.errors import TryLater
from services.operations.lookout import Lookout
from services.operations.retry import AT_ONCE, Retried
from services.web.login import NEVER_KEPT, Show
from services.web.operations_view import operations_view
from services.web.people import POST, Route, told_when_away
from services.web.problems import Problem
from services.web.security import METHODS

MOST_NAME = 200
MOST_DIGITS = 9
NONE_OPEN = Problem(
    "No dead letter is open there",
    "Somebody may have retried or dropped them meanwhile. Nothing was changed.",
)
STOPPED = Problem(
    "The retry could not be brought to its end",
    "The log or the store does not answer. What was put on its topic stays there, and none is "
    "put there twice.",
    suggestion="Once they are back, retry again: it goes on where it stopped.",
)

log = logging.getLogger(__name__)


class Group(msgspec.Struct, frozen=True):
    """The dead letters of a stage and a class of error."""

    stage: str
    error_class: str


def operations_routes(show: Show, lookout: Lookout) -> Iterator[Route]:
    """Path, handler and methods of each; who may use it is said in ``access.RULES``."""
    page = OperationsPage(show, lookout)
    found: tuple[Route, ...] = (
        ("/operations", page.overview, METHODS),
        ("/operations/retry", page.ask, METHODS),
        ("/operations/retry", page.retry, POST),
    )
    for path, handler, methods in found:
        yield path, told_when_away(handler, show), methods


class OperationsPage:
    """The handlers; they run in threads."""

    def __init__(self, show: Show, lookout: Lookout) -> None:
        self._show, self._lookout = show, lookout

    def overview(self, request: Request) -> Response:
        """``/operations?retried=&gone=&left=``: numbers of a retry that was just made."""
        return self._page(done=read_retried(request.query_params))

    def ask(self, request: Request) -> Response:
        """``/operations/retry?stage=&class=``: what a retry would do, and a button for it."""
        group = read_group(request.query_params)
        letters = self._lookout.unfinished(group.stage, group.error_class)
        if not letters:
            return self._page(404, error=NONE_OPEN)
        return self._answer("operations_retry.html", group=group, letters=letters, most=AT_ONCE)

    def retry(self, request: Request) -> Response:
        """POST ``stage`` and ``class``; then the page tells what came of it."""
        group = read_group(request.state.form)
        if not self._lookout.unfinished(group.stage, group.error_class):
            return self._page(404, error=NONE_OPEN)
        try:
            done = self._lookout.retry(group.stage, group.error_class, by=request.state.who.name)
        except TryLater as error:
            log.warning("a retry of dead letters stopped: %s", error)
            return self._page(503, error=STOPPED)
        numbers = urlencode(msgspec.structs.asdict(done))
        return RedirectResponse(f"/operations?{numbers}#letters", 303, headers=NEVER_KEPT)

    def _page(
        self, status: int = 200, *, error: Problem | None = None, done: Retried | None = None
    ) -> Response:
        view = operations_view(self._lookout.look())
        return self._answer("operations.html", status, view=view, error=error, done=done)

    def _answer(self, template: str, status: int = 200, **values: object) -> Response:
        answer = self._show(template, status, here="operations", **values)
        answer.headers.update(NEVER_KEPT)
        return answer


def read_group(given: Mapping[str, str]) -> Group:
    return Group(given.get("stage", "")[:MOST_NAME], given.get("class", "")[:MOST_NAME])


def read_retried(given: Mapping[str, str]) -> Retried | None:
    """Numbers, and nothing else, from an address that anybody may have written."""
    numbers = [given.get(name, "") for name in Retried.__struct_fields__]
    if not all(each.isascii() and each.isdigit() and len(each) <= MOST_DIGITS for each in numbers):
        return None
    return Retried(*map(int, numbers))
