"""Exports and feeds of any search: files of everything that it finds, feeds of what is newest."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from processors.query.syntax import parse_query
from processors.query.tree import And, Node, Published
from services.answers import feeds
from services.answers.clean import file_name, one_line
from services.answers.export import all_articles, all_claims, article_lines, claim_lines
from services.index import Index, Sort
from services.web.api.operations import Download
from services.web.bounded import TooMany
from services.web.conditional import cached

AT_ONCE = 4
"""Exports that run at once; each may take minutes."""
BOM = b"\xef\xbb\xbf"
"""By it spreadsheets know that the text is UTF-8."""
PIECE = 64 * 1024
WRITERS = {"/feed.atom": feeds.atom, "/feed.rss": feeds.rss, "/feed.json": feeds.json_feed}


class Downloads:
    """The handlers over one index; ``base`` is the address of this Beatwire, if it has one."""

    def __init__(self, index: Index, now: Callable[[], datetime], base: str) -> None:
        self._index = index
        self._now = now
        self._base = base.rstrip("/")
        self._room = BoundedSemaphore(AT_ONCE)

    def export(self, request: Request, download: Download, values: dict[str, Any]) -> Response:
        """The file, line by line. Raises before the first line what a search raises."""
        query = self._query(values)
        if not self._room.acquire(blocking=False):
            raise TooMany(f"{AT_ONCE} exports are under way, which are the most")
        try:
            lines = self._lines(download, query, values)
        except BaseException:
            self._room.release()
            raise
        name = file_name(download.path[1:].partition(".")[0], values["q"], str(download.form))
        headers = {
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "private, no-store",
        }
        body = iter(()) if request.method == "HEAD" else lines
        return _Export(self._room.release, body, download.media_type, headers)

    def _lines(self, download: Download, query: Node, values: dict[str, Any]) -> Iterator[bytes]:
        form, sort = download.form or "jsonl", values["sort"]
        if download.path.startswith("/articles"):
            # Whoever takes everything needs no best ones first, which cost more with every page.
            order: Sort = "oldest" if sort == "oldest" else "newest"
            rows = all_articles(self._index, query, sort=order, fold=values["fold"])
            lines = article_lines(form, _begun(rows))
        else:
            lines = claim_lines(form, _begun(all_claims(self._index, query, sort=sort)))
        return itertools.chain((BOM,), lines) if form == "csv" else lines

    def feed(self, request: Request, download: Download, values: dict[str, Any]) -> Response:
        """The feed, or 304 to whom has it as it is."""
        found = self._index.search(
            self._query(values), limit=feeds.ENTRIES, sort="newest", fold=values["fold"]
        )
        base = self._base or str(request.base_url).rstrip("/")
        asked = parameters(values)
        feed = feeds.Feed(
            title=one_line(f"Beatwire: {values['q'] or 'everything'}"),
            page=f"{base}/{asked}",
            address=base + download.path + asked,
            entries=tuple(feeds.entry(hit, base) for hit in found.hits),
        )
        return cached(request, WRITERS[download.path](feed), download.media_type, feed.updated)

    def _query(self, values: dict[str, Any]) -> Node:
        days = Published(after=values["after"], before=values["before"])
        typed = parse_query(values["q"], self._now())
        return typed if days == Published() else And((typed, days))


def parameters(values: dict[str, Any]) -> str:
    """The part of a feed's address, and of its search page's, that says what is searched."""
    days = {name: f"{values[name]:%Y-%m-%d}" for name in ("after", "before") if values[name]}
    given = {"q": values["q"], **days, "fold": "" if values["fold"] else "0"}
    asked = urlencode({name: value for name, value in given.items() if value})
    return f"?{asked}" if asked else ""


class _Export(StreamingResponse):
    """A file that is written while it is read; ``done`` is called when that ends, however."""

    def __init__(
        self,
        done: Callable[[], object],
        lines: Iterator[bytes],
        media_type: str,
        headers: dict[str, str],
    ) -> None:
        super().__init__(_in_pieces(lines), headers=headers, media_type=media_type)
        self._done = done

    async def __call__(self, *connection: Any) -> None:
        try:
            await super().__call__(*connection)
        finally:
            self._done()


def _in_pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Lines put together, so that each is no packet of its own."""
    held = bytearray()
    for line in lines:
        held += line
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held)


def _begun[T](rows: Iterator[T]) -> Iterator[T]:
    """The same rows, the first of them read already, so that what is wrong is raised here."""
    return itertools.chain([*itertools.islice(rows, 1)], rows)
