"""The frontier: every address that is known, and what each listing named last."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from processors.records import FeedHints
from services.store.port import Target
from services.store.rows import upsert
from services.store.tables import links, targets

VALIDATORS = ("source", "etag", "last_modified", "content_hash", "fetched_at", "outcome")
"""What a listing knows nothing of: these stay when it names an address again."""


def discover(connection: Connection, listing: Target, found: Sequence[Target]) -> None:
    """Note a listing as fetched and its links in their order; a link named twice counts once."""
    first: dict[str, Target] = {}
    for each in found:
        first.setdefault(each.url, each)
    # The listing is among them so that every writer locks all that it writes in one order.
    rows = [_row(each) for each in (listing, *first.values())]
    upsert(connection, targets, rows, keeping=VALIDATORS)
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
    return [_target(row) for row in rows.mappings()]


def find(connection: Connection, url: str) -> Target | None:
    row = connection.execute(select(targets).where(targets.c.url == url)).mappings().first()
    return _target(row) if row else None


def put(connection: Connection, target: Target) -> None:
    upsert(connection, targets, [_row(target)])


def count_outcomes(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(targets.c.outcome, func.count()).group_by(targets.c.outcome))
    return {outcome or "pending": number for outcome, number in rows}


def _row(target: Target) -> dict[str, Any]:
    # The standard library also takes lone surrogates, which ``Words`` then makes storable.
    hints = target.hints and json.dumps(msgspec.to_builtins(target.hints), ensure_ascii=False)
    return {**msgspec.structs.asdict(target), "hints": hints}


def _target(row: RowMapping) -> Target:
    hints = row["hints"] and msgspec.json.decode(row["hints"], type=FeedHints)
    return Target(**{**row, "hints": hints})
