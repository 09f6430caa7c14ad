"""The system's Chromium for tests in a real browser; nothing is ever downloaded."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
REMEDY = "install it, as with: apt-get install chromium"


def chromium() -> str | None:
    """Where the system has a browser that Playwright can drive."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def lacks_browser(item: pytest.Item, environ: Mapping[str, str]) -> bool:
    """Whether a test needs a browser that is not there.

    Where ``TEST_SERVERS`` is ``required`` nothing counts as absent: the test runs, and fails.
    """
    if item.get_closest_marker("browser") is None or environ.get("TEST_SERVERS") == "required":
        return False
    return chromium() is None


def no_browser_line(count: int) -> str:
    """What the summary says of the browser tests that could not run."""
    tests = "browser test" if count == 1 else "browser tests"
    return f"{count} {tests} left out (none of {', '.join(NAMES)} is installed); {REMEDY}"


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser without a window. Fails where the system has none.

    While it runs, this thread has an event loop: ``asyncio.run`` cannot be called in it.
    """
    program = chromium()
    assert program, f"none of {', '.join(NAMES)} is installed; {REMEDY}"
    # Chromium's sandbox refuses the superuser, as which tests run in containers.
    options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()
