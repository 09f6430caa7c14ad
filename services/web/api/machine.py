"""For programs every error is a problem, whoever of those around the handlers refused."""

from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.web.api.operations import FILES
from services.web.api.problems import MEDIA_TYPE, of_status, response

PREFIX = "/api/"
OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding", "etag"})
"""Headers that go with a body that is not sent."""
LONGEST_DETAIL = 500
"""Bytes of a refusal in plain text that are repeated."""


def for_programs(path: str) -> bool:
    """Whether an address is asked by programs; the page ``/api`` is for people."""
    return path.startswith(PREFIX) or path in FILES


class Machine:
    """Middleware: an error in another form becomes problem details of the same status."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not for_programs(scope["path"]):
            await self.app(scope, receive, send)
            return
        refused: dict[str, Any] = {}

        async def translated(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind = _header(message, b"content-type")
                if message["status"] >= HTTPStatus.BAD_REQUEST and not kind.startswith(MEDIA_TYPE):
                    refused.update(message, kind=kind)
                    return
            elif refused:
                if "said" not in refused:
                    refused["said"] = True
                    await _say(refused, message.get("body", b""), scope, receive, send)
                return
            await send(message)

        await self.app(scope, receive, translated)


async def _say(
    refused: dict[str, Any], body: bytes, scope: Scope, receive: Receive, send: Send
) -> None:
    phrase = HTTPStatus(refused["status"]).phrase
    plain = refused["kind"].startswith("text/plain")
    said = body[:LONGEST_DETAIL].decode("utf-8", "replace").strip() if plain else ""
    headers = {
        name.decode("latin-1"): value.decode("latin-1") for name, value in refused["headers"]
    }
    kept = {name: value for name, value in headers.items() if name.lower() not in OF_THE_BODY}
    found = of_status(refused["status"], "" if said == phrase else said)
    await response(found, kept)(scope, receive, send)


def _header(message: Message, wanted: bytes) -> str:
    found: list[bytes] = [v for name, v in message.get("headers", ()) if name.lower() == wanted]
    return found[0].decode("latin-1") if found else ""
