"""A reporter's day: from a question to who said it, by mouse, by keyboard, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opener import DESK, PHONE, Opener

pytestmark = pytest.mark.browser

QUESTION = "claim:training_cost usd:<10M"


def ask(page: Page, question: str) -> None:
    box = page.get_by_role("searchbox")
    box.fill(question)
    box.press("Enter")


def found(page: Page) -> int:
    """How many results the page says there are."""
    said = page.locator("[role=status]").first.inner_text()
    match = re.match(r"[\d,]+", said)
    assert match, said
    return int(match.group().replace(",", ""))


def focused(page: Page) -> str:
    """The text of what has the focus."""
    text: str = page.evaluate("document.activeElement.innerText")
    return text


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_a_question_to_the_sentence(opener: Opener, scripts: bool) -> None:
    page = opener.page(scripts=scripts)
    page.goto("/")
    ask(page, QUESTION)
    expect(page).to_have_url(re.compile(r"q=claim"))
    hit = page.locator(".hit").filter(has_text="DeepSeek").first
    chip = hit.locator(".chip").filter(has_text="training cost").first
    expect(chip).to_contain_text("$")
    said = chip.locator("b").inner_text()
    chip.click()
    expect(page).to_have_url(re.compile(r"/article/\w+"))
    row = page.locator("tr:target")
    expect(row).to_contain_text(said)
    row.locator("a.quote").click()
    expect(page.locator(":target")).to_be_visible()
    expect(page.locator("article.text :target")).to_contain_text(re.compile(r"million|\$"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_facet_narrows_and_its_chip_takes_it_back(opener: Opener, scripts: bool) -> None:
    page = opener.page(width=DESK if scripts else PHONE, scripts=scripts)
    page.goto("/?q=nvidia")
    all_of_them = found(page)
    if (summary := page.locator(".facets > summary")).is_visible():
        summary.click()
    page.locator(".facets a").filter(has_text="Meridian Wire").first.click()
    assert 0 < found(page) < all_of_them
    page.locator(".filters a").first.click()
    assert found(page) == all_of_them


def test_with_the_keyboard_alone(opener: Opener) -> None:
    page = opener.page()
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("deepseek training")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=deepseek*")
    titles = page.locator(".hit h2").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == titles[1]
    page.keyboard.press("k")
    assert focused(page) == titles[0]
    page.keyboard.press("o")
    page.wait_for_url("**/article/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[0])


def test_tab_reaches_the_content_first(opener: Opener) -> None:
    page = opener.page(scripts=False)
    page.goto("/?q=nvidia")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_search_without_hits_leads_to_one_with(opener: Opener) -> None:
    page = opener.page(width=PHONE)
    page.goto("/")
    ask(page, "zebra nvidia")
    page.locator(".widen a").first.click()
    assert found(page) > 0


def test_a_wrong_query_shows_its_place(opener: Opener) -> None:
    page = opener.page()
    page.goto("/")
    ask(page, "nvidia (chips")
    expect(page.get_by_role("alert")).to_contain_text("^")
    expect(page.get_by_role("searchbox")).to_have_value("nvidia (chips")


def test_claims_lead_to_their_article(opener: Opener) -> None:
    page = opener.page()
    page.goto("/claims")
    ask(page, "claim:training_cost deepseek")
    row = page.locator("table.claims tbody tr").first
    expect(row).to_contain_text("training cost")
    title = row.locator("a.result").inner_text()
    row.locator("a.result").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_correction_is_shown(opener: Opener) -> None:
    page = opener.page()
    page.goto("/?q=asml+mistral+source%3Aledger")
    page.locator(".hit h2 a").filter(has_text="€1.3 billion").click()
    revisions = page.locator("section", has=page.locator("#revisions"))
    expect(revisions.locator("del").first).to_contain_text("€1.7 billion")
