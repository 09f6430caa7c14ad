"""The web application: routes over the pages, behind the guard and the gate."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from fastapi import FastAPI

from services.accounts.passwords import Passwords
from services.alerts.preview import preview
from services.errors import TryLater
from services.guard import Network
from services.index import Index
from services.operations.lookout import Lookout, Place
from services.probing.probes import Probes
from services.store import Store
from services.version import VERSION
from services.web.alerts.means import Means, Test, Try, no_test
from services.web.alerts.routes import Handler, Route, alert_routes
from services.web.api.guide import guide
from services.web.api.machine import Machine
from services.web.api.routes import api_routes
from services.web.assets import load_assets
from services.web.bounded import BoundedIndex
from services.web.entrance import Entrance
from services.web.gate import Gate
from services.web.identify import Identify
from services.web.limits import Bucket
from services.web.live import Live
from services.web.login import Attempts
from services.web.moments import utc_now
from services.web.operations_page import operations_routes
from services.web.pages import Pages
from services.web.people import people_routes
from services.web.probes import ProbePages
from services.web.revalidation import Revalidation
from services.web.saved_links import saved_links
from services.web.security import METHODS, Guard
from services.web.sources_page import source_routes
from services.web.stores import no_bus, no_store
from services.web.websub import websub_routes


def create_app(
    index: Index,
    probes: Probes | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    store: Callable[[], Store] = no_store,
    entrance: Entrance | None = None,
    passwords: Passwords | None = None,
    attempts: Attempts | None = None,
    bucket: Bucket | None = None,
    tried: Try = preview,
    test: Test = no_test,
    allowed: Sequence[Network] = (),
    allowed_sources: Sequence[Network] = (),
    lookout: Lookout | None = None,
) -> FastAPI:
    """The pages over an index, which stays the caller's to close, and the answers to ``probes``.

    Handlers of pages run in several threads at once, so the index and what ``store`` gives must
    bear that. Who may use a route is said in ``access.RULES``; without a word there nobody may.
    ``tried`` is the preview of topics, ``test`` sends a test message to a channel, ``allowed`` are
    private networks that webhooks may go to, ``allowed_sources`` those that sources may be in.
    ``lookout`` is what operators see; without one they see what the store knows.
    """
    index = BoundedIndex(index)
    entrance = entrance or Entrance()
    pages = Pages(index, now, load_assets(), saved_links(store))
    lookout = lookout or Lookout(Place(open_bus=no_bus, store=store), now)
    app = FastAPI(
        title="Beatwire", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None
    )
    means = Means(pages.show, store, now, index, entrance.address, tried, test, allowed)
    found: tuple[Iterable[Route], ...] = (
        _page_routes(pages, index, ProbePages(probes or Probes("pages"))),
        people_routes(pages.show, store, now, passwords=passwords, attempts=attempts),
        alert_routes(means, login=entrance.login),
        source_routes(pages.show, store, now, index, allowed_sources),
        operations_routes(pages.show, lookout),
        websub_routes(means),
    )
    for path, handler, methods in chain.from_iterable(found):
        app.add_api_route(path, handler, methods=list(methods), response_model=None)
    app.routes.extend(api_routes(index, now, entrance.address, store, lookout.look))
    app.add_exception_handler(404, pages.not_found)
    app.add_exception_handler(TryLater, pages.away)
    app.add_exception_handler(Exception, pages.broken)
    app.add_middleware(Revalidation)
    app.add_middleware(
        Gate,
        routes=lambda: app.routes,
        entrance=entrance,
        identify=Identify(entrance, store, now),
        bucket=bucket or Bucket(entrance.per_minute),
        page=pages.refused,
    )
    app.add_middleware(Guard, entrance=entrance)
    app.add_middleware(Machine)
    return app


def _page_routes(pages: Pages, index: Index, probes: ProbePages) -> Iterator[Route]:
    routes: dict[str, Handler] = {
        "/": pages.search,
        "/claims": pages.records.claims,
        "/disagreements": pages.records.disagreements,
        "/story/{story_id}": pages.records.story,
        "/entity/{entity_id:path}": pages.records.entity,
        "/article/{article_id}": pages.article,
        "/article/{article_id}/versions/{which}": pages.versions.one,
        "/keys": pages.keys,
        "/status": pages.status,
        "/api": guide(pages.show),
        "/live": Live(index).stream,
        "/static/{name}": pages.static,
        "/livez": probes.live,
        "/readyz": probes.ready,
        "/startupz": probes.startup,
        "/version": probes.version,
        "/metrics": probes.metrics,
    }
    for path, handler in routes.items():
        yield path, handler, METHODS
