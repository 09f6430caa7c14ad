"""All handlers about alerts, and the addresses that they answer."""

from collections.abc import Awaitable, Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response

from services.web.alerts.channels import Channels
from services.web.alerts.inbox import Inbox
from services.web.alerts.means import Means
from services.web.alerts.stream import AlertStream
from services.web.alerts.topic_feeds import FORMATS, PATH, TopicFeeds
from services.web.alerts.topics import Topics
from services.web.alerts.unsubscribe import Unsubscribe
from services.web.people import POST, told_when_away
from services.web.security import METHODS

Handler = Callable[[Request], Response | Awaitable[Response]]
Route = tuple[str, Handler, tuple[str, ...]]


def alert_routes(means: Means, *, login: bool) -> Iterator[Route]:
    """Path, handler and methods of each; who may use it is said in ``access.RULES``.

    ``login``: whether people must log in here.
    """
    topics, channels, inbox = Topics(means), Channels(means), Inbox(means)
    feeds, ending = TopicFeeds(means, login=login), Unsubscribe(means)
    found: tuple[tuple[str, Callable[[Request], Response], tuple[str, ...]], ...] = (
        ("/topics", topics.list, METHODS),
        ("/topics", topics.add, POST),
        ("/topics/new", topics.new, METHODS),
        ("/topics/preview", topics.preview, (*METHODS, *POST)),
        ("/topics/{topic_id}", topics.one, METHODS),
        ("/topics/{topic_id}", topics.change, POST),
        ("/topics/{topic_id}/mute", topics.mute, POST),
        ("/topics/{topic_id}/unmute", topics.unmute, POST),
        ("/topics/{topic_id}/feed", topics.new_feed, POST),
        ("/topics/{topic_id}/replay", topics.replay, POST),
        ("/topics/{topic_id}/remove", topics.remove, POST),
        ("/channels", channels.list, METHODS),
        ("/channels", channels.add, POST),
        ("/channels/{channel_id}/rotate", channels.rotate, POST),
        ("/channels/{channel_id}/enable", channels.enable, POST),
        ("/channels/{channel_id}/test", channels.test, POST),
        ("/channels/{channel_id}/remove", channels.remove, POST),
        ("/alerts", inbox.list, METHODS),
        ("/alerts/{alert_id}", inbox.one, METHODS),
        ("/unsubscribe/{channel_id}/{token}", ending.ask, METHODS),
        ("/unsubscribe/{channel_id}/{token}", ending.end, POST),
        *((f"{PATH}.{form}", feeds.of(form), METHODS) for form in FORMATS),
    )
    for path, handler, methods in found:
        yield path, told_when_away(handler, means.show), methods
    yield "/live/alerts", AlertStream(means.store).stream, METHODS
