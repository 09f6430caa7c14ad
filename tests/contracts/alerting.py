"""What every ``Store`` promises of alerts: see ``services.store.alerting``."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from processors.records import Alert, Article, Claim, Reason
from services.store import Store
from services.store.alerting import (
    AlertTopic,
    Candidate,
    Channel,
    Message,
    Noted,
    When,
)
from services.store.port import Copy
from tests.support.alerting import alert_topic
from tests.support.alerting import channel as any_channel
from tests.support.articles import article, claim
from tests.support.signatures import ANY_TEXT

OpenStore = Callable[[], Store]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
BANDS = (1, 2, 3)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def topic(topic_id: str = "t1", **changes: Any) -> AlertTopic:
    own = {"name": f"topic {topic_id}", "query": "deepseek"}
    return alert_topic(topic_id, **(own | {"created_at": LONG_AGO, "since": LONG_AGO} | changes))


def channel(channel_id: str = "c1", **changes: Any) -> Channel:
    own: dict[str, Any] = {"secrets": ("whsec_a", "whsec_b"), "token": "", "created_at": NOON}
    return any_channel(channel_id, **(own | changes))


def match(of: AlertTopic, article: Article, event_id: str, cited: Sequence[Claim] = ()) -> Alert:
    return Alert(
        id="",
        kind="match",
        topic=of.id,
        topic_name=of.name,
        topic_version=of.version,
        owner=of.owner,
        query=of.query,
        at=NOON,
        event_id=event_id,
        article_id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        fetched_at=article.fetched_at,
        content_hash=article.content_hash,
        story=article.story,
        reasons=tuple(
            Reason(clause="claim:any", says="a claim", field="claim", claim=each) for each in cited
        ),
        claims=article.claims,
    )


def arrived(
    store: Store, topics: Sequence[AlertTopic], *articles: Article, at: datetime = NOON
) -> list[tuple[Noted, ...]]:
    """Articles that meet all these topics; those without a story of their own tell their own."""
    batch = []
    joins = store.join_stories([_copy(each, copies=bool(each.story)) for each in articles])
    for each, joined in zip(articles, joins, strict=True):
        event_id = f"{each.id}-{each.fetched_at.timestamp():.0f}"
        placed = msgspec.structs.replace(each, story=joined.story, original=joined.original)
        matches = tuple(match(one, placed, event_id, placed.claims) for one in topics)
        batch.append(Candidate(article=placed, event_id=event_id, matches=matches))
    return store.decide(batch, at)


def alone(number: int, **fields: Any) -> Article:
    return article(f"story-{number}", f"Body of story {number}.", hours=number, **fields)


def waiting(store: Store, topic: str | None = None, channel: str | None = None) -> list[Message]:
    found = store.messages(topic=topic, channel=channel)
    return [message for message in found if message.state == "open"]


class AlertingContract:
    """Bind it with a fixture ``open_store`` that opens the same empty store once more."""

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store()

    # Topics and channels

    def test_topics_come_back_as_they_were_and_names_are_an_owners(self, store: Store) -> None:
        one = topic(channels=("c1",), zone="Asia/Tokyo", cadence="daily", muted_until=NOON)
        assert store.add_topic(one)
        assert not store.add_topic(topic(name="other")), "the id is taken"
        assert not store.add_topic(topic("t2", name=one.name)), "the name is taken"
        assert store.add_topic(topic("t3", name=one.name, owner="bob"))
        assert store.topics("ada") == [one]
        assert store.topic("t1") == one
        assert [each.id for each in store.topics()] == ["t1", "t3"]

    def test_a_change_is_refused_where_it_would_make_two_of_one_name(self, store: Store) -> None:
        store.add_topic(topic("t1"))
        store.add_topic(topic("t2"))
        assert not store.change_topic(topic("t2", name="topic t1"))
        assert not store.change_topic(topic("t9"))
        assert store.change_topic(topic("t2", query="nvidia"))
        assert store.topic("t2") == topic("t2", query="nvidia")

    def test_changes_are_followed_from_turn_to_turn(self, store: Store) -> None:
        for number in range(3):
            store.add_topic(topic(f"t{number}"))
        first = store.topic_changes()
        assert [each.id for each in first.changed] == ["t0", "t1", "t2"]
        assert store.topic_changes(first.turn) == msgspec.structs.replace(first, changed=())
        store.remove_topic("t1")
        store.change_topic(topic("t0", query="nvidia"))
        second = store.topic_changes(first.turn)
        assert second.removed == ("t1",)
        assert [each.query for each in second.changed] == ["nvidia"]
        assert store.add_topic(topic("t4", name="topic t1")), "its name is free again"

    def test_channels_come_back_and_leave_their_topics(self, store: Store) -> None:
        store.add_channel(channel())
        store.add_topic(topic(channels=("c1", "c2")))
        assert not store.add_channel(channel())
        assert store.channel("c1") == channel()
        changed = channel(disabled="gone", failures=3, retry_at=NOON)
        assert store.change_channel(changed)
        assert store.channels("ada") == [changed]
        assert store.channels("bob") == []
        assert store.remove_channel("c1")
        assert not store.remove_channel("c1")
        assert store.topics() == [topic(channels=("c2",))]

    def test_who_is_removed_leaves_no_topics_and_channels(self, store: Store) -> None:
        from services.store.people import User

        for name in ("ada", "bob"):
            store.add_user(User(name=name, password="x", role="operator", created_at=NOON))
        store.add_channel(channel())
        store.add_topic(topic(channels=("c1",)))
        store.remove_user("ada")
        assert store.topics() == []
        assert store.channels() == []

    # Once

    def test_an_article_is_told_once_to_each_topic(self, store: Store) -> None:
        both = [topic("t1"), topic("t2")]
        for each in both:
            store.add_topic(each)
        [first] = arrived(store, both, alone(1))
        assert [noted.alert.topic for noted in first] == ["t1", "t2"]
        [again] = arrived(store, both, alone(1), at=after(60))
        assert again == first
        assert len(store.alerts()) == 2

    def test_a_later_fetch_of_the_same_is_no_news(self, store: Store) -> None:
        store.add_topic(topic())
        arrived(store, [topic()], alone(1))
        later = msgspec.structs.replace(alone(1), fetched_at=after(60))
        assert arrived(store, [topic()], later) == [()]

    def test_copies_are_counted_with_the_first(self, store: Store) -> None:
        store.add_channel(channel())
        one = topic(channels=("c1",))
        store.add_topic(one)
        copies = [alone(number, story="any") for number in range(300)]
        [first, *others] = arrived(store, [one], *copies[:100])
        for start in (100, 200):
            others += arrived(store, [one], *copies[start : start + 100])
        assert len(first) == 1
        assert not any(others)
        [noted] = store.alerts()
        assert noted.articles == 300
        [message] = waiting(store)
        assert (message.alerts, message.articles) == (1, 300)

    def test_the_article_that_began_a_story_may_come_after_its_copies(self, store: Store) -> None:
        """The story has its id."""
        both = [topic("t1"), topic("t2", copies=True)]
        for each in both:
            store.add_topic(each)
        first, second = alone(1, story="any"), alone(2, story="any")
        joined = store.join_stories([_copy(first, copies=True), _copy(second, copies=True)])
        assert {each.story for each in joined} == {first.id}
        told = arrived(store, both, second, first)
        assert [len(each) for each in told] == [2, 1]
        assert [noted.articles for noted in store.alerts(topic="t1")] == [2]

    def test_a_topic_may_ask_for_every_copy(self, store: Store) -> None:
        one = topic(copies=True)
        store.add_topic(one)
        arrived(store, [one], *[alone(number, story="any") for number in range(5)])
        assert len(store.alerts(topic="t1")) == 5

    def test_stories_that_become_one_are_told_no_second_time(self, store: Store) -> None:
        store.add_topic(topic())
        arrived(store, [topic()], alone(1), alone(2, story="any"))
        [joined] = store.join_stories([_copy(alone(1), copies=True, later=1)])
        assert joined.story == store.stories([alone(2).id])[alone(2).id].story
        assert arrived(store, [topic()], alone(3, story="any")) == [()]
        assert len(store.alerts()) == 2

    def test_what_was_fetched_before_the_topic_is_not_its_own(self, store: Store) -> None:
        late = topic(since=alone(2).fetched_at)
        store.add_topic(late)
        told = arrived(store, [late], alone(1), alone(2))
        assert [len(each) for each in told] == [0, 1]

    def test_an_old_version_and_a_topic_that_is_gone_tell_nothing(self, store: Store) -> None:
        store.add_topic(topic("t1", version=2))
        store.add_topic(topic("t2"))
        store.remove_topic("t2")
        store.add_topic(topic("t3", disabled="no"))
        assert arrived(store, [topic("t1"), topic("t2"), topic("t3")], alone(1)) == [()]

    def test_many_who_decide_the_same_at_once_tell_it_once(self, open_store: OpenStore) -> None:
        store = open_store()
        store.add_channel(channel())
        one = topic(channels=("c1",))
        store.add_topic(one)
        articles = [alone(number) for number in range(20)]
        stores = [open_store() for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda each: arrived(each, [one], *articles), stores))
        assert all(answer == answers[0] for answer in answers)
        assert len(store.alerts(limit=100)) == 20
        [message] = waiting(store)
        assert message.alerts == 20

    # What is new

    @pytest.mark.parametrize(
        ("when", "told"),
        [
            ("any", [True, True, True, True]),
            ("first", [True, False, False, False]),
            ("changed", [False, False, True, True]),
            ("second-origin", [False, True, False, False]),
            ("disagreement", [False, False, True, True]),
        ],
    )
    def test_what_must_be_new(self, store: Store, when: When, told: list[bool]) -> None:
        one = topic(when=when, percent=20)
        store.add_topic(one)
        figures = [5.6e6, 5.6e6, 9e6, 5.6e6]
        made = [
            alone(number, source=f"paper{number}", claims=(_cost(figure),))
            for number, figure in enumerate(figures)
        ]
        assert [bool(arrived(store, [one], each)[0]) for each in made] == told

    def test_what_is_new_is_said(self, store: Store) -> None:
        store.add_topic(topic())
        words = []
        for number, figure in enumerate([5e6, 6e6, 6e6]):
            made = alone(number, source=f"paper{number}", claims=(_cost(figure),))
            [[noted]] = arrived(store, [topic()], made)
            words.append(noted.alert.news)
        assert words == [
            "the first figure for training cost · DeepSeek · R1",
            "+20 %: $5M before (paper0), $6M now",
            "$6M: told by 2 stories so far, first by paper1",
        ]
        assert noted.alert.before == (_cost(6e6),)
        assert noted.alert.origins == 2

    def test_a_copy_is_no_second_origin(self, store: Store) -> None:
        one = topic(when="second-origin", copies=True)
        store.add_topic(one)
        cost = (_cost(5.6e6),)
        for number in range(3):
            made = alone(number, source=f"paper{number}", claims=cost, story="any")
            assert arrived(store, [one], made) == [()]
        [[noted]] = arrived(store, [one], alone(9, source="other", claims=cost))
        assert noted.alert.origins == 2

    def test_a_spike_against_its_own_history(self, store: Store) -> None:
        one = topic(when="spike", percent=300, since=LONG_AGO)
        store.add_topic(one)
        days = [datetime(2025, 3, day, 12, tzinfo=UTC) for day in range(1, 16)]
        number = 0
        for day in days[:-1]:
            for _ in range(2):
                number += 1
                assert arrived(store, [one], alone(number), at=day) == [()]
        told = []
        for _ in range(8):
            number += 1
            told.append(len(arrived(store, [one], alone(number), at=days[-1])[0]))
        assert told == [0, 0, 0, 0, 0, 1, 0, 0]
        [noted] = store.alerts()
        assert noted.alert.news == "6 stories in a day, 2.0 a day before"
        assert noted.articles == 3

    # Corrections

    def test_an_edit_that_changes_a_figure_is_told_to_those_who_got_it(self, store: Store) -> None:
        store.add_channel(channel("c1"))
        store.add_channel(channel("c2"))
        one, two = topic("t1", channels=("c1",)), topic("t2", channels=("c2",))
        store.add_topic(one)
        store.add_topic(two)
        first = alone(1, claims=(_cost(5.6e6),))
        arrived(store, [one], first)
        store.change_topic(topic("t1", channels=("c1", "c2")))
        edited = _edited(first, 5.9e6)
        [told] = arrived(store, [two], edited, at=after(3600))
        kinds = {noted.alert.topic: noted.alert.kind for noted in told}
        assert kinds == {"t1": "correction", "t2": "match"}
        [correction] = [noted.alert for noted in told if noted.alert.kind == "correction"]
        assert correction.news == "training cost · DeepSeek · R1: $5.6M before, $5.9M now"
        assert correction.before == first.claims
        assert correction.claims == edited.claims
        assert [m.alerts for m in waiting(store, topic="t1", channel="c2")] == []
        assert sum(m.alerts for m in waiting(store, topic="t1", channel="c1")) == 2
        assert arrived(store, [two], edited, at=after(7200)) == [told]

    def test_a_claim_that_is_taken_back_is_told_and_a_new_one_is_none(self, store: Store) -> None:
        store.add_topic(topic())
        first = alone(1, claims=(_cost(5.6e6),))
        arrived(store, [topic()], first)
        more = _edited(first, 5.6e6, claim("valuation", 1e9))
        assert arrived(store, [topic()], more) == [()]
        none = msgspec.structs.replace(
            more, claims=(), content_hash="other", fetched_at=more.fetched_at + timedelta(hours=1)
        )
        [[noted]] = arrived(store, [topic()], none)
        assert noted.alert.news == "training cost · DeepSeek · R1: $5.6M withdrawn"

    def test_nothing_known_is_changed_by_an_old_text_that_comes_again(self, store: Store) -> None:
        one = topic(when="first")
        store.add_topic(one)
        first = alone(1, claims=(_cost(5.6e6),))
        arrived(store, [], first, _edited(first, 5.9e6))
        assert arrived(store, [one], first) == [()]
        assert arrived(store, [one], alone(2, source="b", claims=(_cost(5.6e6),))) == [()]

    def test_alerts_are_paged_both_ways(self, store: Store) -> None:
        store.add_topic(topic())
        arrived(store, [topic()], *[alone(number) for number in range(7)])
        newest = store.alerts(owner="ada", limit=3)
        older = store.alerts(owner="ada", before=newest[-1].seq, limit=10)
        seqs = [noted.seq for noted in (*newest, *older)]
        assert seqs == sorted(seqs, reverse=True)
        assert len(seqs) == 7
        later = store.alerts(topic="t1", after=older[0].seq, limit=2)
        assert [noted.seq for noted in later] == seqs[2:0:-1]
        assert store.alerts(owner="bob") == []
        assert store.alert(newest[0].alert.id) == newest[0]
        assert store.alert("other") is None


def ready(store: Store, **changes: Any) -> AlertTopic:
    """A topic of one channel, both in the store."""
    store.add_channel(channel())
    one = topic(channels=("c1",), **changes)
    store.add_topic(one)
    return one


def _copy(each: Article, *, copies: bool, later: float = 0) -> Copy:
    return Copy(
        article_id=each.id,
        published=each.fetched_at,
        seen=each.fetched_at + timedelta(seconds=later),
        bands=BANDS if copies else (),
        signature=ANY_TEXT if copies else b"",
    )


def _cost(figure: float) -> Claim:
    return claim("training_cost", figure, subject="DeepSeek", object="R1")


def _edited(before: Article, figure: float, *more: Claim) -> Article:
    return msgspec.structs.replace(
        before,
        claims=(_cost(figure), *more),
        content_hash=f"edited-{figure}",
        fetched_at=before.fetched_at + timedelta(hours=1),
    )
