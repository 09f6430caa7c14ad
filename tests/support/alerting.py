"""Topics, channels, alerts and messages for tests, with only what a test is about spelled out."""

from typing import Any

from processors.records import Alert, Claim, Reason
from services.alerts.rules import new_secret
from services.store.alerting import AlertTopic, Channel, ChannelKind, Message, Noted, Parcel
from tests.support.articles import at

SECRET = "whsec_" + "QmVhdHdpcmUgdGVzdHMsIDMyIGJ5dGVzIG9mIGEga2U="


def alert_topic(id: str = "t1", **fields: Any) -> AlertTopic:
    """A topic of ``ada`` that looks for claims of training costs."""
    given: dict[str, Any] = {
        "owner": "ada",
        "name": "Training costs",
        "query": "claim:training_cost",
    } | fields
    return AlertTopic(id=id, **({"created_at": at(0), "since": at(0)} | given))


def channel(id: str = "c1", kind: ChannelKind = "webhook", **fields: Any) -> Channel:
    """A webhook with a secret of its own, or an e-mail address, of ``ada``."""
    address = "https://hooks.example/beatwire" if kind == "webhook" else "ada@news.example"
    secrets = (new_secret(),) if kind == "webhook" else ()
    given: dict[str, Any] = {
        "owner": "ada",
        "address": address,
        "secrets": secrets,
        "token": "out-" + id,
    } | fields
    return Channel(id=id, kind=kind, **({"created_at": at(0)} | given))


def reason(clause: str = "claim:training_cost", **fields: Any) -> Reason:
    """Why an article met a clause about the cost of training."""
    quote = "The company said that training had cost $5.6 million."
    given: dict[str, Any] = {
        "says": "a claim of training cost",
        "field": "claim",
        "quote": quote,
    } | fields
    return Reason(clause=clause, **given)


def training_cost(low: float = 5.6e6, **fields: Any) -> Claim:
    """What training cost at DeepSeek, in dollars."""
    given: dict[str, Any] = {
        "subject": "DeepSeek",
        "modality": "reported",
        "currency": "USD",
    } | fields
    return Claim(kind="training_cost", amount_low=low, amount_high=low, **given)


def alert(id: str = "a1", topic: AlertTopic | None = None, **fields: Any) -> Alert:
    """An alert of a topic on an article of ``ledger.example``."""
    about = topic or alert_topic()
    given: dict[str, Any] = {
        "kind": "match",
        "topic": about.id,
        "topic_name": about.name,
        "topic_version": about.version,
        "owner": about.owner,
        "query": about.query,
        "at": at(0.5),
        "event_id": f"event-{id}",
        "article_id": f"article-{id}",
        "url": f"https://ledger.example/{id}",
        "title": f"What training cost, part {id}",
        "source": "ledger",
        "site_name": "The Ledger",
        "published": at(0.25),
        "fetched_at": at(0.49),
        "content_hash": "0" * 32,
        "story": f"article-{id}",
        "reasons": (reason(claim=training_cost()),),
        "claims": (training_cost(),),
        "news": "no other story made a claim of training cost about DeepSeek",
    }
    return Alert(id=id, **(given | fields))


def noted(seq: int = 1, made: Alert | None = None, **fields: Any) -> Noted:
    """An alert that was decided, ``a{seq}`` unless one is given."""
    return Noted(seq=seq, alert=made or alert(f"a{seq}"), **fields)


def message(id: str = "msg_1", **fields: Any) -> Message:
    """A message of one alert that has been due for a moment."""
    given: dict[str, Any] = {
        "topic": "t1",
        "channel": "c1",
        "state": "open",
        "alerts": 1,
        "articles": 1,
    } | fields
    times: dict[str, Any] = {"opened_at": at(0.5), "last_at": at(0.5), "due_at": at(0.5)}
    return Message(id=id, **(times | given))


def parcel(kind: ChannelKind = "webhook", *alerts: Noted, **fields: Any) -> Parcel:
    """A message of these alerts (or of one) to a channel of this kind; fields are the message's."""
    shown = alerts or (noted(),)
    counts = {"alerts": len(shown), "articles": sum(each.articles for each in shown)}
    return Parcel(
        message=message(**(counts | fields)),
        topic=alert_topic(),
        channel=channel(kind=kind),
        alerts=shown,
    )
