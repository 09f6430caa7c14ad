"""What may be an address that alerts go to: pure decisions, taken when a channel is made."""

import base64
import re
import secrets
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit

from processors.ids import MAX_URL, canonical_url
from services.errors import UserError
from services.guard import WEB_PORTS, Network, refusal

LONGEST_MAIL = 254
"""Characters of an e-mail address, as RFC 5321 bounds a path."""
SECRET_START = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_BYTES = 32

_LOCAL = re.compile(
    r"(?=.{1,64}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)+{_LABEL}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\]|\s")
# What RFC 3986 lets stand in a path and in a query; ``%`` is an escape that somebody wrote.
_AS_IT_IS = "%/!$&'()*+,;=:@?~"


def good_webhook(text: str, allowed: Sequence[Network] = ()) -> str:
    """The address of a webhook, in the one spelling in which it is kept and called.

    ``allowed`` are the operator's networks, which may be reached although private and on any port.
    A name is judged again, with every address that it stands for, whenever it is called.

    Raises:
        UserError: it is no absolute http or https address, holds a password, or names an address
            or a port that no webhook may go to.
    """
    given = text.strip()
    parts = _split(given)
    if "@" in parts.netloc:
        raise UserError(
            "a webhook's address holds no user name or password: what we send is signed instead"
        )
    try:
        origin = canonical_url(f"{parts.scheme}://{parts.netloc}/").removesuffix("/")
    except ValueError:
        raise _no_webhook(given) from None
    _check_host(urlsplit(origin), allowed)
    path = quote(parts.path or "/", safe=_AS_IT_IS)
    query = quote(parts.query, safe=_AS_IT_IS)
    address = f"{origin}{path}{query and '?' + query}"
    if len(address) > MAX_URL:
        raise UserError(f"the address is longer than {MAX_URL:,} characters")
    return address


def good_mail(text: str) -> str:
    """An e-mail address, its domain in lower-case ASCII.

    Only what every mail server takes: no quoted names, no addresses in brackets, no letters
    outside ASCII before the ``@``.

    Raises:
        UserError: it is none.
    """
    local, at, domain = text.strip().rpartition("@")
    try:
        name = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        name = ""
    name = name.lower()
    address = f"{local}@{name}"
    fits = at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(name)
    if not fits or len(address) > LONGEST_MAIL or _NUMBER.fullmatch(name.rpartition(".")[2]):
        raise UserError(
            f"{_shown(text)} is not an e-mail address; write one such as ada@news.example"
        )
    return address


def new_secret() -> str:
    """The key that signs what goes to a webhook, as Standard Webhooks writes it."""
    return SECRET_START + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _split(given: str) -> SplitResult:
    if _UNFIT.search(given):
        raise _no_webhook(given)
    try:
        parts = urlsplit(given)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise _no_webhook(given) from None
    if not fits:
        raise _no_webhook(given)
    return parts


def _check_host(origin: SplitResult, allowed: Sequence[Network]) -> None:
    host = origin.hostname or ""
    port = origin.port or {"http": 80, "https": 443}[origin.scheme]
    if "[" not in origin.netloc and _NUMBER.fullmatch(host.rpartition(".")[2]):
        # 127.1, 0x7f.1 and 2130706433: programs do not agree on what they mean.
        try:
            ip_address(host)
        except ValueError:
            raise _no_webhook(origin.netloc) from None
    try:
        refused = refusal(str(ip_address(host)), allowed, port=port)
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
        refused = "port" if not allowed and (local or port not in WEB_PORTS) else None
    if refused:
        raise UserError(
            f"webhooks go to public addresses, on port 80 or 443; {_shown(origin.netloc)} is not "
            "such a one. The operator can allow networks with BEATWIRE_WEBHOOK_NETWORKS"
        )


def _no_webhook(given: str) -> UserError:
    return UserError(
        f"{_shown(given)} is not the address of a webhook; write one such as "
        "https://hooks.example/beatwire"
    )


def _shown(text: str) -> str:
    return repr(text.strip()[:100])
