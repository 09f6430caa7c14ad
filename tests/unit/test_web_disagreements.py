"""The ledger's page: copies counted once, who moved, and what is no disagreement."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.web.record_state import (
    DISPUTE_SORTS,
    DISPUTES_SIZE,
    DisputesState,
    read_disputes_state,
)
from services.web.state import LAST_PAGE
from tests.support.articles import article, claim, entity
from tests.support.disputed import disputed_index
from tests.support.local_index import LocalIndex, stories_index
from tests.support.web import Browser, texts

states = st.builds(
    DisputesState,
    q=st.text(st.characters(codec="utf-8"), max_size=30),
    sort=st.sampled_from(("", *DISPUTE_SORTS[1:])),
    every=st.sampled_from(("", "1")),
    page=st.integers(1, LAST_PAGE),
    after=st.sampled_from(("", "2025-01-01")),
)


@pytest.fixture
def browser() -> Browser:
    return Browser(disputed_index())


@given(states)
def test_a_state_survives_its_address(state: DisputesState) -> None:
    parts = urlsplit(state.address("/disagreements"))
    assert read_disputes_state(dict(parse_qsl(parts.query, keep_blank_values=True))) == state


def test_copies_count_once(browser: Browser) -> None:
    tree = browser.page("/disagreements")
    assert texts(tree, "//article/h2") == [
        "training cost · Quillon AI · Q2: $1.3B (2 origins) against $5.6M (1 origin) "
        "against $6M (1 origin)"
    ]
    assert texts(tree, "//ol[@class='positions']//h3") == [
        "$1.3B reported · 2 independent origins",
        "$5.6M reported · 1 independent origin and 1 copy",
        "$6M reported · 1 independent origin",
    ]
    assert texts(tree, "//ol[@class='positions']/li[2]//mark") == ["$5.6 million"]


def test_how_it_went_on_is_told_in_order(browser: Browser) -> None:
    tree = browser.page("/disagreements?q=claim:training_cost")
    assert texts(tree, "//ol[@class='moves']/li") == [
        "27 Jan 2025: Meridian Wire is first with $5.6M, said by Quillon AI",
        "28 Jan 2025: Chip Desk is first with $6M, said by Quillon AI",
        "29 Jan 2025: Chip Desk is first with $1.3B, said by Analysts",
        "29 Jan 2025: Chip Desk moves from $6M to $1.3B, said by Analysts",
        "30 Jan 2025: Meridian Wire moves from $5.6M to $1.3B, said by Analysts",
    ]


def test_every_link_leads_somewhere(browser: Browser) -> None:
    tree = browser.page("/disagreements")
    (claims,) = tree.xpath("//article/h2/a/@href")
    assert texts(browser.page(claims), "//*[@role='status']") == ["5 claims"]
    for href in tree.xpath("//article//a/@href"):
        assert browser.get(href.partition("#")[0]).status_code == 200, href
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_one_story_with_two_figures_is_shown_on_demand() -> None:
    both = article(
        "prices",
        claims=(claim("price", 5.0, subject="Maker"), claim("price", 25.0, subject="Maker")),
        entities=(entity("Maker"),),
    )
    browser = Browser(LocalIndex([both]))
    tree = browser.page("/disagreements")
    assert texts(tree, "//*[@role='status']") == ["0 disagreements between independent stories"]
    assert "Nobody disagrees here" in tree.text_content()
    tree = browser.page("/disagreements?every=1")
    assert texts(tree, "//article/h2")[0].startswith("price · Maker: $")


def test_more_than_a_page_of_them() -> None:
    articles = [
        article(f"{side}-{n}", source=side, claims=(claim("fine", usd, subject=f"Firm {n}"),))
        for n in range(DISPUTES_SIZE + 3)
        for side, usd in (("ledger", 1e6), ("wire", 1e9 + n))
    ]
    browser = Browser(LocalIndex(articles))
    tree = browser.page("/disagreements?sort=widest")
    assert len(tree.xpath("//article")) == DISPUTES_SIZE
    assert "Firm 12" in texts(tree, "//article/h2")[0]
    (following,) = tree.xpath("//a[@rel='next']/@href")
    assert following == "/disagreements?sort=widest&page=2"
    assert len(browser.page(following).xpath("//article")) == 3


def test_agreement_and_emptiness_are_told_apart(browser: Browser) -> None:
    said = Browser(stories_index()).page("/disagreements").text_content()
    assert "No two stories give figures that cannot both be true" in said
    assert "No figures disagree here" in browser.page("/disagreements?q=claim:fine").text_content()
    assert "beatwire demo" in Browser(LocalIndex()).page("/disagreements").text_content()
    assert "is not closed" in browser.page("/disagreements?q=%22x", 400).text_content()
