"""The content of the sample newsroom: publishers and stories, as written in ``content/``.

A story is a text file: TOML between two ``+++`` lines, then paragraphs parted by empty lines.
A paragraph that starts with ``## `` is a heading, lines that start with ``- `` are a list, and
``[words](publisher/slug)`` is a link to another story.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

import msgspec

from services.version import VERSION

Ending = Literal[
    "stored",
    "not-article",
    "too-short",
    "other-language",
    "unreadable",
    "robots",
    "not-found",
]
"""What must come of a page that a feed lists: the last three before it is read."""

FOLDER = files("services.demo")


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One listing that a publisher offers and that the newsroom names as a source."""

    id: str
    path: str
    kind: Literal["rss", "atom", "rdf", "json", "sitemap"]
    title: str = ""
    """How the source is called where that is not the publisher's name."""


class Publisher(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    domain: str
    name: str
    tagline: str
    path: str
    """Of a story; ``{date}`` (with its format), ``{section}`` and ``{slug}`` stand in it."""
    feeds: tuple[Feed, ...]
    disallow: tuple[str, ...] = ()
    """Paths that its robots.txt forbids."""


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    old: str
    new: str


class Correction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the second edition changes."""

    at: datetime
    note: str
    edits: tuple[Edit, ...]


class Comment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by: str
    text: str


class Front(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The head of a story file."""

    title: str
    published: datetime
    """In the zone of its publisher."""
    authors: tuple[str, ...] = ()
    section: str = "technology"
    summary: str = ""
    language: str = "en"
    place: str = ""
    """Dateline."""
    feed: str = ""
    """The feed that lists it, where the publisher has several."""
    path: str = ""
    """Where it is not at its publisher's usual address."""
    page: Literal["whole", "broken", "script", "not-html", "gone"] = "whole"
    """``broken``: mis-nested and cut off; ``script``: empty without scripts; ``not-html``: a PDF
    behind ``.html``; ``gone``: 404."""
    ending: Ending = "stored"
    dated: bool = True
    """False: only the feed knows the date."""
    charset: str = "utf-8"
    """What the Content-Type header claims; the bytes are always UTF-8."""
    copy_of: str = ""
    """``publisher/slug`` of the wire story that this one is a copy of."""
    edits: tuple[Edit, ...] = ()
    drop_paragraphs: int = 0
    """How many closing paragraphs of the wire story the copy leaves out."""
    credit: str = ""
    correction: Correction | None = None
    comments: tuple[Comment, ...] = ()


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One story in one edition."""

    publisher: Publisher
    slug: str
    front: Front
    title: str
    paragraphs: tuple[str, ...]
    updated: datetime
    correction: str = ""

    @property
    def ref(self) -> str:
        return f"{self.publisher.id}/{self.slug}"

    @property
    def path(self) -> str:
        pattern = self.front.path or self.publisher.path
        return pattern.format(date=self.front.published, section=self.front.section, slug=self.slug)


@cache
def load_publishers() -> dict[str, Publisher]:
    """Publishers by id."""
    found = tomllib.loads((FOLDER / "content" / "publishers.toml").read_text("utf-8"))
    return {p["id"]: msgspec.convert(p, Publisher) for p in found["publisher"]}


def load_stories(edition: int = 1) -> list[Story]:
    """All stories as they stand in an edition, newest first.

    Raises ValueError for a file that breaks the rules: an unknown field, an edit whose old words
    are not in the text.
    """
    written = dict(_written())
    stories = [_story(ref, front, text, written, edition) for ref, (front, text) in written.items()]
    return sorted(stories, key=lambda story: story.front.published, reverse=True)


def content_version() -> str:
    """Changes whenever the newsroom's pages could."""
    digest = hashlib.blake2b(VERSION.encode(), digest_size=8)
    for part in ("content", "templates"):
        for name, data in sorted(_files(FOLDER / part)):
            digest.update(name.encode() + b"\0" + data)
    return digest.hexdigest()


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, name)
        else:
            yield name, entry.read_bytes()


@cache
def _written() -> tuple[tuple[str, tuple[Front, str]], ...]:
    found = []
    for publisher in load_publishers():
        for file in (FOLDER / "content" / publisher).iterdir():
            ref = f"{publisher}/{file.name.removesuffix('.md')}"
            _, head, text = file.read_text("utf-8").split("+++\n", 2)
            found.append((ref, (msgspec.convert(tomllib.loads(head), Front), text.strip())))
    return tuple(sorted(found))


def _story(
    ref: str, front: Front, text: str, written: dict[str, tuple[Front, str]], edition: int
) -> Story:
    publisher, slug = ref.split("/")
    paragraphs = _paragraphs(text)
    if front.copy_of:
        whole = _paragraphs(written[front.copy_of][1])
        kept = whole[: len(whole) - front.drop_paragraphs]
        paragraphs = (*_edited(ref, kept, front.edits), *paragraphs)
    title, updated, note = front.title, front.published, ""
    if front.correction and edition > 1:
        title, *rest = _edited(ref, (title, *paragraphs), front.correction.edits)
        paragraphs = tuple(rest)
        updated, note = front.correction.at, front.correction.note
    return Story(
        publisher=load_publishers()[publisher],
        slug=slug,
        front=front,
        title=title,
        paragraphs=paragraphs,
        updated=updated,
        correction=note,
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def _edited(ref: str, paragraphs: tuple[str, ...], edits: tuple[Edit, ...]) -> tuple[str, ...]:
    for edit in edits:
        if not any(edit.old in paragraph for paragraph in paragraphs):
            raise ValueError(f"{ref}: nothing to edit, the text has no {edit.old!r}")
        paragraphs = tuple(paragraph.replace(edit.old, edit.new) for paragraph in paragraphs)
    return paragraphs
