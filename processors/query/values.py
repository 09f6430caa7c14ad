"""The values of a query's filters: figures, instants and stretches of days, bounds on them."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from processors.query.errors import QueryError
from processors.query.lexer import Token
from processors.query.tree import Amount, Compare

MOST = Decimal(10) ** 18
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
_SIGNS: dict[str, Compare] = {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">="}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
_AGO = re.compile(r"(\d{1,5})([hdw])", re.IGNORECASE)


def split_bound(value: str) -> tuple[Compare | None, str]:
    """The comparison in front of a value, and the value; None where there is no comparison."""
    match = _BOUND.fullmatch(value.strip())
    sign, rest = match.groups() if match else (None, value)
    return _SIGNS.get(sign or "", "=" if sign else None), rest


def amounts(token: Token) -> tuple[Amount, ...]:
    """``>10M``, ``5.6M`` (exactly), ``10M..100M``: of dollars, or a count, as the field says."""
    unit: Literal["usd", "count"] = "usd" if token.field == "usd" else "count"
    low, dots, high = token.text.partition("..")
    if not dots:
        sign, figure = split_bound(token.text)
        return (Amount(unit, sign or "=", _figure(figure, token)),)
    bounds: list[Amount] = []
    if low.strip():
        bounds.append(Amount(unit, ">=", _figure(low, token)))
    if high.strip():
        bounds.append(Amount(unit, "<=", _figure(high, token)))
    if not bounds:
        raise _no_figure(token)
    if len(bounds) == 2 and bounds[0].value > bounds[1].value:
        raise QueryError(
            f"the range {token.text[:40]} runs backwards",
            token.value_position,
            f"the smaller figure comes first, each with its own scale: {token.field}:10M..100M",
        )
    return tuple(bounds)


def _figure(figure: str, token: Token) -> float:
    match = _FIGURE.fullmatch(figure.strip())
    scale = match[2].lower() if match else ""
    if not match or (scale and scale not in SCALES):
        raise _no_figure(token)
    amount = Decimal(match[1].replace(",", "")) * SCALES.get(scale, 1)
    if amount > MOST:
        raise QueryError(f"{figure.strip()[:40]} is more than anything costs", token.value_position)
    return float(amount)


def _no_figure(token: Token) -> QueryError:
    name = token.field
    return QueryError(
        f"{token.text[:40]!r} is no figure",
        token.value_position,
        f'write {name}:>10M, {name}:<=5.6M, {name}:10M..100M or {name}:>"100 million"',
    )


def instant(token: Token, now: datetime | None) -> datetime:
    """As ``moment``. Raises QueryError, which shows the place of the token."""
    if (found := moment(token.text, now)) is not None:
        return found
    raise QueryError(
        f"{token.text.strip()[:40]!r} is no date",
        token.value_position,
        "write 2025, 2025-01, 2025-01-28, or 12h, 7d, 4w for so long ago",
    )


def moment(text: str, now: datetime | None) -> datetime | None:
    """The start of the year, month or day that is named (UTC), or so long before ``now``.

    A time in ISO 8601 is that time. None for what is no date.
    """
    text = text.strip()
    try:
        if match := _DAY.fullmatch(text):
            year, month, day = (int(part or 1) for part in match.groups())
            return datetime(year, month, day, tzinfo=UTC)
        if (match := _AGO.fullmatch(text)) and now is not None:
            hours = int(match[1]) * HOURS[match[2].lower()]
            return now.astimezone(UTC) - timedelta(hours=hours)
        if "T" in text:
            found = datetime.fromisoformat(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return None


def days(text: str) -> tuple[date, date] | None:
    """The first and the last day of ``2025``, ``2026-Q1``, ``2025-03`` or ``2025-03-14``."""
    try:
        if match := _QUARTER.fullmatch(text):
            year, month = int(match[1]), int(match[2]) * 3 - 2
            return date(year, month, 1), _month_end(year, month + 2)
        if match := _DAY.fullmatch(text):
            year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
            if day:
                return date(year, month, day), date(year, month, day)
            return date(year, month or 1, 1), _month_end(year, month or 12)
    except (ValueError, OverflowError):
        pass
    return None


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1) if year < date.max.year else date.max
    return following - timedelta(days=1)
