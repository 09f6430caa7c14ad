"""One endpoint shows a process and its forked children, off unless asked for, on loopback."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.errors import UserError
from services.probing import endpoint
from services.probing.endpoint import PORTS, listen
from services.probing.exposition import sum_children
from services.probing.probes import Probes
from services.settings import Settings
from tests.support.processes import free_port

KINDS = 4
"""Of files: counters, histograms, and gauges of two modes."""

FAMILY = """
import os, sys, urllib.request
from services.probing.exposition import sum_children
from services.probing.endpoint import listen
from services.probing.probes import Probes
from services.settings import Settings
slot = 0
sum_children(lambda: slot)
from services import metrics

def child(number, events):
    global slot
    pid = os.fork()
    if pid == 0:
        slot = number
        metrics.STAGE_PROCESSED.labels("read", "read").inc(events)
        metrics.STAGE_LAST_PROGRESS.labels("read").set(1000 + number)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0

port = listen(Settings(metrics_port=int(sys.argv[1])), Probes("worker"))
metrics.BULK_RETRIES.inc()
child(1, 3)
child(2, 4)
child(1, 5)
folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
print(folder, oct(os.stat(folder).st_mode & 0o777), len(os.listdir(folder)))
print(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
"""


def run(script: str, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *args],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_endpoint_sums_real_children_and_keeps_what_dead_ones_counted() -> None:
    said = run(FAMILY, str(free_port()))
    first, _, shown = said.partition("\n")
    folder, mode, files = first.split()
    assert 'beatwire_stage_processed_total{outcome="read",stage="read"} 12.0' in shown
    assert "beatwire_index_bulk_retries_total 1.0" in shown
    assert 'beatwire_stage_last_progress_timestamp_seconds{stage="read"} 1002.0' in shown
    assert mode == "0o700"
    # A child that takes the slot of a dead one goes on in its files: three slots, not four.
    assert int(files) <= 3 * KINDS
    assert not Path(folder).exists()


ROUNDS = """
import os, subprocess, sys
from services.probing.exposition import exposition, sum_children
sum_children(lambda: 0)
CHILD = '''
from services.probing.exposition import count_for_parent
count_for_parent(1)
from services import metrics
metrics.FETCH_REQUESTS.labels("wire", "fetched").inc(4)
metrics.FETCH_DURATION.observe(0.2)
'''
for _ in range(3):
    subprocess.run([sys.executable, "-c", CHILD], check=True)
print(len(os.listdir(os.environ["PROMETHEUS_MULTIPROC_DIR"])))
print(exposition()[0].decode())
"""


def test_one_crawl_after_the_other_adds_up_in_the_files_of_one() -> None:
    files, _, shown = run(ROUNDS).partition("\n")
    assert 'beatwire_fetch_requests_total{outcome="fetched",source="wire"} 12.0' in shown
    assert "beatwire_fetch_duration_seconds_count 3.0" in shown
    assert int(files) <= 2 * KINDS
    assert "pid=" not in shown


def test_metrics_that_were_made_already_cannot_be_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    import services.metrics  # noqa: F401

    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    with pytest.raises(RuntimeError, match="before they could be shared"):
        sum_children()
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


START = """
import sys, urllib.request, socket
from services.probing.endpoint import listen
from services.probing.probes import Probes
from services.settings import Settings
taken = [socket.create_server(("127.0.0.1", int(port))) for port in sys.argv[2:]]
port = listen(Settings(metrics_port=int(sys.argv[1])), Probes("read"))
print(port)
if port:
    print(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
"""


def test_without_a_port_nothing_listens() -> None:
    assert run(START, "0") == "0\n"


def test_the_next_process_takes_the_next_port() -> None:
    port = free_port()
    said = run(START, str(port), str(port)).partition("\n")
    assert port < int(said[0]) < port + PORTS
    assert "beatwire_stage_processed_total" in said[2]


def test_no_port_at_all_is_one_line_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: Any) -> int:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(endpoint, "start", taken)
    settings = Settings(metrics_port=9100)
    with pytest.raises(UserError, match=r"METRICS_PORT=9100.*299 ports after.*or 0 for no"):
        listen(settings, Probes("read"))


def test_a_port_that_may_not_be_had_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(endpoint, "start", forbidden)
    settings = Settings(metrics_port=80)
    with pytest.raises(UserError, match=r"port 80 cannot be used .Permission denied"):
        listen(settings, Probes("read"))


def test_only_loopback_is_listened_on_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, str]] = []

    def start(port: int, host: str, _: Probes) -> int:
        asked.append((port, host))
        return port

    monkeypatch.setattr(endpoint, "start", start)
    plain = Settings(metrics_port=9100)
    open_to_all = Settings(metrics_port=9100, metrics_host="0.0.0.0")
    assert listen(plain, Probes("read")) == 9100
    assert listen(open_to_all, Probes("read")) == 9100
    assert asked == [(9100, "127.0.0.1"), (9100, "0.0.0.0")]
