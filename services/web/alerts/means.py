"""What the handlers about alerts work with, and whose topics somebody may see."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.alerts.preview import Preview
from services.guard import Network
from services.index import Index
from services.store import Store
from services.store.alerting import AlertTopic, Channel
from services.web.login import NEVER_KEPT, Show
from services.web.problems import NOT_FOUND
from services.web.who import Who

Try = Callable[[AlertTopic, Index, datetime, int], Preview]
"""``services.alerts.preview.preview``."""
Test = Callable[[Channel], str]
"""Sends a test message at once; what came of it, empty when it was taken."""


class Means(msgspec.Struct, frozen=True):
    """The edges of the handlers; they run in threads."""

    show: Show
    store: Callable[[], Store]
    now: Callable[[], datetime]
    index: Index
    base: str
    """The address of this Beatwire, if it has one."""
    tried: Try
    test: Test
    allowed: Sequence[Network] = ()
    """The operator's networks, to which webhooks may go although they are private."""


def no_test(_: Channel) -> str:
    """For pages that can send nothing."""
    return "These pages cannot send by themselves. The next alert shows whether it works."


def is_theirs(who: Who, owner: str) -> bool:
    """Whether somebody may see what belongs to an owner: their own, and operators all."""
    return who.name == owner or who.role == "operator"


def base_of(means: Means, request: Request) -> str:
    """The address of this Beatwire without a slash at its end: as set, or as it was asked."""
    return means.base.rstrip("/") or str(request.base_url).rstrip("/")


def page(means: Means, template: str, status: int = 200, **values: object) -> Response:
    """A page of somebody's own, which no cache keeps."""
    answer = means.show(template, status, fresh=None, **{"here": "alerts", **values})
    answer.headers.update(NEVER_KEPT)
    return answer


def missing(means: Means) -> Response:
    """What is somebody else's is as little there as what never was."""
    return means.show("error.html", 404, error=NOT_FOUND, fresh=None)


def to(address: str) -> Response:
    """To a page anew, so that loading it again sends nothing twice."""
    return RedirectResponse(address, 303, headers=NEVER_KEPT)


def place(text: str) -> int | None:
    """The place of an alert that an address names; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
