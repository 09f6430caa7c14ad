"""Servers that are away, or silent, when the pages start: row 14, with the process itself."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.processes import BEATWIRE, free_port, wait_until

KINDS = {"bus": "kafka", "index": "elasticsearch", "store": "postgresql", "broker": "redis"}


def settings(port: int) -> dict[str, str]:
    return {
        "BEATWIRE_BUS": f"kafka://127.0.0.1:{port}",
        "BEATWIRE_INDEX": f"http://someone:hunter2@127.0.0.1:{port}",
        "BEATWIRE_STORE": f"postgresql://someone:hunter2@127.0.0.1:{port}/news",
        "BEATWIRE_BROKER": f"redis://:hunter2@127.0.0.1:{port}/0",
    }


@pytest.fixture
def refusing() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes every connection, and never says a word."""
    with ExitStack() as held, socket.create_server(("127.0.0.1", 0), backlog=64) as listener:

        def take() -> None:
            while True:
                try:
                    held.enter_context(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@contextmanager
def serving(environ: Mapping[str, str], log: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The pages, and their address."""
    command = [*BEATWIRE, "serve", "--port", "0"]
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        assert process.stdout is not None
        address = next((word for word in process.stdout.readline().split() if "://" in word), "")
        assert address, log.read_text()
        yield process, f"http://{urlsplit(address).netloc}"
    finally:
        process.kill()
        process.communicate()


PROCESSES = {
    "work read": {"bus", "store", "broker"},
    "deliver": {"bus", "store"},
    "up": {"bus", "index", "store", "broker"},
}


@pytest.mark.slow
@pytest.mark.parametrize("command", PROCESSES)
def test_every_process_waits_for_what_is_away_and_says_so(
    command: str, refusing: int, tmp_path: Path
) -> None:
    """Row 14: alive, not started, not ready with the reason, and no crash loop."""
    log, port = tmp_path / "log", free_port()
    environ = {**settings(refusing), "BEATWIRE_METRICS_PORT": str(port)}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*BEATWIRE, *command.split()], env={**os.environ, **environ}, stderr=errors
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            wait_until(lambda: answers(client) or process.poll() is not None, 60)
            wait_until(lambda: log.read_text().count("waits") >= 2, 60, "to be asked again")
            assert client.get("/livez").status_code == 200
            assert client.get("/startupz").status_code == 503
            answer = client.get("/readyz")
            assert answer.status_code == 503
            checks = answer.json()["checks"]
            assert checks.keys() == PROCESSES[command]
            assert checks["bus"]["reason"].startswith("kafka ")
            assert "hunter2" not in answer.text
            assert str(refusing) not in answer.text
            told = client.get("/metrics").text
            assert 'beatwire_dependency_ready{dependency="bus",server="kafka"} 0.0' in told
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
    assert "hunter2" not in log.read_text()
    assert "Traceback" not in log.read_text()


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/livez").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("servers", ["refusing", "silent"])
def test_the_pages_start_and_say_what_is_away(
    servers: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Row 14: alive, not ready with each server's kind, and no end of the process."""
    port: int = request.getfixturevalue(servers)
    log = tmp_path / "log"
    with serving(settings(port), log) as (process, address):
        with httpx.Client(base_url=address, timeout=60) as client:
            assert client.get("/livez").status_code == 200
            for _ in range(3):
                began = time.monotonic()
                answer = client.get("/readyz")
                assert time.monotonic() - began < 3
                assert answer.status_code == 503
                checks = answer.json()["checks"]
                assert {name: check["server"] for name, check in checks.items()} == KINDS
                for name, check in checks.items():
                    assert check["ready"] is False, name
                    assert check["reason"].startswith(KINDS[name])
                assert "hunter2" not in answer.text
                assert str(port) not in answer.text
            page = client.get("/")
            assert page.status_code == 503
            assert "Load this page again in a moment" in page.text
            assert client.get("/metrics").status_code == 200
            assert client.get("/livez").status_code == 200
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, log.read_text()
    assert "hunter2" not in log.read_text()
    assert "Traceback" not in log.read_text()
