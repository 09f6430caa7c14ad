"""Logging in, and what is somebody's own: in a browser, with cookies as they are set."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.opener import NARROWEST, THEMES, Opener, Theme
from tests.browser.places import GUARDED, Place
from tests.browser.test_pages import findings, opened
from tests.support.processes import BEATWIRE
from tests.support.serving import serving

pytestmark = pytest.mark.browser

NAME, PASSWORD = "ada", "correct horse battery staple"
AFTERWARDS = (Place("account", "/account"), Place("saved", "/saved"))


@pytest.fixture(scope="module")
def guarded_site(newsroom_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks for a login, and has one operator."""
    home = tmp_path_factory.mktemp("guarded") / "home"
    shutil.copytree(newsroom_home, home)
    subprocess.run(
        [*BEATWIRE, "users", "add", NAME, "--role", "operator", "--password-stdin"],
        env={**os.environ, "BEATWIRE_HOME": str(home)},
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
        capture_output=True,
    )
    with serving(home, BEATWIRE_LOGIN="always") as address:
        yield address


@pytest.fixture
def guarded(browser: Browser, guarded_site: str) -> Iterator[Opener]:
    with Opener(browser, guarded_site) as opener:
        yield opener
        opener.check()


def log_in(page: Page) -> None:
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_login_leads_to_where_one_wanted_to_go(guarded: Opener, scripts: bool) -> None:
    page = guarded.page(scripts=scripts)
    page.goto("/claims?q=deepseek")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    log_in(page)
    page.wait_for_url("**/claims?q=deepseek")
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="Log out").click()
    page.goto("/claims")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_key_is_made_shown_once_and_revoked(guarded: Opener) -> None:
    page = guarded.page(scripts=False)
    page.goto("/account")
    log_in(page)
    page.get_by_label("What it is for").fill("feeds")
    page.get_by_label("search").first.check()
    page.get_by_role("button", name="Make a key").click()
    key = page.locator(".made-key pre").inner_text()
    assert key.startswith("bw_")
    page.goto("/account")
    expect(page.locator("main")).not_to_contain_text(key)
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("button", name="Revoke")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_grave_and_nothing_scrolls(guarded: Opener, theme: Theme) -> None:
    page = guarded.page(theme, NARROWEST, bypass_csp=True)
    for place in GUARDED:
        guarded.at(place, page)
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    log_in(page)
    page.wait_for_url("**/claims")
    for place in AFTERWARDS:
        guarded.at(place, page)
        assert findings(opened(page)) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
