"""What somebody can do about a source, by what a check found. Plain sentences, for all readers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.sources.findings import Look

REMEDIES: Mapping[str, str] = {
    "not-found": "Look on the publisher's page for where its feed is now.",
    "gone": "The publisher took it away for good; remove the source.",
    "robots": "The site does not allow this to Beatwire; take another of its feeds, or ask it.",
    "refused-address": "Only public addresses on ports 80 and 443 are fetched; "
    "BEATWIRE_ALLOW_NETWORKS names your own networks.",
    "too-large": "Take a smaller feed, or the news sitemap in place of that of the whole site.",
    "timed-out": "Try again later; BEATWIRE_FETCH_TIMEOUT gives a slow server more time.",
    "redirect-loop": "The server sends its readers round in circles; look for another address.",
    "unreadable": "Give the address of a feed, a sitemap, or a page with links to articles.",
    "server-error": "The server has trouble; try again later.",
    "unreachable": "Is the name of the server spelled well? If so, try again later.",
    "bad-url": "Write the whole address, as https://publisher.example/feed.xml.",
}
"""By every outcome of ``crawlers.fetching.outcomes`` that leaves nothing to read."""

_ARTICLES: Mapping[str, str] = {
    "too-short": "Its text is behind a login or a script, or there is none.",
    "not-article": "This page is a list, a notice or a login, no article.",
    "other-language": "Beatwire reads English so far; it keeps this one out of the index.",
    "robots": "The site does not allow it to Beatwire.",
}
QUIET = 3.0
"""Nothing new for this many times the usual interval is worth a word."""


def remedy(outcome: str) -> str:
    """What to do about a source that ended so; empty when there is nothing to do."""
    return REMEDIES.get(outcome, "")


def of_article(outcome: str) -> str:
    """The same for one article."""
    return _ARTICLES.get(outcome, "")


def advice_for(
    look: Look,
    articles: Sequence[str],
    newest: datetime | None,
    usual: float | None,
    now: datetime,
) -> tuple[str, ...]:
    """All that is worth doing or knowing; ``articles`` are how those that were tried ended."""
    said = [remedy(look.outcome), _moved(look), _offers(look)]
    if look.outcome == "fetched":
        said += [_contents(look, articles), _quiet(newest, usual, now), _slow(look)]
    elif look.robots and look.robots.sitemaps:
        said.append(f"Its robots.txt names a sitemap: {look.robots.sitemaps[0]}")
    return tuple(sentence for sentence in said if sentence)


def _moved(look: Look) -> str:
    if look.final_url and look.final_url.rstrip("/") != look.seed.strip().rstrip("/"):
        return f"It has moved to {look.final_url}; use that address."
    return ""


def _offers(look: Look) -> str:
    """A page that is no list, but names its feed: what is read is the feed."""
    return f"Its feed is {look.followed}; use that address." if offers_feed(look) else ""


def offers_feed(look: Look) -> bool:
    """Whether what was asked for is a page that leads to a feed, not an index of sitemaps."""
    return bool(look.followed) and "html" in look.content_type.lower()


def _contents(look: Look, articles: Sequence[str]) -> str:
    if look.kind != "page" and not look.entries:
        return "It names no article now; an empty list is no fault, if it fills again."
    if look.kind == "page" and "article" not in articles:
        return "This page is no article, and its links were not told from its navigation."
    if articles and "article" not in articles:
        return "None of its articles could be read, so nothing of it would be found."
    if look.kind == "page":
        return "This is one article: it would be read again when it changes, and nothing else."
    return ""


def _quiet(newest: datetime | None, usual: float | None, now: datetime) -> str:
    if newest and usual and (now - newest).total_seconds() > max(QUIET * usual, 86_400):
        return "Nothing new for longer than three times its usual interval."
    return ""


def _slow(look: Look) -> str:
    delay = look.robots.delay if look.robots else 0.0
    return f"Its site asks for {delay:g} s between two requests." if delay > 10 else ""
