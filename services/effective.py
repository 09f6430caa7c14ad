"""What every setting is now, and who said so; no password is shown."""

import msgspec

from services.settings import MAY_HOLD_SECRETS, Settings
from services.settings_sources import FILE, PREFIX, Given, given_settings


class Effective(msgspec.Struct, frozen=True):
    """One setting."""

    name: str
    value: str
    """As it would be written; empty when unset. Of an address, without user and password."""
    origin: str
    """``default``, ``environment``, ``.env: NAME`` or ``beatwire.toml: name``; with the file that
    it names when the value is in one."""


def effective(settings: Settings) -> list[Effective]:
    """All settings in the order of the documentation. Raises SettingsError as reading them does."""
    given = given_settings()
    return [
        Effective(PREFIX + name.upper(), shown(settings, name), _origin(name, given))
        for name in Settings.model_fields
    ]


def shown(settings: Settings, name: str) -> str:
    """The value as text; of what may hold a password only what cannot."""
    value = getattr(settings, name)
    if name in MAY_HOLD_SECRETS:
        return without_password(value)
    match value:
        case None:
            return ""
        case tuple():
            return ",".join(map(str, value))
        case dict():
            return ",".join(f"{key}={each}" for key, each in value.items())
        case _:
            return str(value)


def without_password(address: str) -> str:
    """The address without user, password and options."""
    scheme, separator, rest = address.partition("://")
    return scheme + separator + rest.partition("?")[0].rpartition("@")[2]


def _origin(name: str, given: dict[str, Given]) -> str:
    full = PREFIX + name.upper()
    for key in (full, full + FILE):
        found = given.get(key)
        if found is None or found.value == "":
            continue
        where = "environment" if found.shown == key else found.shown
        return f"{where}, file {found.value}" if key.endswith(FILE) else where
    return "default"
