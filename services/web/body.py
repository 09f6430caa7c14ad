"""The body of a request that changes something: read once, whole, up to a limit."""

import asyncio
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.types import Message, Receive

MOST_BYTES = 1024 * 1024
MOST_SECONDS = 30.0
MOST_FIELDS = 200
FORM, JSON = "application/x-www-form-urlencoded", "application/json"

Form = ImmutableMultiDict[str, str]


class TooLargeError(Exception):
    """More than ``MOST_BYTES``."""


class TooSlowError(Exception):
    """It did not all come within ``MOST_SECONDS``."""


class GoneError(Exception):
    """Who sent it hung up in the middle."""


def is_too_large(content_length: str) -> bool:
    """Whether a request says itself that it is too large."""
    return content_length.isdecimal() and int(content_length[:20]) > MOST_BYTES


async def read_body(receive: Receive) -> bytes:
    """All of it. Raises TooLargeError, TooSlowError or GoneError."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(MOST_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise GoneError
                part = message.get("body", b"")
                size += len(part)
                if size > MOST_BYTES:
                    raise TooLargeError
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError as error:
        raise TooSlowError from error


def replayed(body: bytes, receive: Receive) -> Receive:
    """Gives the body once more, and then whatever comes."""
    given = False

    async def once_more() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more


def media_type(header: str) -> str:
    """What a Content-Type header names, without its parameters."""
    return header.partition(";")[0].strip().lower()


def is_taken(kind: str, body: bytes) -> bool:
    """Whether we read such bodies. A form elsewhere can send text, but neither of these unseen.

    An empty body needs no type.
    """
    return kind in (FORM, JSON) or (not body and not kind)


def read_form(kind: str, body: bytes) -> Form:
    """The fields of a form; empty for anything else, and for one that cannot be read."""
    if kind != FORM:
        return Form([])
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return Form([])
    return Form(fields)
