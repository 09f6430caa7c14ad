"""Whether a request that changes something was meant by who sent it.

Two things must both be right: the browser says that one of our own pages sent it, and it carries
the token that only such a page can know. A request with an API key needs neither: no browser adds
one by itself.
"""

from services.accounts.tokens import digest, same

FIELD = "csrf"
HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

STRANGER = "It was not sent by a page of Beatwire."
STALE = "The page that it was sent from is too old, or was open under another login."


def form_token(cookie: str) -> str:
    """The token that belongs to a cookie's random value: of a session, or before it of a visit.

    It is kept nowhere, and from what is kept of a session nobody can make it.
    """
    return digest(f"csrf {cookie}")


def refusal(*, fetch_site: str, origin: str, ours: str, sent: str, known: str) -> str:
    """Why a request is refused; empty when it is not.

    ``fetch_site`` and ``origin`` are the headers, ``ours`` is the origin that was asked, ``sent``
    the token of the request and ``known`` that of who sent it. Browsers that are old, or that
    reach us without https, send no Sec-Fetch-Site, but every browser sends an Origin.
    """
    if not ours or (fetch_site and fetch_site != "same-origin"):
        return STRANGER
    if origin != ours and not (fetch_site and not origin):
        return STRANGER
    if not known or not same(sent, known):
        return STALE
    return ""
