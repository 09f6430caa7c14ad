"""Decisions: what is known is read, decided on and written in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, or_, select, update

from processors.records import Alert
from processors.stories.ledger import Statement
from services.store import alert_topics, history, messages
from services.store.alert_tables import (
    alert_articles,
    alerts,
    decided,
    message_alerts,
    told_claims,
    topic_stories,
)
from services.store.alert_tables import (
    alert_topics as topics_table,
)
from services.store.alerting import AlertTopic, Candidate, Noted
from services.store.deciding import (
    DAY,
    MOST_STATEMENTS,
    SPIKE_DAYS,
    Before,
    Decided,
    Deciding,
    Subject,
    alert_id,
    by_article,
    subjects,
)
from services.store.rows import insert_new, upsert
from services.store.tables import copies

_PART = 128
"""Articles at once: as many values as a statement may have on every database."""
_alert = msgspec.json.Decoder(Alert).decode
_statement = msgspec.json.Decoder(Statement).decode


def decide(
    connection: Connection, batch: Sequence[Candidate], now: datetime
) -> list[tuple[Noted, ...]]:
    """See ``Alerting.decide``."""
    messages.hold(connection)
    for part in batched(batch, _PART):
        before = _before(connection, part, now)
        deciding = Deciding(before)
        for candidate in part:
            deciding.add(candidate, now)
        _write(connection, before, deciding.decided(), now)
    made = _of_events(connection, {candidate.event_id for candidate in batch})
    return [tuple(made[candidate.event_id]) for candidate in batch]


# What is known


def _before(connection: Connection, batch: Sequence[Candidate], now: datetime) -> Before:
    ids = {candidate.article.id for candidate in batch}
    told = by_article(noted.alert for noted in _alerts(connection, alerts.c.article_id, ids))
    wanted = {match.topic for candidate in batch for match in candidate.matches}
    wanted |= {alert.topic for made in told.values() for alert in made}
    topics = alert_topics.named(connection, wanted)
    waiting = [topic.id for topic in topics.values() if topic.when == "spike"]
    articles, stories = _standing(connection, batch)
    seen = connection.execute(select(decided).where(decided.c.article_id.in_(sorted(ids))))
    return Before(
        topics,
        {row.article_id: row.seen for row in seen},
        articles,
        stories | _spikes(connection, waiting, now),
        told,
        _claims(connection, subjects(batch)),
        _volume(connection, waiting, now),
        history.of_history(connection, ids),
    )


def _standing(
    connection: Connection, batch: Sequence[Candidate]
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Topic with an article of the batch, and with its story, to the alert that stands for it.

    A story is found by what the articles of its alerts tell now, as stories may become one.
    """
    met = {match.topic for candidate in batch for match in candidate.matches}
    ids = {candidate.article.id for candidate in batch}
    stories = {candidate.article.story or candidate.article.id for candidate in batch}
    c = alert_articles.c
    by_article: dict[tuple[str, str], str] = {}
    by_story: dict[tuple[str, str], str] = {}
    for part in batched(sorted(met), 500):
        same = select(c.topic, c.article_id, c.alert).where(
            c.topic.in_(part), c.article_id.in_(sorted(ids))
        )
        of_story = (
            select(c.topic, copies.c.story, func.min(c.alert))
            .join(copies, copies.c.article_id == c.article_id)
            .where(copies.c.story.in_(sorted(stories)), c.topic.in_(part))
            .group_by(c.topic, copies.c.story)
        )
        for found, wanted in ((by_article, same), (by_story, of_story)):
            found.update({(topic, what): one for topic, what, one in connection.execute(wanted)})
    return by_article, by_story


def _spikes(
    connection: Connection, waiting: Collection[str], now: datetime
) -> dict[tuple[str, str], str]:
    """The alerts of today of topics that wait for a spike."""
    if not waiting:
        return {}
    day = f"day:{now.date()}"
    ids = {alert_id(topic, day): topic for topic in waiting}
    found = connection.execute(select(alerts.c.id).where(alerts.c.id.in_(sorted(ids)))).scalars()
    return {(ids[each], day): each for each in found}


def _claims(connection: Connection, wanted: set[Subject]) -> dict[Subject, list[Statement]]:
    """What was said of each, oldest first, with the stories that their articles tell now."""
    c = told_claims.c
    found: dict[Subject, list[Statement]] = {}
    for kind, subject in sorted(wanted):
        rows = connection.execute(
            select(c.body, copies.c.story)
            .outerjoin(copies, copies.c.article_id == c.article_id)
            .where(c.kind == kind, c.subject == subject)
            .order_by(c.seq.desc())
            .limit(MOST_STATEMENTS)
        ).all()
        found[kind, subject] = [
            msgspec.structs.replace(_statement(body), **({"story": story} if story else {}))
            for body, story in reversed(rows)
        ]
    return found


def _volume(
    connection: Connection, waiting: Collection[str], now: datetime
) -> dict[str, list[tuple[str, datetime]]]:
    """The stories of topics that wait for a spike."""
    if not waiting:
        return {}
    c = topic_stories.c
    since = now - DAY * (SPIKE_DAYS + 1)
    rows = connection.execute(
        select(c.topic, c.story, c.at).where(c.topic.in_(waiting), c.at > since).order_by(c.at)
    )
    found = defaultdict(list)
    for topic, story, at in rows:
        found[topic].append((story, at))
    return dict(found)


# What is written


