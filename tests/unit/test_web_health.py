"""Probes: alive whatever happens around, ready only with everything that is needed."""

import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from services.broker import check_broker
from services.errors import SettingsError, TryLater
from services.index import Stats
from services.look import Held
from services.probing.dependencies import dependencies, look_at_index
from services.probing.health import Check, Dependency, Health
from services.settings import Settings
from services.web.late import LONGEST_WAIT_SECONDS, LateIndex
from services.web.security import HEADERS
from tests.support.local_index import LocalIndex, stories_index
from tests.support.threads import no_threads
from tests.support.web import Browser

SECRET = "kafka://someone:hunter2@10.1.2.3:9092"


def fine() -> str:
    return ""


def away() -> str:
    raise TryLater(f"{SECRET} refused the connection")


def broken() -> str:
    raise KeyError(SECRET)


def asked(*looks: tuple[str, str, Callable[[], str]]) -> Any:
    health = Health([Dependency(*look) for look in looks])
    return Browser(LocalIndex(), health).get("/readyz")


def test_ready_when_everything_answers() -> None:
    answer = asked(("bus", "kafka", fine), ("index", "elasticsearch", fine))
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {
            "bus": {"server": "kafka", "ready": True, "reason": ""},
            "index": {"server": "elasticsearch", "ready": True, "reason": ""},
        },
    }


@pytest.mark.parametrize(
    ("look", "reason"),
    [
        (away, "kafka does not answer, or is busy"),
        (broken, "kafka cannot be used; the log of this process says why"),
        (lambda: "is read-only", "kafka is read-only"),
    ],
)
def test_what_is_not_ready_is_named_without_its_address(
    look: Callable[[], str], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = asked(("bus", "kafka", look), ("store", "postgresql", fine))
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["checks"]["bus"] == {"server": "kafka", "ready": False, "reason": reason}
    assert answer.json()["checks"]["store"]["ready"] is True
    assert not {"hunter2", "10.1.2.3", "9092"} & set(answer.text.replace(":", "@").split("@"))
    assert "bus (kafka)" in caplog.text


def test_servers_that_stall_hold_up_neither_readiness_nor_each_other() -> None:
    go_on = threading.Event()
    calls: list[str] = []

    def stall() -> str:
        calls.append("look")
        go_on.wait(60)
        return ""

    health = Health([Dependency("bus", "kafka", stall), Dependency("store", "sqlite", fine)])
    browser = Browser(LocalIndex(), health)
    began = time.monotonic()
    for _ in range(2):
        answer = browser.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["checks"]["bus"]["reason"] == "kafka no answer within 2 s"
        assert answer.json()["checks"]["store"]["ready"] is True
    assert time.monotonic() - began < 2 * 2 + 1
    assert browser.get("/livez").status_code == 200
    assert calls == ["look"], "a look that hangs is not begun again"
    go_on.set()
    answers = [browser.get("/readyz").status_code for _ in range(2)]
    assert answers[-1] == 200


def test_changes_are_logged_once_each(caplog: pytest.LogCaptureFixture) -> None:
    states = iter([away, away, fine, fine, away])

    def look() -> str:
        return next(states)()

    check = Check(Dependency("bus", "kafka", look))
    for _ in range(5):
        check.begin().result(5)
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        f"bus (kafka): {SECRET} refused the connection",
        "bus (kafka): ready again",
        f"bus (kafka): {SECRET} refused the connection",
    ]


def test_a_look_that_could_not_begin_is_begun_anew() -> None:
    check = Check(Dependency("bus", "kafka", fine))
    with no_threads(), pytest.raises(RuntimeError):
        check.begin()
    assert check.begin().result(5).ready


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/startupz", "/metrics"])
def test_probes_are_guarded_and_never_kept(path: str) -> None:
    browser = Browser(LocalIndex())
    answer = browser.get(path)
    assert answer.status_code == 200
    assert HEADERS.items() <= answer.headers.items()
    assert answer.headers["cache-control"] == "no-store"
    # Whoever probes a container knows it by a name of its own.
    assert browser.get(path, headers={"host": "web-7f9c:8321"}).status_code == 200
    assert browser.request("POST", path).status_code == 405


def test_metrics_are_prometheus_text() -> None:
    answer = Browser(LocalIndex()).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "# TYPE beatwire_stage_processed_total counter" in answer.text


class Opener:
    """Opens an index that is away for so many attempts."""

    def __init__(self, failures: int, index: LocalIndex | None = None) -> None:
        self.attempts = 0
        self._failures = failures
        self._index = index or stories_index()

    def __call__(self) -> LocalIndex:
        self.attempts += 1
        if self.attempts <= self._failures:
            raise TryLater("elasticsearch is away")
        return self._index


