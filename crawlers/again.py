"""When an address is looked at again: an article is edited when it is young, a server comes back.

Pure. Between two looks an address is *valid*: no schedule asks for it, whatever happens.
"""

from datetime import datetime, timedelta

FIRST_CHECK = timedelta(hours=1)
LAST_CHECK = timedelta(days=3)
"""An article that is older is looked at again only when its listing says that it was updated."""
ARCHIVE = LAST_CHECK
FIRST_RETRY = timedelta(minutes=5)
MOST_TRIES = 4
GOOD = frozenset({"fetched", "unchanged"})
YOUNG = timedelta(days=1)
"""A listing may name an article before all of its publisher's servers have it."""
PASSING = frozenset({"server-error", "unreachable", "timed-out"})
"""Outcomes that may be others a while later."""


def next_check(
    outcome: str, since: datetime, now: datetime, tries: int, *, passing: bool = False
) -> tuple[datetime | None, int]:
    """When to look again (None: not by itself) and how often it failed in a row by then.

    ``since`` is when the article was published, or first named. A good look is followed by one
    when it is twice as old, a failed one by one after 5, 20, 80 and 320 minutes; so is one of a
    young address that is not found.
    """
    if outcome in GOOD:
        age = max(now - since, timedelta(0))
        return (now + max(FIRST_CHECK, age) if age < LAST_CHECK else None), 0
    early = outcome == "not-found" and now - since < YOUNG
    if (outcome in PASSING or passing or early) and tries < MOST_TRIES:
        return now + FIRST_RETRY * 4**tries, tries + 1
    return None, 0


def is_archive(since: datetime | None, now: datetime) -> bool:
    """Whether an address waits until there is nothing new."""
    return since is not None and now - since >= ARCHIVE
