"""What holds for every page: readable by everybody, at every width, and quiet."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from services.web.security import CONTENT_SECURITY_POLICY
from tests.browser.opener import DESK, HEIGHT, NARROWEST, PHONE, Opener
from tests.browser.places import PLACES, Place

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendored" / "axe.min.js").read_text("utf-8")
GRAVE = ("serious", "critical")
COLOURS = ["color-contrast", "link-in-text-block"]
every_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


def opened(page: Page) -> Page:
    """With everything open that can be opened, for what is closed is looked at by nobody."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    return page


def findings(page: Page, **options: Any) -> list[str]:
    """What axe-core finds grave: rule, help and the first elements."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "async options => (await axe.run(document, options)).violations",
        {"resultTypes": ["violations"], **options},
    )
    return [
        f"{each['id']}: {each['help']}: {[node['html'] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in GRAVE
    ]


@every_place
def test_axe_finds_nothing_grave_in_either_theme(opener: Opener, place: Place) -> None:
    """Themes differ in colours alone, so the second one is asked about these."""
    page = opened(opener.at(place, opener.page("light", bypass_csp=True)))
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, runOnly=COLOURS) == []


def test_axe_is_awake(opener: Opener) -> None:
    page = opener.page(bypass_csp=True)
    page.set_content("<html><body><img src='data:,'><p style='color:#ccc'>pale</p></body></html>")
    assert {found.partition(":")[0] for found in findings(page)} >= {"image-alt", "color-contrast"}


@every_place
def test_nothing_scrolls_sideways_and_all_is_guarded(opener: Opener, place: Place) -> None:
    page = opener.page(width=NARROWEST)
    answer = page.goto(place.address)
    assert answer is not None
    assert answer.status == place.status
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    for width in (NARROWEST, PHONE, DESK):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    opened(page)
    for width in (DESK, PHONE, NARROWEST):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_watch_is_awake(opener: Opener, site: str) -> None:
    """What every other test relies on: a foreign request and an error are seen."""
    page = opener.page()
    page.goto("/")
    page.evaluate("() => { console.error('seen'); new Image().src = 'http://evil.example/x' }")
    page.wait_for_timeout(200)
    seen, opener.errors = opener.errors, []
    asked, opener.foreign = opener.foreign, []
    assert "seen" in seen
    assert any("Content Security Policy" in said for said in seen)
    assert asked in ([], ["http://evil.example/x"])
    assert site
