"""From records to what the templates show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.query.tree import All, And, ClaimIs, Not, Or, Words
from processors.records import Claim, Entity, Mood, Span
from services.index import FacetCount, Hit, Marked
from services.web.article_view import article_view, paragraphs
from services.web.filters import chips, facet_views
from services.web.state import SearchState
from services.web.views import claim_view, hit_view, kinds_asked, mood_view, safe_link
from tests.support.coverage import NOW, make_article, model_story


def test_a_claim_reads_the_same_everywhere() -> None:
    training, founded, investment, _ = model_story().claims
    assert claim_view(training).parts == ("training cost", "Quillon AI", "$5.6M", "Q2", "reported")
    assert claim_view(founded).parts == ("date", "Quillon AI", "founded 2021", "done")
    assert claim_view(investment).parts == ("investment", "Meta", "≥ $65B", "planned")
    assert claim_view(investment).when == "this year"


@pytest.mark.parametrize(
    ("score", "text", "x", "width"),
    [
        (-1, "−1.00", 0, 20),
        (1, "+1.00", 20, 20),
        (-0.5, "−0.50", 10, 10),
        (0, "+0.00", 20, 1),
        (7, "+1.00", 20, 20),
    ],
)
def test_a_mood_is_a_bar_from_the_middle(score: float, text: str, x: float, width: float) -> None:
    view = mood_view(Mood(entity="a", polarity="neutral", score=score), "A")
    assert (view.score, view.x, view.width) == (text, x, width)


def test_claims_that_the_query_asks_for_come_first_and_keep_their_anchor() -> None:
    article = model_story()
    hit = Hit(article=article, score=1, title=Marked(article.title), snippet=Marked(""))
    shown = hit_view(hit, NOW, frozenset({"valuation"}))
    assert [claim.kind for claim in shown.claims][:2] == ["valuation", "training cost"]
    assert shown.claims[0].anchor == "c3"
    assert [mood.name for mood in shown.moods] == ["Nvidia", "Quillon AI"]
    assert [mood.clause for mood in shown.moods] == ["mood:nvidia<0", "mood:quillon-ai>0"]


def test_the_kinds_of_a_query_are_those_not_negated() -> None:
    tree = And((Or((ClaimIs("loss"), Words(("a",), "a"))), Not(ClaimIs("fine")), ClaimIs()))
    assert kinds_asked(tree) == {"loss"}
    assert kinds_asked(All()) == frozenset()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "/x",
        "",
        "http://[",
        "vbscript:x",
        "https:",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert safe_link(url) is None


def test_a_web_address_is_a_link() -> None:
    assert safe_link("https://ledger.example/a?b=c") == "https://ledger.example/a?b=c"


def test_the_text_is_shown_whole_with_its_marks() -> None:
    article = model_story()
    shown = paragraphs(article)
    assert ["".join(piece.text for piece in one) for one in shown] == article.body.split("\n\n")
    pieces = {piece.text: piece for one in shown for piece in one}
    assert pieces["Q2"].classes == "evidence entity"
    assert pieces["Q2"].href == "#e1"
    assert pieces["trained its "].href == "#c0"
    assert pieces["trained its "].anchors == ("c0-evidence",)
    assert pieces["The company"].title == "means Quillon AI (lab)"
    assert not pieces["Quillon"].tab_stop
    assert pieces["Quillon AI"].tab_stop


def _spans() -> st.SearchStrategy[Span]:
    """Any offsets at all, as a component with a bug might leave them."""
    return st.builds(Span, start=st.integers(-5, 60), end=st.integers(-5, 60))


several = st.lists(_spans(), max_size=4).map(tuple)


@given(st.text("ab \n", max_size=50), several, several, _spans())
def test_ids_are_unique_and_no_text_is_lost_whatever_the_spans(
    body: str, mentions: tuple[Span, ...], evidence: tuple[Span, ...], at: Span
) -> None:
    article = make_article(
        "https://ledger.example/odd",
        "Odd",
        body,
        entities=(Entity(id="a", name="A", type="lab", mentions=mentions, references=evidence),),
        claims=(Claim(kind="loss", subject="A", start=at.start, end=at.end, mentions=evidence),)
        * 2,
        moods=(Mood(entity="a", polarity="positive", score=1, evidence=evidence),),
    )
    shown = [piece for one in paragraphs(article) for piece in one]
    anchors = [anchor for piece in shown for anchor in piece.anchors]
    assert len(anchors) == len(set(anchors))
    assert "".join("".join(p.text for p in shown).split()) == "".join(body.split())


def test_entities_with_the_strongest_mood_come_first_under_their_own_anchors() -> None:
    rows = article_view(model_story(), None, NOW).entities
    assert [(row.name, row.anchor) for row in rows[:2]] == [("Nvidia", "e5"), ("Quillon AI", "e0")]
    assert rows[0].evidence.startswith("Shares of Nvidia fell")


def test_facets_add_a_filter_rule_it_out_and_active_ones_take_it_away() -> None:
    counted = {
        "source": (FacetCount("ledger", "The Ledger", 2),),
        "claim": (FacetCount("training_cost", "training cost", 1),),
        "language": (FacetCount("en", "en", 3), FacetCount("de", "de", 1)),
    }
    source, claim, language = facet_views(counted, SearchState(q="a OR b"))
    assert source.items[0].address == "/?q=(a+OR+b)+source:ledger"
    assert source.items[0].exclude == "/?q=(a+OR+b)+-source:ledger"
    assert claim.items[0].label == "training cost"
    assert language.items[0].address == "/?q=(a+OR+b)+lang:en"
    chosen = SearchState(q="a source:ledger", after="2025-01-01", page=3, read="x")
    source, *_ = facet_views(counted, chosen)
    assert source.items[0].active
    assert source.items[0].address == "/?q=a&after=2025-01-01"
    assert source.items[0].exclude == "/?q=a+-source:ledger&after=2025-01-01"


def test_an_estimate_is_shown_as_one() -> None:
    found = (FacetCount("a", "A", 1234), FacetCount("b", "B", 12_000, about=True))
    (source,) = facet_views({"source": found}, SearchState())
    assert [item.count for item in source.items] == ["1,234", "~12,000"]


def test_a_language_that_all_results_have_is_no_facet() -> None:
    counted = {"language": (FacetCount("en", "en", 3),)}
    assert facet_views(counted, SearchState()) == ()
    assert facet_views(counted, SearchState(q="lang:en"))[0].items[0].active


def test_a_long_query_is_repeated_in_fewer_facets_and_says_how_many_are_left() -> None:
    counted = {"source": tuple(FacetCount(f"s{n}", f"S{n}", 9) for n in range(100))}
    (short,) = facet_views(counted, SearchState(q="a"))
    (long,) = facet_views(counted, SearchState(q="a " * 900))
    assert (len(short.items), short.more) == (24, 76)
    assert (len(long.items), long.more) == (2, 98)


def test_chips_are_the_filters_and_lead_out_of_them() -> None:
    state = SearchState(q="chips entity:nvidia -claim:loss", after="2025-01-01", page=3)
    assert [(chip.text, chip.excludes, chip.address) for chip in chips(state, "/")] == [
        ("entity:nvidia", False, "/?q=chips+-claim:loss&after=2025-01-01"),
        ("-claim:loss", True, "/?q=chips+entity:nvidia&after=2025-01-01"),
        ("from 2025-01-01", False, "/?q=chips+entity:nvidia+-claim:loss"),
    ]
