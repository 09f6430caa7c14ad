"""The stage ``alert``: from an article's event to the alerts that it makes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from processors.query.why import holds
from processors.records import Alert, Article, decode, encode
from services.alerts.schedule import Tried, end_of
from services.bus import Event
from services.errors import Reject
from services.metrics import ALERT_MATCHES
from services.stages import Result
from services.stages.alert import AlertStage
from services.stages.remember import RememberStage
from services.store import Store
from services.store.alerting import SendEnd, Sent
from services.store.store import open_sql_store
from tests.contracts.alerting import NOON, channel, topic, waiting
from tests.support.articles import article, claim_in, entity

BODY = (
    "DeepSeek trained its model for only $5.6 million. Meta plans to spend $65 billion this year."
)


class Home:
    """A stage, its store, and a clock that is set."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOON
        self.seconds = 0.0
        self.stage = AlertStage(store, lambda: self.now)
        self.stage._watching._clock = lambda: self.seconds

    def handle(self, *articles: Article) -> list[Result]:
        self.seconds += 2
        return self.stage.handle([event(each) for each in articles])


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with open_sql_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        yield Home(store)


def event(of: Article) -> Event:
    return Event(
        id=f"{of.id}-{of.fetched_at.timestamp():.0f}",
        type="article/1",
        key=of.id,
        time=of.fetched_at,
        data=encode(of),
    )


def deepseek(slug: str = "r1", **fields: Any) -> Article:
    cost = claim_in(
        BODY,
        "$5.6 million",
        BODY.partition(" Meta")[0],
        kind="training_cost",
        low=5.6e6,
        subject="DeepSeek",
    )
    named = (entity("DeepSeek", "lab"), entity("Meta"))
    return article(slug, BODY, entities=named, claims=(cost,), **fields)


def alerts(result: Result) -> list[Alert]:
    found = []
    for output in result.outputs:
        alert = decode(output.data)
        assert isinstance(alert, Alert)
        found.append(alert)
    return found


def test_an_article_is_told_to_the_topics_that_it_meets(home: Home) -> None:
    home.store.add_topic(topic("words", query='"only $5.6 million"'))
    home.store.add_topic(topic("claim", query="claim:training_cost(usd<10M subject:deepseek)"))
    home.store.add_topic(topic("other", query="nvidia"))
    before = ALERT_MATCHES._value.get()
    [result] = home.handle(deepseek())
    assert (result.outcome, result.reason) == ("alerted", "2 alerts")
    assert ALERT_MATCHES._value.get() == before + 2
    found = {alert.topic: alert for alert in alerts(result)}
    assert found.keys() == {"words", "claim"}
    [reason] = found["claim"].reasons
    assert reason.quote == BODY.partition(" Meta")[0]
    assert reason.claim
    assert reason.claim.amount_low == 5.6e6
    assert found["claim"].news == "the first figure for training cost · DeepSeek"
    assert [each.alert for each in home.store.alerts()] == [found["words"], found["claim"]] or [
        each.alert for each in home.store.alerts()
    ] == [found["claim"], found["words"]]
    assert all(holds(alert, deepseek()) for alert in found.values())


def test_the_event_again_gives_the_same_and_adds_nothing(home: Home) -> None:
    home.store.add_topic(topic())
    first = home.handle(deepseek())
    home.now += timedelta(days=1)
    assert home.handle(deepseek()) == first
    assert len(home.store.alerts()) == 1


def test_copies_of_a_text_are_told_once(home: Home) -> None:
    home.store.add_channel(channel())
    home.store.add_topic(topic(channels=("c1",)))
    text = " ".join(f"deepseek word{number}" for number in range(150))
    copies = [article("copy", text, source=f"paper{number}") for number in range(5)]
    told = [result.outcome for each in copies for result in home.handle(each)]
    assert told == ["alerted", *["no-alert"] * 4]
    [noted] = home.store.alerts()
    assert noted.articles == 5


def test_topics_are_followed_as_they_change(home: Home) -> None:
    assert home.handle(deepseek("a"))[0].outcome == "no-alert"
    home.store.add_topic(topic())
    assert home.handle(deepseek("b"))[0].outcome == "alerted"
    home.store.change_topic(topic(query="nvidia", version=2))
    assert home.handle(article("c", "Nvidia fell."))[0].outcome == "alerted"
    assert home.handle(deepseek("d"))[0].outcome == "no-alert"
    home.store.remove_topic("t1")
    assert home.handle(article("e", "Nvidia rose."))[0].outcome == "no-alert"


