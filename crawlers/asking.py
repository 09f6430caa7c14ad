"""Requests to hubs, through the same guard as all that is fetched."""

from scrapy import Request

from crawlers.fetching.patience import ONCE
from crawlers.fetching.reserving import ROBOTS
from crawlers.hubs import Ask

MOST_ANSWER = 64 * 1024


def hub_request(ask: Ask) -> Request:
    """A POST, once. robots.txt is about pages: a hub is there to be asked (WebSub 5.1)."""
    return Request(
        ask.hub,
        method="POST",
        body=ask.body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        dont_filter=True,
        meta={ROBOTS: True, ONCE: True, "download_maxsize": MOST_ANSWER},
    )
