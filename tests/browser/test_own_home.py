"""What changes a newsroom: saved searches, and news that arrive while somebody reads."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from services.index.tantivy import TantivyIndex
from tests.browser.opener import Opener
from tests.support.coverage import make_article
from tests.support.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(newsroom_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.mktemp("own") / "home"
    shutil.copytree(newsroom_home, own)
    return own


@pytest.fixture(scope="module")
def own_site(home: Path) -> Iterator[str]:
    with serving(home) as address:
        yield address


@pytest.fixture
def own(browser: Browser, own_site: str) -> Iterator[Opener]:
    with Opener(browser, own_site) as opener:
        yield opener
        opener.check()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_search_is_saved_found_again_and_removed(own: Opener, scripts: bool) -> None:
    page = own.page(scripts=scripts)
    page.goto("/?q=claim:training_cost&sort=oldest")
    if scripts:
        page.keyboard.press("s")
        expect(page.locator("#save-name")).to_be_focused()
    else:
        page.locator("#saved summary").click()
    page.locator("#save-name").fill("What <b>training</b> costs")
    page.locator("#save-name").press("Enter")
    page.wait_for_url("**/saved")
    page.goto("/")
    link = page.get_by_role("link", name="What <b>training</b> costs")
    if not link.is_visible():
        page.locator("#saved summary").click()
    link.click()
    expect(page).to_have_url(re.compile(r"q=claim.*sort=oldest"))
    page.goto("/saved")
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url("**/saved")
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)


def test_news_are_told_without_a_reload(own: Opener, home: Path) -> None:
    page = own.page()
    page.goto("/?q=seafront")
    expect(page.locator("#news")).to_be_hidden()
    with TantivyIndex(home / "index", write=True) as index:
        index.put([make_article("https://ledger.example/late", "Seafront", "The seafront opens.")])
    news = page.locator("#news a")
    expect(news).to_have_text("1 new article", timeout=20_000)
    news.click()
    expect(page.locator(".hit h2")).to_have_text("Seafront")
