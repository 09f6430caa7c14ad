"""``/channels``: where somebody's alerts go besides the inbox and the feeds."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.alerts.channel_rules import MOST_CHANNELS, enabled, new_channel, rotated, shown_name
from services.errors import UserError
from services.store.alerting import Channel
from services.web.account import problem
from services.web.alerts.means import Means, is_theirs, missing, page, to
from services.web.moments import Moment, if_known
from services.web.problems import Problem


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """A channel without its secrets."""

    id: str
    owner: str
    kind: str
    name: str
    address: str
    disabled: str
    failures: int
    since: Moment | None
    retry: Moment | None


class Tried(msgspec.Struct, frozen=True):
    """What was typed and not added."""

    kind: str = ""
    address: str = ""


class Channels:
    """The handlers; they run in threads."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def list(self, request: Request) -> Response:
        """``/channels``: one's own; operators may ask for ``?owner=all``."""
        return self._page(request)

    def add(self, request: Request) -> Response:
        """POST ``kind``, ``address`` and ``name``: the answer alone shows a webhook's secret."""
        who, form, store = request.state.who, request.state.form, self._means.store()
        kind, address = form.get("kind", ""), form.get("address", "")
        try:
            made = new_channel(
                who.name,
                kind,
                address,
                form.get("name", ""),
                now=self._means.now(),
                allowed=self._means.allowed,
            )
            if len(store.channels(who.name)) >= MOST_CHANNELS:
                raise UserError(f"{MOST_CHANNELS} channels are there already; remove one first")
            store.add_channel(made)
        except UserError as error:
            wrong = problem("This channel was not added", error)
            return self._page(request, wrong, tried=Tried(kind, address[:2000]))
        return self._page(request, made=made)

    def rotate(self, request: Request) -> Response:
        """POST: a new secret, shown in the answer alone."""
        return self._change(request, rotated, show=True)

    def enable(self, request: Request) -> Response:
        """POST: what waits is sent again."""
        return self._change(request, enabled)

    def test(self, request: Request) -> Response:
        """POST: a test message, sent while one waits."""
        channel = self._channel(request)
        if channel is None:
            return missing(self._means)
        if failed := self._means.test(channel):
            wrong = Problem(f"The test did not reach {shown_name(channel)}", failed)
            return self._page(request, wrong, status=200)
        return self._page(request, said=f"{shown_name(channel)} took the test message.")

    def remove(self, request: Request) -> Response:
        """POST."""
        channel = self._channel(request)
        if channel is None or not self._means.store().remove_channel(channel.id):
            return missing(self._means)
        return to("/channels")

    def _channel(self, request: Request) -> Channel | None:
        found = self._means.store().channel(request.path_params["channel_id"])
        return found if found and is_theirs(request.state.who, found.owner) else None

    def _change(
        self, request: Request, how: Callable[[Channel], Channel], *, show: bool = False
    ) -> Response:
        channel = self._channel(request)
        if channel is None:
            return missing(self._means)
        try:
            changed = how(channel)
        except UserError as error:
            return self._page(request, problem("Nothing was changed", error))
        if not self._means.store().change_channel(changed):
            return missing(self._means)
        return self._page(request, made=changed) if show else to("/channels")

    def _page(
        self,
        request: Request,
        error: Problem | None = None,
        *,
        status: int = 400,
        made: Channel | None = None,
        said: str = "",
        tried: Tried = Tried(),
    ) -> Response:
        who, now = request.state.who, self._means.now()
        every = who.role == "operator" and request.query_params.get("owner") == "all"
        owner = None if every else who.name
        found = self._means.store().channels(owner)
        return page(
            self._means,
            "channels.html",
            status if error else 200,
            channels=[channel_view(each, now) for each in found],
            owner=owner,
            error=error,
            made=made,
            said=said,
            tried=tried,
        )


def channel_view(channel: Channel, now: datetime) -> ChannelView:
    return ChannelView(
        id=channel.id,
        owner=channel.owner,
        kind=channel.kind,
        name=channel.name,
        address=channel.address,
        disabled=channel.disabled,
        failures=channel.failures,
        since=if_known(channel.failing_since, now),
        retry=if_known(channel.retry_at, now),
    )
