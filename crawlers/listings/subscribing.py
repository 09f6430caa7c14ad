"""Where a feed offers to tell of news by itself: WebSub's hub and topic (W3C WebSub, 4)."""

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from crawlers.listings.entries import absolute
from crawlers.listings.names import attribute

_LINK = re.compile(
    r"<([^<>]{1,2000})>((?:\s*;\s*[A-Za-z*]{1,20}\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))*)"
)
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


def stated_in(
    links: Iterable[etree._Element], headers: Mapping[str, str], url: str, base: str
) -> tuple[str, str]:
    """The first hub and the feed's own address; the headers go before the document."""
    stated = list(link_headers(headers.get("link", ""), url))
    stated += [
        (rel, absolute(base, attribute(link, "href")))
        for link in links
        if attribute(link, "href")
        for rel in attribute(link, "rel").lower().split()
    ]
    found: dict[str, str] = {}
    for rel, address in stated:
        if address.startswith(("http://", "https://")):
            found.setdefault(rel, address)
    return found.get("hub", ""), found.get("self", "")


def link_headers(header: str, url: str) -> list[tuple[str, str]]:
    """Pairs of relation and address of a ``Link`` header (RFC 8288), at most 100."""
    pairs = []
    for target, parameters in _LINK.findall(header[:20_000])[:100]:
        rel = _REL.search(parameters)
        address = absolute(url, target)
        if rel and address:
            pairs += [(each, address) for each in (rel[1] or rel[2]).lower().split()]
    return pairs
