"""Browser tests are left out where there is no browser, and never where one is required."""

import pytest

from tests.support.chromium import chromium, lacks_browser, no_browser_line


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without any program."""
    monkeypatch.setenv("PATH", "/nowhere")


@pytest.mark.usefixtures("bare")
def test_without_a_browser_a_browser_test_is_left_out(request: pytest.FixtureRequest) -> None:
    item = request.node
    assert chromium() is None
    assert not lacks_browser(item, {})
    item.add_marker("browser")
    assert lacks_browser(item, {})
    assert not lacks_browser(item, {"TEST_SERVERS": "required"})


def test_the_line_says_how_many_and_what_to_do() -> None:
    assert no_browser_line(1).startswith("1 browser test left out (none of chromium, ")
    assert no_browser_line(2).startswith("2 browser tests left out")
    assert "apt-get install chromium" in no_browser_line(2)
