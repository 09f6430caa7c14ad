"""The page of claims: its chart, its filters and their addresses, its order and groups."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.query.fields import KINDS
from processors.query.syntax import parse_query
from processors.query.tree import And, BoundIs, ClaimIs, ModalityIs, PartyIs
from services.web.claim_clause import ClaimClause, ClaimQuery
from services.web.record_state import (
    CLAIM_SORTS,
    GROUPS,
    LAST_CLAIMS_PAGE,
    ClaimsState,
    read_claims_state,
)
from tests.support.coverage import claim, dollars, make_article
from tests.support.disputed import disputed_index
from tests.support.local_index import LocalIndex, stories_index
from tests.support.web import Browser, texts

plain = st.text(st.characters(codec="utf-8"), max_size=30)
states = st.builds(
    ClaimsState,
    q=plain,
    sort=st.sampled_from(("", *CLAIM_SORTS[1:])),
    group=st.sampled_from(("", *GROUPS)),
    page=st.integers(1, LAST_CLAIMS_PAGE),
    after=st.sampled_from(("", "2025-01-01", "x")),
    before=st.sampled_from(("", "2025-02-01")),
)
names = st.sampled_from(("deepseek", "Sam Altman", "r1", "GPT-4", "AT&T", "l'oréal"))


@pytest.fixture
def browser() -> Browser:
    return Browser(disputed_index())


@given(states)
def test_a_state_survives_its_address(state: ClaimsState) -> None:
    parts = urlsplit(state.address("/claims"))
    assert read_claims_state(dict(parse_qsl(parts.query, keep_blank_values=True))) == state


@pytest.mark.parametrize("given", [{"sort": "; drop"}, {"group": "x"}, {"page": "-1"}])
def test_what_an_address_cannot_mean_falls_back(given: dict[str, str]) -> None:
    assert read_claims_state(given) == ClaimsState()


@given(st.sampled_from(KINDS), names, st.sampled_from(("planned", "denied")))
def test_filters_add_up_to_one_clause_and_go_again(kind: str, name: str, modality: str) -> None:
    query = "chips"
    for change in (f'subject:"{name}"', f"modality:{modality}", "bound:at_least"):
        made = ClaimQuery.of(query)
        query = made.replaced(made.clause.toggled(change))
    made = ClaimQuery.of(query)
    query = made.replaced(made.clause.of_kind(kind))
    node = parse_query(query)
    assert isinstance(node, And)
    assert node.parts[1] == ClaimIs(
        kind,
        (PartyIs("subject", name), ModalityIs(modality), BoundIs("at_least")),  # type: ignore[arg-type]
    )
    clause = ClaimQuery.of(query).clause
    for condition in clause.conditions:
        clause = clause.toggled(condition)
    assert ClaimQuery.of(query).replaced(clause.of_kind(kind)) == "chips"


@pytest.mark.parametrize(
    ("query", "change", "expected"),
    [
        ("", "modality:done", "claim:any(modality:done)"),
        ("claim:fine", "modality:done", "claim:fine(modality:done)"),
        ("claim:fine(modality:done)", "modality:planned", "claim:fine(modality:planned)"),
        ("a claim:fine(modality:done) b", "modality:done", "a claim:fine b"),
        ("a OR b", "modality:done", "(a OR b) claim:any(modality:done)"),
        ("-claim:fine", "modality:done", "-claim:fine claim:any(modality:done)"),
        ("claim:fine usd:>1M", "modality:done", "claim:fine(modality:done) usd:>1M"),
    ],
)
def test_a_condition_in_a_query(query: str, change: str, expected: str) -> None:
    made = ClaimQuery.of(query)
    assert made.replaced(made.clause.toggled(change)) == expected
    parse_query(expected)


@pytest.mark.parametrize(
    "text", ["", "claim:", "claim:x", "chips", "claim:fine(", "claim:fine(a)", "-claim:fine"]
)
def test_what_is_no_plain_clause_is_left_alone(text: str) -> None:
    assert ClaimClause.of(text) is None


def test_the_page_draws_what_its_table_lists(browser: Browser) -> None:
    tree = browser.page("/claims?q=claim:training_cost")
    assert texts(tree, "//*[@role='status']") == ["5 claims"]
    assert texts(tree, "//figure//p[@class='about']") == ["Quillon AI · Q2"]
    rows = texts(tree, "//figure//li/p")
    assert rows == [
        "$1.3B reported Analysts in Meridian Wire, 30 Jan 2025",
        "$1.3B reported Analysts in Chip Desk, 29 Jan 2025",
        "$6M reported Quillon AI in Chip Desk, 28 Jan 2025",
        "$5.6M reported Quillon AI in Meridian Wire, 27 Jan 2025, +1 copy",
    ]
    for href in tree.xpath("//figure//li//a/@href"):
        assert tree.xpath(f"//tr[@id='{href[1:]}']"), href
    assert not tree.xpath("//@style")


def test_a_filter_is_a_link_that_edits_the_query(browser: Browser) -> None:
    tree = browser.page("/claims")
    (kind,) = [a for a in tree.xpath("//dd//a") if a.text_content() == "training cost"]
    tree = browser.page(kind.get("href"))
    assert tree.xpath("//input[@id='q']/@value") == ["claim:training_cost"]
    (subject,) = [a for a in tree.xpath("//dd//a") if a.text_content() == "Quillon AI"]
    tree = browser.page(subject.get("href"))
    assert tree.xpath("//input[@id='q']/@value") == ["claim:training_cost(subject:quillon-ai)"]
    assert texts(tree, "//dd//a[@aria-current]") == ["training cost", "Quillon AI"]
    assert texts(tree, "//*[@role='status']") == ["5 claims"]
    (again,) = [a for a in tree.xpath("//dd//a[@aria-current]") if a.text_content() == "Quillon AI"]
    assert again.get("href") == "/claims?q=claim:training_cost"


def test_only_values_that_find_something_are_offered_when_all_are_counted(browser: Browser) -> None:
    tree = browser.page("/claims")
    assert texts(tree, "//dl/div[1]//li") == ["training cost 5"]
    assert texts(tree, "//dl/div[3]//li") == ["reported 5"]


@pytest.mark.parametrize(
    ("sort", "first"), [("largest", "$1.3B"), ("smallest", "$5.6M"), ("oldest", "$5.6M")]
)
def test_the_order_is_that_of_the_index(browser: Browser, sort: str, first: str) -> None:
    tree = browser.page(f"/claims?sort={sort}")
    assert texts(tree, "//tbody//td[@data-label='Figure']")[0] == first
    assert texts(tree, "//ul[@aria-label='Order']//a[@aria-current]") == [sort]


def test_rows_of_a_group_stand_together() -> None:
    tree = Browser(stories_index()).page("/claims?group=subject")
    headings = texts(tree, "//th[@scope='rowgroup']")
    assert len(headings) == len(set(headings)) > 2
    assert tree.xpath("//input[@type='hidden'][@name='group']/@value") == ["subject"]


def test_a_chart_of_several_kinds_says_which_is_which() -> None:
    tree = Browser(stories_index()).page("/claims")
    assert any("valuation · rumoured" in row for row in texts(tree, "//figure//li/p"))


def test_files_are_of_all_claims(browser: Browser) -> None:
    tree = browser.page("/claims?q=claim:training_cost&sort=largest&group=subject")
    assert tree.xpath("//a[@download]/@href") == [
        "/claims.csv?q=claim:training_cost&sort=largest",
        "/claims.jsonl?q=claim:training_cost&sort=largest",
    ]


def test_pages_lead_on_and_back() -> None:
    body = "It cost $1 million."
    cost = claim(body, "$1 million", "training_cost", subject="A", **dollars(1e6, 1e6))
    articles = [
        make_article(f"https://a.example/{n}", f"Story {n}", body, claims=(cost,))
        for n in range(60)
    ]
    browser = Browser(LocalIndex(articles))
    tree = browser.page("/claims")
    assert texts(tree, "//*[@role='status']") == ["60 claims, 1 to 50"]
    (following,) = tree.xpath("//a[@rel='next']/@href")
    tree = browser.page(following)
    assert texts(tree, "//*[@role='status']") == ["60 claims, 51 to 60"]
    assert tree.xpath("//a[@rel='prev']/@href") == ["/claims"]


def test_no_claims_lead_to_wider_searches(browser: Browser) -> None:
    tree = browser.page("/claims?q=claim:fine+zebra")
    assert texts(tree, "//ul[@class='widen']/li") == ["claim:fine alone: 0", "zebra alone: 0"]
    assert "No hits" in tree.text_content()


def test_a_wrong_query_keeps_its_place(browser: Browser) -> None:
    tree = browser.page("/claims?q=claim:fien", 400)
    assert "Did you mean fine?" in tree.text_content()
    assert tree.xpath("//input[@id='q']/@value") == ["claim:fien"]
    assert "which is no day" in browser.page("/claims?after=x", 400).text_content()
