"""Which addresses Beatwire may connect to: one pure decision, taken on every resolved address.

The list is ours because ``ipaddress.is_global`` differs between Python versions and calls
some wrapped loopback addresses global. Sources: the IANA special-purpose registries
(RFC 6890 and its successors); IPv6 is an allow list, since only 2000::/3 is handed out.
"""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

WEB_PORTS = frozenset({80, 443})

DENIED_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
GLOBAL_6 = IPv6Network("2000::/3")
DENIED_6 = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20")
)
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")
TEREDO = IPv6Network("2001::/32")


def refusal(address: str, allowed: Iterable[Network], *, port: int = 443) -> str | None:
    """Why this address must not be connected to; None when it may be.

    ``address`` is a numeric address as a resolver gives it; ``allowed`` names networks that may
    be reached although private, and on any port. Everything else is reached on 80 and 443 only.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "not an address"
    outer = _plain(parsed)
    if any(outer in network for network in allowed if network.version == outer.version):
        return None
    if port not in WEB_PORTS:
        return f"port {port} is neither 80 nor 443"
    if any(_denied(part) for part in (outer, *_inside(outer))):
        return "private or reserved address"
    return None


def first_refusal(addresses: Sequence[str], allowed: Iterable[Network], port: int) -> str | None:
    """The first refusal among all answers for one name: a single private answer refuses it."""
    networks = tuple(allowed)
    reasons = (refusal(address, networks, port=port) for address in addresses)
    return next((reason for reason in reasons if reason), None)


def _plain(address: Address) -> Address:
    """An IPv4 address in its IPv6 spelling is that IPv4 address: both connect to the same host."""
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _inside(address: Address) -> Iterator[IPv4Address]:
    """IPv4 addresses to which a translator or tunnel would carry packets for ``address``."""
    if not isinstance(address, IPv6Address):
        return
    number = int(address)
    if address in NAT64:
        yield IPv4Address(number & 0xFFFFFFFF)
    elif address in SIX_TO_FOUR:
        yield IPv4Address(number >> 80 & 0xFFFFFFFF)
    elif address in TEREDO:
        yield IPv4Address(number >> 64 & 0xFFFFFFFF)
        yield IPv4Address(~number & 0xFFFFFFFF)


def _denied(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return any(address in network for network in DENIED_4)
    if address.scope_id is not None:
        return True
    if address in NAT64 or address in TEREDO:
        return False  # judged by what is inside
    return address not in GLOBAL_6 or any(address in network for network in DENIED_6)
