"""The parameters of addresses: described once, for the documents and for the reading."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, get_args

import msgspec
from starlette.datastructures import QueryParams

from processors.query.lexer import MAX_CHARACTERS
from services.index import ClaimSort, Sort
from services.sources.rules import KINDS
from services.sources.states import STATES
from services.web.api.problems import WrongParameter

MOST = 100
"""Hits of one answer."""
USUAL = 20
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_FLAGS = {"": True, "1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Parameter(msgspec.Struct, frozen=True):
    """One parameter: what it may be, and how its text is read."""

    name: str
    text: str
    schema: Mapping[str, Any]
    example: Any
    read: Callable[[str], Any]
    """Raises WrongParameter."""
    default: Any


def choice(name: str, text: str, values: tuple[str, ...], default: str) -> Parameter:
    def read(given: str) -> str:
        if given not in values:
            raise WrongParameter(f"{name} may be {', '.join(values)}; it is {given[:40]!r}")
        return given

    schema: dict[str, Any] = {"type": "string", "enum": list(values)}
    if default:
        schema["default"] = default
    return Parameter(name, text, schema, values[0], read, default)


def flag(name: str, text: str, *, default: bool = False) -> Parameter:
    def read(given: str) -> bool:
        if given.lower() not in _FLAGS:
            raise WrongParameter(f"{name} may be true or false; it is {given[:40]!r}")
        return _FLAGS[given.lower()]

    schema = {"type": "boolean", "default": default}
    return Parameter(name, text, schema, not default, read, default)


def _limit(given: str) -> int:
    if not _WHOLE.fullmatch(given.strip()):
        raise WrongParameter(f"limit must be a whole number; it is {given[:40]!r}")
    return min(MOST, max(1, int(given)))


def _seq(given: str) -> int:
    digits = given.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise WrongParameter(f"since is the seq of an alert or 0; it is {given[:40]!r}")
    return int(digits)


def _midnight(given: str) -> datetime | None:
    """The day's beginning in UTC."""
    if not given.strip():
        return None
    try:
        return datetime.combine(date.fromisoformat(given.strip()), time(tzinfo=UTC))
    except ValueError:
        raise WrongParameter(f"{given[:40]!r} is no day; write it as 2025-01-31") from None


Q = Parameter(
    "q",
    "The query, in the language of the search box. Nothing means everything.",
    {"type": "string", "maxLength": MAX_CHARACTERS, "default": ""},
    "claim:training_cost usd:<10M",
    str,
    "",
)
SORT = choice("sort", "Which come first.", get_args(Sort), "relevance")
EXPORT_SORT = choice(
    "sort", "Which come first; in a file relevance means newest.", get_args(Sort), "newest"
)
CLAIM_SORT = choice(
    "sort",
    "By the article's time, or by the larger of the dollars stated.",
    get_args(ClaimSort),
    "newest",
)
LIMIT = Parameter(
    "limit",
    f"How many at most: 1 to {MOST}; what lies outside is taken for the nearer end.",
    {"type": "integer", "default": USUAL},
    5,
    _limit,
    USUAL,
)
AFTER = Parameter(
    "after",
    "The next of an answer to the same search, for what follows it.",
    {"type": "string", "default": ""},
    "",
    str,
    "",
)
FOLD = flag("fold", "Of articles that tell one story, only the first.")
FEED_FOLD = flag("fold", "Of articles that tell one story, only the first.", default=True)
FACETS = flag("facets", "Count by source, entity, claim, language and section, and by day.")
TEXT = flag("text", "Of each version what came and went in the text, too.")
EVERYBODY = flag("everybody", "Those of everybody; operators alone are given them.")
STATE = choice("state", "Sources in this state alone.", STATES, "")
KIND = choice("kind", "Sources of this kind alone.", tuple(KINDS), "")
TOPIC = Parameter(
    "topic", "The id of a topic, for its alerts alone.", {"type": "string"}, "", str, ""
)
SINCE = Parameter(
    "since",
    "The seq of an alert, for those decided after it, oldest first; 0 for all. "
    "Left out, the newest come first.",
    {"type": "integer", "minimum": 0},
    0,
    _seq,
    None,
)
FROM_DAY = Parameter(
    "after",
    "Published on this day (UTC) or later.",
    {"type": "string", "format": "date"},
    "2025-01-01",
    _midnight,
    None,
)
TO_DAY = Parameter(
    "before",
    "Published before this day (UTC).",
    {"type": "string", "format": "date"},
    "2025-02-01",
    _midnight,
    None,
)


def read_parameters(
    given: QueryParams, known: tuple[Parameter, ...], *, strict: bool = True
) -> dict[str, Any]:
    """Every known parameter's value. Raises WrongParameter: unfit, or given twice or unknown.

    Not ``strict``: the last counts of what is given twice, and others are passed over.
    """
    if strict:
        _check_names([name for name, _ in given.multi_items()], [one.name for one in known])
    return {one.name: one.read(given[one.name]) if one.name in given else one.default
            for one in known}  # fmt: skip


def _check_names(names: list[str], known: list[str]) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name[:40], known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known) or 'none'}"
            raise WrongParameter(f"there is no parameter {name[:40]!r} here; {hint}")
        if names.count(name) > 1:
            raise WrongParameter(f"{name} is given {names.count(name)} times; give it once")
