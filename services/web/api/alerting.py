"""Pages of topics and of alerts: where each begins and how it is followed."""

import base64
import binascii
from collections.abc import Sequence

from services.answers.alert_shapes import Alerts, Topics, alert_row, topic_row
from services.index import CursorError
from services.store import Store
from services.store.alerting import AlertTopic
from services.web.api.problems import WrongParameter

_WRONG = "this is no cursor of these; take next from an answer to the same question"


def topics_page(found: Sequence[AlertTopic], cursor: str, limit: int) -> Topics:
    """By owner and name, those after the topic that the cursor names, gone or not."""
    ordered = sorted(found, key=_place)
    after = _read(cursor) if cursor else None
    rest = [each for each in ordered if after is None or _place(each) > after]
    shown = rest[:limit]
    return Topics(
        total=len(found),
        topics=tuple(map(topic_row, shown)),
        next=_written(_place(shown[-1])) if len(rest) > limit else "",
    )


def alerts_page(
    store: Store, *, owner: str | None, topic: str, since: int | None, cursor: str, limit: int
) -> Alerts:
    """The newest first, or with ``since`` what was decided after it, oldest first."""
    if topic:
        known = store.topic(topic)
        if known is None or owner not in (None, known.owner):
            raise WrongParameter(f"{topic[:40]!r} is no topic of yours; /api/v1/topics lists them")
    at = _seq(cursor)
    found = store.alerts(
        owner=owner,
        topic=topic or None,
        before=at if since is None else None,
        after=None if since is None else since if at is None else at,
        limit=limit + 1,
    )
    shown = found[:limit]
    more = len(found) > limit
    return Alerts(alerts=tuple(map(alert_row, shown)), next=str(shown[-1].seq) if more else "")


def _place(topic: AlertTopic) -> tuple[str, str]:
    return topic.owner, topic.name


def _written(place: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode("\n".join(place).encode()).decode()


def _read(cursor: str) -> tuple[str, str]:
    try:
        owner, name = base64.urlsafe_b64decode(cursor.encode("ascii")).decode().split("\n")
    except (binascii.Error, ValueError):
        raise CursorError(_WRONG) from None
    return owner, name


def _seq(cursor: str) -> int | None:
    if not cursor:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise CursorError(_WRONG)
    return int(cursor)
