"""Outcomes in words, and what a person can do about them."""

from collections.abc import Mapping

FETCHED: Mapping[str, str] = {
    "pending": "still to be fetched",
    "fetched": "new: it went on the log",
    "unchanged": "as before: nothing new went on the log",
    "not-found": "the server has no such page (404)",
    "gone": "the server says that it is gone for good (410)",
    "robots": "not asked for",
    "opted-out": "not kept: its publisher does not wish it",
    "refused-address": "not asked for",
    "too-large": "given up",
    "timed-out": "given up",
    "redirect-loop": "given up: it leads round in circles, or too far",
    "unreadable": "no page that can be read",
    "server-error": "the server has trouble",
    "unreachable": "no answer",
    "bad-url": "not an address that can be fetched",
    "trap": "not followed: it looks like one of endlessly many",
}
"""By every outcome of ``crawlers.fetching.outcomes``, and what has none yet."""

LISTED: Mapping[str, str] = {
    "fetched": "a list of addresses, which was read",
    "unchanged": "a list of addresses, as before",
}
"""The same for a feed, a sitemap or a page with links."""

REFUSED = frozenset({"robots", "opted-out", "refused-address", "trap"})
"""Outcomes by which a page is left alone on purpose."""

ENDED: Mapping[str, str] = {
    "read": "read as an article",
    "not-article": "no article",
    "too-short": "too short for an article",
    "other-language": "left out",
    "opted-out": "left out: its publisher does not wish it",
    "stored": "put into the index",
    "unchanged": "the index had it like this already",
    "superseded": "the index had a later version already; this one is a revision at most",
    "alerted": "somebody is told of it",
    "no-alert": "met no alert topic that was not told of it before",
    "remembered": "history: kept in mind, and nobody told",
    "rejected": "given up: a dead letter",
}
"""By every outcome of ``services.stages``."""

TRY: Mapping[str, str] = {
    "not-found": "nothing to do: the listing that names it is ahead of its server, or behind it",
    "robots": "its site would have to allow it: read its robots.txt",
    "opted-out": "docs/crawling.md tells which wishes of publishers are heeded",
    "refused-address": "BEATWIRE_ALLOW_NETWORKS names networks of your own",
    "timed-out": "BEATWIRE_FETCH_TIMEOUT gives a slow server more time",
    "trap": "fetch it by itself: beatwire crawl {url}",
    "not-article": "see how it is read now: beatwire sources check {url}",
    "too-short": "see how it is read now: beatwire sources check {url}",
}


def joined(words: str, reason: str) -> str:
    return f"{words}: {reason}" if reason else words