def _write(connection: Connection, before: Before, plan: Decided, now: datetime) -> None:
    seen = [{"article_id": article, "seen": at} for article, at in plan.seen.items()]
    upsert(connection, decided, seen)
    new = [alert for alert in plan.alerts if _insert(connection, before.topics[alert.topic], alert)]
    _gather(connection, before, new, now)
    _note_articles(connection, before, plan, new, now)
    _remember(connection, plan)
    stories = [{"topic": topic, "story": story, "at": at} for topic, story, at in plan.stories]
    upsert(connection, topic_stories, stories)


def _insert(connection: Connection, topic: AlertTopic, alert: Alert) -> bool:
    row: dict[str, Any] = {
        name: getattr(alert, name)
        for name in ("id", "topic", "owner", "kind", "article_id", "event_id", "at")
    }
    mute = topic.is_mute(alert.at)
    body = msgspec.json.encode(alert)
    return insert_new(connection, alerts, {**row, "articles": 1, "muted": mute, "body": body})


def _note_articles(
    connection: Connection, before: Before, plan: Decided, new: Sequence[Alert], now: datetime
) -> None:
    """Which articles each alert stands for, and how many."""
    rows = [
        {"topic": alert.topic, "article_id": alert.article_id, "alert": alert.id}
        for alert in new
        if alert.kind == "match"
    ]
    rows += [
        {"topic": fold.topic, "article_id": fold.article, "alert": fold.alert}
        for fold in plan.folds
    ]
    upsert(connection, alert_articles, rows)
    more = Counter(fold.alert for fold in plan.folds)
    for each, number in sorted(more.items()):
        grown = alerts.c.articles + number
        connection.execute(update(alerts).where(alerts.c.id == each).values(articles=grown))
    messages.grow(connection, before.topics, more, now)


def _remember(connection: Connection, plan: Decided) -> None:
    if plan.retold:
        gone = told_claims.c.article_id.in_(sorted(plan.retold))
        connection.execute(told_claims.delete().where(gone))
    rows = [
        {
            "kind": kind,
            "subject": subject,
            "article_id": statement.article,
            "body": msgspec.json.encode(statement),
        }
        for (kind, subject), statement in plan.statements
    ]
    if rows:
        connection.execute(insert(told_claims), rows)


def _gather(connection: Connection, before: Before, new: Sequence[Alert], now: datetime) -> None:
    """Let the new alerts wait for their channels; a correction for those that had the original."""
    waiting: dict[tuple[str, str], list[str]] = defaultdict(list)
    for alert in new:
        topic = before.topics[alert.topic]
        if topic.is_mute(now):
            continue
        channels: Collection[str] = topic.channels
        if alert.kind == "correction":
            had = messages.of_alert(connection, alert.corrects)
            channels = [each for each in topic.channels if each in had]
        for channel in channels:
            waiting[alert.topic, channel].append(alert.id)
    for (topic_id, channel), ids in sorted(waiting.items()):
        messages.gather(connection, before.topics[topic_id], channel, ids, now)


# What was decided


def listed(
    connection: Connection,
    *,
    owner: str | None,
    topic: str | None,
    before: int | None,
    after: int | None,
    limit: int,
) -> list[Noted]:
    """See ``Alerting.alerts``."""
    c = alerts.c
    where = [
        column == value
        for column, value in ((c.owner, owner), (c.topic, topic))
        if value is not None
    ]
    if before is not None:
        where.append(c.seq < before)
    if after is not None:
        where.append(c.seq > after)
    order = c.seq if after is not None else c.seq.desc()
    return [
        _noted(row) for row in connection.execute(_NOTED.where(*where).order_by(order).limit(limit))
    ]


def find(connection: Connection, wanted: str) -> Noted | None:
    row = connection.execute(_NOTED.where(alerts.c.id == wanted)).first()
    return _noted(row) if row else None


def of_message(connection: Connection, message_id: str, most: int) -> list[Noted]:
    """Its alerts in the order of their decisions."""
    theirs = select(message_alerts.c.alert).where(message_alerts.c.message == message_id)
    rows = connection.execute(
        _NOTED.where(alerts.c.id.in_(theirs)).order_by(alerts.c.seq).limit(most)
    )
    return [_noted(row) for row in rows]


def about(connection: Connection, article: str, limit: int) -> list[Noted]:
    """See ``Trails.alerts_about``."""
    c = alert_articles.c
    # By way of the topics, because their articles are found by topic first.
    counted = select(c.alert).where(c.topic.in_(select(topics_table.c.id)), c.article_id == article)
    mine = or_(alerts.c.article_id == article, alerts.c.id.in_(counted))
    rows = connection.execute(_NOTED.where(mine).order_by(alerts.c.seq.desc()).limit(limit)).all()
    return [_noted(row) for row in reversed(rows)]


def muted_since(connection: Connection, topic_id: str, since: datetime) -> int:
    c = alerts.c
    wanted = select(func.count()).where(c.topic == topic_id, c.muted, c.at >= since)
    return connection.execute(wanted).scalar_one()


def _of_events(connection: Connection, events: set[str]) -> dict[str, list[Noted]]:
    found = defaultdict(list)
    for noted in _alerts(connection, alerts.c.event_id, events):
        found[noted.alert.event_id].append(noted)
    return found


def _alerts(connection: Connection, column: Any, values: Collection[str]) -> Iterable[Noted]:
    rows = connection.execute(_NOTED.where(column.in_(sorted(values))).order_by(alerts.c.seq))
    return map(_noted, rows)


_NOTED = select(alerts.c.seq, alerts.c.body, alerts.c.articles, alerts.c.muted)


def _noted(row: Any) -> Noted:
    return Noted(seq=row.seq, alert=_alert(row.body), articles=row.articles, muted=row.muted)
