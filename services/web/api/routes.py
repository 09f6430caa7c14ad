"""The routes of the API, each from its description."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.answers.shapes import plain
from services.index import Index
from services.operations.report import Operations
from services.store import Store
from services.web.api.downloads import Downloads
from services.web.api.handlers import Handlers
from services.web.api.openapi import document
from services.web.api.operations import (
    DESCRIPTION,
    DOWNLOADS,
    OPERATIONS,
    ROOT,
    Download,
    Operation,
)
from services.web.api.parameters import read_parameters
from services.web.api.problems import of_error, response
from services.web.stores import no_store

NEVER_KEPT = {"cache-control": "private, no-store"}

Answer = Callable[[Request], Response]


def api_routes(
    index: Index,
    now: Callable[[], datetime],
    base: str = "",
    store: Callable[[], Store] = no_store,
    look: Callable[[], Operations] | None = None,
) -> list[BaseRoute]:
    """All addresses for programs; what goes wrong in them is a problem (RFC 9457).

    ``base`` is where this Beatwire is found, for links; empty: wherever a request found it.
    Handlers run in several threads at once.
    """
    handlers = Handlers(index, now, store, look)
    downloads = Downloads(index, now, base)
    described = msgspec.json.encode(document())

    def openapi(_: Request) -> Response:
        return Response(described, media_type="application/json")

    return [
        *(Route(ROOT + each.path, _json(handlers, each)) for each in OPERATIONS),
        *(Route(each.path, _file(downloads, each)) for each in DOWNLOADS),
        Route(DESCRIPTION, openapi),
    ]


def _json(handlers: Handlers, operation: Operation) -> Answer:
    def answer(request: Request) -> Response:
        values = read_parameters(request.query_params, operation.parameters)
        values |= {**request.path_params, "who": request.state.who}
        found = plain(operation.handle(handlers, values))
        headers = dict(NEVER_KEPT)
        if operation.paged and found["next"]:
            headers["link"] = f'<{_next(request, found["next"])}>; rel="next"'
        return Response(msgspec.json.encode(found), 200, headers, "application/json")

    return _guarded(answer)


def _file(downloads: Downloads, download: Download) -> Answer:
    def answer(request: Request) -> Response:
        values = read_parameters(request.query_params, download.parameters, strict=False)
        make = downloads.export if download.form else downloads.feed
        return make(request, download, values)

    return _guarded(answer)


def _guarded(answer: Answer) -> Answer:
    def guarded(request: Request) -> Response:
        try:
            return answer(request)
        except Exception as error:
            return response(of_error(error))

    return guarded


def _next(request: Request, cursor: str) -> str:
    """The address of what follows, from the root of this host."""
    given = [(name, value) for name, value in request.query_params.items() if name != "after"]
    return f"{request.url.path}?{urlencode([*given, ('after', cursor)])}"
