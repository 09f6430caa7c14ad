"""The one way to the network: Scrapy's HTTP/1.1 handler behind the guard, with a cap on headers."""

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, StopDownload
from scrapy.http import Headers, Request, Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.error import ConnectionAborted
from twisted.web._newclient import HEADER, STATUS

from crawlers.fetching.outcomes import REFUSED, EndedError, of_error
from crawlers.fetching.resolver import GuardedResolver

MAX_HEAD = 64 * 1024
"""Bytes of status line and headers of one response."""
MAX_CHUNK = 64 * 1024
"""What Twisted reads at once."""
_PORTS = {"http": 80, "https": 443}


class GuardedHandler(HTTP11DownloadHandler):
    """Refuses to work without the guarded resolver, and says when it was the guard that refused."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = _CappedFactory

    async def download_request(self, request: Request) -> Response:
        from twisted.internet import reactor

        resolver = reactor.nameResolver
        if not isinstance(resolver, GuardedResolver):
            raise TypeError("no fetch without the guarded resolver")
        try:
            return await super().download_request(request)
        except CannotResolveHostError as error:
            parts = urlparse_cached(request)
            port = parts.port or _PORTS[parts.scheme]
            if (parts.hostname, port) in resolver.refused:
                raise EndedError(REFUSED) from error
            raise
        except DownloadFailedError as error:
            if _cut_by_us(error.__cause__):
                raise EndedError(of_error(StopDownload())) from error
            raise


def head_size(headers: Headers) -> int:
    """Bytes that these headers took on the wire, near enough."""
    return sum(len(name) + len(value) + 4 for name, values in headers.items() for value in values)


def _cut_by_us(error: BaseException | None) -> bool:
    """Only our own cap aborts a connection while its headers are still coming."""
    reasons = getattr(error, "reasons", ())
    return any(reason.check(ConnectionAborted) for reason in reasons)


class _CappedProtocol(_LenientHTTP11ClientProtocol):
    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        response = super().request(request)
        if self._parser is not None:
            # Above what the cap lets in, so that one long line, too, is cut by the cap.
            self._parser.MAX_LENGTH = 2 * MAX_CHUNK + MAX_HEAD
        return response

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        parser = self._parser
        if parser is not None and parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MAX_HEAD and self.transport is not None:
                self.transport.abortConnection()


class _CappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:  # noqa: ARG002, N802 - Twisted's signature
        return _CappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
