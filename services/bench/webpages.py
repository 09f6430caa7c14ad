"""Made-up pages of newspapers for ``beatwire bench extract``: six layouts, four sizes each.

What is around the article is as much as on real pages: scripts and styles of 15 to 300 KB, menus,
teasers, forms, comments, a footer. The articles are those of the other benches. Page ``n`` is the
same wherever it is made.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import escape
from itertools import cycle, islice
from random import Random

import msgspec

from services.bench.language import coverage, headed
from services.bench.words import random_of

SIZES = (20_000, 80_000, 200_000, 400_000)
"""Of scripts and styles, roughly, in characters."""
PARAGRAPHS = 11
"""Of a mixed page: as many as the bench's articles have."""
HOSTS = 96
"""Of mixed pages: events of one host share a partition of the log."""
SEED = 20_261_130
_DAY = "2026-03-{:02}T{:02}:40:00+00:00"


class WebPage(msgspec.Struct, frozen=True):
    """A page as ``extract`` takes it."""

    id: str | int
    url: str
    html: str


class _Story(msgspec.Struct, frozen=True):
    title: str
    author: str
    at: str
    paragraphs: tuple[str, ...]


def web_pages() -> list[WebPage]:
    """One page for each layout and size, each with an article of its own."""
    texts = cycle(coverage())
    made = []
    for number, (size, layout) in enumerate((s, each) for s in SIZES for each in _LAYOUTS):
        title, *paragraphs = next(texts).split("\n\n")
        at = _DAY.format(number % 28 + 1, number % 24)
        story = _Story(title, f"Ann Poe {number}", at, tuple(paragraphs))
        host, name = f"paper{number % 9}.example", layout.__name__.strip("_")
        html = _page(layout(story), story, size, Random(number))  # noqa: S311 - no secret
        made.append(WebPage(f"{name}-{size // 1000}", f"https://{host}/story-{number}", html))
    return made


def mixed_page(number: int) -> WebPage:
    """Any number of pages, no two of one story: each has paragraphs of all articles, in any order.

    Their headline ends in a word of its own, ``wire`` with the number.
    """
    random = random_of(SEED ^ number)
    (headline, _), paragraphs = (
        random.choice(headed()),
        random.sample(_all_paragraphs(), PARAGRAPHS),
    )
    at = _DAY.format(number % 28 + 1, number % 24)
    story = _Story(f"{headline} wire{number}", f"Ann Poe {number}", at, tuple(paragraphs))
    layout = _LAYOUTS[number % len(_LAYOUTS)]
    html = _page(layout(story), story, random.choice(SIZES), random)
    return WebPage(number, f"https://paper{number % HOSTS}.example/story-{number}", html)


@cache
def _all_paragraphs() -> tuple[str, ...]:
    return tuple(part for text in coverage() for part in text.split("\n\n"))


def _page(main: str, story: _Story, size: int, random: Random) -> str:
    graph = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.at,
        "author": {"@type": "Person", "name": story.author},
    }
    stated = random.random() < 0.7
    head = (
        f"<title>{escape(story.title)} | The Paper</title>"
        f'<meta property="og:title" content="{escape(story.title)}">'
        f'<meta property="article:published_time" content="{story.at}">'
        + (f'<script type="application/ld+json">{json.dumps(graph)}</script>' if stated else "")
        + f"<style>{'.a1b2 .c3{margin:0 4px;color:#123456}' * (size // 200)}</style>"
    )
    script = "".join(islice(_script(random), size // 100))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>'
        f"<header><nav>{_links(random, 60, 'li')}</nav></header><script>{script}</script>"
        f'{main}<aside class="related">{_teasers(random, 12)}</aside>'
        f'<section id="comments">{_comments(random, 15)}</section>'
        f'<form class="newsletter-signup"><input type="email"><button>Sign up</button></form>'
        f"<footer>{_links(random, 40, 'li')}<p>© The Paper</p></footer></body></html>"
    )


def _script(random: Random) -> Iterator[str]:
    while True:
        yield f'w.push({{"slot":"{random.randrange(10**9)}","of":["a","b"],"if":1<2&&3>2}});'


def _links(random: Random, count: int, tag: str) -> str:
    words = [f"Section {random.randrange(1000)}" for _ in range(count)]
    return "".join(f'<{tag} class="item"><a href="/{w}">{w}</a></{tag}>' for w in words)


def _teasers(random: Random, count: int) -> str:
    return "".join(
        f'<div class="teaser"><a href="/t{random.randrange(999)}"><img alt="" src="/i.jpg">'
        f"<h3>What else happened on day {number}</h3></a><p>A line on what it was about.</p></div>"
        for number in range(count)
    )


def _comments(random: Random, count: int) -> str:
    return "".join(
        f'<div class="comment"><span class="author">reader{random.randrange(99)}</span>'
        f"<p>I have read number {number} and I do not agree with what it says of prices.</p></div>"
        for number in range(count)
    )


def _paragraphs(story: _Story, start: str = "<p>", end: str = "</p>") -> str:
    return "".join(f"{start}{escape(text)}{end}" for text in story.paragraphs)


def _article(story: _Story) -> str:
    return (
        f"<main><article><h1>{escape(story.title)}</h1>"
        f'<p class="byline">By <a rel="author" href="/a/1">{story.author}</a></p>'
        f'<time datetime="{story.at}">a day in March</time>{_paragraphs(story)}</article></main>'
    )


def _weblog(story: _Story) -> str:
    return (
        f'<div id="content"><div class="post hentry"><h1 class="entry-title">{escape(story.title)}'
        f'</h1><div class="entry-content">{_paragraphs(story)}<div class="sharedaddy">Share this'
        "</div></div></div></div>"
    )


def _nested(story: _Story) -> str:
    """A block of its own around each paragraph, as page builders make them."""
    body = _paragraphs(story, '<div class="block"><div class="text-block"><p>', "</p></div></div>")
    return (
        f'<div class="wrap"><div class="col"><h1>{escape(story.title)}</h1>'
        f'<div class="article-body">{body}</div></div></div>'
    )


def _line_breaks(story: _Story) -> str:
    body = "<br><br>".join(map(escape, story.paragraphs))
    return (
        f"<table><tr><td><h1>{escape(story.title)}</h1><div class='story'>{body}</div></td></tr>"
        "</table>"
    )


def _with_advertising(story: _Story) -> str:
    ad = '<div class="ad-slot" data-slot="7"><p>Advertisement</p></div>'
    body = _paragraphs(story, "<p>", f"</p>{ad}")
    return (
        f'<article><h1>{escape(story.title)}</h1><section itemprop="articleBody">{body}'
        "</section></article>"
    )


def _live(story: _Story) -> str:
    posts = "".join(
        f'<section class="live-post"><time datetime="{story.at}">12:{number:02}</time>'
        f"<h2>Post {number}</h2><p>{escape(text)}</p></section>"
        for number, text in enumerate(story.paragraphs * 3)
    )
    return f'<article class="live"><h1>{escape(story.title)}</h1>{posts}</article>'


_LAYOUTS: Sequence[Callable[[_Story], str]] = (
    _article, _weblog, _nested, _line_breaks, _with_advertising, _live,
)  # fmt: skip
