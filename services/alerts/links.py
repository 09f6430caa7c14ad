"""Where a message leads: addresses of pages, made from the setting, never from a request."""

from urllib.parse import quote, urlsplit

from services.answers.clean import one_line
from services.settings import Settings
from services.store.people import Silent


class Links(Silent, frozen=True):
    """Absolute addresses of one Beatwire."""

    base: str
    """Such as ``https://news.example``, without a slash at its end."""

    @property
    def inbox(self) -> str:
        return f"{self.base}/alerts"

    @property
    def channels(self) -> str:
        return f"{self.base}/channels"

    def alert(self, alert_id: str) -> str:
        return f"{self.base}/alerts/{_part(alert_id)}"

    def topic(self, topic_id: str) -> str:
        return f"{self.base}/topics/{_part(topic_id)}"

    def article(self, article_id: str) -> str:
        return f"{self.base}/article/{_part(article_id)}"

    def version(self, article_id: str, content_hash: str) -> str:
        """What the version of an article with this text changed in the one before it."""
        return f"{self.article(article_id)}/versions/{_part(content_hash)}"

    def unsubscribe(self, channel_id: str, token: str) -> str:
        """Where a mail program, or a person, ends all messages to one e-mail address."""
        return f"{self.base}/unsubscribe/{_part(channel_id)}/{_part(token)}"


def links(settings: Settings) -> Links:
    """From the public address of the pages, or from their port on this machine."""
    return Links(settings.address or f"http://127.0.0.1:{settings.port}")


def followed(url: str) -> bool:
    """Whether a reader may be led there: http and https only, and nothing unfit in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and url == one_line(url)


def _part(text: str) -> str:
    return quote(one_line(text), safe="")
