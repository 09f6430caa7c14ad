"""What an operator does there: sees what changes while the page is open, and retries letters."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from services.bootstrap import open_store
from services.settings import Settings
from tests.browser.opener import Opener
from tests.contracts.letters import letter
from tests.support.serving import serving

pytestmark = pytest.mark.browser

LATER = 20_000
"""Milliseconds after which the page has looked again."""
TRIES = 10


@pytest.fixture
def home(newsroom_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(newsroom_home, tmp_path / "home")


@pytest.fixture
def own(browser: Browser, home: Path) -> Iterator[Opener]:
    with serving(home) as address, Opener(browser, address) as opener:
        yield opener
        opener.check()


def open_operations(page: Page) -> None:
    """The page with all its parts: a busy machine may need more for them than the page waits."""
    for _ in range(TRIES):
        page.goto("/operations")
        if not page.locator("#missing").count():
            return
    raise AssertionError(page.locator("#missing").text_content())


def test_the_page_looks_again_and_the_focus_stays(own: Opener, home: Path) -> None:
    page = own.page()
    page.clock.install()
    open_operations(page)
    expect(page.locator("#verdict")).to_contain_text("4 dead letters")
    page.locator("#retry-1").focus()
    page.evaluate("document.getElementById('verdict').dataset.kept = 'yes'")
    with open_store(Settings.model_validate({"home": home})) as store:
        store.note_letters([letter(99, id="new", reason="a <b>new</b> one")], 0)
    page.clock.fast_forward(LATER)
    expect(page.locator("#verdict[data-kept]")).to_contain_text("5 dead letters")
    expect(page.locator("#letters")).to_contain_text("a <b>new</b> one")
    expect(page.locator("#retry-1")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_letters_are_retried_by_keyboard_alone(own: Opener, scripts: bool) -> None:
    page = own.page(scripts=scripts)
    open_operations(page)
    page.locator("#retry-1").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/operations/retry?*")
    page.get_by_role("button", name="Retry 4 letters").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/operations?retried=4*")
    expect(page.get_by_role("status").first).to_have_text("4 letters retried.")
    expect(page.locator("#letters")).to_contain_text("None: every event came to its end.")
    expect(page.locator("#letters")).to_contain_text("Earlier ones: 4 retried.")
