"""The page of an entity: coverage, mood with its sentences, company, claims, feed."""

import pytest

from tests.support.disputed import disputed_index
from tests.support.local_index import stories_index
from tests.support.web import Browser, texts


@pytest.fixture
def browser() -> Browser:
    return Browser(disputed_index())


def test_it_says_who_it_is_and_how_much_there_is(browser: Browser) -> None:
    tree = browser.page("/entity/nvidia")
    assert texts(tree, "//h1") == ["Nvidia company"]
    assert texts(tree, "//header//p/a") == [
        "4 articles",
        "0 claims",
        "disagreements",
        "feed",
        "Alert me",
    ]
    assert tree.xpath("//a[.='feed']/@href") == ["/feed.atom?q=entity:nvidia"]


def test_bars_lead_to_the_coverage_of_their_days(browser: Browser) -> None:
    tree = browser.page("/entity/nvidia")
    (first, *_) = tree.xpath("//figure[contains(@class,'histogram')]//table//a/@href")
    assert first == "/?q=entity:nvidia&after=2025-01-27&before=2025-01-28"
    assert texts(browser.page(first), "//*[@role='status']")[0].startswith("2 articles")


def test_the_mood_is_shown_with_its_sentences(browser: Browser) -> None:
    tree = browser.page("/entity/nvidia")
    assert len(tree.xpath("//figure[contains(@class,'mood-chart')]//circle")) == 4
    said = texts(tree, "//ul[@aria-label='The sentences that show it most']/li")
    assert said[0].startswith("−0.60 Traders feared for Nvidia.")
    assert said[-1].startswith("+0.50 Nvidia did well, they said.")
    assert "4 articles show a mood towards Nvidia" in tree.text_content()


def test_who_is_named_with_it_leads_on(browser: Browser) -> None:
    tree = browser.page("/entity/nvidia")
    assert texts(tree, "//ul[@class='beside']/li") == ["Q2 4"]
    page, both = tree.xpath("//ul[@class='beside']//a/@href")
    assert texts(browser.page(page), "//h1") == ["Q2 model"]
    assert both == "/?q=entity:nvidia+entity:q2"


def test_its_claims_are_drawn() -> None:
    browser = Browser(stories_index())
    tree = browser.page("/entity/quillon-ai")
    assert texts(tree, "//section//figure[contains(@class,'figures')]//p[@class='about']") == [
        "training cost · Q2"
    ]
    for href in {*tree.xpath("//main//a/@href")}:
        if not href.startswith(("#", "/feed", "/topics")):
            assert browser.get(href.partition("#")[0]).status_code == 200, href


def test_ids_are_unique_and_nothing_is_styled_in_place(browser: Browser) -> None:
    tree = browser.page("/entity/nvidia")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not tree.xpath("//@style")


@pytest.mark.parametrize("entity", ["nobody", "x" * 400, "Nvidia corporation"])
def test_nobody_of_that_name(browser: Browser, entity: str) -> None:
    said = browser.page(f"/entity/{entity}", 404).text_content()
    assert "Nobody of this name is known here" in said
