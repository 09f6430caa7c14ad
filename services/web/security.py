"""What guards every answer: who may ask, how, and what the browser may do with the page."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.web.entrance import Entrance, Site, in_the_clear, is_local_host, site_for

__all__ = ["HEADERS", "METHODS", "Guard", "is_local_host"]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    # With "no-referrer" browsers would send our own forms with the Origin "null".
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
METHODS = ("GET", "HEAD")
PROBES = frozenset({"/livez", "/readyz", "/startupz", "/metrics"})
"""Asked by machines under whatever name they know this one by; nothing in them is private."""
MOST_HEADER_BYTES = 64 * 1024
STRICT_TRANSPORT = "max-age=31536000"
VARY = "Cookie, Accept"
"""One address may be a page or data, and differs from person to person."""


class Guard:
    """Middleware: refuses other hosts, and adds ``HEADERS`` to every answer.

    ``request.state.site`` is the ``Site`` that was asked; None for a probe under another name.
    """

    def __init__(self, app: ASGIApp, entrance: Entrance) -> None:
        self.app = app
        self.entrance = entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        site = site_for(self.entrance, hosts[0]) if len(hosts) == 1 else None
        scope.setdefault("state", {})["site"] = site
        if site is not None and site.secure:
            scope["scheme"] = "https"  # so that addresses made from the request are right

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), site)
            await send(message)

        await (_instead(scope, site, self.entrance) or self.app)(scope, receive, guarded)


def _add_headers(headers: MutableHeaders, site: Site | None) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    if site is not None and site.secure:
        headers["strict-transport-security"] = STRICT_TRANSPORT
    if not headers.get("cache-control", "").startswith("public"):
        headers["vary"] = VARY


def _instead(scope: Scope, site: Site | None, entrance: Entrance) -> Response | None:
    """The answer to a request that is not for us, or that everybody on the way can read."""
    asked = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    said = sum(len(name) + len(value) for name, value in scope["headers"])
    if asked + said > MOST_HEADER_BYTES:
        # What comes in one piece the server has read before it could refuse it.
        return PlainTextResponse("The headers of a request may have 64 KiB.\n", status_code=431)
    if site is None:
        return None if scope["path"] in PROBES else _elsewhere(entrance)
    request = Request(scope)
    peer = request.client.host if request.client else ""
    if in_the_clear(entrance, site, peer, request.headers.get("x-forwarded-proto", "")):
        return RedirectResponse(str(request.url), 308)
    return None


def _elsewhere(entrance: Entrance) -> Response:
    also = f", and to {entrance.address}" if entrance.address else ""
    return PlainTextResponse(
        f"Beatwire answers to 127.0.0.1, localhost and [::1]{also} only. "
        "Another name is set with BEATWIRE_ADDRESS.\n",
        status_code=421,
    )
