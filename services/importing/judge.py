"""Which saved responses are pages, decided from the response alone."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from processors.ids import article_id, bytes_hash, canonical_url
from processors.records import Page
from services.importing.http import MAX_BODY
from services.importing.records import Fetched, Left
from services.pages import kept_headers

LEEWAY = timedelta(days=1)
"""A page that says it was fetched later than this from now would win over all that is fetched."""
_HTML = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
_TEXT_SO_FAR = 1024
_BOMS = (b"\xff\xfe", b"\xfe\xff")


def judge(found: Fetched, source: str, now: datetime) -> Page | Left:
    """The page that a crawl would have made of this response, or why there is none.

    ``source``: what it shall belong to; empty: what it says itself, else its host.
    """
    try:
        url = canonical_url(found.url)
    except ValueError as error:
        return Left("bad-url", str(error))
    if found.fetched_at > now + LEEWAY:
        return Left(
            "bad-time", f"it says it was fetched in the future, {found.fetched_at:%Y-%m-%d}"
        )
    parts = urlsplit(url)
    if parts.path == "/robots.txt":
        return Left("robots-txt")
    if left := _no_page(found):
        return left
    return Page(
        id=article_id(url),
        url=url,
        requested_url=url,
        source=source or found.source or parts.hostname or "",
        fetched_at=found.fetched_at,
        status=found.status,
        headers=kept_headers(found.headers),
        body=found.body,
        content_hash=bytes_hash(found.body),
    )


def _no_page(found: Fetched) -> Left | None:
    if 300 <= found.status < 400:
        return Left("redirect")
    if found.status in {404, 410}:
        return Left("not-found")
    if found.status not in {200, 203}:
        return Left("error-status")
    if len(found.body) > MAX_BODY:
        return Left("too-large", "a page of more than 5 MiB")
    return None if _is_html(found) else Left("not-html")


def _is_html(found: Fetched) -> bool:
    called = found.headers.get("content-type", "").partition(";")[0].strip().lower()
    head = found.body[:_TEXT_SO_FAR]
    if called and not called.startswith(_HTML):
        return False
    return b"<" in head and (b"\0" not in head or head.startswith(_BOMS))
