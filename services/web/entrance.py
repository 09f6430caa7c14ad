"""How the pages are reached: under which names, by whose proxies, with a login or without."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network

import msgspec

from services.accounts.opening import as_address, must_log_in
from services.settings import Settings

Network = IPv4Network | IPv6Network
DEFAULT_PORTS = {"http": 80, "https": 443}
_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)


class Site(msgspec.Struct, frozen=True):
    """The name that a request was sent to, once it is known as ours."""

    origin: str
    """As a browser writes it: ``https://news.example``."""

    @property
    def secure(self) -> bool:
        """Whether the browser keeps what it says to us from others on the way."""
        return self.origin.startswith("https://")


class Entrance(msgspec.Struct, frozen=True):
    """The settings of who may ask, as they are in force."""

    login: bool = False
    """Whether everybody must log in. Otherwise whoever reaches the pages is the local user."""
    address: str = ""
    """Where the pages are for others than this machine: scheme and host."""
    proxies: tuple[Network, ...] = ()
    per_minute: int = 0
    """Most requests of one client; 0 for any number."""


def entrance_for(settings: Settings, host: str) -> Entrance:
    """What the settings mean for a server that listens on ``host``.

    Raises SettingsError when they contradict each other.
    """
    return Entrance(
        login=must_log_in(settings, host),
        address=settings.address,
        proxies=settings.trusted_proxies,
        per_minute=settings.requests_per_minute,
    )


def is_local_host(host: str) -> bool:
    """Whether a Host header names this machine itself, with any port.

    A page elsewhere whose name was pointed at 127.0.0.1 (DNS rebinding) names another host.
    """
    return _LOCAL.fullmatch(host) is not None


def site_for(entrance: Entrance, host: str) -> Site | None:
    """The site that a Host header names; None for a name that is not ours."""
    if is_local_host(host):
        return Site(f"http://{host.lower()}")
    scheme, _, place = entrance.address.partition("://")
    if place and host.lower() in (place, f"{place}:{DEFAULT_PORTS[scheme]}"):
        return Site(entrance.address)
    return None


def client_address(entrance: Entrance, peer: str, forwarded: Sequence[str]) -> str:
    """Who asks: the peer, or whom a trusted proxy names; several /64s of IPv6 are several clients.

    ``forwarded`` are the X-Forwarded-For headers. They are read from the end, the only part that
    our own proxies wrote: the first address that is not one of them is the client.
    """
    asked = as_address(peer)
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    while asked and hops and any(asked in network for network in entrance.proxies):
        named = as_address(hops.pop())
        if named is None:
            break
        asked = named
    if isinstance(asked, IPv6Address):
        return str(IPv6Network((asked, 64), strict=False))
    return str(asked or peer)


def in_the_clear(entrance: Entrance, site: Site, peer: str, proto: str) -> bool:
    """Whether a trusted proxy says that a request to our https address came without it."""
    asked = as_address(peer)
    trusted = asked is not None and any(asked in network for network in entrance.proxies)
    return trusted and site.secure and proto.strip().lower() == "http"
