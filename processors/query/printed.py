"""A query tree as text of the query language: what a parser makes the same tree of.

Only what some text means can be printed. ``Published`` with two bounds, an entity of types that no
filter asks for, ``All`` inside of another node or a quote inside of a name come of no text.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

from processors.query import tree
from processors.query.fields import ANY
from processors.query.lexer import OPERATORS, QUOTES
from processors.query.syntax import joins
from processors.query.texts import either_us
from processors.query.values import SCALES
from processors.records import EntityType

_BARE = re.compile(rf"[^\s(){QUOTES}]+")
_WORD = re.compile(rf"(?!-)(?!(?i:usd|count|date)[<>=≤≥])[^\s(){QUOTES}:*]+")
"""A word that needs no quotes: no bound, no field, no beginning and no NOT."""
_TYPES: dict[tuple[EntityType, ...], str] = {
    (): "entity",
    ("person",): "person",
    ("company", "lab", "fund", "agency"): "org",
    ("model",): "model",
    ("chip",): "chip",
}
_LETTERS = tuple((SCALES[letter], letter.upper()) for letter in "tbm")
_SHORT = 6
"""Digits of a figure that is shown with its scale, as ``5.6M``."""


def printed(node: tree.Node) -> str:
    """The text that ``parse_query`` reads as ``node``; as short as what it was read from.

    Raises:
        ValueError: no text means this tree.
    """
    return "" if isinstance(node, tree.All) else _clause(node)


def _clause(node: tree.Node) -> str:
    match node:
        case tree.And(parts=parts) if len(parts) > 1:
            return " ".join(_beside(parts))
        case tree.Or(parts=parts) if len(parts) > 1:
            return _or(node)
        case tree.Not(part=part):
            return f"-{_bracketed(part, isinstance(part, tree.And) or _is_choice(part))}"
        case tree.ClaimIs():
            return _claim(node)
        case tree.Words() | tree.Near() | tree.Prefix():
            return _text(node)
        case leaf:
            return _filter(leaf)


def one_word(node: tree.Or) -> tree.Words | None:
    """The words that were typed for a choice that the parser made: ``us`` may be the country."""
    first = node.parts[0] if node.parts else None
    return first if isinstance(first, tree.Words) and either_us(first) == node else None


def _or(node: tree.Or) -> str:
    if word := one_word(node):
        return _text(word, alone=True)
    return " OR ".join(_bracketed(part, _is_choice(part)) for part in node.parts)


def _is_choice(node: tree.Node) -> bool:
    return isinstance(node, tree.Or) and one_word(node) is None


def _beside(parts: tuple[tree.Node, ...]) -> list[str]:
    """The parts of an AND; a claim in parentheses where it would join the one in front of it."""
    found: list[str] = []
    open_claim: tree.ClaimIs | None = None
    for part in parts:
        brackets = isinstance(part, tree.And) or _is_choice(part)
        if isinstance(part, tree.ClaimIs):
            brackets = open_claim is not None and joins(open_claim, part)
            open_claim = open_claim if brackets else part
        found.append(_bracketed(part, brackets))
    return found


def _bracketed(node: tree.Node, brackets: bool) -> str:
    return f"({_clause(node)})" if brackets else _clause(node)


def _text(node: tree.Text, *, alone: bool = False) -> str:
    field = "title:" * bool(node.where)
    match node:
        case tree.Words(text=text):
            if not alone and either_us(node) != node:
                raise ValueError(f"{text[:40]!r} means more than {node.terms}")
            return field + (_value(text) if field else _bare_word(text))
        case tree.Near(text=text, gap=gap):
            return f"{field}{_quoted(text)}~{gap}"
        case tree.Prefix(start=start):
            return f"{field}{start}*"


def _bare_word(text: str) -> str:
    bare = _WORD.fullmatch(text) and text not in OPERATORS
    return text if bare else _quoted(text)


def _value(text: str) -> str:
    return text if _BARE.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    if not text or any(char in QUOTES for char in text):
        raise ValueError(f"{text[:40]!r} cannot be quoted")
    return f'"{text}"'


def _filter(node: tree.Node) -> str:  # noqa: PLR0911 - one return a kind of node
    match node:
        case tree.EntityIs(text=text, types=types) if types in _TYPES:
            return f"{_TYPES[types]}:{_value(text)}"
        case tree.MoodIs(text=text, compare=compare, score=score):
            figure = f"{score:.6f}".rstrip("0").rstrip(".")
            return f"mood:{_value(text)}{compare}{figure}"
        case tree.SourceIs(text=text):
            return f"source:{_value(text)}"
        case tree.AuthorIs(text=text):
            return f"author:{_value(text)}"
        case tree.LanguageIs(code=code):
            return f"lang:{code}"
        case tree.SectionIs(text=text):
            return f"section:{_value(text)}"
        case tree.StoryIs(id=story):
            return f"story:{_value(story)}"
        case tree.EventIs(id=event):
            return f"event:{_value(event)}"
        case tree.Original():
            return "is:original"
        case tree.Published(after=datetime() as when, before=None):
            return f"after:{_instant(when)}"
        case tree.Published(after=None, before=datetime() as when):
            return f"before:{_instant(when)}"
        case _:
            raise ValueError(f"no text means {node!r:.80}")


def _instant(when: datetime) -> str:
    """As short as it can be exactly: the day, the minute, or all of it."""
    text = when.astimezone(UTC).replace(tzinfo=None).isoformat()
    return text.removesuffix("T00:00:00") if when.microsecond == 0 else text


def _claim(node: tree.ClaimIs) -> str:
    conditions = _conditions(node.conditions)
    if node.kind is None and len(conditions) == 1:
        return conditions[0]
    inside = f"({' '.join(conditions)})" if conditions else ""
    return f"claim:{node.kind or ANY}{inside}"


def _conditions(conditions: tuple[tree.Condition, ...]) -> list[str]:
    found: list[str] = []
    before: tree.Condition | None = None
    for condition in conditions:
        if span := before and _range(before, condition):
            found[-1], before = span, None
        else:
            found.append(_condition(condition))
            before = condition
    return found


def _range(low: tree.Condition, high: tree.Condition) -> str:
    """Two bounds as ``usd:10M..100M``; empty where they are none."""
    if not isinstance(low, tree.Amount) or not isinstance(high, tree.Amount):
        return ""
    ordered = (low.compare, high.compare) == (">=", "<=") and low.value <= high.value
    if not ordered or low.unit != high.unit:
        return ""
    return f"{low.unit}:{_figure(low.value)}..{_figure(high.value)}"


def _condition(condition: tree.Condition) -> str:
    match condition:
        case tree.Amount(unit=unit, compare=compare, value=value):
            return f"{unit}{_sign(compare)}{_figure(value)}"
        case tree.Dated(compare=compare, date=date):
            return f"date{_sign(compare)}{date}"
        case tree.PartyIs(role=role, text=text):
            return f"{role}:{_value(text)}"
        case tree.ModalityIs(modality=modality):
            return f"modality:{modality}"
        case tree.BoundIs(bound=bound):
            return f"bound:{bound}"


def _sign(compare: tree.Compare) -> str:
    return ":" if compare == "=" else compare


def _figure(value: float) -> str:
    """The shortest digits that are read as this very number."""
    exact = Decimal(repr(value))
    for scale, letter in _LETTERS:
        short = exact / scale
        if short >= 1 and len(short.normalize().as_tuple().digits) <= _SHORT:
            return _digits(short) + letter
    return _digits(exact)


def _digits(number: Decimal) -> str:
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
