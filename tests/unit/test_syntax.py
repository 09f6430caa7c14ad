"""The query language: what each text means, and what a wrong one is told."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.query.errors import QueryError
from processors.query.explain import explain
from processors.query.fields import FIELDS
from processors.query.lexer import MAX_CHARACTERS, MAX_CLAUSES
from processors.query.syntax import MAX_DEPTH, parse_query
from processors.query.terms import terms
from processors.query.tree import (
    All,
    Amount,
    And,
    AuthorIs,
    BoundIs,
    ClaimIs,
    Compare,
    Dated,
    EntityIs,
    EventIs,
    LanguageIs,
    ModalityIs,
    MoodIs,
    Near,
    Node,
    Not,
    Or,
    Original,
    PartyIs,
    Prefix,
    Published,
    SectionIs,
    SourceIs,
    StoryIs,
    Words,
)
from processors.records import ClaimKind

NOW = datetime(2025, 6, 15, 10, 30, tzinfo=UTC)


def w(text: str) -> Words:
    return Words(terms(text), text)


def usd(compare: Compare, value: float) -> Amount:
    return Amount("usd", compare, value)


def after(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> Published:
    return Published(after=datetime(year, month, day, hour, minute, tzinfo=UTC))


MEANINGS: list[tuple[str, Node]] = [
    ("", All()),
    ("  \t\n", All()),
    ("deepseek", w("deepseek")),
    ("deepseek cost", And((w("deepseek"), w("cost")))),
    ("deepseek AND cost", And((w("deepseek"), w("cost")))),
    ("a OR b c", Or((w("a"), And((w("b"), w("c")))))),
    ("(a OR b) c", And((Or((w("a"), w("b"))), w("c")))),
    ("a || b && c", Or((w("a"), And((w("b"), w("c")))))),
    ('"lower cost"', w("lower cost")),
    ("“lower cost”", w("lower cost")),
    ("GPT-4", w("GPT-4")),
    ("low-cost", w("low-cost")),
    ("-nvidia", Not(w("nvidia"))),
    ("NOT nvidia", Not(w("nvidia"))),
    ("a -b", And((w("a"), Not(w("b"))))),
    ("a AND NOT (b OR c)", And((w("a"), Not(Or((w("b"), w("c"))))))),
    ('-"share price"', Not(w("share price"))),
    ("--a", Not(Not(w("a")))),
    ("a & b - c", And((w("a"), w("b"), w("c")))),
    ("or not and", And((w("or"), w("not"), w("and")))),
    ("US chips", And((w("US"), w("chips")))),
    ("us", Or((w("us"), w("U.S.")))),
    ("entity:nvidia", EntityIs("nvidia")),
    ('ENTITY:"Sam Altman"', EntityIs("Sam Altman")),
    ("-source:ledger", Not(SourceIs("ledger"))),
    ("claim:training-cost", ClaimIs("training_cost")),
    ('claim:"Training Cost"', ClaimIs("training_cost")),
    ("usd:>10M", ClaimIs(None, (usd(">", 1e7),))),
    ("usd:<=$5.6M", ClaimIs(None, (usd("<=", 5.6e6),))),
    ("usd:≥65B", ClaimIs(None, (usd(">=", 65e9),))),
    ("usd:200k", ClaimIs(None, (usd("=", 200e3),))),
    ("usd:=1bn", ClaimIs(None, (usd("=", 1e9),))),
    ("usd:<5,600,000", ClaimIs(None, (usd("<", 5.6e6),))),
    ('usd:>"100 million"', ClaimIs(None, (usd(">", 1e8),))),
    ('usd:"<100 million"', ClaimIs(None, (usd("<", 1e8),))),
    ("usd:10M..100M", ClaimIs(None, (usd(">=", 1e7), usd("<=", 1e8)))),
    ("usd:10M..", ClaimIs(None, (usd(">=", 1e7),))),
    ("usd:..1T", ClaimIs(None, (usd("<=", 1e12),))),
    ("usd<10M", ClaimIs(None, (usd("<", 1e7),))),
    ("count:>=2,000", ClaimIs(None, (Amount("count", ">=", 2000),))),
    ("count>1k", ClaimIs(None, (Amount("count", ">", 1000),))),
    ("date:2026-Q1", ClaimIs(None, (Dated("=", "2026-Q1"),))),
    ("date>=2025-03", ClaimIs(None, (Dated(">=", "2025-03"),))),
    ("subject:deepseek", ClaimIs(None, (PartyIs("subject", "deepseek"),))),
    ('speaker:"Sam Altman"', ClaimIs(None, (PartyIs("speaker", "Sam Altman"),))),
    ("modality:Planned", ClaimIs(None, (ModalityIs("planned"),))),
    ("bound:at-least", ClaimIs(None, (BoundIs("at_least"),))),
    ("claim:any", ClaimIs()),
    ('"near words"~5', Near(terms("near words"), 5, "near words")),
    ('"words words near"~1', Near(terms("words near"), 1, "words words near")),
    ("inferen*", Prefix("inferen")),
    ("Café*", Prefix("cafe")),
    ("-inferen*", Not(Prefix("inferen"))),
    ("title:purse", Words(terms("purse"), "purse", "title")),
    ('title:"a purse"', Words(terms("a purse"), "a purse", "title")),
    ('title:"a purse"~2', Near(terms("a purse"), 2, "a purse", "title")),
    ("title:purs*", Prefix("purs", "title")),
    ("person:altman", EntityIs("altman", ("person",))),
    ("org:meta", EntityIs("meta", ("company", "lab", "fund", "agency"))),
    ("model:r1", EntityIs("r1", ("model",))),
    ("chip:h100", EntityIs("h100", ("chip",))),
    ("mood:nvidia<-0.3", MoodIs("nvidia", "<", -0.3)),
    ("mood:nvidia>=.5", MoodIs("nvidia", ">=", 0.5)),
    ('mood:"Sam Altman">0', MoodIs("Sam Altman", ">", 0)),
    ("mood:nvidia≤−0.3", MoodIs("nvidia", "<=", -0.3)),
    ('author:"Ada Ames"', AuthorIs("Ada Ames")),
    ("lang:EN-gb", LanguageIs("en")),
    ("section:Business", SectionIs("Business")),
    ("story:ABC", StoryIs("abc")),
    ("event:ABC", EventIs("abc")),
    ("is:original", Original()),
    ("after:2025", after(2025, 1, 1)),
    ("after:2025-03", after(2025, 3, 1)),
    ("after:2025-01-28", after(2025, 1, 28)),
    ("after:2025-01-28T06:30:00+02:00", after(2025, 1, 28, 4, 30)),
    ("before:2025-01", Published(before=datetime(2025, 1, 1, tzinfo=UTC))),
    ("after:7d", Published(after=NOW - timedelta(days=7))),
    ("before:12h", Published(before=NOW - timedelta(hours=12))),
]
CLAIMS: list[tuple[str, Node]] = [
    ("claim:funding usd:>1B", ClaimIs("funding", (usd(">", 1e9),))),
    ("usd:>1B claim:funding", ClaimIs("funding", (usd(">", 1e9),))),
    ("usd:>1B usd:<2B", ClaimIs(None, (usd(">", 1e9), usd("<", 2e9)))),
    ("claim:loss nvidia usd:>1B", And((ClaimIs("loss", (usd(">", 1e9),)), w("nvidia")))),
    (
        "claim:loss usd:<1M claim:fine usd:>1B",
        And((ClaimIs("loss", (usd("<", 1e6),)), ClaimIs("fine", (usd(">", 1e9),)))),
    ),
    ("claim:funding(usd>1B)", ClaimIs("funding", (usd(">", 1e9),))),
    ("claim:funding()", ClaimIs("funding")),
    (
        "claim:any(usd:1M..2M AND subject:meta)",
        ClaimIs(None, (usd(">=", 1e6), usd("<=", 2e6), PartyIs("subject", "meta"))),
    ),
    (
        "claim:loss(usd<1M) modality:done",
        ClaimIs("loss", (usd("<", 1e6), ModalityIs("done"))),
    ),
    ("-claim:loss(usd<1M) a", And((Not(ClaimIs("loss", (usd("<", 1e6),))), w("a")))),
    ("(claim:loss(usd<1M))", ClaimIs("loss", (usd("<", 1e6),))),
    ("claim:loss (usd:>1B)", And((ClaimIs("loss"), ClaimIs(None, (usd(">", 1e9),))))),
    ("claim:loss -usd:>1B", And((ClaimIs("loss"), Not(ClaimIs(None, (usd(">", 1e9),)))))),
    ("claim:loss OR usd:>1B", Or((ClaimIs("loss"), ClaimIs(None, (usd(">", 1e9),))))),
]
ERRORS = [
    ('deepseek "lower cost', 9, "quote is not closed", '"'),
    ("(a OR b", 0, "parenthesis is not closed", ")"),
    ("a (", 2, "parenthesis is not closed", ")"),
    ("a) b", 1, "no parenthesis is open", ""),
    ("a ()", 2, "nothing in these parentheses", ""),
    ("a OR", 2, "OR needs something on its right", '"OR"'),
    ("a OR )", 2, "OR needs something on its right", ""),
    ("AND a", 0, "AND needs something on its left", ""),
    ("a OR AND b", 2, "OR needs something on its right", ""),
    ("a NOT", 2, "NOT needs something on its right", ""),
    ("entity:", 7, "entity: needs a value", "entity:nvidia"),
    ("entity: nvidia", 7, "entity: needs a value", ""),
    ('a entity:""', 9, "needs a value", ""),
    ("entity:!!!", 7, "is no name", ""),
    ("entitty:x", 0, "'entitty' is not a field", "did you mean entity:?"),
    ("colour:red", 0, "'colour' is not a field", "title, entity, person"),
    ("at 10:30", 5, "has a colon", '"10:30"'),
    ("https://ledger.example/a", 0, "'https' is not a field", '"https://ledger.example/a"'),
    ("claim:traning_cost", 6, "no kind of claim", "did you mean training_cost?"),
    ("claim:banana", 6, "no kind of claim", "export_control"),
    ("usd:many", 4, "no figure", "usd:>10M"),
    ("usd:>", 4, "no figure", ""),
    ("usd:..", 4, "no figure", ""),
    ("usd:1e400", 4, "no figure", ""),
    ("usd:9999999T", 4, "more than anything", ""),
    ("usd:100M..10M", 4, "backwards", "smaller figure"),
    ("after:yesterday-ish", 6, "no date", "2025-01-28"),
    ("after:2025-13", 6, "no date", ""),
    ("before:0000", 7, "no date", ""),
    ("a*", 0, "needs 3 letters", "inferen*"),
    ("a *pen", 2, "ends the word", "inferen*"),
    ("inf*ence", 3, "ends the word", ""),
    ("*", 0, "ends the word", ""),
    ("GPT-4*", 0, "beginning of one word", ""),
    ("title:a*", 6, "needs 3 letters", ""),
    ('"near"~5', 0, "1 different words", "two to 4"),
    ('"a b c d e"~5', 0, "too many", ""),
    ('"a b"~99999999', 5, "no distance", "1 to 100"),
    ('"a b"~0', 5, "no distance", ""),
    ('"a b"<3', 5, "no distance", ""),
    ('source:"a"~3', 10, "means nothing", ""),
    ("mood:nvidia", 5, "no mood", "mood:nvidia<-0.3"),
    ("mood:nvidia<7", 5, "no mood", "between -1 and 1"),
    ("mood:<0.3", 5, "no mood", ""),
    ("is:orginal", 3, "no property", "did you mean original?"),
    ("modality:planed", 9, "no modality", "did you mean planned?"),
    ("bound:exactly", 6, "no bound", "did you mean exact?"),
    ("date:tomorrow", 5, "no date", "2026-Q1"),
    ("date:2025-02-30", 5, "no date", ""),
    ("lang:english", 5, "no language", "lang:en"),
    ("claim:loss(usd<1M", 10, "parenthesis is not closed", ")"),
    ("claim:loss(usd<1M OR usd>2M)", 18, "must all hold", "claim:loss(...) OR"),
    ("claim:loss(nvidia)", 11, "no condition on a claim", "usd, count, date"),
    ("claim:loss(entity:nvidia)", 11, "no condition on a claim", ""),
    ("claim:loss(usd<many)", 14, "no figure", ""),
    ("!!! ???", 0, "no word to look for", ""),
    ('a "…"', 2, "no word in this phrase", ""),
    ("(" * 100_000, MAX_CHARACTERS, "100,000 characters", ""),
    ("(" * (MAX_DEPTH + 2) + "a", MAX_DEPTH + 1, "levels deep", ""),
    ("NOT " * 400 + "a", 4 * (MAX_DEPTH + 1), "levels deep", ""),
    ("a " * 70, 2 * MAX_CLAUSES, "more than 64", ""),
]


@pytest.mark.parametrize(("text", "node"), MEANINGS + CLAIMS)
def test_a_query_means(text: str, node: Node) -> None:
    assert parse_query(text, NOW) == node


@pytest.mark.parametrize(
    ("text", "position", "message", "hint"), ERRORS, ids=[row[0][:30] for row in ERRORS]
)
def test_an_error_shows_its_place_and_a_remedy(
    text: str, position: int, message: str, hint: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text, NOW)
    error = caught.value
    assert error.position == position
    assert message in error.message
    assert hint in error.hint
    line, caret = error.render().split("\n")[:2]
    if position < len(text):
        assert line[caret.index("^")] == text[position]


def test_an_error_shows_no_control_character() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("\x1b[31m\x00\n\u202e (a", NOW)
    assert all(char.isprintable() or char == "\n" for char in caught.value.render())


def test_a_relative_date_needs_a_clock() -> None:
    with pytest.raises(QueryError, match="no date"):
        parse_query("after:7d")


@pytest.mark.parametrize(
    "text", ["' OR 1=1--", '{"script": 1}', "__proto__", "_source", "*", "^~9999 a", "a*", "/.*/ b"]
)
def test_what_other_engines_run_is_text_or_refused(text: str) -> None:
    assert isinstance(attempt(text), Words | And | Or | QueryError)


OPERATORS = st.sampled_from(
    ["(", ")", '"', "“", "-", "OR", "AND", "NOT", " ", "..", "*", "~", "\x00", "\ud800"]
)
FILTERS = st.sampled_from([*(f"{name}:" for name in FIELDS), "claim:loss(", "usd<", "date>="])
VALUES = st.sampled_from([">10M", "7d", "2025", "loss", "us", "nvidia", "inf*", "~5", "<-0.3"])


@given(st.lists(OPERATORS | FILTERS | VALUES | st.text(max_size=4), max_size=60).map("".join))
@example("(" * MAX_CHARACTERS)
@example("NOT " * 500)
@example('"' * MAX_CHARACTERS)
@example("usd:" + "9" * 1900)
def test_any_text_is_a_tree_or_a_query_error(text: str) -> None:
    answer = attempt(text)
    if isinstance(answer, QueryError):
        assert 0 <= answer.position <= len(text)
        assert answer.message in str(answer)
        answer.render().encode()
    else:
        assert explain(answer)


def attempt(text: str) -> Node | QueryError:
    try:
        return parse_query(text, NOW)
    except QueryError as error:
        return error


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "everything"),
        ('"lower cost" (a OR b) -c', "“lower cost” and (“a” or “b”) and not “c”"),
        ("a b OR NOT (c d)", "(“a” and “b”) or not (“c” and “d”)"),
        ("entity:nvidia source:ledger", "names nvidia and comes from ledger"),
        ("claim:training_cost usd:<10M", "a claim of training cost under $10M"),
        ("usd:10M..1B", "a claim at least $10M, at most $1B"),
        (
            "claim:any(subject:meta modality:planned bound:at_least count>5 date<2025)",
            "a claim about meta, that is planned, whose figure is at least, over "
            "5 chips or people, dated before 2025",
        ),
        (
            '"a b"~5 inf* title:c',
            "“a b” within 5 words of each other and a word that begins with "
            "“inf” and “c” in the title",
        ),
        (
            "-source:wire -entity:meta -author:ames -claim:loss -(a OR b)",
            "does not come from wire and does not name meta and is not written by ames "
            "and no claim of loss and not (“a” or “b”)",
        ),
        ("mood:nvidia<-0.3 model:r1", "the mood towards nvidia is under −0.3 and names a model r1"),
        (
            "author:ames lang:en section:money story:x -is:original",
            "is written by ames and is in language en and stands in section money "
            "and tells story x and is a copy",
        ),
        (
            "after:2025-01-28 before:12h",
            "published from 2025-01-28 and published before 2025-06-14 22:30 UTC",
        ),
    ],
)
def test_a_tree_is_explained(text: str, words: str) -> None:
    assert explain(parse_query(text, NOW)) == words


@pytest.mark.parametrize("kind", get_args(ClaimKind))
def test_every_kind_of_claim_is_a_filter(kind: str) -> None:
    assert parse_query(f"claim:{kind}") == ClaimIs(kind)
