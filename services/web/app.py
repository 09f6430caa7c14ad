"""The web application: routes over the pages, behind the guard."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from services.errors import TryLater
from services.index import Index
from services.version import VERSION
from services.web.api.machine import Machine
from services.web.api.routes import api_routes
from services.web.assets import load_assets
from services.web.bounded import BoundedIndex
from services.web.health import Health
from services.web.moments import utc_now
from services.web.pages import Pages
from services.web.probes import Probes
from services.web.security import METHODS, Guard


def create_app(
    index: Index,
    health: Health | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    base: str = "",
) -> FastAPI:
    """The pages over an index, which stays the caller's to close, and the probes over ``health``.

    Handlers of pages run in several threads at once, so the index must bear that. ``base`` is the
    address at which others find these pages, for links in feeds; empty: as each request has it.
    """
    index = BoundedIndex(index)
    pages = Pages(index, now, load_assets())
    probes = Probes(health or Health())
    app = FastAPI(
        title="Beatwire", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None
    )
    routes = {
        "/": pages.search,
        "/claims": pages.claims,
        "/article/{article_id}": pages.article,
        "/status": pages.status,
        "/api": pages.api,
        "/static/{name}": pages.static,
        "/livez": probes.live,
        "/readyz": probes.ready,
        "/metrics": probes.metrics,
    }
    for path, handler in routes.items():
        app.add_api_route(path, handler, methods=list(METHODS), response_model=None)
    app.routes.extend(api_routes(index, now, base))
    app.add_exception_handler(404, pages.not_found)
    app.add_exception_handler(TryLater, pages.away)
    app.add_exception_handler(Exception, pages.broken)
    app.add_middleware(Guard)
    app.add_middleware(Machine)
    return app
