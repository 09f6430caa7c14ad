"""The whole state of a search is its address: read from the parameters, written to links."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Self, get_args
from urllib.parse import urlencode

import msgspec

from processors.query.tree import All, And, Node, Published
from services.errors import UserError
from services.index import Sort

PAGE_SIZE = 20
MAX_DAY = 40
MAX_CURSOR = 500
MAX_ID = 64
LAST_PAGE = 500
"""Pages that have a number alone; what lies beyond the first 10,000 hits is had by cursor."""
FURTHEST = 10**8
READABLE = ":(),*"
"""What the query language uses and an address may hold as it is (RFC 3986, 3.4)."""
SORTS: tuple[Sort, ...] = get_args(Sort)
PLACES = frozenset({"page", "cursor", "read"})
"""Fields that say where in the results one is; any other change leads to another search."""


class SearchState(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched, in which order, from which page on; ``after``, ``before``: ISO days."""

    q: str = ""
    sort: str = ""
    """Empty: as ``order`` decides."""
    page: int = 1
    cursor: str = ""
    """Where a page beyond ``LAST_PAGE`` begins: what the index gave as ``next`` before it."""
    after: str = ""
    before: str = ""
    fold: bool = True
    """Whether the copies of one story are one result; ``fold=0`` in an address shows all."""
    read: str = ""
    """The id of the article that is open beside the results."""

    @property
    def order(self) -> Sort:
        """By relevance when there is a query, newest first when there is none."""
        named = next((sort for sort in SORTS if sort == self.sort), None)
        return named or ("relevance" if self.q.strip() else "newest")

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    def but(self, **changes: Any) -> Self:
        """Another state; a change of anything but the place starts at the first page again."""
        if changes and changes.keys() <= PLACES:
            return msgspec.structs.replace(self, **changes)
        return msgspec.structs.replace(self, **{"page": 1, "cursor": "", "read": "", **changes})

    def parameters(self) -> str:
        """The query string with its question mark; empty for the plain page."""
        plain = type(self)()
        given = {
            name: "0" if value is False else value
            for name, value in msgspec.structs.asdict(self).items()
            if value != getattr(plain, name)
        }
        return f"?{urlencode(given, safe=READABLE)}" if given else ""

    def address(self, path: str = "/") -> str:
        return path + self.parameters()


def read_state(params: Mapping[str, str]) -> SearchState:
    """The state that an address stands for; a wrong sort or page falls back to the first."""
    sort, page = params.get("sort", ""), params.get("page", "")
    cursor = params.get("cursor", "").strip()[:MAX_CURSOR]
    return SearchState(
        q=params.get("q", ""),
        sort=sort if sort in SORTS else "",
        page=_page(page, FURTHEST if cursor else LAST_PAGE),
        cursor=cursor,
        after=params.get("after", "").strip()[:MAX_DAY],
        before=params.get("before", "").strip()[:MAX_DAY],
        fold=params.get("fold") not in ("0", "false"),
        read=params.get("read", "").strip()[:MAX_ID],
    )


def _page(text: str, last: int) -> int:
    return min(last, max(1, int(text))) if text.isdecimal() and len(text) < 10 else 1


def between(query: Node, state: SearchState) -> Node:
    """The query within the days of the state.

    Raises UserError when a day is none.
    """
    days = Published(after=_midnight("from", state.after), before=_midnight("before", state.before))
    if days == Published():
        return query
    return days if isinstance(query, All) else And((query, days))


def _midnight(label: str, day: str) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    except ValueError:
        raise UserError(
            f"The date in “{label}” is {day!r}, which is no day; write it as 2025-01-31."
        ) from None
