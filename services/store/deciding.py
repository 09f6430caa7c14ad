"""What is told to whom, decided from what is known: nothing is read or written here.

See ``services.store.alerting.Alerting.decide``. What was decided for an article at a fetch, or at a
later one, is never decided again, so that no replay adds anything, whatever became of topics.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import msgspec

from processors.query.why import again
from processors.records import Alert, Article, Claim
from processors.stories.ledger import Statement
from processors.stories.moves import Moved, moves
from processors.stories.news import News, news, subject_key, thing
from services.store.alerting import AlertTopic, Candidate

MOST_CLAIMS = 20
"""Claims that an alert keeps."""
MOST_STATEMENTS = 500
"""Of one kind and subject, the latest: what news is looked for in."""
SPIKE_LEAST = 5
SPIKE_DAYS = 14
SPIKE_AGE = timedelta(days=3)
"""A topic without so much of a history has no usual volume."""
DAY = timedelta(days=1)
Subject = tuple[str, str]


class Before(msgspec.Struct, frozen=True):
    """What the store knows that matters to a batch."""

    topics: Mapping[str, AlertTopic]
    """Those that the batch meets, and those of ``told``, as they are now."""
    seen: Mapping[str, datetime]
    """Article to the fetch that was decided last."""
    articles: Mapping[tuple[str, str], str]
    """Topic and article of the batch to the alert that stands for it."""
    stories: Mapping[tuple[str, str], str]
    """Topic and story (or day, of a spike) to the alert that stands for it."""
    told: Mapping[str, Sequence[Alert]]
    """Article to the alerts that it made, oldest first."""
    claims: Mapping[Subject, Sequence[Statement]]
    """What was said, oldest first."""
    volume: Mapping[str, Sequence[tuple[str, datetime]]]
    """Topic to the stories of its last two weeks, for those that wait for a spike."""
    history: frozenset[str] = frozenset()
    """Articles of the batch that were first known from history, which nobody was told of."""


class Fold(msgspec.Struct, frozen=True):
    """One more article for which an alert stands."""

    topic: str
    article: str
    alert: str


class Decided(msgspec.Struct, frozen=True):
    """What is to be written."""

    alerts: tuple[Alert, ...]
    folds: tuple[Fold, ...]
    """Without the articles that made the alerts."""
    statements: tuple[tuple[Subject, Statement], ...]
    retold: frozenset[str]
    """Articles whose earlier statements are no more."""
    seen: Mapping[str, datetime]
    stories: tuple[tuple[str, str, datetime], ...]
    """Topic, story and time, for the topics that wait for a spike."""


class Deciding:
    """One article after the other."""

    def __init__(self, before: Before) -> None:
        self._topics = before.topics
        self._seen = dict(before.seen)
        self._articles = dict(before.articles)
        self._by_story = dict(before.stories)
        self._told = {article: list(alerts) for article, alerts in before.told.items()}
        self._claims = {key: list(told) for key, told in before.claims.items()}
        self._volume = {topic: list(stories) for topic, stories in before.volume.items()}
        self._history = before.history
        self._now = datetime.max.replace(tzinfo=UTC)
        self._alerts: list[Alert] = []
        self._folds: list[Fold] = []
        self._statements: list[tuple[Subject, Statement]] = []
        self._retold: set[str] = set()
        self._new_seen: dict[str, datetime] = {}
        self._stories: list[tuple[str, str, datetime]] = []

    def add(self, candidate: Candidate, now: datetime) -> None:
        """Decide on an article at this time."""
        self._now = now
        article = candidate.article
        seen = self._seen.get(article.id)
        if seen is not None and seen >= article.fetched_at:
            return
        for alert in self._told.get(article.id, ())[:]:
            self._correct(alert, candidate)
        for match in candidate.matches:
            topic = self._topics.get(match.topic)
            is_topic = topic and topic.version == match.topic_version and _due(topic, article)
            if topic and is_topic and self._adds(match, article):
                self._meet(topic, match, article)
        self._remember(article, again=seen is not None)

    def hear(self, key: Subject, statement: Statement) -> None:
        """What an article says that is not decided on."""
        self._claims.setdefault(key, []).append(statement)

    def decided(self) -> Decided:
        return Decided(
            tuple(self._alerts),
            tuple(self._folds),
            tuple(self._statements),
            frozenset(self._retold),
            self._new_seen,
            tuple(self._stories),
        )

    def _adds(self, match: Alert, article: Article) -> bool:
        """Whether an article of history makes a claim, among those cited, that it did not make."""
        if article.id not in self._history:
            return True
        cited = [reason.claim for reason in match.reasons if reason.claim is not None]
        return any(
            _figure(one.claim) not in {_figure(each.claim) for each in self._own(key, article.id)}
            for key, one in statements(article, cited)
        )

    def _own(self, key: Subject, article_id: str) -> list[Statement]:
        return [each for each in self._claims.get(key, ()) if each.article == article_id]

    def _meet(self, topic: AlertTopic, match: Alert, article: Article) -> None:
        own, story = (topic.id, article.id), (topic.id, match.story)
        standing = self._articles.get(own) or (None if topic.copies else self._by_story.get(story))
        if topic.when == "spike":
            story = topic.id, f"day:{self._now.date()}"
            found = None if standing else self._spike(topic, match.story)
            standing = standing or (self._by_story.get(story) if found else None)
        else:
            found = None if standing else self._news(topic, match, article)
        if standing:
            self._fold(topic, article, standing)
        elif found:
            key = own if topic.copies and topic.when != "spike" else story
            alert = msgspec.structs.replace(
                match,
                id=alert_id(*key),
                at=self._now,
                news=found.says,
                before=found.before,
                origins=found.origins,
            )
            self._note(alert)
            self._articles[own] = self._by_story[story] = alert.id

    def _fold(self, topic: AlertTopic, article: Article, standing: str) -> None:
        """One more article of what was told; nothing where it is the same once more."""
        if (topic.id, article.id) not in self._articles:
            self._articles[topic.id, article.id] = standing
            self._folds.append(Fold(topic.id, article.id, standing))

    def _news(self, topic: AlertTopic, match: Alert, article: Article) -> News | None:
        """What is new by the first of its claims that is what the topic waits for."""
        cited = [reason.claim for reason in match.reasons if reason.claim is not None]
        for key, one in statements(article, cited or article.claims):
            told = (each for each in self._claims.get(key, ()) if each.article != article.id)
            if topic.when != "spike" and (found := news(one, told, topic.when, topic.percent)):
                return found
        return News("") if topic.when == "any" else None

    def _spike(self, topic: AlertTopic, story: str) -> News | None:
        stories = self._volume.setdefault(topic.id, [])
        if story not in {each for each, _ in stories}:
            stories.append((story, self._now))
            self._stories.append((topic.id, story, self._now))
        today = sum(at > self._now - DAY for _, at in stories)
        before = [at for _, at in stories if self._now - DAY * (SPIKE_DAYS + 1) < at]
        age = min((self._now - topic.since) / DAY, SPIKE_DAYS + 1) - 1
        usual = (len(before) - today) / max(age, 1)
        if self._now - topic.since < SPIKE_AGE or today < max(
            SPIKE_LEAST, usual * topic.percent / 100
        ):
            return None
        return News(f"{today} stories in a day, {usual:.1f} a day before")

    def _correct(self, told: Alert, candidate: Candidate) -> None:
        """Tell of claims that an edit changed or took back, against what was told last."""
        article = candidate.article
        later = [each for each in self._told[article.id] if each.topic == told.topic]
        if told is not later[-1] or told.content_hash == article.content_hash:
            return
        cited = tuple(reason.claim for reason in told.reasons if reason.claim is not None)
        things = {_about(claim) for claim in cited}
        was = [claim for claim in told.claims if not things or _about(claim) in things]
        now = [claim for claim in article.claims if not things or _about(claim) in things]
        changed = [moved for moved in moves(was, now) if moved.before]
        if not changed or told.topic not in self._topics:
            return
        original = told.corrects or told.id
        self._note(
            msgspec.structs.replace(
                told,
                id=alert_id(told.topic, f"{original}:{article.content_hash}"),
                kind="correction",
                at=self._now,
                event_id=candidate.event_id,
                title=article.title,
                fetched_at=article.fetched_at,
                content_hash=article.content_hash,
                reasons=again(told.reasons, article),
                claims=tuple(now[:MOST_CLAIMS]),
                before=tuple(was[:MOST_CLAIMS]),
                news="; ".join(map(_moved, changed)),
                corrects=original,
                made_by=article.made_by,
            )
        )

    def _note(self, alert: Alert) -> None:
        self._alerts.append(alert)
        self._told.setdefault(alert.article_id, []).append(alert)

    def _remember(self, article: Article, *, again: bool) -> None:
        self._seen[article.id] = self._new_seen[article.id] = article.fetched_at
        if again:
            self._retold.add(article.id)
            self._statements = [it for it in self._statements if it[1].article != article.id]
            for key, told in self._claims.items():
                self._claims[key] = [one for one in told if one.article != article.id]
        for key, statement in statements(article, article.claims):
            self._statements.append((key, statement))
            self._claims.setdefault(key, []).append(statement)


def statements(article: Article, claims: Iterable[Claim]) -> list[tuple[Subject, Statement]]:
    """What these claims of an article say about whom, each thing once."""
    found: dict[object, tuple[Subject, Statement]] = {}
    for claim in claims:
        if key := subject_key(claim):
            statement = Statement(
                claim=msgspec.structs.replace(claim, mentions=(), rule=""),
                article=article.id,
                source=article.source,
                story=article.story,
                at=article.published or article.fetched_at,
            )
            found.setdefault((key, _figure(claim)), (key, statement))
    return list(found.values())


def _figure(claim: Claim) -> tuple[object, ...]:
    """What makes two claims of a kind and subject the same."""
    return (thing(claim), claim.amount_low, claim.amount_high, claim.bound, claim.date)


def subjects(batch: Sequence[Candidate]) -> set[Subject]:
    """Of whose statements the news of these matches may speak."""
    return {
        key
        for candidate in batch
        if candidate.matches
        for claim in candidate.article.claims
        if (key := subject_key(claim))
    }


def alert_id(topic: str, told: str) -> str:
    """The same for the same topic and what is told: 32 hexadecimal digits."""
    return blake2b(f"{topic}\0{told}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def by_article(alerts: Iterable[Alert]) -> dict[str, list[Alert]]:
    found = defaultdict(list)
    for alert in alerts:
        found[alert.article_id].append(alert)
    return dict(found)


def _due(topic: AlertTopic, article: Article) -> bool:
    return article.fetched_at >= topic.since and not topic.disabled


def _about(claim: Claim) -> tuple[str, ...]:
    return (*(subject_key(claim) or ()), *thing(claim))


def _moved(moved: Moved) -> str:
    was, now = ", ".join(moved.before), ", ".join(moved.after)
    return f"{moved.about}: {was} before, {now} now" if now else f"{moved.about}: {was} withdrawn"
