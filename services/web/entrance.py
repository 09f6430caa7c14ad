"""How the pages are reached: under which names, by whose proxies, with a login or without."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import msgspec

from services.errors import SettingsError
from services.settings import Settings

Network = IPv4Network | IPv6Network
REMEDY = "make one: beatwire users add NAME --role operator"
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
    open_to_others = bool(settings.address) and not _is_loopback(
        urlsplit(settings.address).hostname or ""
    )
    if settings.login == "never" and open_to_others:
        raise SettingsError(
            f"BEATWIRE_LOGIN=never lets in whoever asks, and BEATWIRE_ADDRESS={settings.address} "
            "says that more than this machine asks; unset one of them"
        )
    beyond = open_to_others or not _is_loopback(host)
    return Entrance(
        login=settings.login == "always" or (settings.login == "auto" and beyond),
        address=settings.address,
        proxies=settings.trusted_proxies,
        per_minute=settings.requests_per_minute,
    )


def nobody_could_log_in(settings: Settings, host: str) -> SettingsError:
    """The one line that a start without an operator's account ends with."""
    if settings.login == "always":
        cause = "BEATWIRE_LOGIN=always asks for a login"
    elif _is_loopback(host):
        cause = f"BEATWIRE_ADDRESS={settings.address} opens the pages to other machines"
    else:
        cause = f"--host {host} opens the pages to other machines"
    return SettingsError(f"{cause}, and there is no operator's account yet; {REMEDY}")


def is_local_host(host: str) -> bool:
    """Whether a Host header names this machine itself, with any port.

    A page elsewhere whose name was pointed at 127.0.0.1 (DNS rebinding) names another host.
    """
    return _LOCAL.fullmatch(host) is not None


def site_for(entrance: Entrance, host: str) -> Site | None:
    """The site that a Host header names; None for a name that is not ours."""
    if is_local_host(host):
        return Site(f"http://{host.lower()}")
    if entrance.address and _place(f"{_scheme(entrance.address)}://{host}") == _place(
        entrance.address
    ):
        return Site(entrance.address)
    return None


def client_address(entrance: Entrance, peer: str, forwarded: Sequence[str]) -> str:
    """Who asks: the peer, or whom a trusted proxy names; several /64s of IPv6 are several clients.

    ``forwarded`` are the X-Forwarded-For headers. They are read from the end, the only part that
    our own proxies wrote: the first address that is not one of them is the client.
    """
    asked = _ip(peer)
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    while asked and hops and any(asked in network for network in entrance.proxies):
        named = _ip(hops.pop())
        if named is None:
            break
        asked = named
    if isinstance(asked, IPv6Address):
        return str(IPv6Network((asked, 64), strict=False))
    return str(asked or peer)


def in_the_clear(entrance: Entrance, site: Site, peer: str, proto: str) -> bool:
    """Whether a trusted proxy says that a request to our https address came without it."""
    asked = _ip(peer)
    trusted = asked is not None and any(asked in network for network in entrance.proxies)
    return trusted and site.secure and proto.strip().lower() == "http"


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _is_loopback(host: str) -> bool:
    address = _ip(host)
    return host == "localhost" if address is None else address.is_loopback


def _scheme(address: str) -> str:
    return address.partition("://")[0]


def _place(address: str) -> tuple[str, int] | None:
    """Host and port; None for what is no address, as a stranger's Host header may be."""
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    return (parts.hostname or "", port)
