"""What a listing names: what is new of it goes into the queue; what is known is left as it is."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from services.store import frontier
from services.store.crawl_tables import patterns, queue
from services.store.crawling import SKEW, Link, Listed
from services.store.hosts import host_of
from services.store.places import Target
from services.store.rows import upsert
from services.store.tables import links

TRAP = "trap"
MAY_BE_GONE = frozenset({"not-found", "unreadable", "server-error", "unreachable", "timed-out"})
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def note(
    connection: Connection,
    listing: Target,
    named: Sequence[Link],
    *,
    now: datetime,
    priority: int,
    hold: str,
) -> Listed:
    first = {link.target.url: link for link in reversed(named)}
    in_order = list(dict.fromkeys(link.target.url for link in named))
    known = frontier.find_all(connection, [listing.url, *in_order])
    new = [url for url in in_order if url not in known]
    trapped = _traps(connection, [first[url] for url in new], now)
    fresh = {url: _begun(first[url].target, trapped) for url in new}
    changed = {
        url: msgspec.structs.replace(known[url], hints=first[url].target.hints)
        for url in in_order
        if url in known and known[url].hints != first[url].target.hints
    }
    before = known.get(listing.url)
    own = changed.get(listing.url) or fresh.get(listing.url) or before
    noted = msgspec.structs.replace(listing, hints=own.hints if own else listing.hints)
    written = {**fresh, **changed, listing.url: noted}
    if before == noted:
        written.pop(listing.url)
    frontier.put_found(connection, list(written.values()), now, trapped)
    again = [url for url, target in changed.items() if _updated(known[url], target)]
    again += _lost(connection, [url for url in in_order if url in known and not known[url].outcome])
    _queue(connection, [first[url] for url in [*new, *again] if url not in trapped], now, priority)
    _order(connection, listing.url, in_order)
    found = {**known, **written}
    others = _hold(connection, in_order, hold) if hold else set()
    return Listed(
        targets=tuple(found[url] for url in in_order if url not in others),
        new=frozenset(new),
        trapped=trapped,
    )


def _begun(target: Target, trapped: Mapping[str, str]) -> Target:
    return msgspec.structs.replace(target, outcome=TRAP) if target.url in trapped else target


def _updated(before: Target, after: Target) -> bool:
    """Whether a listing says that an article it named before has changed since it was had, or
    since it could not be had for a reason that may be gone.
    """
    if before.fetched_at is None and before.outcome not in MAY_BE_GONE:
        return False
    if before.hints is None or after.hints is None:
        return False
    return bool(after.hints.updated) and after.hints.updated != before.hints.updated


def _lost(connection: Connection, pending: Sequence[str]) -> list[str]:
    """Addresses still to be fetched that nothing waits for: their source was removed and came
    back, or they are from a version of the store that had no queue.
    """
    if not pending:
        return []
    there = set(connection.scalars(select(queue.c.url).where(queue.c.url.in_(sorted(pending)))))
    return [url for url in pending if url not in there]


def _traps(connection: Connection, new: Sequence[Link], now: datetime) -> dict[str, str]:
    """Those of ``new`` that are not followed, with the reason; counts those that are."""
    trapped = {link.target.url: link.trap for link in new if link.trap}
    counted = [link for link in new if link.pattern and not link.trap]
    if not counted:
        return trapped
    day = (now - _EPOCH) // _DAY
    wished = {link.pattern for link in counted}
    connection.execute(delete(patterns).where(patterns.c.day < day - 1))
    rows = connection.execute(
        select(patterns.c.pattern, patterns.c.addresses).where(
            patterns.c.day == day, patterns.c.pattern.in_(sorted(wished))
        )
    )
    counts: dict[str, int] = {row.pattern: row.addresses for row in rows}
    for link in counted:
        if counts.get(link.pattern, 0) >= link.most:
            trapped[link.target.url] = f"more than {link.most} new addresses like it in a day"
        else:
            counts[link.pattern] = counts.get(link.pattern, 0) + 1
    upsert(
        connection,
        patterns,
        [{"day": day, "pattern": name, "addresses": n} for name, n in counts.items()],
    )
    return trapped


def _queue(connection: Connection, due: Sequence[Link], now: datetime, priority: int) -> None:
    upsert(
        connection,
        queue,
        [
            {
                "url": link.target.url,
                "source": link.target.source,
                "host": host_of(link.target.url),
                # At once also for a crawler whose clock is behind.
                "due": now - SKEW,
                "priority": priority,
                "archive": link.archive,
                "since": link.since,
                "tries": 0,
                "owner": "",
            }
            for link in due
        ],
        keeping=("owner",),
    )


def _order(connection: Connection, listing: str, urls: Sequence[str]) -> None:
    """Note the order of a listing's links where it is another one than before."""
    mine = links.c.listing == listing
    before = connection.scalars(select(links.c.url).where(mine).order_by(links.c.position)).all()
    if list(before) == list(urls):
        return
    connection.execute(delete(links).where(mine))
    if urls:
        rows = [{"listing": listing, "position": n, "url": url} for n, url in enumerate(urls)]
        connection.execute(insert(links), rows)


def _hold(connection: Connection, urls: Sequence[str], crawler: str) -> set[str]:
    """Hold what of these is queued and free; those that another crawler holds."""
    mine = queue.c.url.in_(sorted(urls))
    connection.execute(update(queue).where(mine, queue.c.owner == "").values(owner=crawler))
    others = select(queue.c.url).where(mine, queue.c.owner != crawler)
    return set(connection.scalars(others))
