"""What a webhook gets: its shape, its size, and a signature that the standard's library takes."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from processors.records import Alert, Reason
from services.alerts.payload import MOST_BYTES, payload
from services.alerts.rules import new_secret
from services.alerts.webhook import signed
from services.store.alerting import Noted, Parcel
from tests.support.alerting import (
    alert,
    alert_topic,
    channel,
    message,
    noted,
    parcel,
    reason,
    training_cost,
)
from tests.support.post_office import LINKS


def told(made: Parcel) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(payload(made, LINKS))
    return body


def test_it_says_what_was_found_and_why() -> None:
    body = told(parcel("webhook", noted(1, articles=3)))
    assert body["type"] == "topic.alerts"
    assert body["timestamp"] == "2025-01-01T12:30:00.000Z"
    data = body["data"]
    assert data["topic"]["name"] == "Training costs"
    assert data["counts"] == {
        "says": "3 articles, 1 story",
        "alerts": 1,
        "articles": 3,
        "shown": 1,
        "more": 0,
    }
    [one] = data["alerts"]
    assert one["page"] == "https://news.example/alerts/a1"
    assert one["claims"] == ["training cost · DeepSeek · $5.6M · reported"]
    [why] = one["why"]
    assert why["clause"] == "claim:training_cost"
    assert why["quote"].startswith("The company said")
    assert data["links"]["inbox"] == "https://news.example/alerts"


def test_a_correction_names_the_alert_that_it_corrects_and_what_was_said_before() -> None:
    fixed = alert("a2", kind="correction", corrects="a1", before=(training_cost(6e6),))
    [one] = told(parcel("webhook", noted(2, fixed)))["data"]["alerts"]
    assert (one["kind"], one["corrects"]) == ("correction", "a1")
    assert one["before"] == ["training cost · DeepSeek · $6M · reported"]
    versions = f"https://news.example/article/{fixed.article_id}/versions"
    assert one["changes"] == f"{versions}/{fixed.content_hash}"


def test_a_storm_is_one_line_of_counts() -> None:
    alerts = [noted(n, articles=400) for n in range(1, 13)]
    data = told(parcel("webhook", *alerts, articles=5000))["data"]
    assert data["counts"]["says"] == "5,000 articles, 12 stories"


def test_what_does_not_fit_is_counted_and_what_waited_is_told() -> None:
    shown = tuple(noted(n) for n in range(1, 51))
    data = told(parcel("webhook", *shown, alerts=170, articles=170, held=3))["data"]
    assert data["counts"]["says"] == "170 stories"
    listed = len(data["alerts"])
    assert 5 < listed <= 50
    assert (data["counts"]["shown"], data["counts"]["more"]) == (listed, 170 - listed)
    assert [each["id"] for each in data["alerts"]] == [f"a{n}" for n in range(1, listed + 1)]
    assert data["held"] == {
        "alerts": 3,
        "says": "3 alerts in this message have waited: the topic sends at most 20 messages an "
        "hour.",
    }


def test_an_address_that_is_none_is_not_passed_on() -> None:
    for url in ("javascript:alert(1)", "https://ledger.example/a\nb", "//ledger.example"):
        [one] = told(parcel("webhook", noted(1, alert("a1", url=url))))["data"]["alerts"]
        assert one["url"] == "https://news.example/article/article-a1"


texts = st.text(st.characters(), max_size=60).flatmap(
    lambda text: st.integers(1, 60).map(lambda times: text * times)
)
reasons = st.builds(
    reason,
    clause=texts,
    says=texts,
    quote=st.just("é\U0001f4b0" * 250) | texts,
    entity=texts,
    mood=st.none() | st.floats(-1, 1),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    titles=st.lists(texts, min_size=1, max_size=50),
    why=st.lists(reasons, max_size=6),
    name=texts,
    query=st.text(max_size=2000),
    news=texts,
)
def test_a_body_is_json_below_20_kb_and_never_empty_whatever_is_in_it(
    titles: list[str], why: list[Reason], name: str, query: str, news: str
) -> None:
    topic = alert_topic(name=name, query=query)
    made: list[Noted] = [
        noted(n, _with(topic, n, title, why, news)) for n, title in enumerate(titles)
    ]
    whole = Parcel(
        message=message(alerts=200, articles=200), topic=topic, channel=channel(), alerts=(*made,)
    )
    body = payload(whole, LINKS)
    assert len(body) <= MOST_BYTES < 20_000
    data = msgspec.json.decode(body)["data"]
    assert data["alerts"]
    assert data["counts"]["shown"] + data["counts"]["more"] == 200


def _with(topic: Any, n: int, title: str, why: list[Reason], news: str) -> Alert:
    return alert(f"a{n}", topic, title=title, reasons=(*why,), news=news, site_name=title)


BODY = '{"price":"5,6 Mio. €","mood":"−0.4"}'.encode()


@pytest.fixture
def now() -> datetime:
    """The library compares with the clock of the moment."""
    return datetime.now(UTC)


def test_the_library_of_the_standard_verifies_what_is_sent(now: datetime) -> None:
    to = channel()
    headers = signed("msg_1", to, BODY, now)
    given_headers = {str(key): str(value) for key, value in headers.items()}
    assert Webhook(to.secrets[0]).verify(BODY, given_headers) == msgspec.json.decode(BODY)
    with pytest.raises(WebhookVerificationError, match="No matching"):
        Webhook(to.secrets[0]).verify(BODY + b" ", given_headers)
    with pytest.raises(WebhookVerificationError, match="No matching"):
        Webhook(to.secrets[0]).verify(BODY, given_headers | {"webhook-id": "msg_2"})
    with pytest.raises(WebhookVerificationError, match="No matching"):
        Webhook(new_secret()).verify(BODY, given_headers)


def test_while_a_secret_is_changed_both_receivers_can_verify(now: datetime) -> None:
    old, new = new_secret(), new_secret()
    headers = signed("msg_1", channel(secrets=(new, old)), BODY, now)
    given_headers = {str(key): str(value) for key, value in headers.items()}
    for secret in (old, new):
        Webhook(secret).verify(BODY, given_headers)
    signatures = given_headers["webhook-signature"].split(" ")
    assert len(signatures) == 2
    for signature in signatures:
        version, _, code = signature.partition(",")
        assert version == "v1"
        assert len(base64.b64decode(code, validate=True)) == 32


@pytest.mark.parametrize(("minutes", "says"), [(-6, "too old"), (6, "too new")])
def test_a_clock_that_is_off_by_more_than_five_minutes_is_refused(
    now: datetime, minutes: int, says: str
) -> None:
    to = channel()
    headers = signed("msg_1", to, BODY, now + timedelta(minutes=minutes))
    with pytest.raises(WebhookVerificationError, match=says):
        Webhook(to.secrets[0]).verify(BODY, {str(key): str(v) for key, v in headers.items()})
    near = signed("msg_1", to, BODY, now + timedelta(minutes=minutes * 4 / 6))
    Webhook(to.secrets[0]).verify(BODY, {str(key): str(v) for key, v in near.items()})
