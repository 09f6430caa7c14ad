"""The two cookies: of a login, and of a visit to the login page."""

from starlette.requests import Request
from starlette.responses import Response

from services.accounts.sessions import LONGEST
from services.web.entrance import Site

SESSION, VISIT = "beatwire", "beatwire-visit"
LONGEST_VALUE = 128


def name_at(site: Site, cookie: str) -> str:
    """With https under a prefix that keeps other hosts and plain http from setting it."""
    return f"__Host-{cookie}" if site.secure else cookie


def read(request: Request, cookie: str) -> str:
    """The value; empty when there is none."""
    site: Site | None = request.state.site
    value = request.cookies.get(name_at(site, cookie), "") if site else ""
    return value if len(value) <= LONGEST_VALUE else ""


def write(response: Response, request: Request, cookie: str, value: str) -> None:
    """Set it, out of reach of scripts and of other sites. A visit ends with the browser."""
    site: Site = request.state.site
    response.set_cookie(
        name_at(site, cookie),
        value,
        max_age=int(LONGEST.total_seconds()) if cookie == SESSION else None,
        path="/",
        secure=site.secure,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, request: Request, cookie: str) -> None:
    site: Site = request.state.site
    response.delete_cookie(
        name_at(site, cookie), path="/", secure=site.secure, httponly=True, samesite="lax"
    )
