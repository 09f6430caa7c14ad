"""Errors for programs: problem details as RFC 9457 has them."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from processors.query.errors import QueryError
from services.errors import TryLater, UserError
from services.index import CursorError
from services.web.bounded import TooMany, TooSlow

MEDIA_TYPE = "application/problem+json"
ABOUT = "/api#"
"""The page that describes every type of problem."""
RETRY_SECONDS = 5
KINDS: dict[str, tuple[int, str, str]] = {
    "query": (400, "This query cannot be read", "See position (in characters of q) and hint."),
    "login": (401, "Log in first", "Send an API key: Authorization: Bearer KEY."),
    "forbidden": (403, "This is not open to you", "Your role or the scopes of your key must be."),
    "not-found": (404, "There is no such thing", "Nothing in this index has the id or address."),
    "method": (405, "This address only answers GET and HEAD", "Nothing here can be changed."),
    "parameter": (422, "A parameter cannot be used", "The detail names it and what it may be."),
    "cursor": (422, "This cursor cannot be used", "Take next from an answer to the same search."),
    "too-often": (429, "Too many requests", "Wait as many seconds as Retry-After says."),
    "broken": (500, "Something went wrong here", "The log of this Beatwire says what happened."),
    "away": (503, "The index cannot be read now", "It may be starting or being rebuilt."),
    "busy": (503, "Too many searches are under way", "Wait as Retry-After says, and ask again."),
    "slow": (503, "This search takes too long", "Ask for less: fewer parts, longer prefixes."),
}
"""Each type of problem: its status, its title, and what to do."""

log = logging.getLogger(__name__)


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, as RFC 9457 says it."""

    type: str
    title: str
    status: int
    detail: str
    position: int | None = None
    """Where in ``q``, in characters from its beginning; of a wrong query alone."""
    hint: str | None = None
    """What would be right, where that is known."""


class NotThere(UserError):
    """Nothing has this id."""


class WrongParameter(UserError):
    """A parameter of the address has a value that it cannot have, or is unknown."""


def problem(kind: str, detail: str, *, position: int | None = None, hint: str = "") -> Problem:
    status, title, _ = KINDS[kind]
    return Problem(
        type=ABOUT + kind,
        title=title,
        status=status,
        detail=detail,
        position=position,
        hint=hint or None,
    )


def of_status(status: int, detail: str = "") -> Problem:
    """The problem that a bare status stands for."""
    for kind, (of_kind, title, what) in KINDS.items():
        if of_kind == status:
            return problem(kind, detail or f"{title}. {what}")
    title = HTTPStatus(status).phrase
    return Problem(type="about:blank", title=title, status=status, detail=detail or title)


def of_error(error: Exception) -> Problem:  # noqa: PLR0911 - one return an error
    """The problem that an error is; what nobody foresaw is a bug, and the log has it."""
    match error:
        case QueryError():
            return problem("query", error.message, position=error.position, hint=error.hint)
        case NotThere():
            return problem("not-found", str(error))
        case CursorError():
            return problem("cursor", str(error))
        case TooSlow():
            return problem("slow", str(error))
        case TooMany():
            return problem("busy", str(error))
        case TryLater():
            # Its message may name a server of ours.
            return of_status(503, "The index cannot be read now; it may be starting.")
        case UserError():
            return problem("parameter", str(error))
    log.error("a request failed", exc_info=error)
    return of_status(500)


def response(found: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that carries a problem; 503 says when to come back."""
    given = {"cache-control": "no-store", **(headers or {})}
    if found.status == HTTPStatus.SERVICE_UNAVAILABLE:
        given.setdefault("retry-after", str(RETRY_SECONDS))
    return Response(msgspec.json.encode(found), found.status, given, MEDIA_TYPE)
