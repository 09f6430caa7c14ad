"""``/unsubscribe/{channel}/{token}``: who receives e-mail ends it, without a login.

Looking at the address changes nothing, as programs look at the links of mails; a POST does, from
the page or at once from a mail program (RFC 8058). Who knows the token has had such a mail, so no
page of ours need have sent the POST.
"""

from starlette.requests import Request
from starlette.responses import Response

from services.accounts.tokens import same
from services.alerts.channel_rules import ended_by_receiver, has_ended
from services.store.alerting import Channel
from services.web.alerts.means import Means, missing, page


class Unsubscribe:
    """The handlers; they run in threads."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def ask(self, request: Request) -> Response:
        """Whether it is meant."""
        channel = self._channel(request)
        return self._page(request, ended=has_ended(channel)) if channel else self._nothing()

    def end(self, request: Request) -> Response:
        """POST: nothing more is sent to the address, whoever has it; asked again, the same."""
        channel = self._channel(request)
        if channel is None:
            return self._nothing()
        store = self._means.store()
        for each in store.channels():
            if each.address == channel.address and not has_ended(each):
                store.change_channel(ended_by_receiver(each, self._means.now()))
        return self._page(request, ended=True)

    def _channel(self, request: Request) -> Channel | None:
        """The channel, for who knows its token. A wrong token is compared in the same time."""
        channel = self._means.store().channel(request.path_params["channel_id"])
        fits = same(request.path_params["token"], channel.token if channel else "")
        return channel if channel and channel.token and fits else None

    def _page(self, request: Request, *, ended: bool) -> Response:
        return page(self._means, "unsubscribe.html", here="", ended=ended, address=request.url.path)

    def _nothing(self) -> Response:
        return missing(self._means)
