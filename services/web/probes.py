"""``/livez``, ``/readyz`` and ``/metrics``: for supervisors and Prometheus, not for readers."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.metrics_endpoint import exposition
from services.web.health import Health

NEVER_KEPT = {"cache-control": "no-store"}


class Probes:
    """The handlers; asynchronous, so that pages which wait for a server do not hold them up."""

    def __init__(self, health: Health) -> None:
        self._health = health

    async def live(self, _: Request) -> Response:
        """The process answers; nothing else is asked."""
        return Response("ok\n", headers=NEVER_KEPT, media_type="text/plain")

    async def ready(self, _: Request) -> Response:
        """200 when everything can be used, else 503; what is wrong with what, as JSON."""
        checks = await self._health.findings()
        ready = all(finding.ready for finding in checks.values())
        body = msgspec.json.encode({"ready": ready, "checks": checks})
        status = 200 if ready else 503
        return Response(body, status, headers=NEVER_KEPT, media_type="application/json")

    async def metrics(self, _: Request) -> Response:
        """The metrics of this process, as Prometheus reads them."""
        text, media_type = exposition()
        return Response(text, headers={**NEVER_KEPT, "content-type": media_type})
