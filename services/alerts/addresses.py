"""Addresses that lead to a topic or to an alert, as pages, feeds and messages give them."""

from services.store.alerting import AlertTopic

FEEDS = (("Atom", "atom"), ("RSS", "rss"), ("JSON Feed", "json"))


def feed_addresses(base: str, topic: AlertTopic) -> dict[str, str]:
    """The private feeds of a topic by format; ``base`` is the address of this Beatwire."""
    start = f"{base.rstrip('/')}/feeds/topics/{topic.id}/{topic.feed_token}"
    return {name: f"{start}.{ending}" for name, ending in FEEDS}


def alert_address(base: str, alert_id: str) -> str:
    """Where this Beatwire says why somebody was told."""
    return f"{base.rstrip('/')}/alerts/{alert_id}"
