"""The proxy of the fault tests does what it says, so that those tests test what they say."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.tcp_proxy import TcpProxy


class Echo:
    """A server that sends back what it gets, and ends when its client does."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.ends: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                while data := client.recv(1 << 16):
                    client.sendall(data)
                self.ends.append("end")
            except ConnectionResetError:
                self.ends.append("reset")


@pytest.fixture
def echo() -> Iterator[Echo]:
    echo = Echo()
    yield echo
    echo.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[TcpProxy]:
    with TcpProxy(echo.address) as proxy:
        yield proxy


@contextmanager
def connected(proxy: TcpProxy, timeout: float = 5) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=timeout) as client:
        yield client


def say(client: socket.socket, text: bytes = b"hello") -> bytes:
    client.sendall(text)
    got = b""
    while len(got) < len(text):
        if not (more := client.recv(1 << 16)):
            raise EOFError
        got += more
    return got


def wait_for(ends: list[str], wanted: list[str]) -> None:
    deadline = time.monotonic() + 5
    while ends != wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    assert ends == wanted


def test_it_passes_bytes_both_ways_and_the_end_of_them(proxy: TcpProxy, echo: Echo) -> None:
    big = bytes(range(256)) * 4096
    with connected(proxy) as client:
        sender = threading.Thread(target=client.sendall, args=(big,))
        sender.start()
        got = b""
        while len(got) < len(big):
            got += client.recv(1 << 16)
        sender.join()
        assert got == big
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    assert proxy.connections == 1
    wait_for(echo.ends, ["end"])


def test_reset_all_is_a_reset_on_both_sides_and_takes_new_ones(proxy: TcpProxy, echo: Echo) -> None:
    with connected(proxy) as one, connected(proxy) as other:
        say(one), say(other)
        assert proxy.reset_all() == 2
        for client in (one, other):
            with pytest.raises(ConnectionResetError):
                client.recv(1)
    wait_for(echo.ends, ["reset", "reset"])
    with connected(proxy) as client:
        assert say(client) == b"hello"
    assert proxy.reset_all() <= 1


def test_refuse_lasts_until_accept_on_the_same_port(proxy: TcpProxy) -> None:
    with connected(proxy) as client:
        say(client)
        proxy.refuse()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError), connected(proxy):
            pass
    proxy.refuse()
    proxy.accept()
    proxy.accept()
    with connected(proxy) as client:
        assert say(client) == b"hello"


def test_refuse_for_seconds_ends_by_itself(proxy: TcpProxy) -> None:
    proxy.refuse(0.3)
    began = time.monotonic()
    with pytest.raises(ConnectionRefusedError), connected(proxy):
        pass
    while True:
        try:
            with connected(proxy) as client:
                assert say(client) == b"hello"
            break
        except ConnectionRefusedError:
            assert time.monotonic() - began < 5
            time.sleep(0.02)
    assert time.monotonic() - began >= 0.28


def test_stall_keeps_connections_and_loses_nothing(proxy: TcpProxy) -> None:
    with connected(proxy, 0.3) as client:
        say(client)
        proxy.stall()
        client.sendall(b"are you there")
        with pytest.raises(TimeoutError):
            client.recv(1)
        with connected(proxy, 0.3) as late:
            late.sendall(b"me too")
            with pytest.raises(TimeoutError):
                late.recv(1)
            proxy.go_on()
            assert late.recv(100) == b"me too"
        assert client.recv(100) == b"are you there"


def test_a_stalled_connection_can_be_reset(proxy: TcpProxy, echo: Echo) -> None:
    with connected(proxy) as client:
        say(client)
        proxy.stall()
        client.sendall(b"lost")
        time.sleep(0.05)
        assert proxy.reset_all() == 1
        with pytest.raises(ConnectionResetError):
            client.recv(1)
        wait_for(echo.ends, ["reset"])


def test_delay_is_added_in_each_direction(proxy: TcpProxy) -> None:
    with connected(proxy) as client:
        say(client)
        proxy.delay(0.15)
        began = time.monotonic()
        assert say(client) == b"hello"
        assert 0.3 <= time.monotonic() - began < 2
        proxy.delay(0)
        began = time.monotonic()
        assert say(client) == b"hello"
        assert time.monotonic() - began < 0.25


def test_a_server_that_is_away_is_a_connection_that_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with TcpProxy(f"127.0.0.1:{port}") as proxy:
        # The end may come before the beginning is told.
        with pytest.raises(ConnectionResetError), connected(proxy) as client:
            client.recv(1)
        assert proxy.connections == 0


def test_close_ends_every_thread_whatever_goes_on(echo: Echo) -> None:
    before = {thread.ident for thread in threading.enumerate()}
    proxy = TcpProxy(echo.address)
    with connected(proxy) as client:
        say(client)
        proxy.stall()
        client.sendall(b"x")
        proxy.refuse(60)
        proxy.close()
        proxy.close()
    after = [thread for thread in threading.enumerate() if thread.ident not in before]
    assert not [
        thread
        for thread in after
        if thread.name.startswith("proxy") or isinstance(thread, threading.Timer)
    ]
