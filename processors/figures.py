"""How a claim reads: ``$5.6M``, ``≥ $65B``, ``~$78M``, ``$60–65B``, ``hundreds of millions``.

A figure is never rounded: what has no short exact form is written out in full.
"""

from math import inf, isfinite

from processors.query.terms import joined
from processors.records import Claim

SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "CNY": "CN¥",
    "INR": "₹",
    "KRW": "₩",
    "TWD": "NT$",
    "HKD": "HK$",
    "CAD": "C$",
    "AUD": "A$",
    "SGD": "S$",
    "ILS": "₪",
    "BRL": "R$",
}
SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
UNITS = {
    "chips": " chips",
    "people": " people",
    "per_million_tokens": " per million tokens",
    "per_chip": " per chip",
    "per_month": " per month",
    "per_book": " per book",
}
ROUGHLY = 0.1
"""How far a figure that is said to be about something may lie from it."""
SIGNS = {"about": "~", "at_least": "≥ ", "at_most": "≤ "}
VAGUE = {
    (1e3, 1e6): "thousands",
    (1e6, 1e9): "millions",
    (1e9, 1e12): "billions",
    (1e12, 1e15): "trillions",
    (1e1, 1e2): "tens",
    (1e2, 1e3): "hundreds",
    (1e4, 1e5): "tens of thousands",
    (1e5, 1e6): "hundreds of thousands",
    (1e7, 1e8): "tens of millions",
    (1e8, 1e9): "hundreds of millions",
    (1e10, 1e11): "tens of billions",
    (1e11, 1e12): "hundreds of billions",
}
"""Floor and ceiling of each vague word; of two with one ceiling, the wider stands first."""


def figure(claim: Claim) -> str:
    """The figure of a claim with its bound; a date with its event; empty where there is neither."""
    if claim.kind == "date":
        return " ".join(part for part in (claim.object, claim.date) if part)
    low, high = claim.amount_low, claim.amount_high
    if low is None and high is None:
        return ""
    unit = UNITS.get(claim.unit or "", f" {(claim.unit or '').replace('_', ' ')}".rstrip())
    if claim.bound == "vague" and (words := _vague(low, high)):
        counted = claim.unit in ("chips", "people")
        return words + _of_currency(claim.currency) + (" of" if counted else "") + unit
    return SIGNS.get(claim.bound, "") + _span(low, high, claim.currency) + unit


def claim_line(claim: Claim) -> str:
    """``training cost · DeepSeek · $5.6M · reported``: kind, subject, figure, object, modality."""
    thing = claim.object if claim.kind != "date" else None
    parts = (kind_words(claim.kind), claim.subject, figure(claim), thing, claim.modality)
    return " · ".join(part for part in parts if part)


def dollars(claim: Claim) -> tuple[float, ...]:
    """The figures that a claim states, in US dollars: converted ones, or its own if in dollars."""
    stated: tuple[float | None, ...] = (claim.usd_low, claim.usd_high)
    if stated == (None, None) and claim.currency == "USD":
        stated = (claim.amount_low, claim.amount_high)
    return tuple(value for value in stated if value is not None and isfinite(value))


def span(claim: Claim) -> tuple[float, float] | None:
    """From where to where the figure of a claim may lie: dollars, or its number of things.

    ``at least`` has no end and ``at most`` no beginning; ``about``, and what was converted from
    another currency, is taken a tenth wider on both sides. None for a claim without a figure.
    """
    stated = dollars(claim)
    converted = claim.usd_rate_date is not None
    if not stated and claim.currency is None:
        amounts = (claim.amount_low, claim.amount_high)
        stated = tuple(value for value in amounts if value is not None and isfinite(value))
        converted = False
    if not stated:
        return None
    low, high = min(stated), max(stated)
    if claim.bound == "about" or converted:
        low, high = low * (1 - ROUGHLY), high * (1 + ROUGHLY)
    return (
        0.0 if claim.bound == "at_most" else low,
        inf if claim.bound == "at_least" else high,
    )


def party_key(id: str | None, name: str | None) -> str:
    """Whom or what a claim is about, as one key: the id, or the terms of the name; may be empty."""
    return id or joined(name or "")


def kind_words(kind: str) -> str:
    """``training cost`` for ``training_cost``."""
    return kind.replace("_", " ")


def amount(value: float, currency: str | None = None) -> str:
    """One amount, as short as it can be exactly: ``$5.6M``, ``CHF 20M``, ``50,000``."""
    number, letter = _scaled(value, money=currency is not None)
    return _sign_of(currency) + number + letter


def _scaled(value: float, *, money: bool) -> tuple[str, str]:
    for scale, letter in SCALES:
        short = round(value / scale, 3)
        # The tolerance takes back the noise of 0.07 * 1e9, and is below half a unit up to 1e14.
        if short >= 1 and abs(short * scale - value) <= value * 4e-15:
            return f"{short:,.3f}".rstrip("0").rstrip("."), letter
    if abs(value) < 1e15 and value == int(value):
        return f"{int(value):,}", ""
    cents = f"{value:,.2f}"
    exact = f"{value:,.6f}".rstrip("0").rstrip(".")
    return (cents if money and float(cents.replace(",", "")) == value else exact), ""


def _span(low: float | None, high: float | None, currency: str | None) -> str:
    if low is None or high is None or low == high:
        return amount(low if low is not None else high or 0.0, currency)
    first, first_letter = _scaled(low, money=currency is not None)
    second, second_letter = _scaled(high, money=currency is not None)
    if first_letter == second_letter:
        return f"{_sign_of(currency)}{first}–{second}{second_letter}"
    return f"{amount(low, currency)}–{amount(high, currency)}"


def _vague(low: float | None, high: float | None) -> str:
    """The words for a vague stretch: ``hundreds of millions to billions``; empty if none fit."""
    if word := VAGUE.get((low or 0.0, high or 0.0)):
        return word
    floor_word = next((word for (floor, _), word in reversed(VAGUE.items()) if floor == low), "")
    top = next((w for (f, ceiling), w in VAGUE.items() if ceiling == high and f > (low or 0)), "")
    if not floor_word or not top:
        return ""
    head, _, tail = floor_word.partition(" of ")
    return f"{head} to {top}" if tail and top.endswith(f" of {tail}") else f"{floor_word} to {top}"


def _sign_of(currency: str | None) -> str:
    if currency is None:
        return ""
    return SYMBOLS.get(currency, f"{currency} ")


def _of_currency(currency: str | None) -> str:
    return "" if currency in (None, "USD") else f" ({currency})"
