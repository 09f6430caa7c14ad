"""Reasons: what is shown for each kind of clause, and a receipt that must not change."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from processors.query import why
from processors.query.evidence import QUOTED
from processors.query.syntax import parse_query
from processors.query.tree import And, EntityIs, Original
from processors.query.why import Reading, holds, reasons
from processors.records import Alert, Article, Entity, Mood, Reason, Span, decode
from tests.specs.receipts import alert_of
from tests.support.articles import article, at, claim, claim_in

BODY = (
    "Deep Harbour trained Tern R1 for $5.6 million. It cost U.S. rivals 78 million!\n\n"
    "Chips were scarce, Mr. Holm said. The lower cost\nof chips surprised us."
)


def found(name: str, text: str = BODY) -> Span:
    return Span(start=text.index(name), end=text.index(name) + len(name))


def story(**fields: Any) -> Article:
    own: dict[str, Any] = {
        "title": "Cheap chips from Deep Harbour",
        "site_name": "The Ledger",
        "authors": ("Bo Quist", "Ada Ames"),
        "language": "en-GB",
        "section": "World Business",
        "published": datetime(2025, 1, 2, 9, 30, tzinfo=timezone(timedelta(hours=2))),
        "entities": (
            Entity(id="harbour-fund", name="Harbour", type="fund", mentions=()),
            Entity(
                id="deep-harbour",
                name="Deep Harbour",
                type="company",
                mentions=(found("Deep Harbour"),),
                references=(found("It"),),
            ),
        ),
        "moods": (
            Mood(
                entity="deep-harbour",
                polarity="positive",
                score=0.304,
                evidence=(found("It cost U.S. rivals 78 million!"), found("Deep Harbour")),
            ),
        ),
    }
    return article("story", fields.pop("body", BODY), **(own | fields))


def only(query: str, of: Article | None = None) -> Reason:
    (reason,) = reasons(parse_query(query, at(0)), of or story())
    return reason


def shown(reason: Reason, of: Article | None = None) -> tuple[str, str]:
    """The words of a reason and its quote."""
    of = of or story()
    text = of.title if reason.field == "title" else of.body
    return text[reason.span.start : reason.span.end] if reason.span else "", reason.quote


@pytest.mark.parametrize(
    ("query", "field", "words", "quote"),
    [
        ("chip", "body", "Chips", "Chips were scarce, Mr. Holm said."),
        ("title:chip", "title", "chips", "Cheap chips from Deep Harbour"),
        ("cheap", "title", "Cheap", "Cheap chips from Deep Harbour"),
        (
            "$5.6M",
            "body",
            "$5.6 million",
            "Deep Harbour trained Tern R1 for $5.6 million.",
        ),
        ("us", "body", "us", "of chips surprised us."),
        ("US", "body", "U.S.", "It cost U.S. rivals 78 million!"),
        ("scar*", "body", "scarce", "Chips were scarce, Mr. Holm said."),
        ('"million trained"~9', "body", "trained Tern R1 for $5.6 million", BODY[:46]),
        ('"cost chip"~1', "body", "cost\nof chips", "The lower cost\nof chips surprised us."),
        ('title:"harbour chip"~2', "title", "chips from Deep Harbour", story().title),
    ],
)
def test_words_are_shown_in_a_sentence_of_the_body_or_in_the_title(
    query: str, field: str, words: str, quote: str
) -> None:
    reason = only(query)
    assert (reason.field, *shown(reason)) == (field, words, quote)


def test_words_that_are_near_each_other_in_pairs_only_show_the_first_two() -> None:
    body = "one two x x x x one three x x x x x two three"
    reason = only('"one two three"~1', story(body=body))
    assert shown(reason, story(body=body))[0] == "one two"
    together = only('"one two three"~5', story(body=body))
    assert shown(together, story(body=body))[0] == "two x x x x one three"


def test_an_entity_is_shown_where_it_is_mentioned() -> None:
    reason = only("entity:harbour")
    assert (reason.entity, reason.field) == ("deep-harbour", "entity")
    assert shown(reason) == ("Deep Harbour", BODY[:46])
    fund = only("entity:harbour-fund")
    assert (fund.span, fund.sentence, fund.quote) == (None, None, "Harbour")


def test_a_mood_is_shown_by_its_strongest_sentence() -> None:
    reason = only("mood:harbour>=0.3")
    assert (reason.field, reason.entity, reason.mood) == ("mood", "deep-harbour", 0.304)
    assert shown(reason) == ("It", "It cost U.S. rivals 78 million!")
    bare = story(moods=(Mood(entity="unnamed", polarity="negative", score=-1),))
    assert only("mood:unnamed<0", bare).quote == "unnamed"


def test_a_claim_is_shown_by_its_own_sentence() -> None:
    own = claim_in(
        BODY, "$5.6 million", BODY[:46], low=5.6e6, kind="training_cost", subject_id="deep-harbour"
    )
    placeless = claim("training_cost", 7e6, evidence="7 million")
    of = story(claims=(own, claim("fine", 1e6), placeless, placeless))
    first, second = reasons(parse_query("claim:training_cost(usd:1M..9M)"), of)
    assert (first.claim, first.entity, first.sentence) == (own, "deep-harbour", own.sentence)
    assert shown(first) == ("$5.6 million", BODY[:46])
    assert (second.claim, second.span, second.quote) == (placeless, None, "7 million")
    assert {first.clause, second.clause} == {"claim:training_cost(usd:1M..9M)"}


def test_a_claim_whose_places_are_wrong_is_shown_without_them() -> None:
    beyond = claim("fine", 1e6, start=5, end=10**6, sentence=Span(start=-3, end=10**6))
    (reason,) = reasons(parse_query("claim:fine"), story(claims=(beyond,)))
    assert (reason.span, reason.sentence, reason.quote) == (None, None, "")
    beside = claim("fine", 1e6, start=13, end=20, sentence=Span(start=20, end=30))
    (reason,) = reasons(parse_query("claim:fine"), story(claims=(beside,)))
    assert shown(reason) == ("trained", BODY[:46])


def test_of_many_claims_some_are_shown() -> None:
    many = story(claims=tuple(claim("fine", float(figure)) for figure in range(1, 30)))
    assert len(reasons(parse_query("claim:fine"), many)) == why.CLAIMS


@pytest.mark.parametrize(
    ("query", "field", "quote"),
    [
        ("", "everything", ""),
        ("source:ledger", "source", "The Ledger"),
        ("author:ames", "author", "Ada Ames"),
        ("lang:en", "language", "en-GB"),
        ('section:"world business"', "section", "World Business"),
        ("is:original", "story", ""),
        ("after:2025", "published", "2025-01-02T09:30:00+02:00"),
        ("-is:original", "story", ""),
        ("-lang:de", "language", ""),
        ("-zebra", "everything", ""),
    ],
)
def test_filters_show_what_the_article_has(query: str, field: str, quote: str) -> None:
    reason = only(query, story(original=not query.startswith("-is")))
    assert (reason.clause, reason.field, reason.quote) == (
        query.replace("2025", "2025-01-01"),
        field,
        quote,
    )


@pytest.mark.parametrize(
    ("query", "clauses"),
    [
        ("chip scarce chip", ["chip", "scarce"]),
        ("zebra OR cheap OR (chip zebra) OR scarce", ["cheap", "scarce"]),
        ("chip -(zebra OR gull)", ["chip", "-(zebra OR gull)"]),
        ("NOT NOT (chip OR zebra)", ["chip"]),
        ("us OR zebra", ["us"]),
        ("-lang:de (zebra OR -gull)", ["-lang:de", "-gull"]),
        ("chip zebra", []),
        ("-chip", []),
    ],
)
def test_a_reason_for_each_clause_that_is_true(query: str, clauses: list[str]) -> None:
    assert [one.clause for one in reasons(parse_query(query), story())] == clauses


def test_what_is_absent_is_said_in_words() -> None:
    assert only("-source:wire").says == "does not come from wire"
    assert only("-(zebra OR gull)").says == "not (“zebra” or “gull”)"


def test_a_not_that_is_too_long_for_a_clause_is_told_by_its_parts() -> None:
    """Relative dates are longer where they are printed."""
    now = at(0) + timedelta(days=30, microseconds=1)
    parts = ["after:1h"] * 31 + ["(zebra chip)"] + ["before:90000h"] * 31
    query = f"NOT ({' OR '.join(parts)})"
    node = parse_query(query, now)
    assert [one.clause for one in reasons(node, story())] == [
        "-after:2025-01-31T11:00:00.000001",
        "-(zebra chip)",
        "-before:2014-10-26T12:00:00.000001",
    ]
    alert = replace(alert_of(query, node, story()), at=now)
    assert holds(alert, story())
    assert not holds(replace(alert, reasons=alert.reasons[:2]), story())


def test_a_long_sentence_is_cut_around_the_words() -> None:
    body = "word " * 200 + "needle " + "word " * 200 + "\nEnd."
    reason = only("needle", story(body=body))
    assert len(reason.quote) == QUOTED
    assert 200 < reason.quote.index("needle") < 300
    assert reason.sentence == Span(start=0, end=len(body.partition("\n")[0].rstrip()))
    assert only("end", story(body=body)).quote == "End."
    wide = "needle " + "word " * 98 + "pin " + "longword" * 20 + " end"
    long = only('"needle pin"~100', story(body=wide * 2))
    assert long.quote == wide[:QUOTED]


def test_texts_are_cut_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading(story())
    expected = reasons(parse_query("chip cheap"), story())
    assert reasons(parse_query("chip cheap"), story(), reading) == expected
    monkeypatch.setattr("processors.query.places.pieces", None)
    assert reasons(parse_query("chip cheap"), story(), reading) == expected


def test_a_tree_that_no_text_means_has_no_reasons() -> None:
    with pytest.raises(ValueError, match="no text means"):
        reasons(And((Original(), EntityIs("harbour", ("fund",)))), story())


def test_a_correction_tells_what_is_still_true() -> None:
    made = claim_in(BODY, "$5.6 million", BODY[:46], low=5.6e6)
    before = story(claims=(made, claim("fine", 2e6)))
    body = BODY.replace("rivals", "others").replace("$5.6", "$6.5")
    after = story(body=body, claims=(claim_in(body, "$6.5 million", body[:46], low=6.5e6),))
    first = reasons(parse_query("chip rivals claim:fine (usd>3M) -zebra"), before)
    assert [one.clause for one in first] == ["chip", "rivals", "claim:fine", "usd>3M", "-zebra"]
    anew = why.again(first, after)
    assert [one.clause for one in anew] == ["chip", "usd>3M", "-zebra"]
    assert [shown(one, after)[0] for one in anew] == ["Chips", "$6.5 million", ""]
    alert = replace(
        alert_of("chip usd>3M", parse_query("chip usd>3M"), after),
        kind="correction",
        reasons=anew[:1],
        claims=after.claims,
    )
    assert holds(alert, after)
    assert holds(replace(alert, reasons=()), after)
    assert not holds(replace(alert, kind="match"), after)
    assert not holds(replace(alert, reasons=first[1:2]), after)
    assert not holds(replace(alert, reasons=reasons(parse_query("scarce"), after)), after)
    assert not holds(replace(alert, claims=(made,)), after)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=20))
def test_a_receipt_that_makes_no_sense_does_not_hold(query: str, clause: str, quote: str) -> None:
    alert = alert_of("chip", parse_query("chip"), story())
    made_up = replace(alert.reasons[0], clause=clause, quote=quote)
    assert not holds(replace(alert, query=query, reasons=(made_up,)), story())


STORED = b"""{"schema": "alert/1", "id": "1", "kind": "match", "topic": "t", "topic_name": "Chips",
"topic_version": 1, "owner": "ada", "query": "chip org:harbour usd<10M -source:wire after:7d",
"at": "2025-01-03T00:00:00Z", "event_id": "e", "article_id": "%s", "url":
"https://ledger.example/story", "title":
"Cheap chips from Deep Harbour", "source": "ledger", "fetched_at": "2025-01-01T12:00:00Z",
"content_hash": "%s", "story": "s", "reasons": [
{"clause": "chip", "says": "\xe2\x80\x9cchip\xe2\x80\x9d", "field": "body", "span": [80, 85],
"sentence": [80, 113], "quote": "Chips were scarce, Mr. Holm said."},
{"clause": "org:harbour", "says": "names an organisation harbour", "field": "entity",
"span": [0, 12], "sentence": [0, 46], "entity": "deep-harbour",
"quote": "Deep Harbour trained Tern R1 for $5.6 million."},
{"clause": "usd<10M", "says": "a claim under $10M", "field": "claim", "span": [33, 45],
"sentence": [0, 46], "quote": "Deep Harbour trained Tern R1 for $5.6 million.", "claim": {
"kind": "investment", "subject": "Examplar", "amount_low": 5600000.0, "amount_high": 5600000.0,
"usd_low": 5600000.0, "usd_high": 5600000.0, "currency": "USD", "evidence": "$5.6 million",
"start": 33, "end": 45, "sentence": [0, 46]}},
{"clause": "-source:wire", "says": "does not come from wire", "field": "source"},
{"clause": "after:2024-12-27", "says": "published from 2024-12-27", "field": "published",
"quote": "2025-01-02T09:30:00+02:00"}]}"""


def test_a_receipt_that_was_stored_holds_under_every_later_version() -> None:
    """What is said, shown and cut is part of a record: who changes it keeps this one right."""
    of = story(claims=(claim_in(BODY, "$5.6 million", BODY[:46], low=5.6e6),))
    alert = decode(STORED % (of.id.encode(), of.content_hash.encode()))
    assert isinstance(alert, Alert)
    assert alert.reasons == reasons(parse_query(alert.query, alert.at), of)
    assert holds(alert, of)
    assert alert.at == datetime(2025, 1, 3, tzinfo=UTC)
