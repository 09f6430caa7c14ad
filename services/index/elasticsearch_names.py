"""The address of an Elasticsearch index, and the names that belong to it on the server."""

import re
from typing import Literal, get_args
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from services.errors import SettingsError

Kind = Literal["articles", "claims", "revisions"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DEFAULT_PREFIX = "beatwire"
EXPECTED = "expected http(s)://[USER:PASSWORD@]HOST:PORT[/PREFIX]"
_PREFIX = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


class Names(msgspec.Struct, frozen=True):
    """Each kind of document has its indices, an alias to read and one to write."""

    prefix: str = DEFAULT_PREFIX

    def read(self, kind: Kind) -> str:
        """The alias of what is searched."""
        return f"{self.prefix}-{kind}"

    def write(self, kind: Kind) -> str:
        """The alias of what is written; during a rebuild of others, still that of the old ones."""
        return f"{self.prefix}-{kind}-write"

    def concrete(self, kind: Kind, generation: int) -> str:
        """The index behind the aliases; each rebuild fills the next generation."""
        return f"{self.prefix}-{kind}-{generation:06d}"

    def pattern(self, kind: Kind) -> str:
        """All generations."""
        return f"{self.prefix}-{kind}-0*"

    def template(self, kind: Kind) -> str:
        return f"{self.prefix}-{kind}"


class Address(msgspec.Struct, frozen=True):
    """Where the index is. Shown as text, it is without the password."""

    url: str
    """Scheme, host and port."""
    user: tuple[str, str] | None
    names: Names

    def __str__(self) -> str:
        return f"{self.url}/{self.names.prefix}"

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"


def parse_address(address: str) -> Address:
    """Raises SettingsError, which never shows the password."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _bad("the host or the port cannot be read") from None
    if parts.scheme not in ("http", "https"):
        raise _bad("it begins with neither http:// nor https://")
    if not parts.hostname:
        raise _bad("the host is missing")
    if port is None:
        raise _bad("the port is missing")
    if parts.query or parts.fragment:
        raise _bad("there is more than a prefix behind the port")
    prefix = parts.path.strip("/") or DEFAULT_PREFIX
    if not _PREFIX.fullmatch(prefix):
        raise _bad(
            "the prefix behind the port takes small letters, digits and hyphens, at most 100, "
            "and begins with no hyphen"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Address(f"{parts.scheme}://{host}:{port}", _user(parts), Names(prefix))


def _user(parts: SplitResult) -> tuple[str, str] | None:
    if parts.username is None:
        return None
    if not parts.username or parts.password is None:
        raise _bad("a user needs a name and a password")
    return unquote(parts.username), unquote(parts.password)


def _bad(reason: str) -> SettingsError:
    return SettingsError(f"BEATWIRE_INDEX: {reason}; {EXPECTED}")
