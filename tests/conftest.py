"""Every test is sealed: its own home folder, no setting from outside, no network but loopback."""

import os
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.chromium import lacks_browser, no_browser_line
from tests.support.once import made_once
from tests.support.processes import beatwire
from tests.support.servers import absent_servers, left_out_line

if TYPE_CHECKING:
    from services.bus import Bus
    from services.store import Store

_connect = socket.socket.connect
_left_out = pytest.StashKey[list[str]]()
"""What the summary says of the tests that could not run."""


def _loopback_only(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        assert ip_address(address[0]).is_loopback, f"a test tried to reach {address}"
    _connect(self, address)


def pytest_configure() -> None:
    """No ``BEATWIRE_`` variable of the developer reaches a test, or a module before it."""
    for name in list(os.environ):
        if name.upper().startswith("BEATWIRE_"):
            del os.environ[name]


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A home of the test's own, and no way out but loopback."""
    monkeypatch.setenv("BEATWIRE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.fixture
def home(tmp_path: Path) -> str:
    """The home folder that ``BEATWIRE_HOME`` names for this test."""
    return str(tmp_path / "home")


@pytest.fixture
def bus(home: str) -> Iterator["Bus"]:
    """The log of that home folder."""
    from services.bootstrap import open_bus
    from services.settings import load_settings

    with open_bus(load_settings()) as found:
        yield found


@pytest.fixture
def store(home: str) -> Iterator["Store"]:
    """The store of that home folder."""
    from services.bootstrap import open_store
    from services.settings import load_settings

    with open_store(load_settings()) as found:
        yield found


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ``beatwire demo`` ran to its end; ``said.json`` in it is what it said."""
    return made_once(tmp_path_factory, "demo", _run_demo)


def _run_demo(home: Path) -> None:
    said = beatwire("demo", "--no-serve", "--json", env={"BEATWIRE_HOME": str(home)})
    (home / "said.json").write_text(said)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose servers or whose browser are not there; the summary says so."""
    absent = {item: names for item in items if (names := absent_servers(item, os.environ))}
    no_browser = [item for item in items if lacks_browser(item, os.environ)]
    if left_out := {*absent, *no_browser}:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=list(left_out))
    said = [left_out_line(len(absent), set().union(*absent.values()))] if absent else []
    config.stash[_left_out] = said + ([no_browser_line(len(no_browser))] if no_browser else [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes (``-n``) hands on what it left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None and _left_out in session.config.stash:
        output["left_out"] = session.config.stash[_left_out]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each process collects all tests, so that any one knows what all left out."""
    if told := getattr(node, "workeroutput", {}).get("left_out"):
        node.config.stash[_left_out] = told


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Nothing is left out in silence."""
    for line in config.stash.get(_left_out, []):
        terminalreporter.write_line(line, yellow=True)
