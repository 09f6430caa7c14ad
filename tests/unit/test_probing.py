"""What a process says of itself: alive, started, ready; and the end of one that stands still."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection

import pytest

from services.errors import SettingsError, TryLater
from services.probing import endpoint
from services.probing.endpoint import MOST_AT_ONCE, start
from services.probing.health import Dependency, Health
from services.probing.probes import Probes
from services.probing.pulse import Pulse
from services.version import VERSION
from services.workers.opening import when_there
from tests.support.processes import wait_until
from tests.support.stepping import Stepping

SECRET = "kafka://someone:hunter2@10.1.2.3:9092"


def away() -> str:
    raise TryLater(f"{SECRET} does not answer")


@pytest.fixture
def probes() -> Probes:
    looks = [Dependency("bus", "kafka", away), Dependency("store", "postgresql", str)]
    return Probes("read", Health(looks))


@pytest.fixture
def asks(probes: Probes) -> Iterator[HTTPConnection]:
    port = start(0, "127.0.0.1", probes)
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    yield connection
    connection.close()


def get(asks: HTTPConnection, path: str, method: str = "GET") -> tuple[int, str, str]:
    asks.request(method, path)
    answer = asks.getresponse()
    assert answer.headers["cache-control"] == "no-store"
    return answer.status, str(answer.headers["content-type"]), answer.read().decode()


def test_the_port_answers_every_probe_and_nothing_else(
    asks: HTTPConnection, probes: Probes
) -> None:
    assert get(asks, "/livez") == (200, "text/plain; charset=utf-8", "ok\n")
    assert get(asks, "/startupz")[0] == 503
    probes.started()
    assert get(asks, "/startupz")[0] == 200
    status, kind, body = get(asks, "/version")
    assert (status, kind) == (200, "application/json")
    told = json.loads(body)
    assert (told["version"], told["process"]) == (VERSION, "read")
    status, kind, body = get(asks, "/metrics")
    assert status == 200
    assert kind.startswith("text/plain; version=0.0.4")
    assert "# TYPE beatwire_stage_processed_total counter" in body
    assert get(asks, "/livez?verbose")[0] == 200
    assert get(asks, "/livez", "HEAD") == (200, "text/plain; charset=utf-8", "")
    for path in ("/", "/etc/passwd", "/metrics/x"):
        assert get(asks, path)[0] == 404


def heard_from_now_on() -> Callable[[], int]:
    """How many of those that asked later are being heard: each has a thread."""
    before = {*threading.enumerate()}
    return lambda: sum(
        "process_request_thread" in each.name for each in {*threading.enumerate()} - before
    )


def test_who_asks_and_says_nothing_takes_no_more_than_some_threads(
    probes: Probes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "PATIENCE_SECONDS", 300.0)
    at = "127.0.0.1", start(0, "127.0.0.1", probes)
    heard = heard_from_now_on()
    with ExitStack() as silent:
        asks = [
            silent.enter_context(socket.create_connection(at, 30)) for _ in range(MOST_AT_ONCE + 8)
        ]
        assert [each.recv(1) for each in asks[MOST_AT_ONCE:]] == [b""] * 8, "turned away"
        assert heard() <= MOST_AT_ONCE
    wait_until(lambda: not heard(), 30)
    with closing(HTTPConnection(*at, timeout=30)) as connection:
        assert get(connection, "/livez")[0] == 200


def test_who_asks_in_drops_is_heard_for_a_while_only(
    probes: Probes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "PATIENCE_SECONDS", 1.0)
    heard = heard_from_now_on()
    with socket.create_connection(("127.0.0.1", start(0, "127.0.0.1", probes)), 30) as slow:
        slow.sendall(b"GET /livez HTTP/1.0\r\nx: ")
        wait_until(lambda: heard() > 0, 30)

        def is_over() -> bool:
            with suppress(OSError):
                slow.sendall(b"x")
            return not heard()

        wait_until(is_over, 30)


def test_what_is_away_is_named_and_its_address_is_not(asks: HTTPConnection) -> None:
    """Row 14: alive and not ready, with the reason of each server."""
    status, kind, body = get(asks, "/readyz")
    assert (status, kind) == (503, "application/json")
    told = json.loads(body)
    assert told["ready"] is False
    assert told["checks"]["bus"] == {
        "server": "kafka", "ready": False, "reason": "kafka does not answer, or is busy",
    }  # fmt: skip
    assert told["checks"]["store"]["ready"] is True
    assert "hunter2" not in body
    assert "10.1.2.3" not in body
    assert get(asks, "/livez")[0] == 200


def test_who_was_told_to_stop_is_not_ready_and_asks_nobody(probes: Probes) -> None:
    probes.leave()
    answer = probes.ready()
    assert answer.status == 503
    assert json.loads(answer.body) == {"ready": False, "reason": "it was told to stop"}
    assert probes.live().status == 200


def test_a_loop_that_does_not_come_round_is_not_alive() -> None:
    pulse = Pulse(120)
    probes = Probes("read", pulse=pulse)
    pulse.passed(100.0)
    pulse.beat()
    pulse.passed(110.0)
    assert probes.live().status == 200
    pulse.passed(10.0)
    answer = probes.live()
    pulse.end()
    assert (answer.status, answer.body) == (
        503, b"its main loop has not come round for 120 s\n",
    )  # fmt: skip


HANGS = """
import re, signal, sys, time
from services.probing.pulse import Pulse
pulse = Pulse(float(sys.argv[1]), deadly=True, trace=sys.stderr if sys.argv[2] == "text" else None)
pulse.beat()
time.sleep(float(sys.argv[1]) / 2)
print("begins", flush=True)
WHAT
print("ends", flush=True)
"""
COMPUTES = 're.match(r"(a|aa)+$", "a" * 99 + "b")  # never lets go of the interpreter'
WAITS = "time.sleep(600)"


def hangs(what: str, turn: float, log: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HANGS.replace("WHAT", what), str(turn), log]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize("log", ["text", "json"])
@pytest.mark.parametrize(("what", "code"), [(COMPUTES, -signal.SIGPROF), (WAITS, 1)])
def test_a_process_that_stands_still_ends_whatever_holds_it(what: str, code: int, log: str) -> None:
    process = hangs(what, 0.5, log)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (code, "begins\n")
    # Where it hung is for people; logs that machines read stay what they are.
    assert ("most recent call first" in err) == (log == "text")


def test_a_process_that_was_stopped_goes_on() -> None:
    process = hangs("time.sleep(0.1)", 1.0, "text")
    assert process.stdout
    assert process.stdout.readline() == "begins\n"
    process.send_signal(signal.SIGSTOP)
    time.sleep(2)
    process.send_signal(signal.SIGCONT)
    assert process.communicate(timeout=120) == ("ends\n", "")
    assert process.returncode == 0


def test_one_that_ended_its_loop_is_left_alone() -> None:
    process = hangs("pulse.end(); time.sleep(1)", 0.5, "text")
    assert process.communicate(timeout=120) == ("begins\nends\n", "")
    assert process.returncode == 0


def test_what_is_away_at_the_start_is_asked_again() -> None:
    stop, tried = Stepping(), list[float]()

    def open_it() -> str:
        tried.append(stop.now)
        if len(tried) < 3:
            raise TryLater("away")
        return "open"

    opened = when_there(open_it, stop, lambda: 1.0)
    assert (opened, stop.waits, tried) == ("open", [0.5, 1.0], [0.0, 0.5, 1.5])
    stop.set()
    assert when_there(open_it, stop) is None


def test_what_is_no_matter_of_time_ends_the_start() -> None:
    def wrong() -> None:
        raise SettingsError("BEATWIRE_BUS begins with 'gopher'")

    with pytest.raises(SettingsError, match="gopher"):
        when_there(wrong, threading.Event())
