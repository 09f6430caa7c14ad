"""What every request passes: who asks, whether they may, how often, and whether they meant it."""

import logging
from collections.abc import Callable, Sequence

import anyio.to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.errors import TryLater
from services.web import body, csrf, refusals
from services.web.access import NO_ROUTE, RULES, Rule, decide
from services.web.entrance import Entrance, client_address
from services.web.identify import Identify, WrongKeyError, needs_store
from services.web.limits import Bucket
from services.web.refusals import Page, Refusal
from services.web.routes import Reached, Way, reached, ways
from services.web.who import NOBODY, Who, become

log = logging.getLogger(__name__)


class Gate:
    """Middleware inside of ``Guard``: sets ``request.state.who``, ``.client`` and ``.form``.

    ``form`` holds the fields of a POST, read here, so that handlers in threads can use them.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: Callable[[], Sequence[BaseRoute]],
        entrance: Entrance,
        identify: Identify,
        bucket: Bucket,
        page: Page,
    ) -> None:
        self.app = app
        self._routes, self._ways = routes, list[Way]()
        self._entrance, self._identify = entrance, identify
        self._bucket, self._page = bucket, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        _begin(request, self._entrance)
        try:
            refusal, receive = await self._pass(request, receive)
        except body.GoneError:
            return
        if refusal is not None:
            await refusals.answer(refusal, request, self._page)(scope, receive, send)
        else:
            await self.app(scope, receive, _kept_private(request.state.who, send))

    async def _pass(self, request: Request, receive: Receive) -> tuple[Refusal | None, Receive]:
        way = reached(self._known(), request.method, request.url.path)
        rule = RULES.get(way.path) if way else NO_ROUTE
        who, refusal = NOBODY, None
        if rule is None or rule.asks_who:
            who, refusal = await self._who(request)
            refusal = self._too_often(request, who) or refusal
        request.state.who = who
        become(who)
        refusal = refusal or may_pass(way, rule, who)
        if refusal is None and body.is_too_large(request.headers.get("content-length", "")):
            refusal = refusals.TOO_LARGE
        if refusal is None and request.method not in csrf.SAFE:
            one_click = rule is not None and rule.one_click
            return await self._changes(request, who, receive, one_click=one_click)
        return refusal, receive

    def _known(self) -> list[Way]:
        if not self._ways:
            self._ways = ways(self._routes())
        return self._ways

    async def _who(self, request: Request) -> tuple[Who, Refusal | None]:
        try:
            if needs_store(self._entrance, request):
                return await anyio.to_thread.run_sync(self._identify, request), None
            return self._identify(request), None
        except WrongKeyError:
            return NOBODY, refusals.WRONG_KEY
        except TryLater as away:
            log.warning("who asks cannot be found out: %s", away)
            return NOBODY, refusals.STORE_AWAY

    def _too_often(self, request: Request, who: Who) -> Refusal | None:
        # One who reaches this machine itself could stop it in simpler ways.
        if who.how == "local":
            return None
        wait = self._bucket.take(who.client or f"from:{request.state.client}")
        return refusals.too_often(wait) if wait else None

    async def _changes(
        self, request: Request, who: Who, receive: Receive, *, one_click: bool
    ) -> tuple[Refusal | None, Receive]:
        """Read the body of a request that changes something; refuse what was not meant.

        ``one_click``: its address alone says that it is meant; see ``access.Rule``.
        """
        kind = body.media_type(request.headers.get("content-type", ""))
        try:
            given = await body.read_body(receive)
        except body.TooLargeError:
            return refusals.TOO_LARGE, receive
        except body.TooSlowError:
            return refusals.TOO_SLOW, receive
        request.state.form = body.read_form(kind, given)
        if one_click:
            return None, body.replayed(given, receive)
        if who.how != "key" and (reason := not_meant(request, who)):
            return refusals.not_meant(reason), receive
        if not body.is_taken(kind, given):
            return refusals.WRONG_TYPE, receive
        return None, body.replayed(given, receive)


def may_pass(way: Reached | None, rule: Rule | None, who: Who) -> Refusal | None:
    """Whether somebody may use the route at all."""
    decision = decide(who, rule)
    if decision == "login":
        return refusals.LOGIN
    if decision == "forbidden":
        return refusals.FORBIDDEN
    return refusals.wrong_method(way.methods) if way and way.methods else None


def not_meant(request: Request, who: Who) -> str:
    """Why a request that changes something is not its sender's own; empty when it is."""
    sent = request.headers.get(csrf.HEADER) or request.state.form.get(csrf.FIELD, "")
    return csrf.refusal(
        fetch_site=request.headers.get("sec-fetch-site", ""),
        origin=request.headers.get("origin", ""),
        ours=request.state.site.origin if request.state.site else "",
        sent=sent,
        known=who.csrf,
    )


def _begin(request: Request, entrance: Entrance) -> None:
    peer = request.client.host if request.client else ""
    forwarded = request.headers.getlist("x-forwarded-for")
    request.state.who = NOBODY
    request.state.client = client_address(entrance, peer, forwarded)
    request.state.form = body.Form([])
    become(NOBODY)


def _kept_private(who: Who, send: Send) -> Send:
    """Pages for one person stay in no cache, so that the way back after a logout is closed."""
    if who.how != "session":
        return send

    async def private(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if not headers.get("cache-control", "").startswith("public"):
                headers["cache-control"] = "private, no-store"
        await send(message)

    return private
