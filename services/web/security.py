"""What guards every answer: who may ask, how, and what the browser may do with the page."""

import re

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
METHODS = ("GET", "HEAD")
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked by machines under whatever name they know this one by; nothing in them is private."""
_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)


def is_local_host(host: str) -> bool:
    """Whether a Host header names this machine itself, with any port.

    A page elsewhere whose name was pointed at 127.0.0.1 (DNS rebinding) names another host.
    """
    return _LOCAL.fullmatch(host) is not None


class Guard:
    """Middleware: refuses other hosts and methods, and adds ``HEADERS`` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await (refusal(scope) or self.app)(scope, receive, guarded)


def refusal(scope: Scope) -> PlainTextResponse | None:
    """The answer to a request that is not for us; None when it is."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    known = scope["path"] in PROBES or (len(hosts) == 1 and is_local_host(hosts[0]))
    if not known:
        return PlainTextResponse(
            "Beatwire answers to 127.0.0.1, localhost and [::1] only.\n", status_code=421
        )
    if scope["method"] not in METHODS:
        return PlainTextResponse(
            "These pages are for reading: GET and HEAD only.\n",
            status_code=405,
            headers={"allow": ", ".join(METHODS)},
        )
    return None
