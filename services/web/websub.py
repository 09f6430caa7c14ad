"""``/websub/{token}``: what hubs ask and tell (W3C WebSub). The token is the secret of one hub."""

from collections.abc import Iterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from services import websub
from services.store.intake import Subscription
from services.web.alerts.means import Means
from services.web.alerts.routes import Route
from services.web.people import POST, told_when_away
from services.web.security import METHODS

_UNKNOWN = PlainTextResponse("Nobody here asked for this.\n", 404)


class WebSub:
    """The handlers."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def verify(self, request: Request) -> Response:
        """GET: the hub asks whether a request was ours. Whatever it sends, it gets back as text."""
        known = self._known(request)
        if known is None:
            return _UNKNOWN
        verdict = websub.verify(known, request.query_params, self._means.now())
        store = self._means.store()
        if verdict.gone:
            store.remove_subscription(known.source)
        elif verdict.keep:
            store.put_subscription(verdict.keep)
        if verdict.challenge:
            return PlainTextResponse(verdict.challenge)
        return PlainTextResponse("Noted.\n") if verdict.keep or verdict.gone else _UNKNOWN

    async def hear(self, request: Request) -> Response:
        """POST: something is new. What was sent is looked at for its signature alone."""
        return await run_in_threadpool(self._hear, request, await request.body())

    def _hear(self, request: Request, body: bytes) -> Response:
        known = self._known(request)
        if known is None:
            # So the hub forgets it (WebSub 7).
            return PlainTextResponse("Nobody here asked for this.\n", 410)
        now = self._means.now()
        signed = websub.is_signed(known, request.headers.get("x-hub-signature", ""), body)
        if signed and (told := websub.heard(known, now)):
            kept, at = told
            store = self._means.store()
            store.put_subscription(kept)
            store.make_due(known.source, at)
        # The same for a wrong signature, so that nobody learns whether one is right (WebSub 7.1).
        return PlainTextResponse("Thank you.\n", 202)

    def _known(self, request: Request) -> Subscription | None:
        return self._means.store().subscription(request.path_params["token"])


def websub_routes(means: Means) -> Iterator[Route]:
    """Path, handler and methods of each; who may use it is said in ``access.RULES``."""
    hubs = WebSub(means)
    path = f"{websub.PATH}/{{token}}"
    yield path, told_when_away(hubs.verify, means.show), METHODS
    yield path, hubs.hear, POST
