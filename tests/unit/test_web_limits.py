"""A real server on a real port: what is too large or too slow ends, and others are served."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from services.web import body, protocol
from services.web.entrance import Entrance
from services.web.security import MOST_HEADER_BYTES
from services.web.server import configuration, listening
from tests.support.visitor import newsroom

CRLF = "\r\n"


@contextmanager
def served(folder: Path, entrance: Entrance) -> Iterator[int]:
    """The port of a server in a thread."""
    with newsroom(folder, entrance) as room, listening(0) as listener:
        server = uvicorn.Server(configuration(room.app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(tmp_path_factory.mktemp("served"), Entrance()) as found:
        yield found


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def status(connection: socket.socket) -> int:
    """Of the answer that comes; 0 when the connection ends without one."""
    got = b""
    try:
        while b"\r\n" not in got and (part := connection.recv(4096)):
            got += part
    except ConnectionResetError:
        return 0
    return int(got.split()[1]) if got else 0


def head(port: int, *lines: str, method: str = "GET", path: str = "/livez") -> bytes:
    return CRLF.join((f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{port}", *lines)).encode()


def served_quickly(port: int) -> bool:
    began = time.monotonic()
    answer = httpx.get(f"http://127.0.0.1:{port}/status", timeout=20)
    return answer.status_code == 200 and time.monotonic() - began < 5


@pytest.mark.parametrize(
    "headers",
    [
        [f"x-long: {'a' * (MOST_HEADER_BYTES + 10)}"],
        [f"x-{number}: {'b' * 90}" for number in range(1000)],
        [f"cookie: {'c' * (4 * MOST_HEADER_BYTES)}"],
    ],
    ids=["one long", "many", "a huge cookie"],
)
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "in pieces"])
def test_headers_beyond_64_kib_are_431(port: int, headers: list[str], at_once: bool) -> None:
    whole = head(port, *headers) + b"\r\n\r\n"
    with connected(port) as connection:
        pieces = [whole] if at_once else [whole[: MOST_HEADER_BYTES + 5], b""]
        for piece in pieces:
            connection.sendall(piece)
        assert status(connection) == 431
    assert served_quickly(port)


@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"])
def test_an_address_beyond_64_kib_is_refused_too(port: int, end: bytes) -> None:
    with connected(port) as connection:
        connection.sendall(head(port, path="/?q=" + "a" * (MOST_HEADER_BYTES + 10)) + end)
        assert status(connection) == 431


def test_headers_just_below_are_read(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(head(port, f"x-long: {'a' * 60_000}") + b"\r\n\r\n")
        assert status(connection) == 200


@pytest.mark.parametrize("rubbish", [b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"\0" * 100])
def test_what_is_no_request_is_400(port: int, rubbish: bytes) -> None:
    with connected(port) as connection:
        connection.sendall(rubbish + b"\r\n\r\n")
        assert status(connection) == 400


def post(port: int, *lines: str) -> bytes:
    return head(port, f"origin: http://127.0.0.1:{port}", *lines, method="POST", path="/saved")


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
def test_a_body_that_says_that_it_is_too_large_is_not_read(port: int, method: str) -> None:
    path = "/saved" if method != "GET" else "/status"
    with connected(port) as connection:
        asked = head(port, f"content-length: {body.MOST_BYTES + 1}", method=method, path=path)
        connection.sendall(asked + b"\r\n\r\n")
        assert status(connection) == (405 if method == "PUT" else 413)


def test_a_body_that_turns_out_too_large_is_413(port: int) -> None:
    with connected(port) as connection:
        asked = post(port, "transfer-encoding: chunked", "content-type: application/json")
        connection.sendall(asked + b"\r\n\r\n")
        try:
            for _ in range(body.MOST_BYTES // 65536 + 2):
                connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert status(connection) in {413, 0}
    assert served_quickly(port)


def test_a_body_of_1_mb_is_read(port: int) -> None:
    fields = "name=x&csrf=y&filler="
    content = fields + "a" * (body.MOST_BYTES - len(fields))
    answer = httpx.post(
        f"http://127.0.0.1:{port}/saved",
        content=content,
        headers={
            "origin": f"http://127.0.0.1:{port}",
            "content-type": "application/x-www-form-urlencoded",
        },
    )
    assert (answer.status_code, "too old" in answer.text) == (403, True)


def test_200_sockets_that_say_nothing_or_little_keep_nobody_out(port: int) -> None:
    with ExitStack() as held:
        for number in range(200):
            connection = held.enter_context(connected(port))
            if number % 2:
                connection.sendall(head(port, "x-slow: a"))
        for _ in range(5):
            assert served_quickly(port)


def test_a_connection_without_a_whole_request_is_closed(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    with connected(port) as silent, connected(port) as slow, connected(port) as late:
        late.sendall(head(port) + b"\r\n\r\n")
        assert status(late) == 200
        began = time.monotonic()
        while time.monotonic() - began < 3:
            try:
                slow.sendall(b"G")
                late.sendall(b"G")
            except (BrokenPipeError, ConnectionResetError):
                break
            time.sleep(0.1)
        assert time.monotonic() - began < 2.5
        assert silent.recv(1) == b""


def test_a_connection_that_asks_again_and_again_stays(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.4)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        began = time.monotonic()
        while time.monotonic() - began < 1.2:
            answer = client.get("/livez")
            assert answer.status_code == 200
            time.sleep(0.1)


def test_a_body_that_comes_too_slowly_is_408(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "MOST_SECONDS", 0.3)
    with connected(port) as connection:
        connection.sendall(post(port, "content-length: 100") + b"\r\n\r\nab")
        assert status(connection) == 408


def test_who_hangs_up_in_the_middle_leaves_nothing_behind(port: int, caplog: Any) -> None:
    for _ in range(5):
        with connected(port) as connection:
            connection.sendall(post(port, "content-length: 100") + b"\r\n\r\nab")
    assert served_quickly(port)
    assert "Traceback" not in caplog.text


def test_more_connections_than_there_is_room_for_are_closed_at_once(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    time.sleep(0.2)
    monkeypatch.setattr(protocol.Protocol, "most", 20)
    with ExitStack() as held:
        first = [held.enter_context(connected(port)) for _ in range(20)]
        time.sleep(0.2)
        with connected(port) as beyond:
            assert status(beyond) == 0
        first[0].sendall(head(port) + b"\r\n\r\n")
        assert status(first[0]) == 200
