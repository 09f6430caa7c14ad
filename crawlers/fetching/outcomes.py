"""How a look at an address can end: every address ends in exactly one of these, with its reason.

Texts for refused and unreachable addresses are fixed, so that nobody learns from them which
ports of a private network are open.
"""

import asyncio
from typing import Literal

import msgspec
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    StopDownload,
    UnsupportedURLSchemeError,
)

Outcome = Literal[
    "fetched",
    "unchanged",
    "not-found",
    "gone",
    "robots",
    "opted-out",
    "refused-address",
    "too-large",
    "timed-out",
    "redirect-loop",
    "unreadable",
    "server-error",
    "unreachable",
    "bad-url",
    "trap",
]


class End(msgspec.Struct, frozen=True):
    """The outcome of one look, and its reason in words where the outcome does not say it all."""

    outcome: Outcome
    reason: str = ""
    passing: bool = False
    """It may end in another way a while later, although its outcome alone does not say so."""


REFUSED = End(
    "refused-address",
    "private or reserved address, or an unusual port; BEATWIRE_ALLOW_NETWORKS names exceptions",
)
UNREACHABLE = End("unreachable", "the server could not be reached")
TIMED_OUT = End("timed-out", "the server did not answer in time")


_STATUSES = {404: End("not-found"), 410: End("gone")}


class EndedError(IgnoreRequest):
    """Raised inside the downloader when an address is at its end before a response is."""

    def __init__(self, end: End) -> None:
        super().__init__(end.reason)
        self.end = end


def of_status(status: int) -> End | None:
    """What an HTTP status alone decides; None for 200 and 304, where the rest decides."""
    if status in {200, 203, 304}:
        return None
    return _STATUSES.get(status) or End(_of_class(status), f"the server answered {status}")


def _of_class(status: int) -> Outcome:
    if 300 <= status < 400:
        return "redirect-loop"
    return "server-error" if status in {408, 429} or status >= 500 else "unreadable"


def of_error(error: BaseException) -> End:
    """What an exception of the downloader means for the address."""
    match error:
        case EndedError():
            return error.end
        case DownloadTimeoutError() | asyncio.CancelledError():
            return TIMED_OUT
        case DownloadCancelledError():
            return End("too-large", "the body is larger than allowed")
        case StopDownload():
            return End("too-large", "the response headers are larger than 64 KiB")
        case UnsupportedURLSchemeError() | ValueError():
            return End("bad-url", "not an address that can be fetched")
        case _:
            return UNREACHABLE
