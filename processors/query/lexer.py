"""A query's text cut into tokens; the limits on its length and number of clauses hold here."""

import re
from typing import Literal

import msgspec

from processors.query.errors import QueryError
from processors.query.terms import terms

MAX_CHARACTERS = 2000
MAX_CLAUSES = 64
QUOTES = '"“”„«»'
OPERATORS: dict[str, "Kind"] = {"AND": "AND", "OR": "OR", "NOT": "NOT", "&&": "AND", "||": "OR"}

Kind = Literal["(", ")", "AND", "OR", "NOT", "words", "phrase", "field", "end"]

_BARE = re.compile(rf"[^\s(){QUOTES}]+")
_FIELD = re.compile(r"([A-Za-z_]+):(.*)", re.DOTALL)
_COMPARE = re.compile(r"[<>=≤≥]*")


class Token(msgspec.Struct, frozen=True):
    """``text`` is what was typed: the word, the inside of the quotes, or a field's value."""

    kind: Kind
    text: str
    position: int
    field: str = ""
    value_position: int = 0


def tokens(text: str) -> list[Token]:
    """The tokens of a query, with an ``end`` behind them.

    Raises QueryError: too long, too many clauses, an open quote, a colon outside of a field.
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"the query has {len(text):,} characters; {MAX_CHARACTERS:,} are the most",
            MAX_CHARACTERS,
        )
    found: list[Token] = []
    at = clauses = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _next(text, at)
        if token.kind == "words" and not terms(token.text):
            continue
        found.append(token)
        clauses += token.kind in ("words", "phrase", "field")
        if clauses > MAX_CLAUSES:
            raise QueryError(
                f"the query has more than {MAX_CLAUSES} words and filters", token.position
            )
    return [*found, Token("end", "", len(text))]


def _next(text: str, at: int) -> tuple[Token, int]:  # noqa: PLR0911 - one return a kind
    char = text[at]
    if char == "(":
        return Token("(", char, at), at + 1
    if char == ")":
        return Token(")", char, at), at + 1
    if char in QUOTES:
        inside, end = _quoted(text, at)
        return Token("phrase", inside, at), end
    if char == "-" and at + 1 < len(text) and text[at + 1] != ")" and not text[at + 1].isspace():
        return Token("NOT", char, at), at + 1
    match = _BARE.match(text, at)
    word = match[0] if match else char
    if word in OPERATORS:
        return Token(OPERATORS[word], word, at), at + len(word)
    if ":" in word:
        return _field(text, word, at)
    return Token("words", word, at), at + len(word)


def _field(text: str, word: str, at: int) -> tuple[Token, int]:
    """``name:value``, ``name:"value"`` or ``name:>"value"``."""
    match = _FIELD.fullmatch(word)
    if not match:
        raise QueryError(
            f"{word[:40]!r} has a colon, which follows a field's name",
            at + word.index(":"),
            f'to look for the text itself, put it in quotes: "{word[:40]}"',
        )
    name, value = match.groups()
    start, end = at + len(name) + 1, at + len(word)
    if end < len(text) and text[end] in QUOTES and _COMPARE.fullmatch(value):
        inside, end = _quoted(text, end)
        value += inside
    return Token("field", value, at, field=name.lower(), value_position=start), end


def _quoted(text: str, at: int) -> tuple[str, int]:
    for end in range(at + 1, len(text)):
        if text[end] in QUOTES:
            return text[at + 1 : end], end + 1
    raise QueryError("this quote is not closed", at, 'put a " where the phrase ends')
