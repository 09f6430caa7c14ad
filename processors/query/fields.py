"""The filters of a query, ``name:value``: what each accepts, and the node that it means."""

import difflib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import get_args

import msgspec

from processors.query import tree
from processors.query.errors import QueryError
from processors.query.lexer import Token
from processors.query.terms import terms
from processors.query.texts import text_node
from processors.query.values import amounts, days, instant, split_bound
from processors.records import Bound, ClaimKind, EntityType, Modality

KINDS: tuple[str, ...] = get_args(ClaimKind)
ANY = "any"
"""The kind of claim that stands for all of them."""
_MOOD = re.compile(r"([^<>=≤≥]+)(<=|>=|<|>|=|≤|≥)\s*([-−+]?\d?\.?\d{1,6})")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-]{1,20})?")


class Field(msgspec.Struct, frozen=True):
    """One filter: how its value is read, and how the docs and errors show it."""

    read: Callable[[Token, datetime | None], tree.Node]
    example: str
    says: str


def filter_node(token: Token, now: datetime | None) -> tree.Node:
    """What a ``field`` token means. Raises QueryError with the place and a remedy."""
    field = FIELDS.get(token.field)
    if field is None:
        raise QueryError(f"{token.field!r} is not a field", token.position, _unknown(token))
    if not token.text.strip():
        raise QueryError(
            f"{token.field}: needs a value right after the colon",
            token.value_position,
            f"for example {field.example}",
        )
    if token.tail and token.field not in ("title", "mood"):
        raise QueryError(f"{token.tail[:20]!r} means nothing here", token.end - len(token.tail))
    return field.read(token, now)


def condition_of(token: Token) -> tuple[tree.Condition, ...]:
    """What a token says inside of ``claim:KIND(...)``. Raises QueryError."""
    node = filter_node(token, None) if token.field in CONDITIONS else None
    if isinstance(node, tree.ClaimIs):
        return node.conditions
    raise QueryError(
        f"{(token.field or token.text)[:40]!r} is no condition on a claim",
        token.position,
        f"the conditions are {', '.join(CONDITIONS)}, with spaces between them",
    )


def _unknown(token: Token) -> str:
    near = difflib.get_close_matches(token.field, FIELDS, n=1)
    first = f"did you mean {near[0]}:? " if near else f"the fields are {', '.join(FIELDS)}. "
    return (
        first + f'To look for the text itself, put it in quotes: "{token.field}:{token.text[:40]}"'
    )


def _named(token: Token) -> str:
    if not terms(token.text):
        raise QueryError(
            f"{token.text[:40]!r} is no name",
            token.value_position,
            f"for example {FIELDS[token.field].example}",
        )
    return token.text.strip()


def _by_name(made: Callable[[str], tree.Node]) -> Callable[[Token, datetime | None], tree.Node]:
    return lambda token, _now: made(_named(token))


def _entity(*types: EntityType) -> Callable[[Token, datetime | None], tree.Node]:
    return lambda token, _now: tree.EntityIs(_named(token), types)


def _party(role: tree.Party) -> Callable[[Token, datetime | None], tree.Node]:
    return lambda token, _now: tree.ClaimIs(conditions=(tree.PartyIs(role, _named(token)),))


def _mood(token: Token, _now: datetime | None) -> tree.Node:
    match = _MOOD.fullmatch((token.text + token.tail).strip())
    score = float(match[3].replace("−", "-")) + 0.0 if match else 2.0  # no minus zero
    if not match or abs(score) > 1 or not terms(match[1]):
        raise QueryError(
            f"{(token.text + token.tail)[:40]!r} is no mood",
            token.value_position,
            "write a name and a bound between -1 and 1: mood:nvidia<-0.3",
        )
    return tree.MoodIs(match[1].strip(), split_bound(match[2])[0] or "=", score)


def _language(token: Token, _now: datetime | None) -> tree.Node:
    match = _LANGUAGE.fullmatch(token.text.strip())
    if not match:
        raise QueryError(
            f"{token.text[:40]!r} is no language", token.value_position, "write a code: lang:en"
        )
    return tree.LanguageIs(match[1].lower())


def _story(token: Token, _now: datetime | None) -> tree.Node:
    return tree.StoryIs(token.text.strip().lower())


def _event(token: Token, _now: datetime | None) -> tree.Node:
    return tree.EventIs(token.text.strip().lower())


def _is(token: Token, _now: datetime | None) -> tree.Node:
    return _one_of(token, ("original",), lambda _: tree.Original())


