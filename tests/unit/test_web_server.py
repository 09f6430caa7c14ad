"""``beatwire serve``: one address on loopback, a clean stop, one line for a taken port."""

import asyncio
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from typer.testing import CliRunner

from services.accounts.passwords import Passwords
from services.bootstrap import open_store
from services.errors import SettingsError, TryLater, UserError
from services.probing.probes import Probes
from services.settings import Settings
from services.store.people import User
from services.web.leaving import LEAVE_SECONDS, Server
from services.web.server import listening, serve
from tests.support.stepping import Stepping

SERVER = """
from services.settings import Settings
from services.web import server
from tests.support.local_index import LocalIndex
server.open_index = lambda settings: LocalIndex()
server.serve(Settings(), port=0)
print("closed", flush=True)
"""
HEAVY = {"spacy", "scrapy", "celery", "trafilatura", "sqlalchemy", "twisted", "numpy"}


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_on_loopback_and_stops_cleanly(stop: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().split()[3]
            assert urlsplit(address).hostname == "127.0.0.1"
            answer = httpx.get(address, timeout=30)
            assert "beatwire demo" in answer.text
            assert "server" not in answer.headers
            server.send_signal(stop)
            said, errors = server.communicate(timeout=30)
        finally:
            server.kill()
    assert (server.returncode, said, errors) == (0, "closed\n", "")


def test_a_taken_port_is_one_line_with_a_remedy() -> None:
    with listening(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} is taken.*beatwire serve --port"):
            serve(Settings(), port)


def test_the_port_is_free_again_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(settings: Settings) -> None:
        raise UserError("no index")

    monkeypatch.setattr("services.web.server.open_index", fails)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(UserError, match="no index"):
        serve(Settings(), port)
    with listening(port) as again:
        assert again.getsockname() == ("127.0.0.1", port)


def add_operator() -> None:
    with open_store(Settings()) as store:
        hashed = Passwords().hash("four words of ada")
        ada = User(name="ada", password=hashed, role="operator", created_at=datetime.now(UTC))
        assert store.add_user(ada)


@pytest.mark.parametrize(
    ("given", "host", "says"),
    [
        (
            {},
            "0.0.0.0",
            "^--host 0.0.0.0 opens the pages.*beatwire users add NAME --role operator$",
        ),
        ({"address": "https://news.example"}, "127.0.0.1", "^BEATWIRE_ADDRESS=https://news"),
        ({"login": "always"}, "127.0.0.1", "^BEATWIRE_LOGIN=always asks for a login"),
        ({"login": "never", "address": "https://news.example"}, "0.0.0.0", "unset one of them"),
    ],
)
def test_it_does_not_start_open_to_others_without_an_operator(
    given: dict[str, str], host: str, says: str
) -> None:
    settings = Settings(**given)  # type: ignore[arg-type]
    with open_store(settings) as store:
        for role, disabled in (("analyst", False), ("operator", True)):
            store.add_user(
                User(
                    name=role,
                    password="-",
                    role=role,  # type: ignore[arg-type]
                    created_at=datetime.now(UTC),
                    disabled=disabled,
                )
            )
    with pytest.raises(SettingsError, match=says) as caught:
        serve(settings, 0, host)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 78


@pytest.mark.parametrize(
    ("given", "host", "ends"),
    [
        ({}, "0.0.0.0", "/, for those who log in (Ctrl-C stops it)"),
        (
            {"address": "https://news.example"},
            "127.0.0.1",
            " and https://news.example/, for those who log in (Ctrl-C stops it)",
        ),
        ({"login": "never"}, "0.0.0.0", "/ (Ctrl-C stops it)"),
    ],
)
def test_it_starts_once_it_can(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], host: str, ends: str
) -> None:
    if "login" not in given:
        add_operator()
    said: list[str] = []
    monkeypatch.setattr("builtins.print", lambda line, **options: said.append(line))
    monkeypatch.setattr(uvicorn.Server, "run", lambda *args, **options: None)
    serve(Settings(**given), 0, host)  # type: ignore[arg-type]
    assert len(said) == 1
    assert said[0].endswith(ends)


def test_a_start_on_this_machine_needs_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(settings: Settings) -> None:
        raise TryLater("away")

    for module in ("services.web.server", "services.bootstrap"):
        monkeypatch.setattr(f"{module}.open_store", fails)
    monkeypatch.setattr(uvicorn.Server, "run", lambda *args, **options: None)
    serve(Settings(), 0)
    with pytest.raises(TryLater, match="away"):
        serve(Settings(login="always"), 0)


def test_the_command_passes_port_and_address_on(monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    from services.cli.serve import register

    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(
        "services.web.server.serve",
        lambda settings, *args, **options: asked.append((*args, *options.values())),
    )
    app = typer.Typer()
    register(app)
    assert CliRunner().invoke(app, ["--port", "8400"]).exit_code == 0
    assert CliRunner().invoke(app, []).exit_code == 0
    assert CliRunner().invoke(app, ["--host", "0.0.0.0"]).exit_code == 0
    assert CliRunner().invoke(app, ["--take-over", "--no-hand-over"]).exit_code == 0
    assert asked == [
        (8400, "127.0.0.1", False, True),
        (None, "127.0.0.1", False, True),
        (None, "0.0.0.0", False, True),
        (None, "127.0.0.1", True, False),
    ]
    assert CliRunner().invoke(app, ["--port", "70000"]).exit_code == 2
    assert "Example: beatwire serve" in CliRunner().invoke(app, ["--help"]).output


def test_the_pages_load_nothing_that_reads_language_or_crawls() -> None:
    shown = (
        "import sys, services.web.server; print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60
    )
    assert not HEAVY & set(done.stdout.split())


def test_the_command_group_loads_no_web_framework() -> None:
    shown = (
        "import sys, services.cli.serve; print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60
    )
    assert not {"fastapi", "uvicorn", "jinja2", *HEAVY} & set(done.stdout.split())


def test_it_is_not_ready_first_and_gone_a_moment_later() -> None:
    """Whoever balances load learns of the end while requests are still answered."""
    clock, probes = Stepping(), Probes("pages")
    server = Server(uvicorn.Config(lambda *_: None), probes, clock.clock)
    assert asyncio.run(server.on_tick(1)) is False
    assert (probes.startup().status, probes.ready().status) == (200, 200)
    server.started = True
    server.handle_exit(signal.SIGTERM, None)
    assert (probes.live().status, probes.ready().status) == (200, 503)
    clock.wait(LEAVE_SECONDS - 0.1)
    assert asyncio.run(server.on_tick(1)) is False
    clock.wait(0.2)
    assert asyncio.run(server.on_tick(1)) is True


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_does_not_wait(second: signal.Signals) -> None:
    server = Server(uvicorn.Config(lambda *_: None), Probes("pages"))
    server.started = True
    server.handle_exit(signal.SIGTERM, None)
    server.handle_exit(second, None)
    assert asyncio.run(server.on_tick(1)) is True
    assert server.force_exit
