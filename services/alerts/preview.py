"""What a topic would have told in the last days, by the matcher and the decisions of the stage.

The articles come from the index, in the order of their publication, as if each had been fetched
when it was published. Not simulated: corrections, which need revisions; cadence, cap and mute,
which say when something is sent and not whether it is told.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec

from processors.query.evidence import Reading, told
from processors.query.match import matches
from processors.query.syntax import parse_query
from processors.query.tree import All, And, ClaimIs, Leaf, Node, Not, Or, PartyIs, Published
from processors.records import Alert, Article
from processors.stories.ledger import Statement
from processors.stories.news import subject_key
from services.alerts.watching import alert_of
from services.index import ClaimHit, Index
from services.store.alerting import AlertTopic, Candidate
from services.store.deciding import MOST_STATEMENTS, Before, Deciding, Subject, subjects

DAYS = 30
MOST_ARTICLES = 2_000
"""Articles that are looked at, the newest; ``cut`` says when there are more."""
_PAGE = 200
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Preview(msgspec.Struct, frozen=True):
    """What a topic would have told."""

    articles: int
    """All that match, copies too."""
    alerts: tuple[Alert, ...] = ()
    """Newest first, copies folded unless the topic wants them."""
    days: tuple[tuple[date, int], ...] = ()
    """Alerts of each day (UTC) that has any, in order."""
    missing: tuple[str, ...] = ()
    """Clauses that no article of the index meets, whenever: a name that never occurs, say."""
    cut: bool = False


def preview(topic: AlertTopic, index: Index, now: datetime, days: int = DAYS) -> Preview:
    """What the topic would have told since ``days`` before ``now``.

    Raises QueryError for a query that cannot be read, and as ``Index.search``.
    """
    node = parse_query(topic.query, now)
    found, total = _articles(index, And((node, Published(after=now - timedelta(days=days)))))
    found = [article for article in found if matches(node, article)]
    open_topic = msgspec.structs.replace(topic, since=_LONG_AGO, disabled="")
    candidates = [
        Candidate(
            article=article,
            event_id=article.id,
            matches=(alert_of(open_topic, node, Reading(article), article.id, now),),
        )
        for article in found
    ]
    alerts = _decided(open_topic, candidates, index)
    per_day = Counter(alert.at.astimezone(UTC).date() for alert in alerts)
    missing = () if found else tuple(_missing(index, node))
    return Preview(total, alerts, tuple(sorted(per_day.items())), missing, total > len(found))


def _articles(index: Index, query: Node) -> tuple[list[Article], int]:
    """The newest that match, oldest first; and how many there are."""
    found: list[Article] = []
    cursor = ""
    while True:
        page = index.search(query, sort="newest", limit=_PAGE, after=cursor)
        found += [hit.article for hit in page.hits]
        cursor = page.next
        if not cursor or len(found) >= MOST_ARTICLES:
            return found[:MOST_ARTICLES][::-1], page.total


def _decided(topic: AlertTopic, candidates: list[Candidate], index: Index) -> tuple[Alert, ...]:
    """The alerts, newest first, each at the time of its article."""
    own = {candidate.article.id for candidate in candidates}
    wanted = subjects(candidates) if topic.when != "spike" else set()
    said = sorted(
        (
            (statement.at or _LONG_AGO, statement.article, key, statement)
            for key in wanted
            for statement in _statements(index, key)
            if statement.article not in own
        ),
        key=lambda each: each[:2],
    )
    deciding = Deciding(Before({topic.id: topic}, {}, {}, {}, {}, {}, {}))
    heard = 0
    for candidate in candidates:
        at = candidate.article.published or candidate.article.fetched_at
        while heard < len(said) and said[heard][:2] < (at, candidate.article.id):
            deciding.hear(*said[heard][2:])
            heard += 1
        deciding.add(candidate, at)
    return deciding.decided().alerts[::-1]


def _statements(index: Index, key: Subject) -> Iterator[Statement]:
    """What the index has of one kind and subject."""
    kind, subject = key
    query = ClaimIs(kind, (PartyIs("subject", subject),))
    cursor, seen = "", 0
    while seen < MOST_STATEMENTS:
        page = index.claims(query, limit=_PAGE, after=cursor)
        yield from (_statement(hit) for hit in page.claims if subject_key(hit.claim) == key)
        cursor, seen = page.next, seen + len(page.claims)
        if not cursor:
            return


def _statement(hit: ClaimHit) -> Statement:
    return Statement(
        claim=hit.claim,
        article=hit.article_id,
        source=hit.source,
        story=hit.story,
        at=hit.published or hit.fetched_at,
    )


def _missing(index: Index, node: Node) -> Iterator[str]:
    """The clauses that nothing meets."""
    for leaf in _leaves(node):
        if not index.search(leaf, limit=1).total:
            yield told(leaf)[0]


def _leaves(node: Node) -> Iterator[Leaf]:
    """Those that must be met for a match, each once: none under a NOT."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            for leaf in dict.fromkeys(each for part in parts for each in _leaves(part)):
                yield leaf
        case Not() | All() | Published():
            return
        case leaf:
            yield leaf
