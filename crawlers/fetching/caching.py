"""What a response says about when to ask again: cache headers and ``Retry-After``."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LEAST_RETRY, MOST_RETRY = 1.0, 86400.0
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)


def fresh_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds for which the answer is fresh by its own word; None when it does not say."""
    control = headers.get("cache-control", "")[:1000]
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return 0.0
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        return max(0.0, float(found[1]) - (float(age[:9]) if age[:9].isdecimal() else 0.0))
    at = _when(headers.get("expires", ""))
    if at is None:
        return None
    # Against the server's own clock, which may be another one than ours.
    return max(0.0, (at - (_when(headers.get("date", "")) or now)).total_seconds())


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that ``Retry-After`` asks for, from a second to a day; None without it."""
    text = value.strip()
    if not text:
        return None
    at = _when(text)
    if at is not None:
        asked = (at - now).total_seconds()
    else:
        asked = float(text[:12]) if text.lstrip("-").isdecimal() and text.isascii() else LEAST_RETRY
    return min(max(asked, LEAST_RETRY), MOST_RETRY)


def _when(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return at.replace(tzinfo=at.tzinfo or UTC)
