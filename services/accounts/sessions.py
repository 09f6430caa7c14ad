"""How long a login lasts."""

from datetime import datetime, timedelta

from services.accounts.tokens import digest, new_token
from services.store.people import Session

IDLE = timedelta(days=14)
"""A session that is not used for so long has ended."""
LONGEST = timedelta(days=90)
"""After so long even a session in daily use asks for the password again."""
STEP = timedelta(hours=1)
"""An end is moved by no less, so that few requests write."""


def new_session(user: str, now: datetime) -> tuple[str, Session]:
    """The token for the cookie, and what is kept of it."""
    token = new_token()
    return token, Session(
        digest=digest(token),
        user=user,
        created_at=now,
        expires_at=now + IDLE,
    )


def is_over(session: Session, now: datetime) -> bool:
    return now >= session.expires_at


def later_end(session: Session, now: datetime) -> datetime | None:
    """When a session that is used now ends; None when that hardly changes."""
    end = min(now + IDLE, session.created_at + LONGEST)
    return end if end - session.expires_at >= STEP else None
