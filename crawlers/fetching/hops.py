"""Redirects and compressed bodies: what may follow, how often, and how large it may become."""

from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawlers.fetching.outcomes import End, EndedError
from processors.ids import canonical_url

MAX_HOPS = 5
STATUSES = frozenset({301, 302, 303, 307, 308})
_TRAIL = "trail"


def next_hop(url: str, location: str, trail: tuple[str, ...]) -> str:
    """The address that a redirect leads to, without user name and fragment.

    ``trail`` holds the addresses asked for so far, ``url`` being the last. Raises EndedError when
    the way ends here. A step from https to http is taken: no request of ours carries a secret.
    """
    try:
        parts = urlsplit(urljoin(url, location.strip()))
        hop = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
        if parts.scheme in {"http", "https"}:
            canonical_url(hop)
    except ValueError as error:
        raise EndedError(End("bad-url", "a redirect to no address")) from error
    if parts.scheme not in {"http", "https"}:
        raise EndedError(End("redirect-loop", "a redirect to another kind of address"))
    if hop in trail:
        raise EndedError(End("redirect-loop", "redirects in a circle"))
    if len(trail) > MAX_HOPS:
        raise EndedError(End("redirect-loop", f"more than {MAX_HOPS} redirects"))
    return hop


class Redirects:
    """Downloader middleware; each hop passes robots policy and guard like any other request."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        location = response.headers.get("Location")
        # A form, with what is secret in it, goes where it was meant to go and nowhere else.
        if response.status not in STATUSES or not location or request.method != "GET":
            return response
        trail = (*request.meta.get(_TRAIL, ()), request.url)
        hop = next_hop(request.url, location.decode("utf-8", "replace"), trail)
        meta = {key: value for key, value in request.meta.items() if key != "download_slot"}
        try:
            return request.replace(url=hop, meta={**meta, _TRAIL: trail})
        except ValueError as error:
            raise EndedError(End("bad-url", "a redirect to no address")) from error


class BoundedCompression(HttpCompressionMiddleware):
    """Scrapy's decompression, which stops at the size limit, with outcomes of ours."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise EndedError(End("too-large", "the body unpacks to more than allowed")) from error
        except Exception as error:  # each codec has an error class of its own
            raise EndedError(End("unreadable", "a broken compressed body")) from error
