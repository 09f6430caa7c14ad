"""The saved searches of who asks, as pages list them beside a search."""

from collections.abc import Callable

from services.errors import TryLater
from services.store import Store
from services.store.people import SavedSearch
from services.web.who import current

LISTED = 12
"""More are on their own page."""

SavedLinks = Callable[[], tuple[SavedSearch, ...]]


def no_links() -> tuple[SavedSearch, ...]:
    """For pages without a store."""
    return ()


def saved_links(store: Callable[[], Store]) -> SavedLinks:
    """For templates: what is asked of the store when a page lists it, and no sooner.

    A store that is away takes this list from a page, and nothing else.
    """

    def links() -> tuple[SavedSearch, ...]:
        who = current()
        if not who.name:
            return ()
        try:
            return tuple(store().saved_searches(who.name))
        except TryLater:
            return ()

    return links
