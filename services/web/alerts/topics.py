"""``/topics``: the topics of somebody, made, tried, changed, muted and removed."""

from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from processors.query.errors import QueryError
from services.alerts.preview import DAYS
from services.alerts.previewing import SPANS
from services.alerts.topics import (
    MOST_TOPICS,
    Wish,
    edited,
    mute_until,
    muted,
    new_topic,
    with_new_feed,
)
from services.errors import UserError
from services.store.alerting import AlertTopic, Channel
from services.web.account import problem
from services.web.alerts.found_view import PAGE, found_page
from services.web.alerts.means import (
    Means,
    base_of,
    is_theirs,
    missing,
    page,
    place,
    to,
)
from services.web.alerts.notices import notices
from services.web.alerts.preview_view import try_topic
from services.web.alerts.topics_view import (
    MUTED_LOOKS_BACK,
    TopicLine,
    message_line,
    topic_form,
    topic_line,
    topic_view,
    wish_as_is,
    wish_of,
)
from services.web.body import Form
from services.web.problems import Problem, query_problem

LISTED = 200
"""Topics of a list; a person has no more than ``MOST_TOPICS``, and operators may ask by owner."""
MESSAGES = 50


class Topics:
    """The handlers; they run in threads."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def list(self, request: Request) -> Response:
        """``/topics?owner=``: one's own; operators may name somebody, or ``all``."""
        who, store, now = request.state.who, self._means.store(), self._means.now()
        asked = request.query_params.get("owner", "") if who.role == "operator" else ""
        owner = None if asked == "all" else asked or who.name
        found = store.topics(owner)
        channels = {each.id: each for each in store.channels(owner)}
        return page(
            self._means,
            "topics.html",
            topics=[self._line(each, channels, now) for each in found[:LISTED]],
            more=max(0, len(found) - LISTED),
            owner=owner,
        )

    def new(self, request: Request) -> Response:
        """``/topics/new?q=``, and any other field: the form, with what the topic would tell."""
        return self._form(request, Form([*request.query_params.multi_items()]))

    def preview(self, request: Request) -> Response:
        """``/topics/preview``: the same for a form that is not saved yet; POST keeps it."""
        posted = request.method == "POST"
        given = request.state.form if posted else Form([*request.query_params.multi_items()])
        return self._form(request, given)

    def add(self, request: Request) -> Response:
        """POST the fields of a topic."""
        who, form, store = request.state.who, request.state.form, self._means.store()
        failed = "This topic was not saved"
        try:
            known = [each.id for each in store.channels(who.name)]
            topic = new_topic(who.name, wish_of(form), known, self._means.now())
            if len(store.topics(who.name)) >= MOST_TOPICS:
                raise UserError(f"{MOST_TOPICS} topics are there already; remove one first")
            if not store.add_topic(topic):
                raise UserError(f"a topic named “{topic.name}” is there already; name it anew")
        except QueryError as error:
            return self._form(request, form, query_problem(error.text, error))
        except UserError as error:
            return self._form(request, form, problem(failed, error))
        return to(f"/topics/{topic.id}")

    def one(self, request: Request) -> Response:
        """``/topics/{id}?before=``: what it found and sent, and how it is changed."""
        topic = self._topic(request)
        return self._page(request, topic) if topic else missing(self._means)

    def change(self, request: Request) -> Response:
        """POST the fields of a topic as they are to be."""
        topic, form, store = self._topic(request), request.state.form, self._means.store()
        if topic is None:
            return missing(self._means)
        wish = wish_of(form)
        try:
            known = [each.id for each in store.channels(topic.owner)]
            changed = edited(topic, wish, known, self._means.now())
            if not store.change_topic(changed):
                raise UserError(f"another topic is named “{changed.name}”; name this one anew")
        except QueryError as error:
            return self._page(request, topic, query_problem(error.text, error), wish)
        except UserError as error:
            return self._page(request, topic, problem("Nothing was changed", error), wish)
        return to(f"/topics/{topic.id}")

    def mute(self, request: Request) -> Response:
        """POST ``until``: ``1h``, ``today``, ``1w``, or ``day`` with a ``day``."""
        topic, form = self._topic(request), request.state.form
        if topic is None:
            return missing(self._means)
        until = form.get("until", "")
        try:
            said = form.get("day", "") if until == "day" else until
            end = mute_until(said, topic.zone, self._means.now())
        except UserError as error:
            return self._page(request, topic, problem("It was not muted", error))
        return self._changed(muted(topic, end))

    def unmute(self, request: Request) -> Response:
        """POST."""
        topic = self._topic(request)
        return self._changed(muted(topic, None)) if topic else missing(self._means)

    def new_feed(self, request: Request) -> Response:
        """POST: another secret in the address of the feed."""
        topic = self._topic(request)
        if topic is None:
            return missing(self._means)
        self._means.store().change_topic(with_new_feed(topic))
        return to(f"/topics/{topic.id}#feed")

    def replay(self, request: Request) -> Response:
        """POST ``message``s of this topic that failed; all of those that are listed, if none."""
        topic, store = self._topic(request), self._means.store()
        if topic is None:
            return missing(self._means)
        wanted = set(request.state.form.getlist("message"))
        failed = [
            each.id
            for each in store.messages(topic=topic.id, limit=MESSAGES)
            if each.state == "failed" and (not wanted or each.id in wanted)
        ]
        store.replay(failed, self._means.now())
        return to(f"/topics/{topic.id}#deliveries")

    def remove(self, request: Request) -> Response:
        """POST."""
        topic = self._topic(request)
        if topic is None or not self._means.store().remove_topic(topic.id):
            return missing(self._means)
        return to("/topics")

    def _topic(self, request: Request) -> AlertTopic | None:
        found = self._means.store().topic(request.path_params["topic_id"])
        return found if found and is_theirs(request.state.who, found.owner) else None

    def _changed(self, topic: AlertTopic) -> Response:
        if not self._means.store().change_topic(topic):
            return missing(self._means)
        return to(f"/topics/{topic.id}")

    def _line(self, topic: AlertTopic, channels: dict[str, Channel], now: datetime) -> TopicLine:
        newest = self._means.store().alerts(topic=topic.id, limit=1)
        return topic_line(topic, channels, newest[0].alert.at if newest else None, now)

    def _page(
        self,
        request: Request,
        topic: AlertTopic,
        error: Problem | None = None,
        wish: Wish | None = None,
    ) -> Response:
        store, now = self._means.store(), self._means.now()
        before = place(request.query_params.get("before", ""))
        found = store.alerts(topic=topic.id, before=before, limit=PAGE + 1)
        own = store.channels(topic.owner)
        channels = {each.id: each for each in own}
        messages = store.messages(topic=topic.id, limit=MESSAGES)
        hidden = store.muted_since(topic.id, now - MUTED_LOOKS_BACK)
        line = self._line(topic, channels, now)
        used = [each for each in own if each.id in topic.channels]
        return page(
            self._means,
            "topic.html",
            400 if error else 200,
            error=error,
            view=topic_view(topic, line, hidden, base_of(self._means, request), now),
            found=found_page(found, f"/topics/{topic.id}", now),
            messages=[message_line(each, channels, now) for each in messages],
            notices=list(notices(store, used, now, topic.id)),
            form=topic_form(wish or wish_as_is(topic), own),
            editing=wish is not None,
            today=now.date(),
        )

    def _form(self, request: Request, given: Form, error: Problem | None = None) -> Response:
        """The form of a new topic, and what a topic of its fields would have told."""
        who, store, now = request.state.who, self._means.store(), self._means.now()
        wish, channels = wish_of(given), store.channels(who.name)
        view, trouble, status = None, None, 200
        asked = given.get("days", "")
        days = next((each for each in SPANS if str(each) == asked), DAYS)
        if error is None and wish.query is not None:
            try:
                topic = new_topic(who.name, wish, [each.id for each in channels], now)
            except QueryError as wrong:
                error = query_problem(wrong.text, wrong)
            except UserError as wrong:
                error = problem("This topic cannot be tried", wrong)
            else:
                tried = self._means.tried
                made = try_topic(
                    lambda: tried(topic, self._means.index, now, days), topic, days, now
                )
                view, trouble = made.view, made.error
        if error is not None:
            status = 400
        return page(
            self._means,
            "topic_new.html",
            status,
            error=error,
            form=topic_form(wish, channels),
            preview=view,
            trouble=trouble,
            days=days,
            spans=SPANS,
            search="/?" + urlencode({"q": wish.query or ""}),
        )
