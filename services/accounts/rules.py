"""What a name, a password and the scopes of a key must look like. Each raises UserError."""

import re
from collections.abc import Iterable

from services.accounts.roles import ROLES, SCOPES, Scope, scopes_for
from services.errors import UserError
from services.store.people import Role

LOCAL = "local"
"""Who reaches pages that ask for no login; owns what is made there."""
MAX_NAME = 64
MIN_PASSWORD, MAX_PASSWORD = 12, 1024
MAX_LABEL = 100
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]*")


def tidy_name(name: str) -> str:
    """The name as it is kept: case and space around it do not count."""
    return name.strip().lower()


def good_name(name: str) -> str:
    """The name of a new user, tidied."""
    tidy = tidy_name(name)
    if len(tidy) > MAX_NAME or not _NAME.fullmatch(tidy):
        raise UserError(f"{tidy[:MAX_NAME]!r} is no name; use up to 64 of a-z, 0-9 and . _ - @ +")
    if tidy == LOCAL:
        raise UserError(f"the name {LOCAL} means whoever needs no login; choose another")
    return tidy


def good_password(password: str, name: str) -> str:
    """A password as long as it must be, that is not the name and not one character."""
    if len(password) < MIN_PASSWORD:
        raise UserError(f"a password needs {MIN_PASSWORD} characters or more; four words make one")
    if len(password) > MAX_PASSWORD:
        raise UserError(f"a password has up to {MAX_PASSWORD} characters")
    if len(set(password)) < 4 or tidy_name(password) == name:
        raise UserError("this password is too easily guessed; four words make a good one")
    return password


def good_role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known
    raise UserError(f"{role!r} is no role; choose one of {', '.join(ROLES)}")


def good_scopes(scopes: Iterable[str], role: Role) -> tuple[Scope, ...]:
    """The scopes in their usual order, once each; those that the owner's role has."""
    asked = set(scopes)
    if unknown := sorted(asked - SCOPES.keys()):
        raise UserError(f"{unknown[0]!r} is no scope; choose from {', '.join(SCOPES)}")
    if beyond := sorted(asked - set(scopes_for(role))):
        raise UserError(f"a key for {beyond[0]} needs an operator as its owner")
    if not asked:
        raise UserError(f"a key needs a scope or more: {', '.join(scopes_for(role))}")
    return tuple(scope for scope in SCOPES if scope in asked)


def good_label(label: str) -> str:
    """What a key or a saved search is called: one line, not too long."""
    line = " ".join(label.split())
    if not line.isprintable() or len(line) > MAX_LABEL:
        raise UserError(f"a name has up to {MAX_LABEL} characters that can be printed")
    return line