def test_the_pages_start_without_an_index_and_find_it_later() -> None:
    opener, clock = Opener(2), [0.0]
    index = LateIndex(opener, now=lambda: clock[0], chance=lambda: 1.0).start()
    browser = Browser(
        index, Health([Dependency("index", "tantivy", lambda: look_at_index(index.opened()))])
    )
    assert browser.get("/livez").status_code == 200
    for _ in range(3):
        page = browser.get("/?q=chips")
        assert page.status_code == 503
        assert "Load this page again in a moment" in page.text
    assert opener.attempts == 1, "requests within the wait ask nobody"
    assert browser.get("/readyz").status_code == 503
    clock[0] = 0.6
    assert browser.get("/").status_code == 503
    assert opener.attempts == 2
    clock[0] = 1.0
    assert browser.get("/").status_code == 503
    clock[0] = 1.7
    assert browser.get("/?q=chips").status_code == 200
    assert browser.get("/readyz").status_code == 200
    assert opener.attempts == 3


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_waits_grow_to_a_limit_and_differ_by_chance(chance: float) -> None:
    opener, clock = Opener(99), [0.0]
    index = LateIndex(opener, now=lambda: clock[0], chance=lambda: chance)
    tried = []
    while clock[0] < 60:
        before = opener.attempts
        with pytest.raises(TryLater, match="elasticsearch is away"):
            index.opened()
        if opener.attempts > before:
            tried.append(clock[0])
        clock[0] += 0.05
    waits = [after - before for before, after in pairwise(tried)]
    longest = [min(0.5 * 2**n, LONGEST_WAIT_SECONDS) for n in range(len(waits))]
    assert waits == [pytest.approx(wait * (0.5 + chance / 2), abs=0.06) for wait in longest]
    assert max(longest) == LONGEST_WAIT_SECONDS


def test_a_wrong_setting_still_stops_the_start() -> None:
    def wrong() -> LocalIndex:
        raise SettingsError("BEATWIRE_INDEX begins with 'gopher'")

    with pytest.raises(SettingsError, match="gopher"):
        LateIndex(wrong).start()


def test_a_server_that_stalls_does_not_hold_up_the_start() -> None:
    go_on = threading.Event()

    def stall() -> LocalIndex:
        go_on.wait(60)
        return LocalIndex()

    began = time.monotonic()
    index = LateIndex(stall).start(0.1)
    with pytest.raises(TryLater, match="is being opened"):
        index.stats()
    assert time.monotonic() - began < 2
    go_on.set()


class ReadOnly(LocalIndex):
    def read_only(self) -> bool:
        return True


def test_an_index_that_takes_nothing_more_is_not_ready() -> None:
    index = LateIndex(ReadOnly).start()
    assert index.stats() == Stats(0, 0, 0, None)
    assert look_at_index(index.opened()) == "is read-only"
    health = Health([Dependency("index", "elasticsearch", lambda: look_at_index(index.opened()))])
    answer = Browser(index, health).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["index"]["reason"] == "elasticsearch is read-only"


class Port:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


def test_a_port_stays_open_until_a_look_fails() -> None:
    opened: list[Port] = []
    ill: list[Exception] = []

    def open_port() -> Port:
        opened.append(Port())
        return opened[-1]

    def ask(_: Port) -> None:
        for error in ill:
            raise error

    held = Held(open_port)
    held.ask(ask)
    held.ask(ask)
    assert len(opened) == 1
    ill.append(TryLater("gone"))
    with pytest.raises(TryLater, match="gone"):
        held.ask(ask)
    assert opened[0].closed
    ill.clear()
    held.ask(ask)
    assert len(opened) == 2


def test_the_embedded_mode_is_ready_as_it_is() -> None:
    settings = Settings()
    with LateIndex(LocalIndex) as index:
        found = dependencies(settings, look_at=lambda: look_at_index(index.opened()))
        assert {each.name: each.server for each in found} == {
            "bus": "sqlite", "index": "tantivy", "store": "sqlite",
        }  # fmt: skip
        assert Browser(index, Health(found)).get("/readyz").status_code == 200
        for each in found:
            if isinstance(each.look, partial):
                each.look.func.__self__.close()  # type: ignore[attr-defined]


def test_the_kinds_of_servers_come_from_the_addresses() -> None:
    settings = Settings(
        bus="kafka://h:1", index="http://h:2", store="postgresql+psycopg://u:p@h/db",
        broker="redis://:p@h:3/0",
    )  # fmt: skip
    found = dependencies(settings)
    assert [each.server for each in found] == ["kafka", "elasticsearch", "postgresql", "redis"]


def test_a_broker_that_is_away_is_a_matter_of_time_and_keeps_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(TryLater, match="the broker does not answer") as said:
        check_broker(f"redis://:hunter2@127.0.0.1:{port}/0")
    assert "hunter2" not in str(said.value)
    assert str(port) not in str(said.value)


def test_a_broker_that_stalls_is_waited_for_with_a_limit() -> None:
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TryLater):
        check_broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
    assert time.monotonic() - began < 10
