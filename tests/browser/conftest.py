"""One newsroom, read once; a server over it; a browser for each file of tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.opener import Opener
from tests.support.chromium import running_chromium
from tests.support.once import made_once
from tests.support.read_newsroom import read_newsroom
from tests.support.serving import serving


@pytest.fixture(scope="session")
def newsroom_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder of this process's own with the sample newsroom as our reader reads it."""
    return made_once(tmp_path_factory, "newsroom", read_newsroom)


@pytest.fixture(scope="session")
def site(newsroom_home: Path) -> Iterator[str]:
    """The address of ``beatwire serve`` over the newsroom."""
    with serving(newsroom_home) as address:
        yield address


# Of each file, not of the session: while it runs, no other test of this process could use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def opener(browser: Browser, site: str) -> Iterator[Opener]:
    """Opens pages of the newsroom; at the end nothing may have gone wrong in any of them."""
    with Opener(browser, site) as opener:
        yield opener
        opener.check()
