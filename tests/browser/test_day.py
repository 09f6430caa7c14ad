"""A reporter's day: from a question to who said it and who disagrees, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opener import DESK, PHONE, TABLET, Opener

pytestmark = pytest.mark.browser

QUESTION = "claim:training_cost usd:<10M"
both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


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


def show_filters(page: Page) -> None:
    """They are folded on a narrow window."""
    if (summary := page.locator(".facets > summary")).is_visible():
        summary.click()


@pytest.mark.parametrize(
    ("scripts", "width"),
    [(True, DESK), (True, TABLET), (False, DESK)],
    ids=["beside", "on-its-page", "no-scripts"],
)
def test_from_a_question_to_the_sentence(opener: Opener, scripts: bool, width: int) -> None:
    page = opener.page(width=width, scripts=scripts)
    page.goto("/")
    ask(page, QUESTION)
    expect(page).to_have_url(re.compile(r"q=claim"))
    hit = page.locator(".hit").filter(has_text="DeepSeek").first
    chip = hit.locator(".chip").filter(has_text="training cost").first
    said = chip.locator("b").inner_text()
    assert "$" in said
    chip.click()
    told = page.locator("tr:target, #pane li:target")
    expect(told).to_contain_text(said)
    expect(page).to_have_url(re.compile(r"read=\w+" if scripts and width == DESK else "/article/"))
    told.locator("a.quote").click()
    expect(page.locator("article.text :target")).to_contain_text(re.compile(r"million|\$"))


@both_ways
def test_a_facet_narrows_and_its_chip_takes_it_back(opener: Opener, scripts: bool) -> None:
    page = opener.page(width=DESK if scripts else PHONE, scripts=scripts)
    page.goto("/?q=nvidia")
    all_of_them = found(page)
    show_filters(page)
    page.locator(".facets a").filter(has_text="Meridian Wire").first.click()
    within = found(page)
    assert 0 < within < all_of_them
    page.locator(".filters a").first.click()
    assert found(page) == all_of_them
    show_filters(page)
    page.get_by_role("link", name="without Meridian Wire", exact=False).first.click()
    assert found(page) == all_of_them - within


@both_ways
def test_a_month_of_the_histogram_narrows(opener: Opener, scripts: bool) -> None:
    page = opener.page(scripts=scripts)
    page.goto("/?q=nvidia&fold=0")
    all_of_them = found(page)
    page.locator(".histogram details summary").click()
    row = page.locator(".histogram tbody tr").first
    count = int(row.locator("td.num").inner_text())
    if scripts:
        page.locator(".histogram svg a").first.click()
    else:
        row.locator("a").click()
    expect(page).to_have_url(re.compile("after="))
    assert found(page) == count < all_of_them


def test_results_follow_the_typing(opener: Opener) -> None:
    page = opener.page()
    page.goto("/")
    all_of_them = found(page)
    page.get_by_role("searchbox").press_sequentially("deepseek", delay=20)
    page.wait_for_url("**q=deepseek*")
    assert 0 < found(page) < all_of_them
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_search_without_hits_leads_to_one_with(opener: Opener) -> None:
    page = opener.page(width=PHONE)
    page.goto("/")
    ask(page, "zebra nvidia")
    page.locator(".widen a").first.click()
    assert found(page) > 0


def test_a_slip_is_seen(opener: Opener) -> None:
    page = opener.page(scripts=False)
    page.goto("/")
    ask(page, "deepsek")
    page.locator(".meant a").click()
    expect(page.get_by_role("searchbox")).to_have_value("deepseek")
    assert found(page) > 0


def test_a_wrong_query_shows_its_place(opener: Opener) -> None:
    page = opener.page()
    page.goto("/")
    ask(page, "nvidia (chips")
    expect(page.get_by_role("alert")).to_contain_text("^")
    expect(page.get_by_role("searchbox")).to_have_value("nvidia (chips")


@both_ways
def test_claims_lead_to_their_article(opener: Opener, scripts: bool) -> None:
    page = opener.page(scripts=scripts)
    page.goto("/claims")
    ask(page, "claim:training_cost deepseek")
    row = page.locator("table.claims tbody tr").first
    expect(row).to_contain_text("training cost")
    title = row.locator("a.result").inner_text()
    row.locator("a.result").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@both_ways
def test_copies_are_one_story_with_a_first(opener: Opener, scripts: bool) -> None:
    page = opener.page(scripts=scripts)
    page.goto("/")
    ask(page, "anthropic authors settlement")
    page.get_by_role("link", name="+2 copies").click()
    rows = page.locator("table").first.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Meridian Wire")
    expect(rows.first).to_contain_text("first")
    expect(page.locator("header.head")).to_contain_text("one origin")


@both_ways
def test_who_disagrees_is_found_and_leads_to_the_claims(opener: Opener, scripts: bool) -> None:
    page = opener.page(scripts=scripts)
    page.goto("/disagreements")
    ask(page, "claim:training_cost")
    dispute = page.locator(".dispute").first
    expect(dispute.locator("h2")).to_contain_text("DeepSeek · R1")
    figures = [re.sub(r"\s+", " ", each) for each in dispute.locator("h3").all_inner_texts()]
    assert any(each.startswith("$5.6M") and "1 independent origin" in each for each in figures)
    assert any(each.startswith("$294,000") for each in figures)
    dispute.locator("h2 a").click()
    expect(page.locator("table.claims tbody tr")).not_to_have_count(0)


@both_ways
def test_an_entity_has_its_figures(opener: Opener, scripts: bool) -> None:
    page = opener.page(width=TABLET, scripts=scripts)
    page.goto("/?q=entity:nvidia")
    page.locator(".hit h2 a").first.click()
    page.locator("td a[href='/entity/nvidia']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nvidia")
    page.locator(".figures details.twin summary").click()
    expect(page.locator(".figures details.twin tbody tr").first).to_be_visible()


def test_a_correction_is_shown(opener: Opener) -> None:
    page = opener.page(width=TABLET)
    page.goto("/?q=asml+mistral+source%3Aledger")
    page.locator(".hit h2 a").filter(has_text="€1.3 billion").click()
    versions = page.locator("section", has=page.locator("#versions"))
    versions.locator("a").first.click()
    expect(page.locator("section", has=page.locator("#headline")).locator("del")).to_contain_text(
        "1.7"
    )


@both_ways
def test_a_search_is_taken_along(opener: Opener, scripts: bool) -> None:
    page = opener.page(scripts=scripts)
    page.goto("/?q=claim:training_cost&fold=0")
    count = found(page)
    page.locator("#take summary").click()
    with page.expect_download() as coming:
        page.locator("#take a").filter(has_text=re.compile("csv", re.IGNORECASE)).first.click()
    assert coming.value.suggested_filename.endswith(".csv")
    lines = coming.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == count + 1
    expect(page.locator("#take pre").first).to_contain_text("beatwire search")
