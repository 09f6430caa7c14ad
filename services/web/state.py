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
LAST_PAGE = 500
"""No engine is asked for more than the first 10,000 hits."""
SORTS: tuple[Sort, ...] = get_args(Sort)


class SearchState(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched, in which order, from which page on; ``after``, ``before``: ISO days."""

    q: str = ""
    sort: str = ""
    """Empty: as ``order`` decides."""
    page: int = 1
    after: str = ""
    before: str = ""

    @property
    def order(self) -> Sort:
        """By relevance when there is a query, newest first when there is none."""
        named = next((sort for sort in SORTS if sort == self.sort), None)
        return named or ("relevance" if self.q.strip() else "newest")

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    def but(self, **changes: Any) -> Self:
        """Another state; a change of anything but the page starts at the first page again."""
        return msgspec.structs.replace(self, **{"page": 1, **changes})

    def parameters(self) -> str:
        """The query string with its question mark; empty for the plain page."""
        given = {
            name: value
            for name, value in msgspec.structs.asdict(self).items()
            if value not in ("", 1)
        }
        return f"?{urlencode(given)}" if given else ""

    def address(self, path: str = "/") -> str:
        return path + self.parameters()


def read_state(params: Mapping[str, str]) -> SearchState:
    """The state that an address stands for; a wrong sort or page falls back to the first."""
    sort, page = params.get("sort", ""), params.get("page", "")
    return SearchState(
        q=params.get("q", ""),
        sort=sort if sort in SORTS else "",
        page=min(LAST_PAGE, max(1, int(page))) if page.isdecimal() and len(page) < 9 else 1,
        after=params.get("after", "").strip()[:MAX_DAY],
        before=params.get("before", "").strip()[:MAX_DAY],
    )


def between(query: Node, state: SearchState) -> Node:
    """The query within the days of the state.

    Raises UserError when a day is none.
    """
    days = Published(after=_midnight("from", state.after), before=_midnight("before", state.before))
    if days == Published():
        return query
    return days if isinstance(query, All) else And((query, days))


def month_days(month: str) -> tuple[str, str] | None:
    """The first day of ``2025-01`` and of the month after it; None when it is no month."""
    try:
        first = date.fromisoformat(f"{month}-01")
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError:
        return None
    return first.isoformat(), following.isoformat()


def _midnight(label: str, day: str) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    except ValueError:
        raise UserError(
            f"The date in “{label}” is {day!r}, which is no day; write it as 2025-01-31."
        ) from None
