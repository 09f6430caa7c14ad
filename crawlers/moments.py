"""Times as listings write them, for rhythm and order alone; reading an article judges its own."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

MOST_CHARACTERS = 64
_ISO_FIRST = (datetime.fromisoformat, parsedate_to_datetime)
_MAIL_FIRST = (parsedate_to_datetime, datetime.fromisoformat)


def moment(text: str) -> datetime | None:
    """RFC 822 or ISO 8601, without a zone in UTC; None for what is neither."""
    given = text.strip()[:MOST_CHARACTERS]
    return _moment(given) if given else None


@lru_cache(10_000)
def _moment(given: str) -> datetime | None:
    """Most listings name the same times again and again."""
    by_number = given[0].isdigit()
    for read in _ISO_FIRST if by_number else _MAIL_FIRST:
        try:
            at = read(given)
            return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None
