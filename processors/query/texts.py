"""Words, phrases, neighbours and beginnings of words: what is looked for in texts."""

import re

from processors.query.errors import QueryError
from processors.query.lexer import Token
from processors.query.terms import COUNTRY, forms, terms
from processors.query.tree import Near, Node, Or, Prefix, Text, Where, Words

SHORTEST_PREFIX = 3
MOST_NEAR = 4
"""Terms of which any two are to be near each other."""
WIDEST_GAP = 100
_GAP = re.compile(r"~(\d{1,12})")


def text_node(token: Token, where: Where = "") -> Node:
    """What a word, a phrase or the value of ``title:`` means. Raises QueryError."""
    if token.tail:
        return _near(token, where)
    if token.kind == "prefix" or (token.kind == "field" and token.text.endswith("*")):
        return _prefix(token, where)
    found = terms(token.text)
    if not found:
        place = token.value_position if token.field else token.position
        raise QueryError("there is no word in this phrase", place)
    return either_us(Words(found, token.text, where))


def either_us(words: Words) -> Words | Or:
    """``us`` may have been typed for the country, so both are looked for."""
    if "us" not in words.terms:
        return words
    country = tuple(COUNTRY if term == "us" else term for term in words.terms)
    return Or((words, Words(country, re.sub(r"(?i)\bus\b", "U.S.", words.text), words.where)))


def _near(token: Token, where: Where) -> Text:
    match = _GAP.fullmatch(token.tail)
    place = token.end - len(token.tail)
    if not match or not 1 <= int(match[1]) <= WIDEST_GAP:
        raise QueryError(
            f"{token.tail[:20]!r} is no distance",
            place,
            f'write "two words"~5: from 1 to {WIDEST_GAP} other words may be among them',
        )
    found = tuple(dict.fromkeys(terms(token.text)))
    if not 2 <= len(found) <= MOST_NEAR:
        raise QueryError(
            f"{len(found)} different words cannot be near each other"
            if len(found) < 2
            else f"{len(found)} words are too many to be near each other",
            token.position,
            f"put two to {MOST_NEAR} different words in the quotes",
        )
    return Near(found, int(match[1]), token.text, where)


def _prefix(token: Token, where: Where) -> Text:
    place = token.value_position if token.field else token.position
    start = token.text.rstrip("*")
    found = forms(start)
    if len(found) != 1 or not start[-1].isalnum():
        raise QueryError(
            f"{start[:40]!r} is not the beginning of one word", place, "for example inferen*"
        )
    if len(found[0]) < SHORTEST_PREFIX:
        raise QueryError(
            f"a * needs {SHORTEST_PREFIX} letters in front of it", place, "for example inferen*"
        )
    return Prefix(found[0], where)
