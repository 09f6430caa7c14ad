"""One family a home folder; what would stop it is said before any of its processes starts."""

import socket
import subprocess
import threading
from pathlib import Path

import pytest

from processors.records import encode
from services import bootstrap
from services.bus import Event
from services.errors import LockedError, SettingsError, UserError
from services.settings import load_settings
from services.workers import run
from services.workers.run import drain_all, run_everything
from services.workers.supervisor import Member, supervise
from tests.support.articles import article
from tests.support.processes import BEATWIRE, beatwire


@pytest.fixture
def no_family(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails the test when a process would be started."""

    def start(members: list[Member], *_: object, **__: object) -> int:
        assert not members, members
        return 0

    monkeypatch.setattr(run, "supervise", start)


@pytest.mark.usefixtures("no_family")
def test_a_second_family_is_refused(home: str) -> None:
    held = run._alone(load_settings())
    with held:
        for second in (lambda: run_everything(0), drain_all):
            with pytest.raises(LockedError, match=rf"already running as pid \d+ in {home}"):
                second()
    assert drain_all() == (0, {}, 0)


@pytest.mark.usefixtures("no_family")
def test_a_taken_port_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} .*beatwire up --port {port + 1}"):
            run_everything(port)


@pytest.mark.usefixtures("no_family")
def test_pages_that_nobody_could_log_in_to_are_said_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BEATWIRE_ADDRESS", "https://news.example")
    with pytest.raises(SettingsError, match="no operator's account yet; make one: beatwire users"):
        run_everything(0)


@pytest.mark.usefixtures("no_family")
@pytest.mark.parametrize("name", ["BUS", "INDEX"])
def test_a_server_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"BEATWIRE_{name}", "redis://:secret@queue.example")
    with pytest.raises(SettingsError, match=f"BEATWIRE_{name} begins with 'redis'") as raised:
        drain_all()
    assert "secret" not in str(raised.value)


def test_a_drain_says_what_was_done_and_what_is_damaged(home: str) -> None:
    assert beatwire("work", "--drain") == "nothing was left to do\n"
    settings = load_settings()
    made = article()
    with bootstrap.open_bus(settings) as bus:
        event = Event(
            id="e", type="article/1", key=made.id, time=made.fetched_at, data=encode(made)
        )
        bus.publish("articles", [event])
    assert beatwire("work", "--drain") == "alert: 1 no-alert; index: 1 stored\n"
    (Path(home) / "index" / "meta.json").write_text("{")
    status, work = (
        subprocess.run([*BEATWIRE, *args], capture_output=True, text=True, check=False)
        for args in (["status"], ["work", "--drain"])
    )
    assert (status.returncode, work.returncode) == (1, 1)
    assert "beatwire rebuild" in work.stderr
    assert work.stderr.partition(": ")[2] in status.stdout
    assert "alert   0 waiting" in status.stdout
    assert beatwire("rebuild") == "rebuild: 1 stored\n"
    assert beatwire("status").startswith("index   1 article, 0 claims, 0 older revisions")


def test_a_silent_member_prints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "loud.py").write_text("import sys; print(*sys.argv[1:], flush=True)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    members = [Member("a", "loud", ("heard",)), Member("b", "loud", ("unheard",), silent=True)]
    assert supervise(members, threading.Event(), once=True) == 0
    assert capfd.readouterr().out == "heard\n"
