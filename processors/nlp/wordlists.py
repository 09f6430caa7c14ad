"""The word lists of ``data/names.toml``."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "names.toml"


def words(name: str) -> frozenset[str]:
    """The list ``name`` as a set. Raises KeyError for a list that the file lacks."""
    return frozenset(_lists()[name].split())


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(_FILE.read_text("utf-8"))
