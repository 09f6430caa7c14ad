"""Feeds that a reader has are not sent again: an ETag on each, and 304 for who names it."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

from services.answers import feeds


def cached(request: Request, body: bytes, media_type: str, changed: datetime) -> Response:
    """The body, or 304 when the reader has it; ``changed`` is when it changed last."""
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    if changed > feeds.BEGINNING:
        headers["last-modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    if _has(request, etag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _has(request: Request, etag: str, changed: datetime) -> bool:
    """Whether the reader's copy is this one; a tag tells it for certain, so it goes first."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(known & {etag, "*"})
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    if since.tzinfo is None or changed == feeds.BEGINNING:
        return False
    return changed.replace(microsecond=0) <= since
