"""Made-up pages that cost little to read and are all different."""

import re
from datetime import datetime
from html import escape

from crawlers.publish import Reply, page_of
from processors.records import Article, Page
from services.bench.newsprint import newsprint
from services.store.port import Target

WORDS = 60
"""About so many an article, as in a brief: enough for names, claims and a story, quick to read."""
STUB_WORDS = 12
_EDITION = re.compile(r"Edition (\d+) of this report")


def made_page(number: int, edition: int, published: datetime, fetched: datetime) -> Page:
    """Article ``number`` of the bench, cut; each edition after the first, 0, says its number."""
    (article,) = newsprint(range(number, number + 1))
    paragraphs = _beginning(article.body)
    if edition:
        # No paragraph of its own: a page of short ones looks like a list.
        paragraphs[-1] += f" Edition {edition} of this report says more than those before it."
    return _page(article, paragraphs, published, fetched)


def stub_page(number: int, published: datetime, fetched: datetime) -> Page:
    """A page that is too short to be an article."""
    (article,) = newsprint(range(number, number + 1))
    return _page(article, [" ".join(article.body.split()[:STUB_WORDS])], published, fetched)


def edition_of(body: str) -> int:
    """The edition that an article's text is of."""
    found = _EDITION.search(body)
    return int(found[1]) if found else 0


def _beginning(body: str) -> list[str]:
    kept: list[str] = []
    words = 0
    for paragraph in body.split("\n\n"):
        if words >= WORDS:
            break
        kept.append(paragraph)
        words += len(paragraph.split())
    return kept


def _page(article: Article, paragraphs: list[str], published: datetime, fetched: datetime) -> Page:
    title = escape(article.title)
    text = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    html = (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        f'<meta property="article:published_time" content="{published.isoformat()}"></head>'
        f"<body><article><h1>{title}</h1>{text}"
        "</article></body></html>"
    )
    headers = {"content-type": "text/html; charset=utf-8"}
    reply = Reply(url=article.url, status=200, headers=headers, body=html.encode())
    return page_of(Target(url=article.url, source=article.source), reply, fetched)
