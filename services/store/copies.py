"""Copies: articles whose fingerprints share a band tell one story."""

from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection, delete, func, select, update

from services.store import postgresql
from services.store.rows import upsert
from services.store.tables import bands as band_table
from services.store.tables import copies


class StoriesMet(Exception):
    """An article links stories, which become one only while no other article is joined."""


def join(
    connection: Connection,
    article_id: str,
    published: datetime,
    bands: Collection[int],
    *,
    alone: bool,
) -> str:
    """Bring an article to its story; the story's id.

    Raises StoriesMet unless ``alone``: then no other article is joined at the same time.
    """
    if connection.dialect.name == "postgresql":
        keys = {_key(article_id), *bands}
        postgresql.hold_for_joining(connection, keys, alone=alone)
    else:
        alone = True  # as is every writer of an SQLite file
    stories = _stories(connection, article_id, bands)
    if len(stories) > 1 and not alone:
        raise StoriesMet
    story, *others = stories or [article_id]
    if others:
        connection.execute(update(copies).where(copies.c.story.in_(others)).values(story=story))
    row = {"article_id": article_id, "story": story, "published": published}
    upsert(connection, copies, [row])
    connection.execute(
        delete(band_table).where(
            band_table.c.article_id == article_id, band_table.c.band.not_in(bands)
        )
    )
    upsert(
        connection, band_table, [{"band": band, "article_id": article_id} for band in set(bands)]
    )
    return story


def of_story(connection: Connection, article_id: str) -> list[str]:
    story = select(copies.c.story).where(copies.c.article_id == article_id).scalar_subquery()
    return list(
        connection.execute(
            select(copies.c.article_id)
            .where(copies.c.story == story)
            .order_by(copies.c.published, copies.c.article_id)
        ).scalars()
    )


def _stories(connection: Connection, article_id: str, bands: Collection[int]) -> list[str]:
    """The stories of the article and of its bands, that with the earliest copy first."""
    near = {article_id}
    if bands:
        # One article of a band is enough: all of them tell one story.
        least = (
            select(func.min(band_table.c.article_id))
            .where(band_table.c.band == band)
            .scalar_subquery()
            for band in set(bands)
        )
        near.update(filter(None, connection.execute(select(*least)).one()))
    told = select(copies.c.story).where(copies.c.article_id.in_(near)).distinct()
    stories = list(connection.execute(told).scalars())
    if len(stories) < 2:
        return stories
    return list(
        connection.execute(
            select(copies.c.story)
            .where(copies.c.story.in_(stories))
            .group_by(copies.c.story)
            .order_by(func.min(copies.c.published), copies.c.story)
        ).scalars()
    )


def _key(article_id: str) -> int:
    digest = blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
