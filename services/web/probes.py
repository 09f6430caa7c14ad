"""The pages' own addresses for probes: for supervisors and Prometheus, not for readers."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from services.probing.probes import Answer, Probes

NEVER_KEPT = {"cache-control": "no-store"}


class ProbePages:
    """The handlers; asynchronous, so that pages which wait for a server do not hold them up."""

    def __init__(self, probes: Probes) -> None:
        self._probes = probes

    async def live(self, _: Request) -> Response:
        return _response(self._probes.live())

    async def startup(self, _: Request) -> Response:
        return _response(self._probes.startup())

    async def ready(self, _: Request) -> Response:
        return _response(self._probes.readiness(await self._probes.health.findings()))

    async def version(self, _: Request) -> Response:
        return _response(self._probes.version())

    async def metrics(self, _: Request) -> Response:
        # Some are asked of the store.
        return _response(await anyio.to_thread.run_sync(self._probes.metrics))


def _response(answer: Answer) -> Response:
    headers = {**NEVER_KEPT, "content-type": answer.media_type}
    return Response(answer.body, answer.status, headers=headers)
