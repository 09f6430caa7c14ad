"""Copies: stories are joined in one transaction at a time, and what that changed is kept."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, select, update

from services.store import happenings, postgresql
from services.store.joining import Joining, Known, Plan, Row, nearest
from services.store.port import Copy, Joined, Retold, Told
from services.store.rows import upsert
from services.store.tables import bands as band_table
from services.store.tables import copies, story_events
from services.store.tables import retold as retold_table

_PART = 128
"""Articles at once: as many values as a statement may have on every database."""
_TOLD = select(
    copies.c.article_id,
    copies.c.story,
    copies.c.original,
    func.coalesce(story_events.c.event, ""),
).join_from(copies, story_events, story_events.c.story == copies.c.story, isouter=True)
_ROW = [copies.c[name] for name in Row.__struct_fields__]


def join(connection: Connection, batch: Sequence[Copy]) -> list[Joined]:
    """See ``Store.join_stories``."""
    _hold(connection)
    for part in batched(batch, _PART):
        known = _known(connection, part)
        joining = Joining(known)
        for copy in part:
            joining.add(copy)
        plan = joining.plan()
        if plan.rows:
            retold = _write(connection, known, plan)
            _note_retold(connection, retold - {copy.article_id for copy in batch})
    ids = {copy.article_id for copy in batch}
    told = told_by(connection, ids)
    happenings.place(connection, batch, {each: told[each].story for each in ids})
    told = told_by(connection, ids)
    stale = _not_told(connection, {each.story for each in told.values()})
    return [
        Joined(
            told[copy.article_id].story,
            told[copy.article_id].original,
            tuple(each for each in stale[told[copy.article_id].story] if each != copy.article_id),
            told[copy.article_id].event,
        )
        for copy in batch
    ]


def of_story(connection: Connection, article_id: str) -> list[str]:
    story = select(copies.c.story).where(copies.c.article_id == article_id).scalar_subquery()
    return list(
        connection.execute(
            select(copies.c.article_id)
            .where(copies.c.story == story)
            .order_by(copies.c.published, copies.c.article_id)
        ).scalars()
    )


def told_by(connection: Connection, article_ids: Collection[str]) -> dict[str, Told]:
    rows = _all_of(connection, _TOLD, copies.c.article_id, article_ids)
    return {article_id: Told(story, first, event) for article_id, story, first, event in rows}


def note_told(connection: Connection, told: Mapping[str, Told]) -> None:
    if not told:
        return
    _hold(connection)  # what is told is compared with what no other transaction can change
    same = exists().where(
        copies.c.article_id == bindparam("article"),
        copies.c.story == bindparam("its_story"),
        copies.c.original == bindparam("is_original"),
    )
    connection.execute(
        update(retold_table)
        .where(retold_table.c.article_id == bindparam("article"), same)
        .values(told=True),
        [
            {"article": article_id, "its_story": each.story, "is_original": each.original}
            for article_id, each in told.items()
        ],
    )


def retold(connection: Connection, since: int) -> Retold:
    turn = connection.execute(select(func.max(retold_table.c.turn))).scalar() or 0
    after = and_(retold_table.c.turn > since, retold_table.c.turn <= turn)
    ids = select(retold_table.c.article_id).where(after).order_by(retold_table.c.article_id)
    return Retold(turn, tuple(connection.execute(ids).scalars()))


def _hold(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # a writer of an SQLite file is alone as it is
        postgresql.hold_for_joining(connection)


# What is known


def _known(connection: Connection, batch: Sequence[Copy]) -> Known:
    ids = {copy.article_id for copy in batch}
    rows = {row.article_id: row for row in _rows(connection, copies.c.article_id, ids)}
    changed = [
        copy
        for copy in batch
        if copy.article_id not in rows or rows[copy.article_id].signature != copy.signature
    ]
    bands = _bands(connection, {band for copy in changed for band in copy.bands})
    stories = {row.story for row in rows.values()}
    near = stories.union(*(nearest(copy.bands, bands) for copy in changed))
    began = {row.article_id: row for row in _rows(connection, copies.c.article_id, near)}
    stories |= {row.story for row in began.values()}
    firsts = _rows(connection, copies.c.story, stories, copies.c.original)
    shared = _shared(connection, {row.story for row in rows.values()})
    return Known(rows, shared, bands, began, {row.story: row for row in firsts})


def _bands(connection: Connection, bands: set[int]) -> dict[int, list[str]]:
    found = defaultdict(list)
    for band, story in _all_of(connection, select(band_table), band_table.c.band, bands):
        found[band].append(story)
    return found


def _shared(connection: Connection, stories: set[str]) -> frozenset[str]:
    several = select(copies.c.story).group_by(copies.c.story).having(func.count() > 1)
    return frozenset(story for (story,) in _all_of(connection, several, copies.c.story, stories))


def _rows(
    connection: Connection, column: Any, values: Collection[str], *where: ColumnElement[bool]
) -> Iterator[Row]:
    for found in _all_of(connection, select(*_ROW).where(*where), column, values):
        yield Row(**found._mapping)


def _all_of(
    connection: Connection, wanted: Any, column: Any, values: Collection[Any]
) -> Iterator[Any]:
    """The rows whose column has one of these values, of however many."""
    for part in batched(sorted(values), 4 * 1024):
        yield from connection.execute(wanted.where(column.in_(part)))


# What is written


def _write(connection: Connection, known: Known, plan: Plan) -> set[str]:
    """The articles whose story or originality changed and that were known before."""
    moved = {story: to for story, to in plan.moved.items() if story in known.firsts}
    # No story has two originals, not even for a moment.
    demoted = {
        first.article_id
        for story, first in known.firsts.items()
        if plan.firsts[plan.moved.get(story, story)] != first.article_id
    }
    retold = demoted | _of_stories(connection, moved)
    if demoted:
        theirs = copies.c.article_id.in_(demoted)
        connection.execute(update(copies).where(theirs).values(original=False))
    for story, to in moved.items():
        connection.execute(update(copies).where(copies.c.story == story).values(story=to))
    happenings.follow(connection, moved)
    values = [
        {name: getattr(row, name) for name in Row.__struct_fields__}
        | {"original": plan.firsts[row.story] == row.article_id and row.story not in plan.unsure}
        for row in plan.rows
    ]
    upsert(connection, copies, values)
    upsert(connection, band_table, [{"band": band, "story": story} for band, story in plan.bands])
    return retold | _find_originals(connection, plan.unsure)


def _of_stories(connection: Connection, stories: Collection[str]) -> set[str]:
    if not stories:
        return set()
    theirs = select(copies.c.article_id).where(copies.c.story.in_(stories))
    return set(connection.execute(theirs).scalars())


def _find_originals(connection: Connection, stories: Collection[str]) -> set[str]:
    """Of stories that may have another one than they had."""
    found = set()
    for story in stories:
        theirs = copies.c.story == story
        first = (
            select(copies.c.article_id)
            .where(theirs)
            .order_by(copies.c.published, copies.c.article_id)
            .limit(1)
        )
        article_id = connection.execute(first).scalar_one()
        found.add(article_id)
        connection.execute(update(copies).where(theirs, copies.c.original).values(original=False))
        original = copies.c.article_id == article_id
        connection.execute(update(copies).where(original).values(original=True))
    return found


def _note_retold(connection: Connection, changed: set[str]) -> None:
    if not changed:
        return
    turn = 1 + (connection.execute(select(func.max(retold_table.c.turn))).scalar() or 0)
    rows = [
        {"article_id": article_id, "story": told.story, "turn": turn, "told": False}
        for article_id, told in told_by(connection, changed).items()
    ]
    upsert(connection, retold_table, rows)


def _not_told(connection: Connection, stories: Collection[str]) -> dict[str, list[str]]:
    """Story to articles of it that were retold and not noted since, in order."""
    waiting = (
        select(retold_table.c.story, retold_table.c.article_id)
        .where(~retold_table.c.told)
        .order_by(retold_table.c.article_id)
    )
    found = defaultdict(list)
    for story, article_id in _all_of(connection, waiting, retold_table.c.story, stories):
        found[story].append(article_id)
    return found
