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

Kind = Literal["(", ")", "AND", "OR", "NOT", "words", "phrase", "prefix", "field", "end"]

_BARE = re.compile(rf"[^\s(){QUOTES}]+")
_FIELD = re.compile(r"([A-Za-z_]+):(.*)", re.DOTALL)
_BOUND = re.compile(r"(usd|count|date)([<>=≤≥].*)", re.DOTALL | re.IGNORECASE)
"""A bound may follow its name without a colon: ``usd<10M``."""
_COMPARE = re.compile(r"[<>=≤≥]*")
_TAIL = re.compile(r"[~<>=≤≥][^\s()\"“”„«»]*")


class Token(msgspec.Struct, frozen=True):
    """``text`` is what was typed: the word, the inside of the quotes, or a field's value."""

    kind: Kind
    text: str
    position: int
    end: int
    """The position behind it."""
    field: str = ""
    value_position: int = 0
    quoted: bool = False
    tail: str = ""
    """What follows the closing quote without a space: ``~5`` or ``<-0.3``."""


def tokens(text: str) -> list[Token]:
    """The tokens of a query, with an ``end`` behind them.

    Raises QueryError: too long, too many clauses, an open quote, a colon outside of a field, a
    ``*`` that does not end a word.
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
        token = _next(text, at)
        at = token.end
        if token.kind == "words" and not terms(token.text):
            continue
        found.append(token)
        clauses += token.kind in ("words", "phrase", "prefix", "field")
        if clauses > MAX_CLAUSES:
            raise QueryError(
                f"the query has more than {MAX_CLAUSES} words and filters", token.position
            )
    return [*found, Token("end", "", len(text), len(text))]


def _next(text: str, at: int) -> Token:  # noqa: PLR0911 - one return a kind
    char = text[at]
    if char in "()":
        return Token("(" if char == "(" else ")", char, at, at + 1)
    if char in QUOTES:
        return _quoted(text, at, Token("phrase", "", at, at))
    if char == "-" and at + 1 < len(text) and text[at + 1] != ")" and not text[at + 1].isspace():
        return Token("NOT", char, at, at + 1)
    match = _BARE.match(text, at)
    word = match[0] if match else char
    end = at + len(word)
    if word in OPERATORS:
        return Token(OPERATORS[word], word, at, end)
    if bound := _BOUND.fullmatch(word):
        return _value(text, Token("field", bound[2], at, end, bound[1].lower(), at + len(bound[1])))
    if ":" in word:
        return _field(text, word, at)
    if "*" in word:
        return _prefix(word, at)
    return Token("words", word, at, end)


def _field(text: str, word: str, at: int) -> Token:
    match = _FIELD.fullmatch(word)
    if not match:
        raise QueryError(
            f"{word[:40]!r} has a colon, which follows a field's name",
            at + word.index(":"),
            f'to look for the text itself, put it in quotes: "{word[:40]}"',
        )
    name, value = match.groups()
    return _value(text, Token("field", value, at, at + len(word), name.lower(), at + len(name) + 1))


def _value(text: str, token: Token) -> Token:
    """A field's token with what its value quotes: ``name:"value"`` or ``name:>"value"``."""
    at = token.end
    if at < len(text) and text[at] in QUOTES and _COMPARE.fullmatch(token.text):
        return _quoted(text, at, token)
    return token


def _quoted(text: str, at: int, token: Token) -> Token:
    """The token with the inside of the quotes that open at ``at``, and what hangs on to them."""
    for end in range(at + 1, len(text)):
        if text[end] in QUOTES:
            tail = _TAIL.match(text, end + 1)
            return msgspec.structs.replace(
                token,
                text=token.text + text[at + 1 : end],
                quoted=True,
                tail=tail[0] if tail else "",
                end=tail.end() if tail else end + 1,
            )
    raise QueryError("this quote is not closed", at, 'put a " where the phrase ends')


def _prefix(word: str, at: int) -> Token:
    star = word.index("*")
    if star != len(word) - 1 or star == 0:
        raise QueryError(
            "a * stands for what follows the beginning of a word, so it ends the word",
            at + star,
            "for example inferen*",
        )
    return Token("prefix", word[:-1], at, at + len(word))
