"""The frontier: every address that is known, and what each listing named last."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from processors.records import FeedHints
from services.store.crawling import Ended
from services.store.port import Target
from services.store.rows import upsert
from services.store.tables import links, targets

_HINTS = msgspec.json.Decoder(FeedHints)
VALIDATORS = ("source", "etag", "last_modified", "content_hash", "fetched_at", "outcome")
"""What a listing knows nothing of: these stay when it names an address again."""
NOTED = ("found_at", "ended_at", "reason", "event_id")
"""What only the first find and the end of a look write."""


def discover(connection: Connection, listing: Target, found: Sequence[Target]) -> None:
    """Note a listing as fetched and its links in their order; a link named twice counts once."""
    first: dict[str, Target] = {}
    for each in found:
        first.setdefault(each.url, each)
    # The listing is among them so that every writer locks all that it writes in one order.
    rows = [_row(each) for each in (listing, *first.values())]
    upsert(connection, targets, rows, keeping=(*VALIDATORS, *NOTED))
    put(connection, msgspec.structs.replace(listing, hints=first.get(listing.url, listing).hints))
    connection.execute(delete(links).where(links.c.listing == listing.url))
    if first:
        connection.execute(
            insert(links),
            [
                {"listing": listing.url, "position": position, "url": url}
                for position, url in enumerate(first)
            ],
        )


def listed(connection: Connection, listing_url: str) -> list[Target]:
    rows = connection.execute(
        select(targets)
        .join(links, links.c.url == targets.c.url)
        .where(links.c.listing == listing_url)
        .order_by(links.c.position)
    )
    return [target_of(row) for row in rows.mappings()]


def find(connection: Connection, url: str) -> Target | None:
    row = connection.execute(select(targets).where(targets.c.url == url)).mappings().first()
    return target_of(row) if row else None


def find_all(connection: Connection, urls: Sequence[str]) -> dict[str, Target]:
    """Those of these addresses that are known."""
    rows = connection.execute(select(targets).where(targets.c.url.in_(urls)))
    names = tuple(rows.keys())
    found = (target_of(dict(zip(names, row, strict=True))) for row in rows)
    return {target.url: target for target in found}


def put(connection: Connection, target: Target) -> None:
    put_all(connection, [target])


def put_all(connection: Connection, changed: Sequence[Target]) -> None:
    """Add or replace; of an address that is named twice, the last one counts."""
    upsert(connection, targets, [_row(target) for target in changed], keeping=NOTED)


def put_found(
    connection: Connection, changed: Sequence[Target], now: datetime, ended: Mapping[str, str]
) -> None:
    """As ``put_all``; what is new was found now. ``ended``: reasons of those that end at once."""
    rows = [
        {
            **_row(target),
            "found_at": now,
            "ended_at": now if target.url in ended else None,
            "reason": ended.get(target.url, ""),
        }
        for target in changed
    ]
    upsert(connection, targets, rows, keeping=NOTED)


def put_ended(connection: Connection, ends: Sequence[Ended], now: datetime) -> None:
    """As ``put_all``, with the end of a look; without an event the one before it stays."""
    last = {end.target.url: end for end in ends}
    for published in (False, True):
        rows = [
            {
                **_row(end.target),
                "found_at": now,
                "ended_at": now,
                "reason": end.reason,
                "event_id": end.event_id,
            }
            for end in last.values()
            if bool(end.event_id) == published
        ]
        upsert(
            connection,
            targets,
            rows,
            keeping=("found_at",) if published else ("found_at", "event_id"),
        )


def count_outcomes(connection: Connection) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for of_source in count_by_source(connection).values():
        counts.update(of_source)
    return dict(counts)


def count_by_source(connection: Connection) -> dict[str, dict[str, int]]:
    """Source to outcome to number, ``pending`` for those without one."""
    groups = (targets.c.source, targets.c.outcome)
    rows = connection.execute(select(*groups, func.count()).group_by(*groups).order_by(*groups))
    found: dict[str, dict[str, int]] = {}
    for source, outcome, number in rows:
        found.setdefault(source, {})[outcome or "pending"] = number
    return found


def _row(target: Target) -> dict[str, Any]:
    # The standard library also takes lone surrogates, which ``Words`` then makes storable.
    hints = target.hints and json.dumps(msgspec.to_builtins(target.hints), ensure_ascii=False)
    return {**msgspec.structs.asdict(target), "hints": hints}


def target_of(row: Any) -> Target:
    hints = row["hints"] and _HINTS.decode(row["hints"])
    return Target(**{name: row[name] for name in Target.__struct_fields__} | {"hints": hints})
