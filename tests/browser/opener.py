"""Opens pages as somebody would, and keeps watch over what they do."""

from typing import Literal, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.places import Place

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
DESK, TABLET, PHONE, NARROWEST = 1440, 900, 360, 320
HEIGHT = 900
PATIENCE = 15_000
"""Milliseconds that a page may take before a test fails."""
_LOAD_FAILED = "Failed to load resource"


class Opener:
    """Makes contexts of a browser; ``check`` fails for anything that a page must not do."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address.rstrip("/")
        self._host = urlsplit(address).netloc
        self._contexts: list[BrowserContext] = []
        self.foreign: list[str] = []
        """Requests to any other host."""
        self.errors: list[str] = []
        """What the console and the scripts complain about."""

    def page(
        self,
        theme: Theme = "light",
        width: int = DESK,
        *,
        scripts: bool = True,
        bypass_csp: bool = False,
        still: bool = True,
    ) -> Page:
        """An empty tab of a window of its own, which shares nothing with the others."""
        context = self._browser.new_context(
            base_url=self._address,
            viewport={"width": width, "height": HEIGHT},
            color_scheme=theme,
            java_script_enabled=scripts,
            bypass_csp=bypass_csp,
            reduced_motion="reduce" if still else "no-preference",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self._asked(request.url))
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def at(self, place: Place, page: Page) -> Page:
        """The tab, at a place; fails unless it is answered as it must be."""
        answer = page.goto(place.address)
        assert answer is not None
        assert answer.status == place.status, place.address
        return page

    def check(self) -> None:
        """Nothing asked another host, no error was told."""
        assert not self.foreign, self.foreign
        assert not self.errors, self.errors

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.netloc != self._host and parts.scheme not in ("data", "about"):
            self.foreign.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        # A page that says "not found" with status 404 is answered as it must be. Results that
        # follow the typing come from the page's own path, before or after its address changes.
        asked, page = message.location.get("url", ""), message.page.url if message.page else ""
        of_page = urlsplit(asked).path == urlsplit(page).path
        if message.type == "error" and not (of_page and message.text.startswith(_LOAD_FAILED)):
            self.errors.append(message.text)
