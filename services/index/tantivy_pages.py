"""Hits of a tantivy search in order, a page at a time, however far down."""

from typing import Any, NamedTuple

import tantivy
from tantivy import Query

from services.index.order import Order, Values, first_of_each
from services.index.paging import Paging
from services.index.tantivy_query import ARTICLES
from services.index.tantivy_schema import STORY

AMONG = 200
"""Hits fetched beyond a page: equals are many, and a second search costs more than they do."""


class Row(NamedTuple):
    """One hit: the values that order it, and where its document is."""

    values: Values
    address: tantivy.DocAddress


class Page(NamedTuple):
    total: int
    """All documents that match, whatever was passed over."""
    rows: list[Row]
    next: str
    """The cursor of what follows."""


class Pager:
    """Pages of one commit."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self._most = max(1, searcher.num_docs)

    def page(self, query: Query, paging: Paging) -> Page:
        """The hits of one page. Raises CursorError."""
        order = paging.order
        offset, after = paging.start()
        end = offset + max(0, paging.limit)
        asked = ARTICLES.both(query, _from(order, after)) if after else query
        size = min((2 * end if paging.fold else end) + AMONG, self._most)
        while True:
            total, rows, whole = self._first(asked, order, size)
            if after:
                rows = [row for row in rows if order.rank(row.values) > order.rank(after)]
            if paging.fold:
                rows = self._folded(rows)
            if whole or len(rows) > end:
                break
            size = min(size * 4 + 64, self._most)
        if after:
            total = self.count(query)
        shown = rows[offset:end]
        more = len(rows) > end and shown
        return Page(total, shown, paging.following(shown[-1].values) if more else "")

    def count(self, query: Query) -> int:
        total: int = self._searcher.search(query, limit=1).count
        return total

    def _first(self, query: Query, order: Order, size: int) -> tuple[int, list[Row], bool]:
        """The first hits, sorted; whether these are all.

        The engine orders by the first key alone, and equals as its segments lie. So the hits that
        share the last value fetched are left out, as others that share it may come before them.
        """
        lead = order.keys[0]
        how: dict[str, Any] = {}
        if lead.field != "score":
            direction = tantivy.Order.Desc if lead.falling else tantivy.Order.Asc
            how = {"order_by_field": lead.field, "order": direction}
        found = self._searcher.search(query, limit=size, **how)
        whole = len(found.hits) < size or size >= self._most
        hits = found.hits if whole else _untied(found.hits)
        addresses = [address for _, address in hits]
        columns = [self._searcher.fast_field_values(key.field, addresses) for key in order.keys[1:]]
        rows = [
            Row((value, *others), address)
            for (value, address), *others in zip(hits, *columns, strict=True)
        ]
        return found.count, sorted(rows, key=lambda row: order.rank(row.values)), whole

    def _folded(self, rows: list[Row]) -> list[Row]:
        stories = self._searcher.fast_field_values(STORY, [row.address for row in rows])
        return first_of_each(rows, stories)


def _untied(hits: list[Any]) -> list[Any]:
    last = hits[-1][0]
    end = len(hits)
    while end and hits[end - 1][0] == last:
        end -= 1
    return hits[:end]


def _from(order: Order, after: Values) -> Query:
    """What is not before these values by the first key."""
    lead = order.keys[0]
    return ARTICLES.compared(lead.field, "<=" if lead.falling else ">=", after[0])
