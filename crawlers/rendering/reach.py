"""Where the browser may connect to: names resolved here, judged, and connected to as judged."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence

from services.guard import Network, first_refusal

CONNECT_SECONDS = 10.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Every numeric address of a name. Raises OSError, or UnicodeError for what is no name."""


class RefusedError(Exception):
    """Nobody is told whether a name is unknown, its server away, or its address refused."""


async def system_addresses(host: str, port: int) -> Sequence[str]:
    """See ``Resolve``: as the system's resolver gives them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


class Reach:
    """The guard at work for the browser: the decision is taken anew at every connection."""

    def __init__(
        self,
        allowed: Sequence[Network],
        hosts: Mapping[str, str],
        resolve: Resolve = system_addresses,
    ) -> None:
        """``allowed`` and ``hosts`` are BEATWIRE_ALLOW_NETWORKS and BEATWIRE_HOSTS."""
        self._allowed, self._hosts, self._resolve = tuple(allowed), hosts, resolve

    async def connect(self, host: str, port: int) -> Streams:
        """Raises RefusedError, whatever the reason."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await self._connect(host, port)
        except (OSError, TimeoutError, UnicodeError):
            raise RefusedError from None

    async def _connect(self, host: str, port: int) -> Streams:
        name = host.removesuffix(".").lower()
        fixed = self._hosts.get(name)
        addresses = (fixed,) if fixed else await self._resolve(name, port)
        if not addresses or first_refusal(addresses, self._allowed, port):
            raise RefusedError
        failed: OSError | None = None
        for address in addresses:
            try:
                return await asyncio.open_connection(address, port)
            except OSError as error:
                failed = error
        raise failed or RefusedError
