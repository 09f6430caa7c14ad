"""Between dispatcher and workers: Redis dies, is wiped, resets; workers die, stall, run twice."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from celery import Celery

from services.bus import Bus, Event, Slice
from services.bus.sqlite import SqliteBus
from services.stages.flow import READ
from services.workers import app as celery_app
from services.workers import ends, hands, lease
from services.workers.dispatcher import Dispatcher
from services.workers.ends import Died, Done, End, Later, Lost
from services.workers.hands import ByBroker
from services.workers.supervisor import Member, supervise
from services.workers.tasks import installation
from tests.support.odd_worker import BUGGY, KILLER, MENDABLE, NORMAL, SLOW, WAITING
from tests.support.processes import family, free_port, wait_until
from tests.support.servers import PrivateServers, private_servers
from tests.support.tcp_proxy import TcpProxy

pytestmark = [pytest.mark.connected("redis"), pytest.mark.slow]

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EVENTS = 1500


@pytest.fixture
def redis() -> Iterator[PrivateServers]:
    with private_servers("redis") as servers:
        yield servers


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def broker(redis: PrivateServers, monkeypatch: pytest.MonkeyPatch, notes: Path) -> str:
    """The address of the broker, set in this process as in those that it starts."""
    address = redis.address("redis")
    monkeypatch.setenv("BEATWIRE_BROKER", address)
    for name, unused in (("BUS", "kafka"), ("INDEX", "http"), ("STORE", "postgresql")):
        monkeypatch.setenv(f"BEATWIRE_{name}", f"{unused}://127.0.0.1:9/nothing")
    monkeypatch.setenv("TEST_NOTES", str(notes))
    return address


def by_broker(where: str = "") -> ByBroker:
    """Hands on an application of their own, which reads the settings of this test."""
    app = Celery("beatwire", set_as_current=False)
    app.add_defaults(celery_app.configuration)

    installation.cache_clear()
    return ByBroker(app.task(name="beatwire.read")(never), where or installation())


def never(part: dict[str, int], where: str) -> None:
    """The task is only named here: it runs in the workers alone."""
    raise AssertionError(part)


WORKER = ("-A", "tests.support.odd_worker", "worker", "--loglevel", "CRITICAL", "--concurrency")


def start_worker(stack: ExitStack, processes: int = 2) -> "subprocess.Popen[bytes]":
    """A Celery worker that behaves as ``odd_worker`` says."""
    worker = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "celery", *WORKER, str(processes)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )
    stack.callback(kill, worker)
    return worker


@pytest.fixture
def supervised(broker: str) -> Iterator[Callable[[], None]]:
    """Starts one under the supervisor, as ``beatwire work`` does: Celery may end with its Redis."""
    stop = threading.Event()
    member = Member("celery", "celery", (*WORKER, "2"), silent=True)
    thread = threading.Thread(target=supervise, args=([member], stop))
    yield thread.start
    stop.set()
    thread.join()


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """All of a worker's processes at once, as a machine that loses power does."""
    for pid in reversed(family(worker.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    worker.wait()


@pytest.fixture
def stack(broker: str) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def ended(by: ByBroker, tickets: Sequence[str], seconds: float = 30.0) -> dict[str, End]:
    found: dict[str, End] = {}

    def all_there() -> bool:
        found.update(by.look())
        return found.keys() >= set(tickets)

    wait_until(all_there, seconds, f"for {len(tickets)} slices")
    return found


def one(first: int) -> Slice:
    return Slice("pages", 0, first, first)


def starts(notes: Path) -> Counter[int]:
    lines = notes.read_text().splitlines() if notes.exists() else []
    return Counter(int(line.split()[1]) for line in lines if line.startswith("start"))


def run_all(bus: Bus, stop: threading.Event) -> threading.Thread:
    """A dispatcher in a thread, until everything is committed."""
    by = by_broker()

    def bury(part: Slice, reason: str, deaths: int) -> None:
        raise AssertionError(f"{part} was buried: {reason}")

    def run() -> None:
        Dispatcher(READ, bus, by, window=12, bury=bury).run(stop, drain=True)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def filled(path: Path, events: int) -> SqliteBus:
    bus = SqliteBus(path)
    bus.publish(
        "pages",
        [Event(id=f"e{n}", type="t", key=f"k{n}", time=NOW, data=b"") for n in range(events)],
    )
    return bus


def few_left(path: Path, most: int) -> bool:
    with SqliteBus(path) as bus:
        return sum(lag.records for lag in bus.lag("read", "pages")) <= most


def test_each_end_is_told_apart(stack: ExitStack) -> None:
    """Row 11's first half: a child that is killed is a death, not a failure to be retried."""
    start_worker(stack)
    by = by_broker()
    tickets = [by.send(one(first)) for first in (NORMAL, WAITING, KILLER)]
    found = ended(by, tickets)
    assert found[tickets[0]] == Done()
    assert found[tickets[1]] == Later("the index is away")
    assert isinstance(found[tickets[2]], Died)


def test_a_worker_tells_what_its_children_counted(
    stack: ExitStack, monkeypatch: pytest.MonkeyPatch, notes: Path
) -> None:
    """And what it depends on: row 14, alive while Kafka is away."""
    port = free_port()
    monkeypatch.setenv("BEATWIRE_METRICS_PORT", str(port))
    worker = start_worker(stack)
    by = by_broker()
    slices = [Slice("pages", n, NORMAL, NORMAL + 9) for n in range(8)]
    assert set(ended(by, [by.send(part) for part in slices]).values()) == {Done()}
    children = {line.split()[2] for line in notes.read_text().splitlines()}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        told = client.get("/metrics").text
        assert 'beatwire_stage_processed_total{outcome="read",stage="read"} 80.0' in told
        assert 'beatwire_build_info{process="worker"' in told
        assert str(worker.pid) not in children
        assert [client.get(path).status_code for path in ("/livez", "/startupz")] == [200, 200]
        ready = client.get("/readyz")
        assert ready.status_code == 503
        checks = ready.json()["checks"]
    assert {name: each["ready"] for name, each in checks.items()} == {
        "bus": False, "index": False, "store": False, "broker": True,
    }  # fmt: skip
    assert checks["bus"]["reason"].startswith("kafka ")


def test_a_whole_worker_that_is_killed_is_a_death_within_seconds(
    stack: ExitStack, notes: Path
) -> None:
    """Row 1, a worker's kill: its lease runs out long before Redis hands the message out again."""
    worker = start_worker(stack)
    by = by_broker()
    ticket = by.send(one(SLOW))
    wait_until(lambda: starts(notes)[SLOW] == 1 and not by.look(), 20)
    wait_until(lambda: by._out[ticket].taken or bool(by.look()), 5)
    kill(worker)
    assert isinstance(ended(by, [ticket])[ticket], Died)


def test_redis_killed_and_wiped_in_mid_flight_loses_nothing(
    supervised: Callable[[], None], redis: PrivateServers, tmp_path: Path
) -> None:
    supervised()
    stop = threading.Event()
    path = tmp_path / "bus.sqlite"
    bus = filled(path, EVENTS)
    thread = run_all(bus, stop)
    for part in (0.9, 0.6, 0.3):
        wait_until(partial(few_left, path, int(EVENTS * part)), 60)
        redis.kill("redis")
        redis.up("redis")  # It keeps nothing on disk, so it comes back empty.
    thread.join(90)
    assert not thread.is_alive()
    assert few_left(path, 0)


def test_a_connection_that_is_reset_again_and_again_is_taken_up_again(
    supervised: Callable[[], None], broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 19: five resets in three seconds; slices are taken again within 15 seconds."""
    real = urlsplit(broker).netloc
    with TcpProxy(real) as proxy:
        monkeypatch.setenv("BEATWIRE_BROKER", broker.replace(real, proxy.address))
        supervised()
        by = by_broker()
        ended(by, [by.send(one(1))])
        pause = threading.Event()
        for _ in range(5):
            proxy.reset_all()
            pause.wait(0.6)
        tickets = [by.send(one(first)) for first in range(2, 8)]
        assert set(ended(by, tickets, 15).values()) == {Done()}


def test_a_slice_that_redis_hands_out_twice_is_run_once(
    stack: ExitStack, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 20: work that outlasts the visibility timeout; the second run is nothing."""
    monkeypatch.setenv("TEST_VISIBILITY", "1")
    monkeypatch.setenv("TEST_SLOW_SECONDS", "14")  # Celery looks every 10 s what to hand out again.
    start_worker(stack, 4)
    by = by_broker()
    ticket = by.send(one(SLOW))
    assert ended(by, [ticket])[ticket] == Done()
    threading.Event().wait(2)
    assert starts(notes)[SLOW] == 1


def test_what_nobody_waits_for_is_not_run(stack: ExitStack, notes: Path) -> None:
    by = by_broker()
    by.send(one(1))
    by.close()
    kept = by.send(one(2))
    start_worker(stack)
    ended(by, [kept])
    assert starts(notes) == Counter({2: 1})


def test_what_waits_for_a_worker_is_told_and_what_went_missing_is_sent_again(
    broker: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hands, "UNTAKEN_SECONDS", 0.2)
    by = by_broker()
    ticket = by.send(one(1))
    wait_until(lambda: not by.look() and "start one more: celery" in caplog.text, 5)
    by._task.app.backend.client.delete("read")
    assert isinstance(ended(by, [ticket])[ticket], Lost)


def test_a_bug_or_a_wrong_setting_at_a_worker_is_waited_for(stack: ExitStack) -> None:
    start_worker(stack)
    by = by_broker()
    tickets = [by.send(one(first)) for first in (BUGGY, MENDABLE)]
    found = ended(by, tickets)
    assert found[tickets[0]] == Later("KeyError: 'a bug'")
    assert found[tickets[1]] == Later("the password is wrong")


def test_a_worker_of_another_installation_loses_nothing(stack: ExitStack, notes: Path) -> None:
    start_worker(stack)
    by = by_broker("/another /installation /altogether")
    ticket = by.send(one(1))
    assert "give each installation a database of its own" in str(ended(by, [ticket])[ticket])
    assert not starts(notes)


def test_the_limits_fit_together() -> None:
    assert celery_app.HARD_SECONDS < celery_app.VISIBILITY_SECONDS
    assert lease.RENEW_SECONDS * 3 < lease.LEASE_SECONDS < lease.WANTED_SECONDS
    assert hands.RENEW_SECONDS * 3 < lease.WANTED_SECONDS
    assert ends.FIRST_WAIT_SECONDS < ends.LONGEST_WAIT_SECONDS