def _claim(token: Token, _now: datetime | None) -> tree.Node:
    return _one_of(token, (*KINDS, ANY), lambda kind: tree.ClaimIs(None if kind == ANY else kind))


def _amounts(token: Token, _now: datetime | None) -> tree.Node:
    return tree.ClaimIs(conditions=amounts(token))


def _date(token: Token, _now: datetime | None) -> tree.Node:
    sign, text = split_bound(token.text)
    if days(text) is None:
        raise QueryError(
            f"{text[:40]!r} is no date",
            token.value_position,
            "write date:2025, date:2026-Q1, date:>=2025-03 or date:<2025-03-14",
        )
    return tree.ClaimIs(conditions=(tree.Dated(sign or "=", text),))


def _modality(token: Token, _now: datetime | None) -> tree.Node:
    def made(word: str) -> tree.Node:
        return tree.ClaimIs(conditions=(tree.ModalityIs(msgspec.convert(word, Modality)),))

    return _one_of(token, get_args(Modality), made)


def _bound(token: Token, _now: datetime | None) -> tree.Node:
    def made(word: str) -> tree.Node:
        return tree.ClaimIs(conditions=(tree.BoundIs(msgspec.convert(word, Bound)),))

    return _one_of(token, get_args(Bound), made)


_CALLED = {"claim": "kind of claim", "is": "property of an article"}


def _one_of(token: Token, known: Sequence[str], made: Callable[[str], tree.Node]) -> tree.Node:
    word = re.sub(r"[\s-]+", "_", token.text.strip().lower())
    if word in known:
        return made(word)
    near = difflib.get_close_matches(word, known, n=1)
    called = _CALLED.get(token.field, token.field)
    raise QueryError(
        f"{token.text[:40]!r} is no {called}",
        token.value_position,
        (f"did you mean {near[0]}? " if near else "") + f"There are {', '.join(known)}",
    )


def _after(token: Token, now: datetime | None) -> tree.Node:
    return tree.Published(after=instant(token, now))


def _before(token: Token, now: datetime | None) -> tree.Node:
    return tree.Published(before=instant(token, now))


def _title(token: Token, _now: datetime | None) -> tree.Node:
    return text_node(token, "title")


FIELDS: dict[str, Field] = {
    "title": Field(_title, 'title:"export rules"', "words of the headline"),
    "entity": Field(_entity(), 'entity:nvidia or entity:"Sam Altman"', "whom the text names"),
    "person": Field(_entity("person"), "person:altman", "a person that it names"),
    "org": Field(
        _entity("company", "lab", "fund", "agency"), "org:meta", "a company, lab, fund or agency"
    ),
    "model": Field(_entity("model"), "model:r1", "a model"),
    "chip": Field(_entity("chip"), "chip:h100", "a chip"),
    "mood": Field(_mood, "mood:nvidia<-0.3", "the mood towards somebody, from -1 to 1"),
    "source": Field(_by_name(tree.SourceIs), "source:ledger", "the publisher"),
    "author": Field(_by_name(tree.AuthorIs), "author:ames", "who wrote it"),
    "lang": Field(_language, "lang:en", "its language"),
    "section": Field(
        _by_name(tree.SectionIs),
        "section:business",
        "the publisher's section",
    ),
    "story": Field(_story, "story:ID", "all copies of one text"),
    "event": Field(_event, "event:ID", "all stories of one event"),
    "is": Field(_is, "is:original", "no copy of what was published before"),
    "after": Field(_after, "after:2025-01-28 or after:7d", "published from then on"),
    "before": Field(_before, "before:2025", "published before then"),
    "claim": Field(_claim, "claim:training_cost", "what it claims, by kind"),
    "usd": Field(_amounts, "usd:>10M", "a claim's figure in US dollars"),
    "count": Field(_amounts, "count:>=2000", "a claim's number of chips or people"),
    "date": Field(_date, "date:2025-01", "the date that a claim states"),
    "subject": Field(_party("subject"), "subject:deepseek", "whom a claim is about"),
    "object": Field(_party("object"), "object:r1", "what it is about besides"),
    "speaker": Field(_party("speaker"), "speaker:altman", "who says so"),
    "modality": Field(_modality, "modality:planned", "whether it is done, planned, denied…"),
    "bound": Field(_bound, "bound:at_least", "whether the figure is exact, a floor, vague…"),
}
CONDITIONS = ("usd", "count", "date", "subject", "object", "speaker", "modality", "bound")
"""The filters that speak of a claim, and may stand in ``claim:KIND(...)``."""
