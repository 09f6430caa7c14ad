"""What the search page shows: asks the index, then decides with pure functions."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from processors.query.explain import explain
from processors.query.tree import All, And, Node, Words, sought
from processors.records import Article, Span
from services.index import Index, Results
from services.index.highlight import Seeker
from services.web.article_view import ArticleView, article_view
from services.web.charts.histogram import HistogramView, histogram
from services.web.filters import Chip, FacetView, chips, facet_views
from services.web.paging import Neighbours, neighbours
from services.web.spelling import did_you_mean
from services.web.state import PAGE_SIZE, SearchState, between
from services.web.views import HitView, hit_view, kinds_asked
from services.web.widen import Part, Wider, widened, wider_spans

Parse = Callable[[str], Node]


class SearchView(msgspec.Struct, frozen=True, kw_only=True):
    total: int
    """Articles, copies too."""
    page: int
    first: int
    """The place of the first hit of this page among all hits."""
    around: Neighbours
    explained: str
    """The query in words; empty where it is words that must all be there, and no more."""
    meant: str
    """The query with slips of the keyboard put right; empty where there are none."""
    meant_address: str
    chips: tuple[Chip, ...]
    facets: tuple[FacetView, ...]
    histogram: HistogramView
    hits: tuple[HitView, ...]
    pane: ArticleView | None
    """The article that is open beside the results."""
    empty_index: bool
    parts: tuple[Part, ...]
    spans: tuple[Wider, ...]


def search_view(index: Index, state: SearchState, parse: Parse, now: datetime) -> SearchView:
    """Articles for the state.

    Raises what ``parse`` does, UserError for a wrong day or cursor, TryLater when the index is
    away.
    """
    asked = parse(state.q)
    node = between(asked, state)
    found = index.search(
        node,
        offset=state.offset,
        limit=PAGE_SIZE,
        sort=state.order,
        facets=True,
        fold=state.fold,
        after=state.cursor,
    )
    empty = found.total == 0 and index.stats().articles == 0

    def count(other: SearchState) -> int:
        return index.search(between(parse(other.q), other), limit=0).total

    wanting = found.total == 0 and not empty
    meant = did_you_mean(index, state.q, asked)
    kinds = kinds_asked(node)
    edited = index.edits([hit.article for hit in found.hits])
    return SearchView(
        total=found.total,
        page=state.page,
        first=state.offset + 1,
        around=neighbours(state, found.next, "/"),
        explained="" if is_plain(asked) else explain(asked),
        meant=meant,
        meant_address=state.but(q=meant).address() if meant else "",
        chips=chips(state, "/"),
        facets=facet_views(found.facets, state),
        histogram=histogram(
            found.days, lambda after, before: state.but(after=after, before=before).address()
        ),
        hits=tuple(
            hit_view(hit, now, kinds, edits) for hit, edits in zip(found.hits, edited, strict=True)
        ),
        pane=_pane(index, state.read, found, asked, now),
        empty_index=empty,
        parts=widened(state, "/", count) if wanting else (),
        spans=wider_spans(state, node, "/", now, count) if wanting else (),
    )


def is_plain(node: Node) -> bool:
    """Whether a query needs no explanation: words and phrases that must all be there, or none."""
    match node:
        case All():
            return True
        case Words(where=where):
            return not where
        case And(parts=parts):
            return all(isinstance(part, Words) and is_plain(part) for part in parts)
        case _:
            return False


def _pane(
    index: Index, wanted: str, found: Results, asked: Node, now: datetime
) -> ArticleView | None:
    if not wanted:
        return None
    shown = (hit.article for hit in found.hits if hit.article.id == wanted)
    article = next(shown, None) or index.get(wanted)
    return article_view(article, None, now, places(asked, article)) if article else None


def places(asked: Node, article: Article) -> tuple[Span, ...]:
    """Where the body says what a query looks for."""
    return Seeker(asked).mark(article.body).marks if sought(asked) else ()
