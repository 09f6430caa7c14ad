"""A browser for tests: asks the application itself, without a socket."""

import asyncio
from typing import Any

import httpx
from lxml import html

from services.index import Index
from services.probing.health import Health
from services.probing.probes import Probes
from services.web.app import create_app
from tests.support.coverage import NOW


class Browser:
    """Requests to the pages over an index, at the time of ``tests.support.coverage``."""

    def __init__(self, index: Index, health: Health | None = None) -> None:
        self.index = index
        self.probes = Probes("pages", health)
        self.probes.started()
        self._app = create_app(index, self.probes, now=lambda: NOW)

    def request(self, method: str, address: str, **options: Any) -> httpx.Response:
        """One request; a bug in a handler is an answer too, as it is for a real browser."""
        return asyncio.run(self._request(method, address, **options))

    def get(self, address: str, **options: Any) -> httpx.Response:
        return self.request("GET", address, **options)

    def page(self, address: str, status: int = 200) -> html.HtmlElement:
        """The parsed page; fails unless it has this status."""
        answer = self.get(address)
        assert answer.status_code == status, answer.text
        return html.document_fromstring(answer.text)

    async def _request(self, method: str, address: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8321"
        ) as client:
            return await client.request(method, address, **options)


def texts(element: html.HtmlElement, path: str) -> list[str]:
    """What the elements of an XPath say, white space folded."""
    return [" ".join(one.text_content().split()) for one in element.xpath(path)]
