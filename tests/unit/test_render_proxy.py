"""The browser's proxy: what it reads, where it connects, what it lets through, and to whom."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest

from crawlers.rendering.allowance import Limits
from crawlers.rendering.proxy import USER, Proxy
from crawlers.rendering.reach import Reach, RefusedError, Streams
from crawlers.rendering.requests import BadRequestError, closing, read_request

LOOPBACK = (ip_network("127.0.0.1/32"),)
LIMITS = Limits(seconds=5.0, bytes=100_000, connections=20)


def answering(*answers: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A resolver that gives these answers, in turn."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


class Outside:
    """A server on loopback that keeps what it is sent and answers with ``reply``."""

    def __init__(self, reply: bytes) -> None:
        self.reply, self.got = reply, b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.got += await reader.readuntil(b"\r\n\r\n")
        writer.write(self.reply)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def outside(reply: bytes) -> AsyncIterator[tuple[Outside, int]]:
    server = Outside(reply)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        yield server, listening.sockets[0].getsockname()[1]


def secret_of(proxy: Proxy) -> str:
    return "Basic " + b64encode(f"{USER}:{proxy.password}".encode()).decode()


async def ask(proxy: Proxy, request: str, more: bytes = b"") -> bytes:
    """All that the proxy answers."""
    port = int(proxy.address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode() + b"\r\n\r\n" + more)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def test_a_request_is_handed_on_without_what_is_between_browser_and_proxy() -> None:
    asked = read_request(
        b"POST http://Paper.example:8080/a?b=1 HTTP/1.1\r\nHost: paper.example:8080\r\n"
        b"Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\nContent-Length: 3"
    )
    assert (asked.host, asked.port, asked.tunnel) == ("paper.example", 8080, False)
    assert (asked.password, asked.length) == ("Basic eA==", 3)
    assert asked.head == (
        b"POST /a?b=1 HTTP/1.1\r\nHost: paper.example:8080\r\nContent-Length: 3\r\n"
        b"Connection: close\r\n\r\n"
    )
    tunnel = read_request(b"CONNECT [2001:4860::1]:443 HTTP/1.1\r\nHost: x")
    assert (tunnel.host, tunnel.port, tunnel.tunnel) == ("2001:4860::1", 443, True)


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET https://paper.example/ HTTP/1.1",
        "GET http:///a HTTP/1.1",
        "GET http://user@paper.example/ HTTP/1.1",
        "GET http://paper.example:99999/ HTTP/1.1",
        "GET http://paper.example:0/ HTTP/1.1",
        "GET http://paper.example/ HTTP/1.1 extra",
        "GET http://paper.example/ HTTP/2",
        "get http://paper.example/ HTTP/1.1",
        "CONNECT paper.example HTTP/1.1",
        "POST http://paper.example/ HTTP/1.1\r\nTransfer-Encoding: chunked",
        "POST http://paper.example/ HTTP/1.1\r\nContent-Length: -1",
        "GET http://paper.example/ HTTP/1.1\r\nA\nB: c",
        "GET http://paper.example/ HTTP/1.1\r\n A: c",
        "",
    ],
)
def test_nothing_else_is_a_request(head: str) -> None:
    with pytest.raises(BadRequestError):
        read_request(head.encode())


def test_an_answer_ends_its_connection_whatever_it_says() -> None:
    head = closing(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nX: y\r\nKeep-Alive: 5\r\n\r\n")
    assert head == b"HTTP/1.1 200 OK\r\nX: y\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("host", "port", "answers"),
    [
        ("paper.example", 443, ("10.0.0.1",)),
        ("paper.example", 443, ("1.1.1.1", "127.0.0.1")),
        ("paper.example", 443, ("::ffff:127.0.0.1",)),
        ("paper.example", 443, ("fe80::1%eth0",)),
        ("paper.example", 443, ("169.254.169.254",)),
        ("paper.example", 22, ("1.1.1.1",)),
        ("paper.example", 8080, ("1.1.1.1",)),
        ("paper.example", 443, ()),
        *[
            (spelling, 80, None)
            for spelling in (
                "localhost", "LOCALHOST.", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0",
                "0177.0.0.1", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "a..b", "\udcff",
            )
        ],
    ],
)  # fmt: skip
def test_what_the_guard_refuses_is_never_connected_to(
    monkeypatch: pytest.MonkeyPatch, host: str, port: int, answers: tuple[str, ...] | None
) -> None:
    async def no_connection(*given: object) -> Streams:
        raise AssertionError(f"connected to {given}")

    monkeypatch.setattr(asyncio, "open_connection", no_connection)
    reach = Reach((), {}) if answers is None else Reach((), {}, answering(answers))
    with pytest.raises(RefusedError):
        asyncio.run(reach.connect(host, port))


def test_what_was_judged_is_connected_to_and_judged_anew_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connected: list[object] = []

    async def connect(*given: object) -> object:
        connected.append(given)
        return "streams"

    monkeypatch.setattr(asyncio, "open_connection", connect)
    reach = Reach((), {"fixed.example": "10.0.0.9"}, answering(("1.1.1.1",), ("127.0.0.1",)))

    async def run() -> None:
        await reach.connect("rebinds.example", 443)
        for host in ("rebinds.example", "fixed.example."):
            with pytest.raises(RefusedError):
                await reach.connect(host, 443)

    asyncio.run(run())
    assert connected == [("1.1.1.1", 443)]


def test_only_who_knows_the_password_is_served_and_only_for_a_page() -> None:
    async def run() -> None:
        reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        async with outside(reply) as (server, port), Proxy(Reach(LOOPBACK, {})) as proxy:
            request = f"GET http://127.0.0.1:{port}/a HTTP/1.1"
            known = f"{request}\r\nProxy-Authorization: {secret_of(proxy)}"
            assert await ask(proxy, known) == b""
            async with proxy.page(LIMITS):
                assert (await ask(proxy, request)).startswith(b"HTTP/1.1 407 ")
                wrong = f"{request}\r\nProxy-Authorization: Basic eDp5"
                assert (await ask(proxy, wrong)).startswith(b"HTTP/1.1 407 ")
                assert server.got == b""
                answer = await ask(proxy, known)
            assert answer == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            assert server.got == b"GET /a HTTP/1.1\r\nConnection: close\r\n\r\n"
            assert await ask(proxy, known) == b""

    asyncio.run(run())


def test_a_tunnel_carries_bytes_and_a_refused_one_does_not_open() -> None:
    async def run() -> None:
        async with outside(b"pong") as (server, port), Proxy(Reach(LOOPBACK, {})) as proxy:
            head = "CONNECT {} HTTP/1.1\r\nProxy-Authorization: " + secret_of(proxy)
            async with proxy.page(LIMITS):
                answer = await ask(proxy, head.format(f"127.0.0.1:{port}"), b"ping\r\n\r\n")
                assert answer == b"HTTP/1.1 200 Connected\r\n\r\npong"
                assert server.got == b"ping\r\n\r\n"
                refused = await ask(proxy, head.format(f"127.0.0.2:{port}"))
                assert refused.startswith(b"HTTP/1.1 403 ")
                plain = head.replace("CONNECT", "GET").format(f"http://127.0.0.2:{port}/")
                assert await ask(proxy, plain) == b""

    asyncio.run(run())


@pytest.mark.parametrize("tunnel", [True, False])
def test_a_page_that_loads_too_much_gets_no_more(tunnel: bool) -> None:
    async def run() -> None:
        large = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000
        async with outside(large) as (_, port), Proxy(Reach(LOOPBACK, {})) as proxy:
            start = f"CONNECT 127.0.0.1:{port}" if tunnel else f"GET http://127.0.0.1:{port}/"
            request = f"{start} HTTP/1.1\r\nProxy-Authorization: {secret_of(proxy)}"
            async with proxy.page(LIMITS) as allowance:
                assert len(await ask(proxy, request, b"\r\n\r\n")) <= LIMITS.bytes
                assert allowance.over == "it loads more than 0 MiB"
                assert await ask(proxy, request) == b""
            async with proxy.page(LIMITS) as allowance:
                assert allowance.over == ""

    asyncio.run(run())


def test_a_page_has_so_many_connections_and_no_more() -> None:
    async def run() -> None:
        async with Proxy(Reach((), {})) as proxy, proxy.page(LIMITS) as allowance:
            for _ in range(LIMITS.connections):
                assert await ask(proxy, "GET http://127.0.0.1/ HTTP/1.1")
            assert await ask(proxy, "GET http://127.0.0.1/ HTTP/1.1") == b""
            assert allowance.over == "it makes more than 20 connections"

    asyncio.run(run())


def test_connections_end_with_their_page() -> None:
    async def run() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with Proxy(Reach(LOOPBACK, {})) as proxy:
                request = f"GET http://127.0.0.1:{port}/ HTTP/1.1"
                request += f"\r\nProxy-Authorization: {secret_of(proxy)}"
                async with proxy.page(LIMITS):
                    asking = asyncio.ensure_future(ask(proxy, request))
                    await asyncio.sleep(0.2)
                    assert not asking.done()
                assert await asyncio.wait_for(asking, 2) == b""

    asyncio.run(run())
