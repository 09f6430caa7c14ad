"""docker-compose.yml as Compose would see it: merged, and filled in from an env file."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from dotenv import dotenv_values

from tests.support.tree import ROOT

FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.example"
_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?:(:-|:\?)([^}]*))?\}|(.?))")


class Unset(Exception):
    """A variable that the file cannot do without is not given; Compose stops with the text."""


def example() -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(EXAMPLE).items()}


def load(env: Mapping[str, str]) -> dict[str, Any]:
    """The whole file with its variables replaced."""
    filled: dict[str, Any] = _fill(yaml.safe_load(FILE.read_text()), env)
    return filled


def services(env: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = load(example() if env is None else env)["services"]
    return found


def variables() -> Iterator[tuple[str, str, str]]:
    """Name, operator (``:-``, ``:?`` or nothing) and default of every variable in the file."""
    for found in _VARIABLE.finditer(FILE.read_text()):
        if found[1] is None:
            yield found[2] or "", found[3] or "", found[4] or ""


def _fill(value: Any, env: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(each, env) for key, each in value.items()}
    if isinstance(value, list):
        return [_fill(each, env) for each in value]
    return _VARIABLE.sub(lambda found: _one(found, env), value) if isinstance(value, str) else value


def _one(found: re.Match[str], env: Mapping[str, str]) -> str:
    escaped, name, operator, default, stray = found.groups()
    if escaped:
        return "$"
    if stray is not None:
        raise ValueError(f"${stray}: a dollar sign that is none is written twice")
    value = env.get(name, "")
    if not value and operator == ":?":
        raise Unset(default)
    return value or default or ""