def test_topics_are_not_asked_for_with_every_slice(home: Home) -> None:
    home.handle(deepseek("a"))
    home.store.add_topic(topic())
    home.seconds += 0.5
    [result] = home.stage.handle([event(deepseek("b"))])
    assert result.outcome == "no-alert"
    home.seconds += 0.5
    [result] = home.stage.handle([event(deepseek("c"))])
    assert result.outcome == "alerted"


def test_a_query_that_cannot_be_read_disables_its_topic_and_no_other(home: Home) -> None:
    """Row 87: with a notice, and never removed."""
    home.store.add_topic(topic("bad", query="claim:nonsense"))
    home.store.add_topic(topic("good"))
    [result] = home.handle(deepseek())
    assert [alert.topic for alert in alerts(result)] == ["good"]
    bad = home.store.topic("bad")
    assert bad
    assert "claim" in bad.disabled
    assert "cannot be read" in bad.disabled


def test_days_from_now_are_counted_from_now(home: Home) -> None:
    home.store.add_topic(topic(query="deepseek after:2d"))
    old, new = NOON - timedelta(days=3), NOON - timedelta(days=1)
    told = home.handle(deepseek("old", published=old), deepseek("new", published=new))
    assert [result.outcome for result in told] == ["no-alert", "alerted"]
    home.now += timedelta(days=2)
    assert home.handle(deepseek("again", published=new))[0].outcome == "no-alert"


def test_an_edit_is_told_as_a_correction(home: Home) -> None:
    home.store.add_channel(channel())
    home.store.add_topic(topic(query="claim:training_cost", channels=("c1",)))
    first = deepseek()
    home.handle(first)
    body = BODY.replace("5.6", "5.9")
    edited = msgspec.structs.replace(
        first,
        body=body,
        claims=(msgspec.structs.replace(first.claims[0], amount_low=5.9e6, amount_high=5.9e6),),
        content_hash="edited",
        fetched_at=first.fetched_at + timedelta(hours=1),
    )
    [result] = home.handle(edited)
    [alert] = alerts(result)
    assert alert.kind == "correction"
    assert alert.news == "training cost · DeepSeek: $5.6M before, $5.9M now"
    assert sum(message.alerts for message in waiting(home.store)) == 2


def test_what_is_no_article_never_passes(home: Home) -> None:
    with pytest.raises(Reject):
        home.stage.handle([Event(id="x", type="article/1", key="x", time=NOON, data=b"{}")])


def test_a_storm_of_copies_is_one_message_with_its_count(home: Home) -> None:
    """Row 85: 5,000 articles of 12 stories in a minute."""
    home.store.add_channel(channel())
    home.store.add_topic(topic(channels=("c1",)))
    texts = [
        " ".join(f"deepseek story{story} word{number}" for number in range(60))
        for story in range(12)
    ]
    began, sent = home.now, []
    for start in range(0, 5000, 125):
        home.now = began + timedelta(seconds=60 * start / 5000)
        home.handle(
            *[
                article("copy", texts[number % 12], source=f"paper{number}")
                for number in range(start, start + 125)
            ]
        )
        sent += home.store.take(home.now, home.now + timedelta(seconds=30), 10)
    home.now = began + timedelta(seconds=60)
    sent += home.store.take(home.now, home.now + timedelta(seconds=30), 10)
    [parcel] = sent
    assert (parcel.message.alerts, parcel.message.articles) == (12, 5000)
    assert len(parcel.alerts) == 12
    assert sum(noted.articles for noted in parcel.alerts) == 5000
    assert home.store.next_due() == datetime.fromisoformat("2026-03-01T12:01:30+00:00")


