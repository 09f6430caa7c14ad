"""What history said, kept for alerts; see ``Intake.remember``."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import batched

import msgspec
from sqlalchemy import Connection, select

from processors.records import Article
from processors.stories.ledger import Statement
from services.store import messages
from services.store.alert_tables import decided, told_claims
from services.store.deciding import Subject, statements
from services.store.intake_tables import history
from services.store.rows import insert_new, upsert

_PART = 128
_BITS = 29
_LATEST = 2**32 - 1
"""In 2106; a text may state any date."""
_FIRST = -(2**62)
"""Statements of history are numbered from here, so that they come before all that is decided."""


def remember(connection: Connection, articles: Sequence[Article]) -> None:
    """See ``Intake.remember``."""
    messages.hold(connection)
    for part in batched(articles, _PART):
        known = _seen(connection, [article.id for article in part])
        for article in part:
            before = known.get(article.id)
            if before is None:
                insert_new(connection, history, {"article_id": article.id})
            elif before >= article.fetched_at:
                continue
            _replace(connection, article)
            known[article.id] = article.fetched_at
        seen = [{"article_id": each.id, "seen": known[each.id]} for each in part]
        upsert(connection, decided, seen)


def of_history(connection: Connection, ids: set[str]) -> frozenset[str]:
    """Those of these articles that are first known from history."""
    found = select(history.c.article_id).where(history.c.article_id.in_(sorted(ids)))
    return frozenset(connection.execute(found).scalars())


def _seen(connection: Connection, ids: Sequence[str]) -> dict[str, datetime]:
    rows = connection.execute(select(decided).where(decided.c.article_id.in_(sorted(set(ids)))))
    return {row.article_id: row.seen for row in rows}


def _replace(connection: Connection, article: Article) -> None:
    connection.execute(told_claims.delete().where(told_claims.c.article_id == article.id))
    for key, statement in statements(article, article.claims):
        body = msgspec.json.encode(statement)
        row = {"kind": key[0], "subject": key[1], "article_id": article.id, "body": body}
        # Two of one number are as good as none: one of thousands is left out.
        insert_new(connection, told_claims, {**row, "seq": _place(key, statement, body)})


def _place(key: Subject, statement: Statement, body: bytes) -> int:
    """A number by time; the rest of its bits tell statements of one second apart."""
    at = int(statement.at.timestamp()) if statement.at else 0
    mark = blake2b("\0".join((*key, statement.article)).encode("utf-8", "replace") + body)
    low = int.from_bytes(mark.digest()[:4], "big") >> (32 - _BITS)
    return _FIRST + (min(max(0, at), _LATEST) << _BITS) + low
