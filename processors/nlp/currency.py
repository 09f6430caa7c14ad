"""A claim's money in US dollars, at the European Central Bank's rate of the publication date.

The rates come inside the ``currency_converter`` package, since 1999 and up to its release; they
are read once, when the first amount in a foreign currency asks for them.
"""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from math import isfinite
from typing import TYPE_CHECKING

import msgspec

from processors.records import Claim

if TYPE_CHECKING:
    from currency_converter import CurrencyConverter

DOLLAR = "USD"


class Rate(msgspec.Struct, frozen=True):
    """How many dollars one unit of a currency was worth, and on which business day."""

    dollars: float
    day: date


def with_dollars(claim: Claim, published: datetime | None) -> Claim:
    """The claim with ``usd_low``, ``usd_high`` and ``usd_rate_date`` as its currency implies.

    Dollars pass through without a rate. Other money is converted, to the cent, at the rate of the
    day on which the publisher dates the text; all three are None without that day, for a currency
    that the bank does not list, and for what is no money. Never raises.
    """
    rate_date = None
    low, high = claim.amount_low, claim.amount_high
    if claim.currency != DOLLAR:
        rate = rate_on(claim.currency, published.date()) if claim.currency and published else None
        low, high = _converted(low, rate), _converted(high, rate)
        rate_date = rate.day.isoformat() if rate and (low, high) != (None, None) else None
    return msgspec.structs.replace(claim, usd_low=low, usd_high=high, usd_rate_date=rate_date)


@lru_cache(maxsize=4096)
def rate_on(currency: str, day: date) -> Rate | None:
    """The rate of ``day`` or, where the bank set none, of the latest day before it that has one.

    None for a currency that the bank never listed, and for a day before it was first listed.
    """
    rates = _rates()
    if currency not in rates.currencies:
        return None
    (first, last), (dollar_first, dollar_last) = rates.bounds[currency], rates.bounds[DOLLAR]
    day = min(day, last, dollar_last)
    while day >= max(first, dollar_first):
        if value := _rate(rates, currency, day):
            return Rate(value, day)
        day -= timedelta(days=1)
    return None


@cache
def _rates() -> "CurrencyConverter":
    from currency_converter import CurrencyConverter

    return CurrencyConverter()


def _rate(rates: "CurrencyConverter", currency: str, day: date) -> float | None:
    from currency_converter import RateNotFoundError

    try:
        return float(rates.convert(1, currency, DOLLAR, day))
    except RateNotFoundError:  # a weekend or a bank holiday
        return None


def _converted(amount: float | None, rate: Rate | None) -> float | None:
    """The amount in dollars, to the cent; None where it has no finite value."""
    value = amount * rate.dollars if amount is not None and rate else None
    return round(value, 2) if value is not None and isfinite(value) else None
