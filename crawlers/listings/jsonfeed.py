"""JSON Feed 1 and 1.1 (jsonfeed.org)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from crawlers.listings.entries import Entry, Listing, Unreadable, absolute
from crawlers.listings.subscribing import link_headers
from crawlers.listings.wording import plain


def parse_json_feed(
    text: str, url: str, most: int, headers: Mapping[str, str] | None = None
) -> Listing | Unreadable:
    """Read a JSON Feed found at ``url``; at most ``most`` entries, in the feed's order.

    ``headers`` (names in lower case) may say where to subscribe, as those of any feed.
    """
    try:
        feed = msgspec.json.decode(text.strip().encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return Unreadable("not a feed: JSON broken")
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return Unreadable("not a feed: JSON without a list of items")
    entries = [_entry(item, url) for item in items[:most] if isinstance(item, dict)]
    stated = dict(reversed(link_headers((headers or {}).get("link", ""), url)))
    return Listing(
        kind="feed",
        form="json",
        entries=tuple(entries),
        total=len(items),
        title=plain(_string(feed, "title")),
        link=_address(feed, "home_page_url", url),
        language=_string(feed, "language")[:35],
        hub=stated.get("hub", "") or _hub(feed),
        self_url=stated.get("self", "") or _address(feed, "feed_url", url),
    )


def _hub(feed: dict[str, Any]) -> str:
    hubs = feed.get("hubs")
    for hub in hubs[:20] if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and _string(hub, "type").lower() in {"websub", "pubsubhubbub"}:
            address = _string(hub, "url")
            if address.startswith(("http://", "https://")):
                return address
    return ""


def _address(item: dict[str, Any], name: str, url: str) -> str:
    stated = _string(item, name)
    return absolute(url, stated) if stated else ""


def _entry(item: dict[str, Any], url: str) -> Entry:
    identity = _string(item, "id")
    link = _string(item, "url") or _string(item, "external_url")
    link = link or (identity if identity.startswith(("http://", "https://")) else "")
    summary = _string(item, "summary") or _string(item, "content_text")
    return Entry(
        link=absolute(url, link) if link else "",
        id=_string(item, "id")[:2000],
        title=plain(_string(item, "title")),
        authors=_authors(item),
        published=_string(item, "date_published")[:100],
        updated=_string(item, "date_modified")[:100],
        summary=plain(summary or _string(item, "content_html"), 2000),
        language=_string(item, "language")[:35],
    )


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    several = item.get("authors")
    people = several if isinstance(several, list) else [item.get("author")]
    names = [plain(_string(who, "name"), 200) for who in people[:20] if isinstance(who, dict)]
    return tuple(name for name in names if name)


def _string(item: dict[str, Any], name: str) -> str:
    """A text field; numbers, which some feeds use as ids, as text; anything else as nothing."""
    value = item.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**300:
        return str(value)
    return value[:100_000] if isinstance(value, str) else ""
