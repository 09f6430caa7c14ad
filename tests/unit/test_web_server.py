"""``beatwire serve``: one address on loopback, a clean stop, one line for a taken port."""

import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import httpx
import pytest
from typer.testing import CliRunner

from services.errors import UserError
from services.settings import Settings
from services.web.server import listening, serve

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


def test_the_command_passes_port_and_address_on(monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    from services.cli.serve import register

    asked: list[tuple[int | None, str]] = []
    monkeypatch.setattr("services.web.server.serve", lambda settings, *args: asked.append(args))
    app = typer.Typer()
    register(app)
    assert CliRunner().invoke(app, ["--port", "8400"]).exit_code == 0
    assert CliRunner().invoke(app, []).exit_code == 0
    assert CliRunner().invoke(app, ["--host", "0.0.0.0"]).exit_code == 0
    assert asked == [(8400, "127.0.0.1"), (None, "127.0.0.1"), (None, "0.0.0.0")]
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
