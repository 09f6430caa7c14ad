"""Errors as a reader sees them: what happened, where in the query, what to do."""

import unicodedata

import msgspec

from processors.query.errors import QueryError
from processors.query.lexer import MAX_CHARACTERS
from services.words import printable

BEFORE, AFTER = 60, 30
"""Characters of a long query that are shown on either side of the caret."""


class Problem(msgspec.Struct, frozen=True):
    """One error, ready to show; ``query`` and ``caret`` stand under each other."""

    title: str
    message: str
    query: str = ""
    caret: str = ""
    suggestion: str = ""


NOT_FOUND = Problem(
    "There is no such page",
    "The address may be mistyped, or the article is not in this index.",
    suggestion="Search for it by its headline or its source.",
)
BROKEN = Problem(
    "Something went wrong here",
    "This page could not be made. Nothing was lost: pages only read.",
    suggestion="Try again; the terminal that serves these pages says what happened.",
)
TOO_SLOW = Problem(
    "This search takes too long",
    "It was stopped, so that others are answered. Nothing was lost.",
    suggestion="Load this page again in a moment. If it goes on: "
    "Ask for less, with fewer parts or more letters before a *.",
)
TOO_MANY = Problem(
    "Many searches are under way",
    "This one would not have had its turn in time. Nothing was lost.",
    suggestion="Load this page again in a moment.",
)
AWAY = Problem(
    "The index cannot be read now",
    "It may be starting or being rebuilt. Nothing was lost.",
    suggestion="Load this page again in a moment.",
)


def with_caret(query: str, position: int) -> tuple[str, str]:
    """The query on one line and a line with ``^`` under the character at ``position``.

    What does not print becomes a space; a long query is cut to the caret's surroundings.
    """
    line = printable(query, " ")
    at = min(max(0, position), len(line))
    start, end = max(0, at - BEFORE), at + AFTER
    lead = "…" if start else ""
    shown = lead + line[start:end] + ("…" if end < len(line) else "")
    return shown, " " * (len(lead) + sum(_columns(ch) for ch in line[start:at])) + "^"


def _columns(character: str) -> int:
    """How many columns of a fixed-width font a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in '.!?)"' else ".")


def query_problem(query: str, error: QueryError) -> Problem:
    """A query error with the place that it names; a query far too long is not shown again."""
    if len(query) > MAX_CHARACTERS:
        return Problem("This query is too long", sentence(error.message))
    line, caret = with_caret(query, error.position)
    return Problem(
        "This query cannot be read", sentence(error.message), line, caret, sentence(error.hint)
    )
