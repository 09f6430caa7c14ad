"""JSON Feed 1 and 1.1 (jsonfeed.org)."""

from typing import Any

import msgspec

from crawlers.entries import Entry, Listing, Unreadable, absolute
from crawlers.markup import plain


def parse_json_feed(text: str, url: str, most: int) -> Listing | Unreadable:
    """Read a JSON Feed found at ``url``; at most ``most`` entries, in the feed's order."""
    try:
        feed = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return Unreadable("not a feed: JSON broken")
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return Unreadable("not a feed: JSON without a list of items")
    entries = [_entry(item, url) for item in items[:most] if isinstance(item, dict)]
    return Listing(
        kind="feed",
        entries=tuple(entries),
        total=len(items),
        title=plain(_string(feed, "title")),
        link=_string(feed, "home_page_url"),
        language=_string(feed, "language")[:35],
    )


def _entry(item: dict[str, Any], url: str) -> Entry:
    link = _string(item, "url") or _string(item, "external_url")
    summary = _string(item, "summary") or _string(item, "content_text")
    return Entry(
        link=absolute(url, link) if link else "",
        id=_string(item, "id"),
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
