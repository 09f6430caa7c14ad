"""Where settings come from: the environment, ``.env``, ``beatwire.toml`` and files of secrets."""

import io
import os
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from dotenv.parser import parse_stream

from services.errors import SettingsError

PREFIX = "BEATWIRE_"
ENV_FILE = ".env"
TOML_FILE = "beatwire.toml"
FILE = "_FILE"
"""``BEATWIRE_STORE_FILE`` names the file that holds what ``BEATWIRE_STORE`` would say."""
LONGEST_SECRET = 4096


class Given(NamedTuple):
    """A setting as somebody wrote it."""

    shown: str
    """Its name in a message, with the file that it is in."""
    value: Any


def given_settings() -> dict[str, Given]:
    """All that is given under our prefix, by full name; the environment wins, then ``.env``.

    Raises SettingsError when one of the files cannot be read.
    """
    found = {
        PREFIX + key.upper(): Given(f"{TOML_FILE}: {key}", value)
        for key, value in _toml(Path(TOML_FILE)).items()
    }
    in_file = ((name, f"{ENV_FILE}: {name}", value) for name, value in _env(Path(ENV_FILE)).items())
    in_environment = ((name, name, value) for name, value in os.environ.items())
    for name, shown, value in (*in_file, *in_environment):
        key = name.upper()
        if key.startswith(PREFIX) and (value or key not in found):
            found[key] = Given(shown, value)
    return found


def secrets_from_files(given: dict[str, Given], fields: tuple[str, ...]) -> dict[str, str]:
    """Field to the content of the file that its ``_FILE`` variant names; an empty name is none.

    Raises SettingsError when a field is given in both ways or its file cannot be used. No message
    holds what is in a file.
    """
    found = {}
    for field in fields:
        direct, by_file = (given.get(PREFIX + field.upper() + end) for end in ("", FILE))
        if by_file is None or by_file.value == "":
            continue
        if direct is not None and direct.value != "":
            raise SettingsError(f"{direct.shown} and {by_file.shown} are both given; unset one")
        found[field] = _secret(by_file)
    return found


def _secret(given: Given) -> str:
    if not isinstance(given.value, str) or "://" in given.value:
        name = given.shown.removesuffix(FILE).removesuffix(FILE.lower())
        raise SettingsError(
            f"{given.shown}: expected the path of a file; an address itself goes into {name}"
        )
    try:
        with Path(given.value).expanduser().open("rb") as file:
            text = file.read(LONGEST_SECRET + 1).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise _unusable(given, "it is not text in UTF-8") from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _unusable(given, f"it cannot be read: {reason}") from None
    if not text or not text.isprintable() or len(text) > LONGEST_SECRET:
        raise _unusable(given, "it must hold one address on one line")
    return text


def _unusable(given: Given, reason: str) -> SettingsError:
    return SettingsError(f"{given.shown}={given.value!s:.200}: the file cannot be used: {reason}")


def _env(path: Path) -> dict[str, str]:
    try:
        bindings = list(parse_stream(io.StringIO(path.read_text("utf-8"))))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    for binding in bindings:
        if binding.error:
            raise SettingsError(
                f"{path} cannot be read: line {binding.original.line} is not NAME=VALUE, "
                "or a quote is not closed"
            )
    return {binding.key: binding.value or "" for binding in bindings if binding.key}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
