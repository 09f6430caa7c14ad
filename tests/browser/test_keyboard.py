"""The same day without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opener import DESK, TABLET, Opener

pytestmark = pytest.mark.browser

MOST_STOPS = 120


def focused(page: Page) -> str:
    """The text of what has the focus."""
    text: str = page.evaluate("document.activeElement.innerText")
    return text


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something of this kind has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no {selector} within {MOST_STOPS} stops")


@pytest.mark.parametrize("width", [DESK, TABLET])
def test_slash_j_k_and_o(opener: Opener, width: int) -> None:
    page = opener.page(width=width)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("deepseek training")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=deepseek*")
    page.wait_for_load_state()
    titles = page.locator(".hit h2").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == titles[1]
    if width == DESK:
        expect(page.locator("#pane h2")).to_have_text(titles[1])
    page.keyboard.press("k")
    assert focused(page) == titles[0]
    page.keyboard.press("o")
    page.wait_for_url("**/article/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[0])


@pytest.mark.parametrize(
    ("letter", "path"), [("c", "/claims"), ("d", "/disagreements"), ("s", "/status"), ("a", "/")]
)
def test_g_goes_to_a_page(opener: Opener, letter: str, path: str) -> None:
    page = opener.page()
    page.goto("/keys")
    page.keyboard.press("g")
    page.keyboard.press(letter)
    page.wait_for_url(re.compile(rf":\d+{path}$"))


def test_the_keys_are_a_key_away(opener: Opener) -> None:
    page = opener.page()
    page.goto("/claims")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_tab_reaches_the_content_first(opener: Opener) -> None:
    page = opener.page(scripts=False)
    page.goto("/?q=nvidia")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_tab_and_enter_do_it_all_without_scripts(opener: Opener) -> None:
    page = opener.page(scripts=False)
    page.goto("/")
    tab_to(page, "#q")
    page.keyboard.type("claim:training_cost deepseek")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=claim*")
    tab_to(page, ".hit .chip")
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    expect(page.locator("tr:target")).to_be_visible()
    tab_to(page, "tr:target a.quote")
    page.keyboard.press("Enter")
    expect(page.locator("article.text :target")).to_be_visible()


def test_a_chart_has_its_table_for_the_keyboard(opener: Opener) -> None:
    page = opener.page()
    page.goto("/?q=nvidia")
    tab_to(page, ".histogram summary")
    page.keyboard.press("Enter")
    tab_to(page, ".histogram td a")
    page.keyboard.press("Enter")
    page.wait_for_url("**after=*")
