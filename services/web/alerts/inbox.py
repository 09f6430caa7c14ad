"""``/alerts``: what one's topics found, and of each why it was told."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from processors.query.why import holds
from processors.records import Alert, Article
from services.web.alerts.found_view import PAGE, found_page
from services.web.alerts.means import Means, is_theirs, missing, page, place
from services.web.alerts.notices import notices
from services.web.alerts.why_view import why_view
from services.web.who import may_subscribe


class Inbox:
    """The handlers; they run in threads."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def list(self, request: Request) -> Response:
        """``/alerts?before=``: of all one's topics, the newest first."""
        who, store, now = request.state.who, self._means.store(), self._means.now()
        before = place(request.query_params.get("before", ""))
        found = store.alerts(owner=who.name, before=before, limit=PAGE + 1)
        return page(
            self._means,
            "inbox.html",
            found=found_page(found, "/alerts", now),
            first=before is None,
            notices=list(notices(store, store.channels(who.name), now)),
            topics=len(store.topics(who.name)),
            may_subscribe=may_subscribe(who),
        )

    def one(self, request: Request) -> Response:
        """``/alerts/{id}``: why."""
        store, now = self._means.store(), self._means.now()
        noted = store.alert(request.path_params["alert_id"])
        if noted is None or not is_theirs(request.state.who, noted.alert.owner):
            return missing(self._means)
        topic = store.topic(noted.alert.topic)
        article = version_of(noted.alert, self._versions(noted.alert.article_id))
        corrected = store.alert(noted.alert.corrects) if noted.alert.corrects else None
        return page(
            self._means,
            "alert.html",
            view=why_view(noted, article, now, checked=_checked(noted.alert, article)),
            topic=topic,
            theirs=may_subscribe(request.state.who),
            corrected=corrected.alert if corrected else None,
        )

    def _versions(self, article_id: str) -> Iterator[Article]:
        """The article as it is, then as it was before."""
        if found := self._means.index.get(article_id):
            yield found
            yield from self._means.index.revisions(article_id)


def _checked(alert: Alert, article: Article | None) -> str:
    """Whether the receipt holds, from the alert and the text that was told of alone."""
    return "" if article is None else str(holds(alert, article)).lower()


def version_of(alert: Alert, versions: Iterator[Article]) -> Article | None:
    """The text that was told of; None when it is no longer there."""
    return next((each for each in versions if each.content_hash == alert.content_hash), None)
