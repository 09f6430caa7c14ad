"""The address of the mail server, as ``BEATWIRE_SMTP`` gives it, and what it means."""

from ipaddress import ip_address
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

Security = Literal["starttls", "tls", "plain"]
_SECURITY: dict[str, Security] = {"smtp": "starttls", "smtps": "tls", "smtp+plain": "plain"}
_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "plain": 25}


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """Where e-mails are handed over; shows nothing of itself in a log or a traceback."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    security: Security
    """``plain`` goes unencrypted: only to this machine itself, or where that was asked for."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def mail_server(address: str) -> MailServer:
    """``smtp://[USER:PASSWORD@]HOST[:PORT]``, ``smtps://…`` or ``smtp+plain://…``.

    ``smtp`` means STARTTLS, and goes to nobody who does not offer it; on loopback there is none.

    Raises:
        ValueError: it is none of them, or a password would travel unencrypted to another machine.
    """
    parts = urlsplit(address)
    security = _SECURITY.get(parts.scheme)
    more = parts.path.strip("/") or parts.query or parts.fragment
    if security is None or not parts.hostname or more or parts.port == 0:
        raise ValueError("not the address of a mail server")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    here = _is_loopback(parts.hostname)
    if bool(user) != bool(password):
        raise ValueError("a user name and a password go together")
    if security == "plain" and user and not here:
        raise ValueError("a password that would be sent unencrypted")
    if security == "starttls" and here:
        security = "plain"
    return MailServer(
        host=parts.hostname,
        port=parts.port or _PORTS[security],
        user=user,
        password=password,
        security=security,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
