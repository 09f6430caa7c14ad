"""The one way from here to a webhook: names resolved and judged, then connected to as judged."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import httpcore

from services.guard import Network, first_refusal, refusal

log = logging.getLogger(__name__)

MOST_NOTED = 1000
"""Private places that are remembered, so that each is logged once."""


class Resolve(Protocol):
    """Every numeric address of a name, as the system's resolver gives them. Raises OSError."""

    async def __call__(self, host: str, port: int) -> Sequence[str]: ...


class UnreachableError(httpcore.ConnectError):
    """Nobody is told whether it is refused here, unknown, closed or silent."""


async def system_addresses(host: str, port: int) -> Sequence[str]:
    """See ``Resolve``. A thread for each name, so that no name waits for a slow one."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Sequence[str]] = loop.create_future()

    def tell(addresses: Sequence[str], error: Exception | None) -> None:
        if found.done():  # nobody waits any more
            return
        if error is None:
            found.set_result(addresses)
        else:
            found.set_exception(error)

    def look() -> None:
        addresses: tuple[str, ...] = ()
        failed: Exception | None = None
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = tuple(dict.fromkeys(str(each[4][0]) for each in answers))
        except (OSError, UnicodeError) as error:
            failed = OSError(str(error))
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, addresses, failed)

    threading.Thread(target=look, daemon=True, name="resolve").start()
    return await found


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to the very addresses that were judged; a single refused one refuses the name.

    The guard's decision is taken at every connection, so that a name which answers differently
    the second time gains nothing.
    """

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        hosts: Mapping[str, str] | None = None,
        resolve: Resolve = system_addresses,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        """``allowed`` are the operator's networks, ``hosts`` names with fixed addresses."""
        self._allowed = tuple(allowed)
        self._hosts = hosts or {}
        self._resolve = resolve
        self._network = network or httpcore.AnyIOBackend()
        self._noted: set[tuple[str, int]] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises UnreachableError, whatever the reason."""
        addresses = await self._judged(host, port)
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise UnreachableError

    async def _judged(self, host: str, port: int) -> Sequence[str]:
        name = host.strip("[]").removesuffix(".").lower()
        try:
            fixed = self._hosts.get(name)
            addresses = (fixed,) if fixed else await self._resolve(name, port)
        except OSError:
            raise UnreachableError from None
        if reason := first_refusal(addresses, self._allowed, port):
            log.info("a webhook to %s port %d is refused: %s", name, port, reason)
            raise UnreachableError
        for address in addresses:
            self._note(address, port)
        return addresses

    def _note(self, address: str, port: int) -> None:
        """Say once where the operator's networks are what opens the way."""
        place = address, port
        if place in self._noted or refusal(address, (), port=port) is None:
            return
        if len(self._noted) < MOST_NOTED:
            self._noted.add(place)
        log.warning(
            "a webhook goes to %s port %d, which BEATWIRE_WEBHOOK_NETWORKS allows", address, port
        )
