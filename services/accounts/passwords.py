"""Passwords as argon2id hashes; a check takes as long for a name that nobody has."""

import unicodedata
from base64 import b64encode
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Each hash takes 64 MiB: more of them at the same time wait."""


class Passwords:
    """Hashes and checks; threads may share one."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._room = BoundedSemaphore(AT_ONCE)
        self._nobodys = _nobodys(self._hasher)

    def hash(self, password: str) -> str:
        with self._room:
            return self._hasher.hash(_plain(password))

    def check(self, password: str, known: str | None) -> bool:
        """Whether the hash is that of the password; None, for nobody, takes the same work."""
        with self._room:
            try:
                fits = self._hasher.verify(known or self._nobodys, _plain(password))
            except (VerificationError, InvalidHashError):
                return False
        return fits and known is not None


def _plain(password: str) -> bytes:
    """The same bytes however a keyboard composes its letters."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _nobodys(hasher: PasswordHasher) -> str:
    """A hash with today's parameters that is of no password."""
    salt, hashed = (_encoded(size) for size in (hasher.salt_len, hasher.hash_len))
    return (
        f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        f"${salt}${hashed}"
    )


def _encoded(size: int) -> str:
    return b64encode(bytes(size)).decode().rstrip("=")
