"""Answers to requests that do not get what they ask for: a page, or a problem for programs."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.web.api import problems
from services.web.api.machine import for_programs
from services.web.api.operations import FILES
from services.web.problems import Problem

MOST_NEXT = 2000
Page = Callable[[Problem, int], Response]


class Refusal(msgspec.Struct, frozen=True):
    """A status, what to say with it, and further headers."""

    status: int
    problem: Problem
    headers: Mapping[str, str] = {}


WRONG_KEY = Refusal(
    401,
    Problem(
        "This API key does not work",
        "It may be mistyped or revoked, or its owner may no longer log in.",
        suggestion="Make another one on the account page, or with: beatwire keys add OWNER",
    ),
    {"www-authenticate": 'Bearer error="invalid_token"'},
)
LOGIN = Refusal(
    401,
    Problem("Log in first", "Send an API key in the header Authorization: Bearer."),
    {"www-authenticate": "Bearer"},
)
LOGIN_FOR_FILES = Refusal(
    401,
    LOGIN.problem,
    {"www-authenticate": 'Bearer, Basic realm="Beatwire: an API key as password"'},
)
"""Readers of feeds ask their user for a password when they are told so; browsers are not told."""
FORBIDDEN = Refusal(
    403,
    Problem(
        "This is not open to you", "Your role, or the scopes of your API key, do not reach it."
    ),
)
TOO_LARGE = Refusal(
    413, Problem("This is too large", "A request may hold 1 MB. Nothing was changed.")
)
TOO_SLOW = Refusal(
    408, Problem("This took too long", "It did not all arrive. Nothing was changed.")
)
WRONG_TYPE = Refusal(
    415,
    Problem(
        "This cannot be read",
        "Send a form, or JSON as application/json. Nothing was changed.",
    ),
)
STORE_AWAY = Refusal(
    503,
    Problem(
        "Accounts cannot be looked up now",
        "The store may be starting or busy. Nothing was lost.",
        suggestion="Try again in a moment.",
    ),
    {"retry-after": "5"},
)


def not_meant(reason: str) -> Refusal:
    """A request that changes something, and that may not be its sender's own."""
    return Refusal(
        403,
        Problem(
            "This was not carried out",
            f"{reason} Nothing was changed.",
            suggestion="Load the page again, and send it from there.",
        ),
    )


def too_often(seconds: int) -> Refusal:
    return Refusal(
        429,
        Problem(
            "Too many requests",
            f"The next one is answered in {seconds} s.",
            suggestion="Whoever runs this can raise BEATWIRE_REQUESTS_PER_MINUTE.",
        ),
        {"retry-after": str(seconds)},
    )


def wrong_method(methods: Iterable[str]) -> Refusal:
    allowed = ", ".join(sorted(methods))
    return Refusal(
        405,
        Problem("This address does not take that", f"It answers {allowed}."),
        {"allow": allowed},
    )


def answer(refusal: Refusal, request: Request, page: Page) -> Response:
    """The refusal in the form that the request asks for."""
    if wants_data(request):
        if refusal is LOGIN and request.url.path in FILES:
            refusal = LOGIN_FOR_FILES
        response: Response = problem_response(refusal)
    elif refusal is LOGIN:
        return to_login(request)
    else:
        response = page(refusal.problem, refusal.status)
    response.headers.update(refusal.headers)
    response.headers["cache-control"] = "no-store"
    return response


def problem_response(refusal: Refusal) -> Response:
    """RFC 9457."""
    said = " ".join(filter(None, (refusal.problem.message, refusal.problem.suggestion)))
    found = problems.of_status(refusal.status, said)
    return problems.response(msgspec.structs.replace(found, title=refusal.problem.title))


def to_login(request: Request) -> Response:
    """To the login page, and back to where it was asked for when that only reads."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = request.method == "GET" and wanted != "/" and len(wanted) <= MOST_NEXT
    login = f"/login?next={quote(wanted, safe='')}" if back else "/login"
    return RedirectResponse(login, 303, headers={"cache-control": "no-store"})


def wants_data(request: Request) -> bool:
    """Whether a program asks: by the address, by a key, or by what it accepts."""
    accepts = request.headers.get("accept", "")
    return (
        request.url.path.startswith("/api/")
        or (for_programs(request.url.path) and "html" not in accepts)
        or "authorization" in request.headers
        or ("json" in accepts and "html" not in accepts)
    )
