"""The pages, feeds and robots.txt of the sample newsroom, made from its stories."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from services.demo.stories import Feed, Publisher, Story, load_publishers, load_stories

HTML = "text/html"
TEMPLATES = {"rss": "rss.xml", "atom": "atom.xml", "rdf": "rdf.xml", "sitemap": "sitemap.xml"}
TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "sitemap": "application/xml; charset=utf-8",
}
_LINK = re.compile(r"\[([^\]]+)\]\(([a-z-]+/[a-z0-9-]+)\)")


class Resource(msgspec.Struct, frozen=True):
    """What a server answers for one address."""

    body: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        return f'W/"{hashlib.blake2b(self.body, digest_size=8).hexdigest()}"'


class Block(msgspec.Struct, frozen=True):
    """A piece of a story: ``p`` or ``h2`` with one item, ``ul`` with several."""

    kind: str
    items: tuple[Markup, ...]


class Item(msgspec.Struct, frozen=True):
    """A story as a listing names it."""

    story: Story
    url: str
    tag: str


Site = dict[str, dict[str, Resource]]
"""Domain to path to resource."""


def story_url(story: Story, port: int) -> str:
    """The address of a story while the newsroom listens on ``port``."""
    return f"http://{story.publisher.domain}:{port}{story.path}"


def build_site(port: int, edition: int) -> Site:
    """Everything that the four publishers serve in an edition."""
    return _Builder(port, edition).site()


class _Builder:
    def __init__(self, port: int, edition: int) -> None:
        self.port = port
        self.stories = load_stories(edition)
        self.urls = {story.ref: story_url(story, port) for story in self.stories}
        # Boxes of other stories keep the headlines of the first edition, as a cached page does:
        # so an edition changes the corrected story and its listings, and nothing else.
        self.boxed = [s for s in load_stories() if s.front.ending == "stored"]
        self.templates = Environment(
            loader=PackageLoader("services.demo"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters["rfc822"] = format_datetime

    def site(self) -> Site:
        return {p.domain: self.publisher(p) for p in load_publishers().values()}

    def publisher(self, publisher: Publisher) -> dict[str, Resource]:
        own = [s for s in self.stories if s.publisher == publisher]
        shown = [s for s in own if s.front.page != "gone"]
        newest = max(story.updated for story in own)
        pages = {s.path: self.story_page(s) for s in shown}
        pages["/"] = self.list_page(publisher, publisher.name, shown)
        pages["/about/"] = self.page("about.html", publisher, own[-1].updated)
        for section in sections(own):
            some = [s for s in shown if s.front.section == section]
            pages[f"/{section}/"] = self.list_page(publisher, section.capitalize(), some)
        pages["/sitemap.xml"] = self.feed(
            publisher, Feed(id="", path="/sitemap.xml", kind="sitemap"), shown, newest
        )
        for feed in publisher.feeds:
            listed = [s for s in own if (s.front.feed or publisher.feeds[0].id) == feed.id]
            pages[feed.path] = self.feed(publisher, feed, listed, newest)
        robots = self.render("feeds/robots.txt", publisher=publisher, home=self.home(publisher))
        pages["/robots.txt"] = Resource(robots, "text/plain; charset=utf-8", own[-1].updated)
        return pages

    def story_page(self, story: Story) -> Resource:
        if story.front.page == "not-html":
            return Resource(PDF, HTML, story.updated)
        if story.front.page == "script":
            return self.page("script.html", story.publisher, story.updated, story=story)
        body = self.page(
            f"{story.publisher.id}/article.html",
            story.publisher,
            story.updated,
            story=story,
            url=self.urls[story.ref],
            blocks=[self.block(paragraph) for paragraph in story.paragraphs],
            json_ld=self.json_ld(story),
            number=int(hashlib.blake2b(story.slug.encode(), digest_size=2).hexdigest(), 16),
            related=self.related(story),
            recent=[s for s in self.boxed if s.publisher == story.publisher][:5],
            language=story.front.language,
        ).body
        if story.front.page == "broken":
            body = break_markup(body)
        return Resource(body, f"{HTML}; charset={story.front.charset}", story.updated)

    def list_page(self, publisher: Publisher, heading: str, stories: list[Story]) -> Resource:
        newest = max(story.updated for story in stories)
        name = f"{publisher.id}/list.html"
        recent = stories[:5]
        return self.page(name, publisher, newest, heading=heading, stories=stories, recent=recent)

    def page(self, name: str, publisher: Publisher, modified: datetime, **more: Any) -> Resource:
        own = [s for s in self.boxed if s.publisher == publisher]
        context = {"language": "en", "recent": [], "sections": sections(own)} | more
        body = self.render(name, publisher=publisher, **context)
        return Resource(body, f"{HTML}; charset=utf-8", modified)

    def feed(
        self, publisher: Publisher, feed: Feed, stories: list[Story], newest: datetime
    ) -> Resource:
        items = [Item(s, self.urls[s.ref], tag_uri(s)) for s in stories]
        if feed.kind == "json":
            body = self.json_feed(publisher, feed, items)
        else:
            body = self.render(
                f"feeds/{TEMPLATES[feed.kind]}",
                publisher=publisher,
                home=self.home(publisher),
                address=self.home(publisher) + feed.path.removeprefix("/"),
                updated=newest,
                items=items,
            )
        return Resource(body, TYPES[feed.kind], newest)

    def json_feed(self, publisher: Publisher, feed: Feed, items: list[Item]) -> bytes:
        found = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": publisher.name,
            "home_page_url": self.home(publisher),
            "feed_url": self.home(publisher) + feed.path.removeprefix("/"),
            "language": "en",
            "items": [
                {
                    "id": item.tag,
                    "url": item.url,
                    "title": item.story.title,
                    "summary": item.story.front.summary,
                    "date_published": item.story.front.published.isoformat(),
                    "date_modified": item.story.updated.isoformat(),
                    "authors": [{"name": name} for name in item.story.front.authors],
                    "tags": [item.story.front.section],
                }
                for item in items
            ],
        }
        return json.dumps(found, ensure_ascii=False, indent=1).encode()

    def render(self, name: str, **context: Any) -> bytes:
        return self.templates.get_template(name).render(**context).encode()

    def home(self, publisher: Publisher) -> str:
        return f"http://{publisher.domain}:{self.port}/"

    def related(self, story: Story) -> list[Story]:
        """Three stories of the same publisher, those of the same section first."""
        own = [s for s in self.boxed if s.publisher == story.publisher and s.ref != story.ref]
        return sorted(own, key=lambda s: s.front.section != story.front.section)[:3]

    def block(self, paragraph: str) -> Block:
        if paragraph.startswith("## "):
            return Block("h2", (self.inline(paragraph[3:]),))
        if paragraph.startswith("- "):
            return Block("ul", tuple(self.inline(line[2:]) for line in paragraph.splitlines()))
        return Block("p", (self.inline(paragraph),))

    def inline(self, text: str) -> Markup:
        parts = _LINK.split(text)
        linked = [
            Markup('<a href="{}">{}</a>').format(self.urls[ref], words)
            for words, ref in zip(parts[1::3], parts[2::3], strict=True)
        ]
        return Markup("").join(
            piece
            for pair in zip(map(escape, parts[::3]), [*linked, Markup("")], strict=True)
            for piece in pair
        )

    def json_ld(self, story: Story) -> Markup:
        names = story.front.authors or (story.front.credit,)
        article: dict[str, Any] = {
            "@type": "NewsArticle",
            "headline": story.title,
            "description": story.front.summary,
            "url": self.urls[story.ref],
            "author": [{"@type": "Person", "name": name} for name in names],
            "publisher": {"@type": "NewsMediaOrganization", "name": story.publisher.name},
            "inLanguage": story.front.language,
        }
        if story.front.dated:
            article["datePublished"] = story.front.published.isoformat()
            article["dateModified"] = story.updated.isoformat()
        graph = {"@context": "https://schema.org", "@graph": [article]}
        return Markup(json.dumps(graph, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704


def sections(stories: Iterable[Story]) -> list[str]:
    """Every section once, in alphabetical order."""
    return sorted({story.front.section for story in stories})


def tag_uri(story: Story) -> str:
    """An identity that no change of address touches (RFC 4151)."""
    return f"tag:{story.publisher.domain},{story.front.published:%Y-%m-%d}:{story.slug}"


def break_markup(body: bytes) -> bytes:
    """The page as a failing template engine leaves it: mis-nested, unclosed, cut off in a tag."""
    head, mark, text = body.partition(b'<div class="entry-content">')
    text = text.partition(b'<div class="wp-block-group')[0]
    text = text.replace(b"</p>", b"").replace(b"<p>", b"<p><span><b>", 2)
    return head + mark + text + b'</section></i><div class="wp-blo'


PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" + bytes(
    range(256)
)
