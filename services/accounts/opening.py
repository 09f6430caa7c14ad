"""Whether everybody must log in: decided by the settings and the address that is listened on."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from services.errors import SettingsError
from services.settings import Settings
from services.store.people import User

REMEDY = "make one: beatwire users add NAME --role operator"


def must_log_in(settings: Settings, host: str) -> bool:
    """What the settings mean for pages that listen on ``host``.

    Raises SettingsError when they contradict each other.
    """
    open_to_others = bool(settings.address) and not is_loopback(
        urlsplit(settings.address).hostname or ""
    )
    if settings.login == "never" and open_to_others:
        raise SettingsError(
            f"BEATWIRE_LOGIN=never lets in whoever asks, and BEATWIRE_ADDRESS={settings.address} "
            "says that more than this machine asks; unset one of them"
        )
    beyond = open_to_others or not is_loopback(host)
    return settings.login == "always" or (settings.login == "auto" and beyond)


def check_operator(users: Iterable[User], settings: Settings, host: str) -> None:
    """Raise SettingsError unless somebody can log in who may manage the others."""
    if any(user.role == "operator" and not user.disabled for user in users):
        return
    if settings.login == "always":
        cause = "BEATWIRE_LOGIN=always asks for a login"
    elif is_loopback(host):
        cause = f"BEATWIRE_ADDRESS={settings.address} opens the pages to other machines"
    else:
        cause = f"--host {host} opens the pages to other machines"
    raise SettingsError(f"{cause}, and there is no operator's account yet; {REMEDY}")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    address = as_address(host)
    return host == "localhost" if address is None else address.is_loopback


def as_address(text: str) -> IPv4Address | IPv6Address | None:
    """An IP address, one of IPv4 also where IPv6 wraps it; None for a name."""
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
