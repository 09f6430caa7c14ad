"""The guard at work: every name, literals included, is resolved here and its results are judged.

Twisted connects to the very addresses that a name resolver hands over, so what was checked is
what is connected to, and a name that answers differently the second time gains nothing.
"""

from collections.abc import Sequence
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from services.guard import first_refusal
from services.settings import Settings

JOB = "BEATWIRE_SETTINGS"
"""Where Scrapy's settings keep ours."""


@implementer(IHostResolution)
class _Fixed:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


@implementer(IResolutionReceiver)
class _Judge:
    """Holds all answers for a name back until the last is in, then hands over all or none."""

    def __init__(self, resolver: "GuardedResolver", receiver: Any, name: str, port: int) -> None:
        self._resolver, self._receiver = resolver, receiver
        self._name, self._port = name, port
        self._found: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        self._found.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        if self._resolver.judge(self._name, self._port, [item.host for item in self._found]):
            for address in self._found:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Names to addresses: fixed ones from the settings, others from the system, all judged."""

    def __init__(self, settings: Settings, reactor: Any) -> None:
        self._reactor = reactor
        self._system = reactor.nameResolver
        self._hosts = settings.hosts
        self._allowed = settings.allow_networks
        self.refused: set[tuple[str, int]] = set()
        """Names and ports whose last answer held an address that may not be connected to."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "GuardedResolver":
        return cls(crawler.settings[JOB], reactor)

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def judge(self, name: str, port: int, addresses: Sequence[str]) -> bool:
        """True when every address may be connected to; a refusal is kept for the error text."""
        refused = first_refusal(addresses, self._allowed, port) is not None
        if refused:
            self.refused.add((name, port))
        else:
            self.refused.discard((name, port))
        return not refused

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's names
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        judge = _Judge(self, resolutionReceiver, hostName, portNumber)
        if fixed := self._hosts.get(hostName.rstrip(".").lower()):
            kind = IPv6Address if ":" in fixed else IPv4Address
            resolution = _Fixed(hostName)
            judge.resolutionBegan(resolution)
            judge.addressResolved(kind("TCP", fixed, portNumber))
            judge.resolutionComplete()
            return resolution
        return self._system.resolveHostName(
            judge, hostName, portNumber, addressTypes, transportSemantics
        )
