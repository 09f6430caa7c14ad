"""The pages before and after a page of results, however far one goes."""

import msgspec

from services.web.state import LAST_PAGE, SearchState


class Neighbours(msgspec.Struct, frozen=True):
    """Addresses; empty where there is no such page."""

    previous: str = ""
    next: str = ""


def neighbours(state: SearchState, following: str, path: str, last: int = LAST_PAGE) -> Neighbours:
    """``following`` is the index's cursor for what comes after this page.

    Pages up to ``last`` have a number alone, so that their addresses stay short and can be
    gone back to; later ones begin at a cursor, and lead back to the last that has a number.
    """
    before = after = ""
    if state.page > 1:
        before = state.but(page=min(state.page - 1, last), cursor="", read="").address(path)
    if following:
        cursor = following if state.page >= last else ""
        after = state.but(page=state.page + 1, cursor=cursor, read="").address(path)
    return Neighbours(before, after)
