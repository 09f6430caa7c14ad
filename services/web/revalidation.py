"""Pages that a browser has are not sent again: an ETag on each, and 304 for who names it."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1_000_000
"""Bytes of a page that is held back to be looked at; a larger one is passed on as it comes."""


class Revalidation:
    """Middleware around pages. What is no page, no success or no GET passes through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        known = Headers(scope=scope).get("if-none-match", "")
        await self.app(scope, receive, _Answer(known, send))


class _Answer:
    """Holds the head of an answer back until its body says what the ETag is."""

    def __init__(self, known: str, send: Send) -> None:
        self._known, self._send = known, send
        self._head: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._head = message
            return
        head, self._head = self._head, None
        if head is None:
            await self._send(message)
            return
        body = message.get("body", b"")
        headers = MutableHeaders(scope=head)
        if not message.get("more_body") and len(body) <= LARGEST:
            tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
            headers["etag"] = tag
            if names(self._known, tag):
                head["status"] = 304
                del headers["content-length"]
                del headers["content-type"]
                message = {**message, "body": b""}
        await self._send(head)
        await self._send(message)


def names(known: str, tag: str) -> bool:
    """Whether an If-None-Match header names a tag; weak ones count as equal (RFC 9110, 13.1.2)."""
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in known.split(","))


def _is_page(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    kept = "no-store" not in headers.get("cache-control", "")
    page = headers.get("content-type", "").startswith("text/html")
    return message["status"] == 200 and page and kept
