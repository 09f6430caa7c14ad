"""One page in Chromium by way of Playwright: what it may load, and how long it is waited for."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser as Chromium
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route, async_playwright

from crawlers.listings.read import MAX_PAGE
from crawlers.rendering.allowance import Limits
from crawlers.rendering.jobs import Job, Rendering
from crawlers.rendering.proxy import USER, Proxy

LOAD, QUIET = 0.5, 0.25
"""Parts of a page's time in which it may load, and then go on until nothing more is asked for."""
NOT_RENDERED = "it is empty without its scripts and could not be rendered"
FLAGS = (
    "--block-new-web-contents",
    "--disable-background-networking",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # No name is ever resolved by the browser, whatever asks for it.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--js-flags=--max-old-space-size=256",
    "--no-pings",
    "--renderer-process-limit=2",
)
HTML = "text/html; charset=utf-8"
_LOADED = frozenset({"script", "xhr", "fetch"})
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})

Decision = Literal["page", "load", "empty", "stay", "refuse"]


def decide(
    kind: str, method: str, url: str, *, page: bool = False, first: bool = False
) -> Decision:
    """What becomes of a request: scripts and their data are loaded, nothing that is only seen.

    ``kind`` is Playwright's word for it; ``page`` and ``first`` tell the page itself from where
    scripts lead it and from what its frames hold. A style sheet is empty, since some scripts wait
    for theirs.
    """
    if page:
        return "page" if first else "stay"
    if not url.startswith(("http://", "https://")) or method not in _METHODS:
        return "refuse"
    if kind == "stylesheet":
        return "empty"
    return "load" if kind in _LOADED else "refuse"


class LeftError(Exception):
    """The page is not there any more, but another one that it led to."""


@asynccontextmanager
async def running(program: str, home: str, proxy: Proxy) -> AsyncIterator[Chromium]:
    """A Chromium without a window, all of whose traffic goes to the proxy.

    It gets nothing of our environment, which may hold passwords, and a home of its own.
    """
    environment = {"HOME": home, "TMPDIR": home, "PATH": os.environ.get("PATH", os.defpath)}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            args=list(FLAGS),
            chromium_sandbox=os.geteuid() != 0,  # which refuses the superuser
            env=dict(environment),
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            # Loopback is no exception, as it would be without the mark.
            proxy={
                "server": proxy.address,
                "bypass": "<-loopback>",
                "username": USER,
                "password": proxy.password,
            },
        )
        yield browser


async def render(
    browser: Chromium, agent: str, job: Job, proxy: Proxy, limits: Limits
) -> Rendering:
    """The page's text after its scripts ran, in a context of its own. Never raises for a page."""
    async with proxy.page(limits) as allowance:
        try:
            async with asyncio.timeout(limits.seconds):
                html = await _render(browser, agent, job, limits.seconds)
        except TimeoutError:
            return Rendering(reason=f"{NOT_RENDERED} in {limits.seconds:g} s")
        except LeftError:
            return Rendering(reason=f"{NOT_RENDERED}: it leads elsewhere")
        except PlaywrightError:
            return Rendering(reason=f"{NOT_RENDERED}: the browser gave up")
        if allowance.over:
            return Rendering(reason=f"{NOT_RENDERED}: {allowance.over}")
    if len(html.encode("utf-8", "replace")) > MAX_PAGE:
        return Rendering(reason=f"{NOT_RENDERED}: it makes more than 5 MiB of itself")
    return Rendering(html=html)


async def _render(browser: Chromium, agent: str, job: Job, seconds: float) -> str:
    context = await browser.new_context(
        accept_downloads=False,
        permissions=[],
        service_workers="block",
        user_agent=agent,
    )
    page = await context.new_page()
    waiting = [job]

    async def answer(route: Route) -> None:
        await _answer(route, page, waiting)

    await context.route("**/*", answer)
    with suppress(PlaywrightError):  # a page may never be done loading
        await page.goto(job.url, wait_until="load", timeout=1000 * LOAD * seconds)
    with suppress(PlaywrightError):
        await page.wait_for_load_state("networkidle", timeout=1000 * QUIET * seconds)
    html, at = await page.content(), urlsplit(page.url)
    await context.close()
    asked = urlsplit(job.url)
    if (at.scheme, at.netloc) != (asked.scheme, asked.netloc):
        raise LeftError
    return html


async def _answer(route: Route, page: Page, waiting: list[Job]) -> None:
    asked = route.request
    navigates = asked.is_navigation_request() and asked.frame == page.main_frame
    kind = asked.resource_type
    decision = decide(kind, asked.method, asked.url, page=navigates, first=bool(waiting))
    with suppress(PlaywrightError):  # the page went away meanwhile
        match decision:
            case "page":
                await route.fulfill(body=waiting.pop().html, content_type=HTML)
            case "empty":
                await route.fulfill(body="", content_type="text/css")
            case "load":
                await route.continue_()
            case "stay":
                await route.abort("aborted")  # any other word replaces the page by an error's
            case "refuse":
                await route.abort("blockedbyclient")
