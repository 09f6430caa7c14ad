"""Copies: stories are joined in one transaction at a time, and what that changed is kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, or_, select, update

from services.store import postgresql
from services.store.joining import Joining, Known, Plan, Row, nearest
from services.store.port import Copy, Joined, Retold, Told
from services.store.rows import upsert
from services.store.tables import bands as band_table
from services.store.tables import copies
from services.store.tables import retold as retold_table

_PART = 128
"""Articles at once: as many values as a statement may have on every database."""
_TOLD = select(copies.c.article_id, copies.c.story, copies.c.original)
_ROW = [copies.c[name] for name in Row.__struct_fields__]


def join(connection: Connection, batch: Sequence[Copy]) -> list[Joined]:
    """See ``Store.join_stories``."""
    _hold(connection)
    for part in batched(batch, _PART):
        joining = Joining(_known(connection, part))
        for copy in part:
            joining.add(copy)
        _write(connection, joining.plan(), {copy.article_id for copy in part})
    told = told_by(connection, {copy.article_id for copy in batch})
    stale = _not_told(connection)
    return [
        Joined(
            told[copy.article_id].story,
            told[copy.article_id].original,
            tuple(each for each in stale[told[copy.article_id].story] if each != copy.article_id),
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
    return {article_id: Told(story, original) for article_id, story, original in rows}


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
    bands = _stories_by_band(connection, {band for copy in changed for band in copy.bands})
    begun = {row.story for row in rows.values()}
    near = {story for copy in changed for story in nearest(copy.bands, bands)}
    return Known(rows, _shared(connection, begun), bands, _texts(connection, begun | near))


def _stories_by_band(connection: Connection, bands: set[int]) -> dict[int, list[str]]:
    found = defaultdict(list)
    now = select(band_table.c.band, copies.c.story).join(
        copies, copies.c.article_id == band_table.c.story
    )
    for band, story in _all_of(connection, now, band_table.c.band, bands):
        found[band].append(story)
    return found


def _shared(connection: Connection, stories: set[str]) -> frozenset[str]:
    several = select(copies.c.story).group_by(copies.c.story).having(func.count() > 1)
    return frozenset(story for (story,) in _all_of(connection, several, copies.c.story, stories))


def _texts(connection: Connection, stories: set[str]) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in _rows(connection, copies.c.article_id, stories):
        found[row.article_id].append(row)
    for row in _rows(connection, copies.c.story, stories, copies.c.original):
        if row.article_id != row.story:
            found[row.story].append(row)
    return found


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


def _write(connection: Connection, plan: Plan, batch: set[str]) -> None:
    if not plan.rows:
        return
    before = told_by(connection, {row.story for row in plan.rows} | set(plan.moved))
    old = before.keys() & ({row.story for row in plan.rows} | set(plan.moved))
    moved = {story: to for story, to in plan.moved.items() if story in old}
    old |= set(moved.values())
    were = _take_back(connection, old, moved)
    for story, to in moved.items():
        connection.execute(update(copies).where(copies.c.story == story).values(story=to))
    originals = _originals(row for row in plan.rows if row.story not in old)
    values = [
        {name: getattr(row, name) for name in Row.__struct_fields__}
        | {"original": row.article_id in originals}
        for row in plan.rows
    ]
    upsert(connection, copies, values)
    upsert(connection, band_table, [{"band": band, "story": story} for band, story in plan.bands])
    firsts = _set_originals(connection, {moved.get(story, story) for story in old})
    are = {
        each: Told(moved.get(were[each].story, were[each].story), each in firsts) for each in were
    }
    changed = {each for each, told in are.items() if told != were[each]}
    changed |= {each for each in firsts if each not in were or not were[each].original}
    _note_retold(connection, changed - batch)


def _originals(rows: Iterable[Row]) -> set[str]:
    """Of stories that nobody told before."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.story not in first or row.place < first[row.story].place:
            first[row.story] = row
    return {row.article_id for row in first.values()}


def _take_back(
    connection: Connection, stories: set[str], moved: Collection[str]
) -> dict[str, Told]:
    """Let stories have no original for now; what those were told as that may change."""
    if not stories:
        return {}
    originals = and_(copies.c.story.in_(stories), copies.c.original)
    found = connection.execute(
        _TOLD.where(or_(copies.c.story.in_(moved), originals) if moved else originals)
    )
    were = {article_id: Told(story, original) for article_id, story, original in found}
    connection.execute(update(copies).where(originals).values(original=False))
    return were


def _set_originals(connection: Connection, stories: set[str]) -> set[str]:
    if not stories:
        return set()
    time = (
        select(copies.c.story, func.min(copies.c.published).label("first"))
        .where(copies.c.story.in_(stories))
        .group_by(copies.c.story)
        .subquery()
    )
    earliest = (
        select(func.min(copies.c.article_id))
        .join(time, and_(copies.c.story == time.c.story, copies.c.published == time.c.first))
        .group_by(copies.c.story)
    )
    firsts = set(connection.execute(earliest).scalars())
    connection.execute(update(copies).where(copies.c.article_id.in_(firsts)).values(original=True))
    return firsts


def _note_retold(connection: Connection, changed: set[str]) -> None:
    if not changed:
        return
    turn = 1 + (connection.execute(select(func.max(retold_table.c.turn))).scalar() or 0)
    rows = [{"article_id": each, "turn": turn, "told": False} for each in changed]
    upsert(connection, retold_table, rows)


def _not_told(connection: Connection) -> dict[str, list[str]]:
    """Story to articles of it that were retold and not noted since, in order."""
    waiting = select(retold_table.c.article_id).where(~retold_table.c.told)
    ids = connection.execute(waiting.order_by(retold_table.c.article_id)).scalars().all()
    found = defaultdict(list)
    for article_id, told in sorted(told_by(connection, ids).items()):
        found[told.story].append(article_id)
    return found
