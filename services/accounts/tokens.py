"""Random secrets: made here, kept as digests, compared without telling how much fits."""

import hmac
import re
import secrets
from hashlib import sha256

from services.store.people import Silent

KEY_START = "bw"
_KEY = re.compile(rf"{KEY_START}_([0-9a-f]{{12}})_([A-Za-z0-9_-]{{43}})")


class NewKey(Silent, frozen=True, kw_only=True):
    """A key at the one moment when it is known whole."""

    text: str
    prefix: str
    digest: str


class GivenKey(Silent, frozen=True, kw_only=True):
    """What a request showed: where to look, and what must be found there."""

    prefix: str
    digest: str


def new_token() -> str:
    """32 random bytes as text."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 in hexadecimal; for random tokens only, passwords need more (``passwords``)."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(
        one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
    )


def new_key() -> NewKey:
    """``bw_0123456789ab_…``: a prefix to find it by, and 32 random bytes."""
    prefix, secret = secrets.token_hex(6), new_token()
    return NewKey(text=f"{KEY_START}_{prefix}_{secret}", prefix=prefix, digest=digest(secret))


def read_key(text: str) -> GivenKey | None:
    """None when the text is no key at all."""
    found = _KEY.fullmatch(text)
    return GivenKey(prefix=found[1], digest=digest(found[2])) if found else None


def new_id() -> str:
    """An id that nobody guesses, short enough for an address."""
    return secrets.token_hex(8)
