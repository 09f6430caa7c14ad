"""The filters of a query, ``name:value``: what each accepts, and the node that it means."""

import difflib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

from processors.query.errors import QueryError
from processors.query.lexer import Token
from processors.query.terms import terms
from processors.query.tree import ClaimIs, Compare, EntityIs, Node, Published, SourceIs, Usd
from processors.records import ClaimKind

KINDS: tuple[str, ...] = get_args(ClaimKind)
MOST_USD = Decimal(10) ** 18
SCALES = {
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("m", "mn", "mln", "million"), 10**6),
    **dict.fromkeys(("b", "bn", "bln", "billion"), 10**9),
    **dict.fromkeys(("t", "tn", "trn", "trillion"), 10**12),
}
HOURS = {"h": 1, "d": 24, "w": 24 * 7}
_FIGURE = re.compile(
    r"(?:US)?\$?\s*(\d[\d,]{0,30}(?:\.\d{1,30})?|\.\d{1,30})\s*([a-z]*)", re.IGNORECASE
)
_BOUND = re.compile(r"(<=|>=|<|>|=|≤|≥)?\s*(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_AGO = re.compile(r"(\d{1,5})([hdw])", re.IGNORECASE)


def filter_node(token: Token, now: datetime | None) -> Node:
    """What a ``field`` token means. Raises QueryError with the place and a remedy."""
    read = FIELDS.get(token.field)
    if read is None:
        raise QueryError(f"{token.field!r} is not a field", token.position, _unknown(token))
    if not token.text.strip():
        raise QueryError(
            f"{token.field}: needs a value right after the colon",
            token.value_position,
            f"for example {EXAMPLES[token.field]}",
        )
    return read(token, now)


def _unknown(token: Token) -> str:
    near = difflib.get_close_matches(token.field, FIELDS, n=1)
    first = f"did you mean {near[0]}:? " if near else f"the fields are {', '.join(FIELDS)}. "
    return (
        first + f'To look for the text itself, put it in quotes: "{token.field}:{token.text[:40]}"'
    )


def _entity(token: Token, _now: datetime | None) -> Node:
    return EntityIs(_named(token))


def _source(token: Token, _now: datetime | None) -> Node:
    return SourceIs(_named(token))


def _named(token: Token) -> str:
    if not terms(token.text):
        raise QueryError(
            f"{token.text[:40]!r} is no name",
            token.value_position,
            f"for example {EXAMPLES[token.field]}",
        )
    return token.text.strip()


def _claim(token: Token, _now: datetime | None) -> Node:
    kind = re.sub(r"[\s-]+", "_", token.text.strip().lower())
    if kind in KINDS:
        return ClaimIs(kind)
    near = difflib.get_close_matches(kind, KINDS, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise QueryError(
        f"{token.text[:40]!r} is no kind of claim",
        token.value_position,
        f"{hint}The kinds are {', '.join(KINDS)}",
    )


def _usd(token: Token, _now: datetime | None) -> Node:
    low, dots, high = token.text.partition("..")
    if not dots:
        sign, figure = _split(token.text)
        return ClaimIs(usd=(Usd(sign or "=", _dollars(figure, token)),))
    bounds: list[Usd] = []
    if low.strip():
        bounds.append(Usd(">=", _dollars(low, token)))
    if high.strip():
        bounds.append(Usd("<=", _dollars(high, token)))
    if not bounds:
        raise _no_figure(token)
    if len(bounds) == 2 and bounds[0].amount > bounds[1].amount:
        raise QueryError(
            f"the range {token.text[:40]} runs backwards",
            token.value_position,
            "the smaller figure comes first, each with its own scale: usd:10M..100M",
        )
    return ClaimIs(usd=tuple(bounds))


def _split(value: str) -> tuple[Compare | None, str]:
    match = _BOUND.fullmatch(value.strip())
    sign, figure = match.groups() if match else (None, value)
    signs: dict[str, Compare] = {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">="}
    return signs.get(sign or "", "=" if sign else None), figure


def _dollars(figure: str, token: Token) -> float:
    match = _FIGURE.fullmatch(figure.strip())
    scale = match[2].lower() if match else ""
    if not match or (scale and scale not in SCALES):
        raise _no_figure(token)
    amount = Decimal(match[1].replace(",", "")) * SCALES.get(scale, 1)
    if amount > MOST_USD:
        raise QueryError(f"{figure.strip()[:40]} is more than anything costs", token.value_position)
    return float(amount)


def _no_figure(token: Token) -> QueryError:
    return QueryError(
        f"{token.text[:40]!r} is no figure",
        token.value_position,
        'write usd:>10M, usd:<=5.6M, usd:10M..100M or usd:>"100 million"',
    )


def _after(token: Token, now: datetime | None) -> Node:
    return Published(after=_instant(token, now))


def _before(token: Token, now: datetime | None) -> Node:
    return Published(before=_instant(token, now))


def _instant(token: Token, now: datetime | None) -> datetime:
    """The start of the year, month or day that is named (UTC), or so long before ``now``."""
    text = token.text.strip()
    try:
        if match := _DAY.fullmatch(text):
            year, month, day = (int(part or 1) for part in match.groups())
            return datetime(year, month, day, tzinfo=UTC)
        if (match := _AGO.fullmatch(text)) and now is not None:
            hours = int(match[1]) * HOURS[match[2].lower()]
            return now.astimezone(UTC) - timedelta(hours=hours)
        if "T" in text:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise QueryError(
        f"{text[:40]!r} is no date",
        token.value_position,
        "write 2025, 2025-01, 2025-01-28, or 12h, 7d, 4w for so long ago",
    )


FIELDS: dict[str, Callable[[Token, datetime | None], Node]] = {
    "entity": _entity,
    "source": _source,
    "claim": _claim,
    "usd": _usd,
    "after": _after,
    "before": _before,
}
EXAMPLES = {
    "entity": 'entity:nvidia or entity:"Sam Altman"',
    "source": "source:ledger",
    "claim": "claim:training_cost",
    "usd": "usd:>10M",
    "after": "after:2025-01-28",
    "before": "before:2025",
}
