"""One try to make what a page shows: what came of it, or what to say instead."""

from collections.abc import Callable

import msgspec

from processors.query.errors import QueryError
from services.errors import TryLater, UserError
from services.web.bounded import TooMany, TooSlow
from services.web.problems import AWAY, TOO_MANY, TOO_SLOW, Problem, query_problem


class Attempt[View](msgspec.Struct, frozen=True):
    """A view or an error, never both, and the HTTP status that goes with it."""

    view: View | None
    error: Problem | None
    status: int


def attempt[View](make: Callable[[], View], query: str) -> Attempt[View]:
    """The view, or the error that a reader can do something about; a bug is raised."""
    try:
        return Attempt(make(), None, 200)
    except QueryError as wrong:
        return Attempt(None, query_problem(query, wrong), 400)
    except TryLater as late:
        return Attempt(None, _waiting(late), 503)
    except UserError as wrong:
        return Attempt(None, Problem("This search cannot be made", str(wrong)), 400)


def _waiting(late: TryLater) -> Problem:
    match late:
        case TooSlow():
            return TOO_SLOW
        case TooMany():
            return TOO_MANY
    return AWAY
