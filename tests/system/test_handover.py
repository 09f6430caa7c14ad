"""A newer process takes over the pages from an older one: of those who ask, nobody is refused."""

import contextlib
import http.client
import os
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.index.tantivy import TantivyIndex
from services.web.handover import way_to
from tests.support.articles import article
from tests.support.processes import BEATWIRE, beatwire, free_port, wait_until

LISTENERS = 20
PATIENCE = 120.0


@pytest.fixture
def index(home: str) -> Iterator[TantivyIndex]:
    with TantivyIndex(Path(home) / "index", write=True) as index:
        index.put([article("a", "The lab has 20,000 chips.")])
        yield index


@contextlib.contextmanager
def pages(port: int, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [*BEATWIRE, "serve", "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith("Beatwire is at")
            yield process
        finally:
            process.terminate()


def can_be_asked(port: int) -> bool:
    """Whether a process answers who would take its port over."""
    with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
        probe.connect(str(way_to(Path(os.environ["BEATWIRE_HOME"]), port)))
        return True
    return False


class Readers:
    """Ask for pages all the time: with a connection each, or with one for as long as it is kept."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen = Counter[str]()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(kept,)) for kept in (False, False, True)
        ]

    def _read(self, kept: bool) -> None:
        name = "kept" if kept else "fresh"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while not self._stop.wait(0.01):
            try:
                connection.request("GET", "/?q=chips")
                answer = connection.getresponse()
                body = answer.read()
                self.seen[name if answer.status == 200 and b"chips" in body else "bad"] += 1
            except OSError as error:
                self.seen[f"{name}: {type(error).__name__}: {error}"] += 1
                connection.close()
            if not kept:
                connection.close()
        connection.close()

    def more(self, count: int) -> None:
        """Return when each kind was answered so often once more."""
        before = self.seen.copy()

        def answered() -> bool:
            assert self.seen.keys() <= {"kept", "fresh"}, self.seen
            return all(self.seen[name] - before[name] >= count for name in ("kept", "fresh"))

        wait_until(answered, PATIENCE, "for more answers")

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


class Listener:
    """A browser that listens to the news, and comes back with what it heard last."""

    def __init__(self, port: int) -> None:
        self.port, self.last, self.heard = port, "", list[str]()
        self.listen()

    def listen(self) -> None:
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        again = f"last-event-id: {self.last}\r\n" if self.last else ""
        self.connection.sendall(f"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\n{again}\r\n".encode())

    def hear(self, wanted: str) -> None:
        """Until an event with these words; where the stream ends, it is asked for again."""
        text = ""
        while wanted not in text:
            more = self.connection.recv(4096).decode()
            if not more:
                self.connection.close()
                self.listen()
                text = ""
            text += more
        found = [line.removeprefix("id: ") for line in text.split("\n") if line.startswith("id: ")]
        self.heard += found
        self.last = found[-1].strip()


def test_nobody_is_refused_while_a_newer_process_takes_over(index: TantivyIndex) -> None:
    """Row 3 besides: all listeners hear what came after, and nothing twice."""
    port = free_port()
    with pages(port) as old:
        wait_until(lambda: can_be_asked(port), PATIENCE, "for the way in")
        listeners = [Listener(port) for _ in range(LISTENERS)]
        for each in listeners:
            each.hear('"articles":1')
        with Readers(port) as readers:
            readers.more(20)
            with pages(port, "--take-over") as new:
                assert old.wait(PATIENCE) == 0
                readers.more(20)
                index.put([article("b", hours=1)])
                for each in listeners:
                    each.hear('"articles":2')
                    each.connection.close()
                assert new.poll() is None
                answered = dict(readers.seen)
            assert new.wait(PATIENCE) == 0
    assert answered.keys() == {"kept", "fresh"}, answered
    assert {len(each.heard) for each in listeners} == {2}


def test_where_nobody_serves_it_starts_as_usual(index: TantivyIndex) -> None:
    """Also after one that did not get ready, and where one that was killed left its way in."""
    port = free_port()
    with pages(port, "--take-over") as killed:
        wait_until(lambda: can_be_asked(port), PATIENCE, "for the way in")
        with socket.socket(socket.AF_UNIX) as newer:
            newer.connect(str(way_to(Path(os.environ["BEATWIRE_HOME"]), port)))
            _, numbers, _, _ = socket.recv_fds(newer, 1, 1)
            os.close(numbers[0])
        with Readers(port) as readers:
            readers.more(3)
        beatwire("serve", "--port", str(port), "--take-over", "--host", "127.0.0.2", code=1)
        assert can_be_asked(port)
        killed.kill()
    with pages(port, "--take-over", "--no-hand-over"), Readers(port) as readers:
        readers.more(3)
        assert not can_be_asked(port)
