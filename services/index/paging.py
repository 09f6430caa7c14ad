"""Which part of an ordered search is asked for, and how the next part is named."""

import msgspec

from processors.query.tree import Node
from services.index import Sort
from services.index.cursor import Cursor, read, write
from services.index.order import ARTICLES, BEST, Order, Values
from services.index.relevance import phrases


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """One page of an order; see ``Index.search`` for ``fold`` and ``after``."""

    order: Order
    offset: int = 0
    limit: int = 20
    fold: bool = False
    after: str = ""

    @property
    def name(self) -> str:
        return self.order.name + " folded" * self.fold

    def start(self) -> tuple[int, Values]:
        """How many hits to pass over, and the values of the hit to go on from (or none).

        Raises CursorError.
        """
        if not self.after:
            return max(0, self.offset), ()
        cursor = read(self.after, self.name, len(self.order.keys))
        return cursor.offset, cursor.place

    def following(self, last: Values) -> str:
        """The cursor of the page behind this one, whose last hit has these values.

        Hits that are folded or scored are counted, all others are gone on from by their place.
        """
        if self.fold or self.order == BEST:
            return write(Cursor(self.name, self.start()[0] + max(0, self.limit)))
        return write(Cursor(self.name, place=last))


def articles_order(query: Node, sort: Sort) -> Order:
    """A query without words has no relevance: it comes newest first."""
    if sort == "relevance" and not phrases(query):
        return ARTICLES["newest"]
    return ARTICLES[sort]
