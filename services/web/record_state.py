"""The states of the pages of claims and of disagreements: searches with an order of their own."""

from collections.abc import Mapping
from typing import get_args

from services.index import ClaimSort
from services.web.state import SearchState, read_state

CLAIM_SORTS: tuple[ClaimSort, ...] = get_args(ClaimSort)
GROUPS = ("subject", "object")
CLAIMS_SIZE = 50
LAST_CLAIMS_PAGE = 200
"""Pages that have a number alone, as ``services.web.state.LAST_PAGE`` says."""
DISPUTES_SIZE = 10
DISPUTE_SORTS = ("origins", "newest", "widest")


class ClaimsState(SearchState, frozen=True, kw_only=True):
    """A search for claims; ``group``: rows about the same subject, or object, stand together."""

    group: str = ""

    @property
    def claim_order(self) -> ClaimSort:
        return next((sort for sort in CLAIM_SORTS if sort == self.sort), "newest")

    @property
    def offset(self) -> int:
        return (self.page - 1) * CLAIMS_SIZE


class DisputesState(SearchState, frozen=True, kw_only=True):
    """A search for disagreements; ``every``: those within one story, too."""

    every: str = ""
    """``1``, or empty."""

    @property
    def dispute_order(self) -> str:
        return self.sort or DISPUTE_SORTS[0]


def read_claims_state(params: Mapping[str, str]) -> ClaimsState:
    """The state that an address stands for; what it cannot mean falls back to the first choice."""
    sort, group = params.get("sort", ""), params.get("group", "")
    read = read_state(params)
    return ClaimsState(
        q=read.q,
        page=read.page if read.cursor else min(read.page, LAST_CLAIMS_PAGE),
        cursor=read.cursor,
        after=read.after,
        before=read.before,
        sort=sort if sort in CLAIM_SORTS[1:] else "",
        group=group if group in GROUPS else "",
    )


def read_disputes_state(params: Mapping[str, str]) -> DisputesState:
    """As ``read_claims_state``."""
    sort, read = params.get("sort", ""), read_state(params)
    return DisputesState(
        q=read.q,
        page=read.page,
        after=read.after,
        before=read.before,
        sort=sort if sort in DISPUTE_SORTS[1:] else "",
        every="1" if params.get("every") == "1" else "",
    )


def search_state(state: SearchState) -> SearchState:
    """What and when is searched, for the pages of articles and the links of every page."""
    return SearchState(q=state.q, after=state.after, before=state.before)