def test_a_receiver_that_is_dead_for_days_costs_two_messages_and_delays_nobody(home: Home) -> None:
    """Row 83: 10,000 events in 82 hours; who is well is told of each at once."""
    for name in ("dead", "well"):
        home.store.add_channel(channel(name))
    home.store.add_topic(topic(channels=("dead", "well"), query="word"))
    began, lates, told = home.now, [], 0
    for start in range(0, 10_000, 100):
        home.now = began + timedelta(hours=82) * start / 10_000
        home.handle(*[article(f"s{n}", f"word{n} word {n}") for n in range(start, start + 100)])
        home.now += timedelta(seconds=6)
        for parcel in home.store.take(home.now, home.now + timedelta(seconds=30), 10):
            ended: SendEnd = Sent()
            if parcel.channel.id == "dead":
                ended = end_of(Tried(error="it is away"), parcel, home.now, 0.0)
            else:
                lates.append(home.now - parcel.message.due_at)
                told += parcel.message.alerts
            home.store.end(parcel.message.id, ended, home.now)
    assert told == 10_000
    assert max(lates) < timedelta(seconds=2)
    failed, waits = sorted(home.store.messages(channel="dead"), key=lambda one: one.opened_at)
    assert (failed.state, waits.state) == ("failed", "open")
    assert failed.alerts + waits.alerts == 10_000
    off = next(one for one in home.store.channels() if one.id == "dead")
    assert off.disabled.startswith("nothing could be delivered since")
    home.store.change_channel(msgspec.structs.replace(off, disabled="", failures=0))
    assert home.store.replay([failed.id], home.now) == 1
    [parcel] = home.store.take(home.now, home.now + timedelta(seconds=30), 10)
    assert parcel.message.id in {failed.id, waits.id}


HISTORY: dict[str, Any] = {"hours": -24 * 400, "published_hours": -24 * 400}


def remember(home: Home, *articles: Article) -> None:
    results = RememberStage(home.store).handle([event(each) for each in articles])
    assert [result.outcome for result in results] == ["remembered"] * len(articles)


def test_nobody_is_told_of_history_nor_of_the_same_article_when_it_comes_live(home: Home) -> None:
    home.store.add_topic(topic(query="deepseek"))
    remember(home, deepseek(**HISTORY))
    assert home.store.alerts() == []
    assert [each.outcome for each in home.handle(deepseek())] == ["no-alert"]
    edited = article("r1", BODY + " Meta is a company.", entities=deepseek().entities, hours=1)
    assert [each.outcome for each in home.handle(edited)] == ["no-alert"]
    assert [each.outcome for each in home.handle(deepseek("other"))] == ["alerted"]


def test_a_claim_that_an_article_of_history_did_not_make_is_told(home: Home) -> None:
    home.store.add_topic(topic(query="claim:training_cost"))
    remember(home, article("r1", "DeepSeek trained a model.", **HISTORY))
    [result] = home.handle(deepseek())
    assert result.outcome == "alerted"
    assert home.handle(deepseek(hours=1))[0].outcome == "no-alert"


def costing(slug: str, body: str, figure: str, low: float, **fields: Any) -> Article:
    cost = claim_in(body, figure, kind="training_cost", low=low, subject="DeepSeek")
    return article(slug, body, entities=deepseek().entities, claims=(cost,), **fields)


def test_what_history_said_is_known_and_older_than_what_is_live(home: Home) -> None:
    home.store.add_topic(topic("first", query="claim:training_cost", when="first"))
    home.store.add_topic(topic("changed", query="claim:training_cost", when="changed"))
    remember(home, costing("early", "In its paper: $6 million.", "$6 million", 6e6, **HISTORY))
    live = costing("live", "It was $6 million, analysts say.", "$6 million", 6e6)
    assert home.handle(live)[0].outcome == "no-alert"
    later = HISTORY | {"published_hours": -24 * 399}
    remember(home, costing("dear", "Once $500 million.", "$500 million", 5e8, **later))
    # The latest known figure is that of the live article, whatever was imported after it.
    same = costing("same", "For $6 million they did it.", "$6 million", 6e6, hours=2)
    assert home.handle(same)[0].outcome == "no-alert"


def test_history_that_comes_again_or_is_older_changes_nothing(home: Home) -> None:
    home.store.add_topic(topic(query="deepseek"))
    assert home.handle(deepseek())[0].outcome == "alerted"
    for _ in range(2):
        remember(home, deepseek(**HISTORY))
    assert len(home.store.alerts()) == 1
    withdrawn = article("r1", "It is about DeepSeek.", entities=deepseek().entities, hours=3)
    [result] = home.handle(withdrawn)
    assert [each.kind for each in alerts(result)] == ["correction"]
