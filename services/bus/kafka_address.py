"""The address ``kafka://HOST:PORT[,HOST:PORT][/PREFIX]``, and the names that follow from it."""

import re
from typing import NamedTuple

from services.errors import SettingsError

_SERVER = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})")
_PREFIX = re.compile(r"[A-Za-z0-9-]{1,100}")


class Address(NamedTuple):
    servers: tuple[str, ...]
    """Each as ``HOST:PORT``; any one of them tells of the others."""
    prefix: str = ""

    def name(self, bare: str) -> str:
        """What a topic or a group is called on the server."""
        return f"{self.prefix}.{bare}" if self.prefix else bare

    def __str__(self) -> str:
        return f"kafka://{','.join(self.servers)}{'/' if self.prefix else ''}{self.prefix}"


def parse(text: str) -> Address:
    """Raises SettingsError for what is no address."""
    _, _, rest = text.partition("://")
    hosts, _, prefix = rest.partition("/")
    servers = tuple(hosts.split(","))
    if not all(map(_is_server, servers)) or (prefix and not _PREFIX.fullmatch(prefix)):
        # What stands before an @ may be a password.
        shown = "" if "@" in text else f"={text:.200}"
        raise SettingsError(
            f"BEATWIRE_BUS{shown} is no address of Kafka: expected kafka://HOST:PORT, more of "
            "HOST:PORT after commas, and at the end /PREFIX of letters, digits and - if wanted"
        )
    return Address(servers, prefix)


def _is_server(text: str) -> bool:
    match = _SERVER.fullmatch(text)
    return match is not None and 0 < int(match[2]) < 65536
