"""Conditional requests (RFC 9110): asking a server only for what changed since the last look."""

from collections.abc import Mapping

from services.store.port import Target

MAX_VALIDATOR = 1024
"""Characters of a validator worth keeping; a longer one is a trap."""


def request_headers(target: Target | None) -> dict[str, str]:
    """The validators of the last look, verbatim; a server's own spelling is what it compares."""
    if target is None or not target.content_hash:
        return {}
    given = {"If-None-Match": target.etag, "If-Modified-Since": target.last_modified}
    return {name: value for name, value in given.items() if value}


def validators(headers: Mapping[str, str]) -> tuple[str, str]:
    """ETag and Last-Modified of a response; empty for one that could not be sent back as it is."""
    return _usable(headers.get("etag", "")), _usable(headers.get("last-modified", ""))


def _usable(value: str) -> str:
    text = value.strip()
    good = len(text) <= MAX_VALIDATOR and text.isascii() and text.isprintable()
    return text if good else ""
