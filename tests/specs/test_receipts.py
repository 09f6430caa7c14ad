"""Reasons against the plain matcher: what they say is true, complete, and in no part altered."""

from collections.abc import Iterator
from random import Random

import pytest
from msgspec.structs import replace

from processors.query.evidence import QUOTED
from processors.query.explain import explain
from processors.query.printed import printed
from processors.query.syntax import parse_query
from processors.query.tree import Node
from processors.query.why import CLAIMS, Reading, holds, reasons
from processors.records import Alert, Article, Reason, Span, decode, encode
from tests.specs.matcher import matches
from tests.specs.queries import NEWSROOM, SPECS, Spec
from tests.specs.receipts import DECIDED, alert_of, random_placed_article, random_query
from tests.support.articles import at

ROUNDS = 3000


def pairs(seed: int) -> Iterator[tuple[Node, Article, Random]]:
    random = Random(seed)
    for number in range(ROUNDS):
        yield random_query(random), random_placed_article(random, number), random


def test_a_printed_tree_is_read_as_itself() -> None:
    for node, *_ in pairs(1):
        assert parse_query(printed(node)) == node, printed(node)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_every_query_of_the_table_is_printed_and_told(spec: Spec) -> None:
    node = parse_query(spec.query, at(0))
    text = printed(node)
    assert parse_query(text) == node
    for article in NEWSROOM:
        why = reasons(node, article)
        assert bool(why) == matches(node, article)
        check(why, node, article)
        if why:
            assert holds(alert_of(text, node, article), article)


def test_reasons_are_true_and_prove_the_match() -> None:
    matched = 0
    for node, article, _ in pairs(2):
        why = reasons(node, article)
        assert reasons(node, article, Reading(article)) == why
        assert bool(why) == matches(node, article), node
        check(why, node, article)
        if why:
            alert = alert_of(printed(node), node, article)
            assert holds(alert, article), node
            assert holds(as_stored(alert), article), node
        matched += bool(why)
    assert ROUNDS / 10 < matched < ROUNDS * 9 / 10


def check(why: tuple[Reason, ...], node: Node, article: Article) -> None:
    """By the plain matcher, and by the text alone."""
    assert len(set(why)) == len(why)
    for reason in why:
        leaf = parse_query(reason.clause)
        assert matches(leaf, article)
        assert reason.says == explain(leaf)
        text = article.title if reason.field == "title" else article.body
        if reason.sentence:
            sentence = article.body[reason.sentence.start : reason.sentence.end]
            assert reason.quote in sentence
            assert reason.quote == sentence or len(reason.quote) == QUOTED
            assert sentence == sentence.strip()
        if reason.span:
            words = text[reason.span.start : reason.span.end]
            assert words
            assert words in reason.quote
            if reason.field == "body":
                assert reason.sentence
                assert reason.sentence.start <= reason.span.start
                assert reason.span.end <= reason.sentence.end
            if reason.field in ("body", "title"):
                assert matches(leaf, replace(article, title=words, body=words))
        if reason.claim:
            assert reason.claim in article.claims
            assert matches(leaf, article, reason.claim)
    assert all(sum(one.clause == it.clause for it in why) <= CLAIMS for one in why)


def as_stored(alert: Alert) -> Alert:
    record = decode(encode(alert))
    assert isinstance(record, Alert)
    return record


def test_what_was_altered_does_not_hold() -> None:
    tried = dict.fromkeys(("quote", "span", "sentence", "claim", "says", "mood", "entity"), 0)
    for node, article, random in pairs(3):
        if not (why := reasons(node, article)):
            continue
        alert = alert_of(printed(node), node, article)
        reason = random.choice(why)
        for name, altered in alterations(reason, article, random):
            several = tuple(altered if one is reason else one for one in why)
            assert not holds(replace(alert, reasons=several), article), (name, reason, altered)
            tried[name] = tried.get(name, 0) + 1
        for one in altered_alerts(alert):
            assert not holds(one, article), one
        for other in altered_articles(article):
            assert not holds(alert, other)
    assert min(tried.values()) > 10, tried


def alterations(reason: Reason, article: Article, random: Random) -> Iterator[tuple[str, Reason]]:
    by = random.choice((-1, 1))
    if reason.quote:
        place = random.randrange(len(reason.quote))
        letter = "x" if reason.quote[place] != "x" else "y"
        quote = reason.quote[:place] + letter + reason.quote[place + 1 :]
        yield "quote", replace(reason, quote=quote)
        yield "quote", replace(reason, quote=reason.quote[:-1])
        yield "quote", replace(reason, quote="")
    if span := reason.span:
        yield "span", replace(reason, span=Span(start=span.start + by, end=span.end + by))
        yield "span", replace(reason, span=Span(start=span.start, end=span.end + by))
        yield "span", replace(reason, span=None)
    if span := reason.sentence:
        yield "sentence", replace(reason, sentence=Span(start=span.start, end=span.end + by))
        yield "sentence", replace(reason, sentence=Span(start=span.start + by, end=span.end))
        yield "sentence", replace(reason, sentence=None)
    if own := reason.claim:
        placed = [one for one in article.claims if one != own and one.start != own.start]
        for claim in (None, replace(own, confidence=0.9, rule="other"), *placed):
            yield "claim", replace(reason, claim=claim)
    if reason.mood is not None:
        yield "mood", replace(reason, mood=-0.01)
    if reason.entity:
        yield "entity", replace(reason, entity="somebody-else")
    yield "says", replace(reason, says=reason.says + "!")
    yield "clause", replace(reason, clause="is:original -is:original")
    yield "clause", replace(reason, clause="(")
    yield "field", replace(reason, field="author" if reason.field != "author" else "story")


def altered_alerts(alert: Alert) -> Iterator[Alert]:
    yield replace(alert, reasons=())
    yield replace(alert, article_id="another")
    yield replace(alert, content_hash="another")
    yield replace(alert, title=alert.title + "?")
    yield replace(alert, query="zebra")
    yield replace(alert, query=f"({alert.query or 'claim:any'}) zebra")
    if alert.query:
        yield replace(alert, query="")
    yield replace(alert, query='"')


def altered_articles(article: Article) -> Iterator[Article]:
    yield replace(article, body="x" + article.body[1:])
    yield replace(article, title=article.title + " ")
    yield replace(article, content_hash="another")


def test_a_reason_that_is_needed_may_not_be_missing() -> None:
    article = NEWSROOM[0]
    node = parse_query("tern lower -zebra (rivals OR gpt4) claim:training_cost")
    alert = alert_of(printed(node), node, article)
    without = {
        reason.clause: holds(
            replace(alert, reasons=tuple(one for one in alert.reasons if one != reason)), article
        )
        for reason in alert.reasons
    }
    assert without == {
        "tern": False,
        "lower": False,
        "-zebra": False,
        "rivals": True,
        "gpt4": True,
        "claim:training_cost": True,  # the other claim of this kind is reason enough
    }


def test_relative_dates_count_from_the_alert() -> None:
    article = NEWSROOM[2]
    node = parse_query("after:30d", DECIDED)
    alert = alert_of("after:30d", node, article)
    assert [one.clause for one in alert.reasons] == ["after:2025-01-30"]
    assert holds(alert, article)
    assert not holds(replace(alert, at=at(24 * 90)), article)
