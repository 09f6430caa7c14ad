"""What an e-mail says, and that nothing in a text can become a header, a line or a script."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from services.alerts.envelope import HEADERS, enveloped
from services.alerts.letter import html, letter, text
from services.alerts.words import counts, dated
from services.store.alerting import Parcel
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
from tests.support.articles import at
from tests.support.payloads import ODD, SCRIPTS
from tests.support.post_office import LINKS

SENDER = "Beatwire <alerts@news.example>"


def sent(made: Parcel, sender: str = SENDER) -> bytes:
    said = letter(made, LINKS)
    return enveloped(said, id="msg_1", to="ada@news.example", sender=sender, at=at(1))


def read(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)


def one(**fields: Any) -> Parcel:
    return parcel("email", noted(1, alert("a1", **fields)))


def test_one_alert_says_why() -> None:
    said = letter(one(reasons=(reason(claim=training_cost(), mood=-0.45),), origins=3), LINKS)
    assert said.subject == "Training costs: What training cost, part a1"
    written = text(said)
    for part in (
        "Training costs: 1 story",
        "The Ledger, 1 Jan 2025, 12:15 UTC",
        "New: no other story made a claim of training cost about DeepSeek",
        "Why: a claim of training cost [claim:training_cost]",
        '"The company said that training had cost $5.6 million."',
        "training cost · DeepSeek · $5.6M · reported",
        "mood −0.45",
        "3 origins state it.",
        "https://news.example/alerts/a1",
        "The alert topic “Training costs” sends to ada@news.example: at once.",
        "End all messages to this address: https://news.example/unsubscribe/c1/out-c1",
    ):
        assert part in written
    shown = html(said)
    assert '<a href="https://ledger.example/a1">What training cost, part a1</a>' in shown
    assert "<blockquote" in shown


def test_a_correction_is_shown_as_one() -> None:
    fixed = {"kind": "correction", "corrects": "a0", "before": (training_cost(6e6),)}
    said = letter(one(**fixed), LINKS)
    assert said.subject == "Training costs: correction: What training cost, part a1"
    written = text(said)
    assert "1. CORRECTION: What training cost" in written
    assert "Before: training cost · DeepSeek · $6M · reported" in written
    assert "What it corrects: https://news.example/alerts/a0" in written
    changed = f"https://news.example/article/article-a1/versions/{'0' * 32}"
    assert f"What changed in the text: {changed}" in written
    assert "<strong>Correction</strong>" in html(said)
    assert f'<a href="{changed}">What changed in the text</a>' in html(said)


def test_a_digest_counts_what_it_does_not_show_and_what_waited() -> None:
    shown = [noted(n, articles=100) for n in range(1, 51)]
    said = letter(parcel("email", *shown, alerts=62, articles=5100, held=12), LINKS)
    assert said.subject == "Training costs: 5,100 articles, 62 stories"
    written = text(said)
    assert "And 12 more alerts: https://news.example/topics/t1" in written
    assert "12 alerts in this message have waited: the topic sends at most 20 messages" in written
    assert "12 more alerts</a>" in html(said)


@pytest.mark.parametrize(
    ("alerts", "fields", "says"),
    [
        ((noted(1),), {}, "1 story"),
        ((noted(1, articles=5000),), {}, "5,000 articles, 1 story"),
        ((noted(1), noted(2)), {}, "2 stories"),
        ((noted(1, alert(kind="correction")),), {}, "1 correction"),
        ((noted(1), noted(2, alert("b", kind="correction"))), {}, "1 story, 1 correction"),
        ((noted(1, alert(kind="correction")),), {"alerts": 60, "articles": 60}, "60 alerts"),
    ],
)
def test_how_a_message_counts(alerts: Any, fields: dict[str, int], says: str) -> None:
    assert counts(parcel("email", *alerts, **fields)) == says


def test_a_topic_that_wants_copies_counts_articles() -> None:
    topic = alert_topic(copies=True)
    made = Parcel(
        message=message(alerts=2, articles=2),
        topic=topic,
        channel=channel(kind="email"),
        alerts=(noted(1), noted(2)),
    )
    assert counts(made) == "2 articles"


def test_times_are_those_of_the_topics_zone() -> None:
    assert dated(at(0), "Europe/Berlin") == "1 Jan 2025, 13:00 CET"
    assert dated(at(0), "No/Where") == dated(at(0), "../etc") == "1 Jan 2025, 12:00 UTC"


TAGS = {
    *("html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "a", "strong", "code"),
    *("blockquote", "br"),
}
ATTRIBUTES = {"lang", "charset", "name", "content", "style", "href"}
INJECTIONS = [
    "Hi\nBcc: evil@x.example",
    "Hi\r\nBcc: evil@x.example",
    "Hi\rBcc: evil@x.example",
    "Hi\n\nbody",
    "Hi\r\n\r\n<script>alert(1)</script>",
    "=?utf-8?q?Hi=0ABcc=3A_evil=40x?=",
    "=?utf-8?q?Hi=0D=0ABcc=3A_evil=40x?=",
    "=?utf-8?b?SGkKQmNjOiBldmlsQHg=?=",
    "=?iso-8859-1?q?Hi=0ABcc=3A_evil=40x?= more",
    "a =?utf-8?q?=0A?= b =?utf-8?q?Bcc:=20evil?=",
    "Hi\x0bBcc: evil@x.example",
    "Hi\x0cBcc: evil@x.example",
    "Hi\x85Bcc: evil@x.example",
    "Hi\u2028Bcc: evil@x.example",
    "Hi\u2029Bcc: evil@x.example",
    "Hi\x00Bcc: evil@x.example",
    "Hi\n Bcc: folded@x.example",
    "Hi\n\tBcc: folded@x.example",
    "\ud800\nBcc: evil@x.example",
    "Ünï\ncode =?utf-8?q?=0ABcc=3A_x?= " + "é" * 300,
]


@pytest.mark.parametrize("words", INJECTIONS, ids=range(len(INJECTIONS)))
def test_no_text_becomes_a_header(words: str) -> None:
    topic = alert_topic(name=words)
    alerts = (noted(1, alert("a1", topic, title=words, site_name=words, news=words)),)
    for shown in (alerts, (*alerts, noted(2))):
        made = Parcel(
            message=message(alerts=len(shown), articles=len(shown)),
            topic=topic,
            channel=channel(kind="email"),
            alerts=shown,
        )
        data = sent(made)
        head, _, _ = data.partition(b"\r\n\r\n")
        lines = head.replace(b"\r\n ", b"").split(b"\r\n")
        assert sorted(line.split(b":")[0].decode() for line in lines) == sorted(HEADERS)
        found = read(data)
        assert found["Bcc"] is None
        assert found["To"] == "ada@news.example"
        assert "\n" not in found["Subject"]
        assert [each.get_content_type() for each in found.iter_parts()] == [
            "text/plain",
            "text/html",
        ]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_sent_in_short_lines_and_read_as_it_was(words: str) -> None:
    data = sent(one(title=words, site_name=words, news=words, reasons=(reason(quote=words),)))
    assert data.isascii()
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    found = read(data)
    assert sorted(found.keys()) == sorted(HEADERS)
    plain, page = found.iter_parts()
    assert (
        plain.get_content().replace("\r\n", "\n").rstrip()
        == text(
            letter(
                one(title=words, site_name=words, news=words, reasons=(reason(quote=words),)), LINKS
            )
        ).rstrip()
    )
    assert "</html>" in page.get_content()


def test_a_subject_that_looks_encoded_is_shown_as_it_is_written() -> None:
    found = read(sent(one(title="=?utf-8?q?Hi=0ABcc=3A_evil=40x?=")))
    assert found["Subject"] == "Training costs: =?utf-8?q?Hi=0ABcc=3A_evil=40x?="


def test_a_long_subject_in_many_letters_is_encoded_in_words_of_allowed_length() -> None:
    head = sent(one(title="Überraschung: " + "ä" * 200)).partition(b"\r\n\r\n")[0]
    words = [word for word in head.split() if word.startswith(b"=?")]
    assert len(words) > 2
    assert max(map(len, words)) <= 75


@pytest.mark.parametrize("payload", [*SCRIPTS, *ODD])
def test_no_payload_is_markup_in_the_html_part(payload: str) -> None:
    topic = alert_topic(name=payload)
    hostile = alert(
        "a1",
        topic,
        title=payload,
        site_name=payload,
        news=payload,
        url=f"https://ledger.example/{payload}",
        before=(training_cost(subject=payload),),
        reasons=(
            reason(payload, says=payload, quote=payload, claim=training_cost(object=payload)),
        ),
    )
    made = Parcel(
        message=message(),
        topic=topic,
        channel=channel(kind="email", address=payload),
        alerts=(noted(1, hostile),),
    )
    page = document_fromstring(html(letter(made, LINKS)))
    assert {str(each.tag) for each in page.iter()} <= TAGS
    assert {name for each in page.iter() for name in each.attrib} <= ATTRIBUTES
    assert all(each.get("href", "").startswith("https://") for each in page.iter("a"))


def test_the_sender_may_have_a_name_in_any_letters() -> None:
    found = read(sent(one(), "Zeitung für Künstliche Intelligenz <alerts@news.example>"))
    assert found["From"].addresses[0].display_name == "Zeitung für Künstliche Intelligenz"
    assert found["From"].addresses[0].addr_spec == "alerts@news.example"
    assert read(sent(one(), "alerts@news.example"))["From"] == "alerts@news.example"
    quoted = read(sent(one(), '"News, AI" <alerts@news.example>'))
    assert quoted["From"].addresses[0].display_name == "News, AI"
