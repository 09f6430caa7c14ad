"""The addresses of a topic's private feeds."""

from services.store.alerting import AlertTopic

FEEDS = (("Atom", "atom"), ("RSS", "rss"), ("JSON Feed", "json"))


def feed_addresses(base: str, topic: AlertTopic) -> dict[str, str]:
    """By format; ``base`` is the address of this Beatwire. Who knows one of them can read it."""
    start = f"{base.rstrip('/')}/feeds/topics/{topic.id}/{topic.feed_token}"
    return {name: f"{start}.{ending}" for name, ending in FEEDS}
