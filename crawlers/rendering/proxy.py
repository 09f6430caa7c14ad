"""The browser's only way out: a forward proxy on loopback, behind the guard and with limits.

It serves one page at a time, to whoever knows its password, and nothing between pages.
"""

import asyncio
import contextlib
from base64 import b64encode
from collections.abc import AsyncIterator
from hmac import compare_digest
from secrets import token_urlsafe

from crawlers.rendering.allowance import Allowance, Limits, SpentError
from crawlers.rendering.reach import Reach, RefusedError, Streams
from crawlers.rendering.requests import (
    MOST_HEAD,
    Asked,
    BadRequestError,
    closing,
    read_request,
)

USER = "beatwire"
_CHUNK = 64 * 1024
_ANSWER = "HTTP/1.1 {}\r\n{}Content-Length: 0\r\nConnection: close\r\n\r\n"
_WHO = _ANSWER.format("407 Who asks", 'Proxy-Authenticate: Basic realm="beatwire"\r\n').encode()
_REFUSED = _ANSWER.format("403 Refused", "").encode()
_BAD = _ANSWER.format("400 Bad request", "").encode()
_TUNNEL = b"HTTP/1.1 200 Connected\r\n\r\n"


class Proxy:
    """Listens while it is entered; ``password`` is what the browser has to show."""

    def __init__(self, reach: Reach) -> None:
        self.password = token_urlsafe(24)
        secret = b64encode(f"{USER}:{self.password}".encode()).decode()
        self._secret = f"Basic {secret}".encode()
        self._reach = reach
        self._allowance: Allowance | None = None

    @property
    def address(self) -> str:
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}"

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MOST_HEAD)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()

    @contextlib.asynccontextmanager
    async def page(self, limits: Limits) -> AsyncIterator[Allowance]:
        """Serve one page; at its end all its connections are cut."""
        self._allowance = allowance = Allowance(limits)
        try:
            yield allowance
        finally:
            self._allowance = None
            allowance.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        allowance = self._allowance
        try:
            if task is not None and allowance is not None:
                allowance.connect(task)
                async with asyncio.timeout(allowance.seconds_left), allowance.at_once:
                    await self._answer((reader, writer), allowance)
        except (OSError, EOFError, SpentError, TimeoutError, asyncio.LimitOverrunError):
            pass  # the browser sees its connection close
        except asyncio.CancelledError:
            pass  # by the end of the page; nobody awaits this task
        finally:
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    async def _answer(self, browser: Streams, allowance: Allowance) -> None:
        head = await browser[0].readuntil(b"\r\n\r\n")
        allowance.spend(len(head))
        try:
            asked = read_request(head[:-4])
        except BadRequestError:
            return await _say(browser, _BAD)
        if not compare_digest(asked.password.encode("latin-1"), self._secret):
            return await _say(browser, _WHO)
        try:
            server = await self._reach.connect(asked.host, asked.port)
        except RefusedError:
            # Without a tunnel an answer of ours would pass for the server's.
            return await _say(browser, _REFUSED) if asked.tunnel else None
        try:
            await (_tunnel if asked.tunnel else _forward)(asked, browser, server, allowance)
        finally:
            server[1].transport.abort()
        return None


async def _say(browser: Streams, answer: bytes) -> None:
    browser[1].write(answer)
    await browser[1].drain()


async def _tunnel(
    asked: Asked,  # noqa: ARG001 - as ``_forward``
    browser: Streams,
    server: Streams,
    allowance: Allowance,
) -> None:
    await _say(browser, _TUNNEL)
    ways = (_pump(browser[0], server[1], allowance), _pump(server[0], browser[1], allowance))
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(tasks, timeout=1.0)  # for what is still on its way
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _forward(asked: Asked, browser: Streams, server: Streams, allowance: Allowance) -> None:
    """One request and its answer; the connection ends with it, so that none is misdirected."""
    server[1].write(asked.head)
    await _pump(browser[0], server[1], allowance, asked.length)
    head = await server[0].readuntil(b"\r\n\r\n")
    allowance.spend(len(head))
    browser[1].write(closing(head))
    await _pump(server[0], browser[1], allowance)


async def _pump(
    source: asyncio.StreamReader,
    sink: asyncio.StreamWriter,
    allowance: Allowance,
    length: int | None = None,
) -> None:
    """Hand bytes on, all or so many. Raises SpentError."""
    while length is None or length > 0:
        data = await source.read(_CHUNK if length is None else min(length, _CHUNK))
        if not data:
            return
        allowance.spend(len(data))
        sink.write(data)
        await sink.drain()
        length = None if length is None else length - len(data)
