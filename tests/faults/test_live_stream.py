"""Row 79: a thousand browsers that listen, and one that does not read."""

import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from services.index.tantivy import TantivyIndex
from services.web.protocol import make_room
from tests.support.articles import article
from tests.support.serving import server

CLIENTS = 1_000


def listener(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(b"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
    return made


def wait_for(held: socket.socket, wanted: bytes) -> bytes:
    text = b""
    while wanted not in text:
        more = held.recv(4096)
        assert more, text
        text += more
    return text


@pytest.mark.slow
def test_a_thousand_listeners_take_little_and_all_are_told(tmp_path: Path) -> None:
    assert make_room(CLIENTS) >= CLIENTS, "the system allows too few open files"
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([article("a")])
        with server(tmp_path) as served, ExitStack() as held:
            port = served.port
            first = held.enter_context(listener(port))
            assert b"x-accel-buffering: no" in wait_for(first, b'"articles":1')
            before = served.resident
            others = [held.enter_context(listener(port)) for _ in range(CLIENTS - 1)]
            for one in others:
                wait_for(one, b'"articles":1')
            assert served.resident - before < 150_000_000
            start = time.monotonic()
            index.put([article("b", hours=1)])
            for one in others:
                wait_for(one, b'"articles":2')
            assert time.monotonic() - start < 10
