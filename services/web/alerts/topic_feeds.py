"""``/feeds/topics/{id}/{token}.atom|.rss|.json``: what a topic told, for who has the address."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from services.accounts.rules import LOCAL
from services.accounts.tokens import same
from services.alerts.addresses import feed_addresses
from services.alerts.links import Links
from services.alerts.words import headline, told_lines
from services.answers import feeds
from services.answers.clean import one_line
from services.index import source_name
from services.store.alerting import AlertTopic, Noted
from services.web.alerts.means import Means, base_of, missing
from services.web.conditional import cached

FORMATS: dict[str, tuple[str, Callable[[feeds.Feed], bytes], str]] = {
    "atom": ("Atom", feeds.atom, "application/atom+xml"),
    "rss": ("RSS", feeds.rss, "application/rss+xml"),
    "json": ("JSON Feed", feeds.json_feed, "application/feed+json"),
}
LOOKS = 10
"""Pages of alerts in which those are looked for that were not mute."""
PATH = "/feeds/topics/{topic_id}/{token}"


class TopicFeeds:
    """The handlers; they run in threads. ``login``: whether people must log in here."""

    def __init__(self, means: Means, *, login: bool) -> None:
        self._means, self._login = means, login

    def of(self, ending: str) -> Callable[[Request], Response]:
        """The handler of one format."""
        name, write, media_type = FORMATS[ending]

        def answer(request: Request) -> Response:
            topic = self._topic(request)
            if topic is None:
                return missing(self._means)
            base = base_of(self._means, request)
            feed = feeds.Feed(
                title=one_line(f"Beatwire: {topic.name}"),
                page=Links(base).topic(topic.id),
                address=feed_addresses(base, topic)[name],
                entries=tuple(feed_entry(each, base) for each in self._told(topic)),
            )
            return cached(request, write(feed), media_type, feed.updated)

        return answer

    def _topic(self, request: Request) -> AlertTopic | None:
        """The topic, for who knows its token. A wrong token is compared in the same time."""
        topic = self._means.store().topic(request.path_params["topic_id"])
        fits = same(request.path_params["token"], topic.feed_token if topic else "")
        known = topic is not None and topic.feed_token and fits
        return topic if topic and known and self._may(topic.owner) else None

    def _may(self, owner: str) -> bool:
        """Whose login has ended, theirs have the feeds, too."""
        if owner == LOCAL:
            return not self._login
        user = self._means.store().user(owner)
        return user is not None and not user.disabled

    def _told(self, topic: AlertTopic) -> list[Noted]:
        """The newest alerts that were not mute."""
        store = self._means.store()

        told: list[Noted] = []
        before: int | None = None
        for _ in range(LOOKS):
            found = store.alerts(topic=topic.id, before=before, limit=2 * feeds.ENTRIES)
            told += [each for each in found if not each.muted]
            if len(told) >= feeds.ENTRIES or not found:
                break
            before = found[-1].seq
        return told[: feeds.ENTRIES]


def feed_entry(noted: Noted, base: str) -> feeds.Entry:
    """An alert as a feed shows it: what never changes of it, so that readers see it once."""
    alert = noted.alert
    page = Links(base).alert(alert.id)
    return feeds.Entry(
        id=f"urn:beatwire:alert:{alert.id}",
        title=one_line(headline(alert)) or "Untitled",
        link=alert.url if feeds.followed(alert.url) else page,
        page=page,
        author=one_line(source_name(alert)) or "unknown",
        published=alert.at,
        updated=alert.at,
        text="\n".join(filter(None, map(one_line, told_lines(alert)))),
    )
