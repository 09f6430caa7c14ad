"""The devstack: what it decides, and one server that is killed and comes back."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.devstack import home, processes, programs
from deploy.devstack.account import Account
from deploy.devstack.errors import DevstackError
from deploy.devstack.home import Home, Started, State
from deploy.devstack.processes import Process
from deploy.devstack.running import wanted
from deploy.devstack.servers import SERVERS
from deploy.devstack.servers.kafka import brokers_in, metadata_request
from deploy.devstack.servers.redis import pings
from tests.support.servers import DEVSTACK, VARIABLES, private_servers

MYSELF = Account(os.getuid(), os.getgid(), "me", switch=False)


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_392"', 8),
        ("command not found", 0),
    ],
)
def test_the_version_of_java(text: str, major: int) -> None:
    assert programs.java_major(text) == major


def test_a_missing_program_is_named_once_with_one_command() -> None:
    line = programs.missing_line(
        {
            "kafka": [programs.JAVA, programs.MAVEN],
            "elasticsearch": [programs.JAVA, programs.MAVEN],
            "postgresql": [],
            "redis": [programs.REDIS],
        }
    )
    assert line.startswith("kafka, elasticsearch, redis: Java 17 or later and Maven and redis-")
    assert line.endswith("apt-get install --yes default-jre-headless maven redis-server")
    assert programs.missing_line({"redis": []}) == ""


def test_a_process_is_read_though_its_name_is_odd() -> None:
    text = "42 (odd) S (name) T 7 42 41 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 98765 0 0"
    assert processes.parse_stat(text) == Process(42, "T", parent=7, session=41, started=98765)


def test_members_are_the_session_and_all_that_descend() -> None:
    table = [
        Process(1, "S", parent=0, session=1, started=1),
        Process(10, "S", parent=1, session=10, started=5),
        Process(11, "S", parent=10, session=10, started=6),
        Process(12, "S", parent=11, session=12, started=7),
        Process(13, "S", parent=1, session=10, started=8),
        Process(20, "S", parent=1, session=20, started=9),
    ]
    assert processes.members(10, table) == [10, 11, 13, 12]
    assert processes.members(10, [row for row in table if row.pid != 10]) == [11, 13, 12]


def test_a_process_id_that_was_given_away_is_not_ours() -> None:
    mine = processes.identity(os.getpid())
    assert mine is not None
    assert Started(os.getpid(), mine).runs
    other = Started(os.getpid(), f"{processes.boot()}:1")
    assert not other.runs
    assert not other.may_have_left
    assert not Started(2**30, "another-boot:1").may_have_left


def test_the_state_is_read_as_it_was_written() -> None:
    state = State(
        ports={"kafka": {"clients": 20001, "controller": 20002}},
        processes={"kafka": Started(7, "boot:1", kept=False)},
        lasting=True,
    )
    assert State.loads(state.dumps()) == state


def test_ports_are_kept_and_differ(tmp_path: Path) -> None:
    first = Home(tmp_path, MYSELF).ports("kafka", ("clients", "controller"))
    assert len(set(first.values())) == 2
    assert set(first.values()) <= set(home.PORTS)
    assert Home(tmp_path, MYSELF).ports("kafka", ("clients", "controller")) == first


def test_reset_of_a_folder_that_is_no_home_deletes_nothing(tmp_path: Path) -> None:
    theirs = tmp_path / "data/letters.txt"
    theirs.parent.mkdir()
    theirs.write_text("Dear all")
    here = Home(tmp_path, MYSELF)
    here.clear_leftovers()
    here.delete()
    assert theirs.exists()


def test_data_goes_where_the_account_of_the_servers_can_reach_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    nobody = Account(65534, 65534, "nobody", switch=True)
    data = Home(closed / "one", nobody).data
    assert closed not in data.parents
    assert data != Home(closed / "other", nobody).data
    assert Home(closed / "one", MYSELF).data == closed / "one/data"


def test_kafka_is_ready_when_it_names_a_broker() -> None:
    request = metadata_request()
    assert int.from_bytes(request[:4]) == len(request) - 4
    reply = bytes([0, 0, 0, 8, 0, 0, 0, 1])
    assert brokers_in(reply + bytes([0, 0, 0, 1])) == 1
    assert brokers_in(reply + bytes([0, 0, 0, 0])) == 0
    assert brokers_in(reply) == 0


def test_each_server_is_named_for_beatwire_and_for_the_tests() -> None:
    names = [name for server in SERVERS.values() for name in server.exports(20001)]
    assert {name for name in names if name.startswith("TEST_")} == set(VARIABLES.values())
    assert {name for name in names if name.startswith("BEATWIRE_")} == {
        "BEATWIRE_BUS",
        "BEATWIRE_INDEX",
        "BEATWIRE_STORE",
        "BEATWIRE_BROKER",
    }


def test_a_server_that_the_environment_names_is_not_brought_up() -> None:
    assert wanted({"TEST_REDIS": "redis://x", "TEST_KAFKA": ""}) == [
        "kafka",
        "elasticsearch",
        "postgresql",
    ]


def devstack(
    folder: Path, *words: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEVSTACK, "--home", str(folder), *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["up", "mysql"], "devstack: 'mysql' is no server; the servers are kafka, elasticsearch"),
        (["kill", "redis"], "devstack: redis does not run; bring it up with: devstack up redis"),
        (["env"], "devstack: no server runs; bring them up with: devstack up"),
        (["logs", "kafka"], "devstack: kafka was never brought up; devstack up kafka"),
        (["run"], "devstack: run needs a command"),
    ],
)
def test_an_error_is_one_line(words: list[str], said: str, tmp_path: Path) -> None:
    done = devstack(tmp_path / "home", *words)
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def redis_answers(port: int) -> bool:
    try:
        return pings(port)
    except OSError:
        return False


def port_of(address: str) -> int:
    return int(address.strip().removesuffix("/0").rpartition(":")[2])


@pytest.mark.connected("redis")
def test_a_server_is_killed_paused_and_comes_back_at_its_address() -> None:
    with private_servers("redis") as servers:
        address = servers.address("redis")
        port = port_of(address)
        assert redis_answers(port)
        servers.kill("redis")
        assert not redis_answers(port)
        servers.up("redis")
        assert servers.address("redis") == address
        assert redis_answers(port)
        servers.pause("redis")
        assert not redis_answers(port)
        servers.resume("redis")
        assert redis_answers(port)
    assert not redis_answers(port)


def run_with_redis(folder: Path, code: int) -> str:
    """``devstack run`` of a command that prints the address and ends with the code."""
    script = f"import os; print(os.environ['TEST_REDIS']); raise SystemExit({code})"
    others = {name: "given" for name in VARIABLES.values() if name != "TEST_REDIS"}
    env = {name: value for name, value in os.environ.items() if name not in VARIABLES.values()}
    done = devstack(folder, "run", sys.executable, "-c", script, env={**env, **others})
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.mark.connected("redis")
def test_run_gives_the_address_and_leaves_nothing_behind() -> None:
    with private_servers() as servers:
        port = port_of(run_with_redis(servers.home, code=3))
        assert port in home.PORTS
        assert not redis_answers(port)
        assert not (servers.home / "state.json").exists()


@pytest.mark.connected("redis")
def test_run_leaves_a_server_and_its_data_as_they_were() -> None:
    with private_servers("redis") as servers:
        address = servers.address("redis")
        assert run_with_redis(servers.home, code=0).strip() == address
        assert redis_answers(port_of(address))
        servers.stop("redis")
        assert run_with_redis(servers.home, code=0).strip() == address
        assert not redis_answers(port_of(address))
        assert (servers.home / "state.json").exists()


def test_a_port_that_something_listens_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert not home.is_free(taken.getsockname()[1])


def test_killing_waits_until_nothing_is_left() -> None:
    child = subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60"], start_new_session=True)
    processes.kill(child.pid)
    assert processes.members(child.pid, processes.processes()) == []
    assert processes.identity(child.pid) is None
    child.wait()


def test_no_free_port_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "is_free", lambda _: False)
    with pytest.raises(DevstackError, match="no free port"):
        home.free_ports(1, set())
