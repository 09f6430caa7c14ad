"""One article as its page shows it: text with its marks, tables, and its versions."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

import msgspec

from processors.records import Article, Span
from services.answers.history import History
from services.index import source_name
from services.web.moments import Moment, if_known, moment
from services.web.segments import segments
from services.web.versions_view import VersionList, version_list
from services.web.views import (
    ClaimView,
    MoodView,
    claim_view,
    edited,
    mood_view,
    safe_link,
    shown_title,
)

ANCHORED = ("evidence", "mood")
"""Marks that the tables link to; the first piece of each carries the id."""
UNDERLINED = ("evidence", "entity", "reference")
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")


class Mark(msgspec.Struct, frozen=True):
    """What lies on a stretch of the text: ``target`` is the table row that tells more."""

    kind: str
    """``paragraph``, ``evidence`` (of a claim), ``mood``, ``entity``, ``reference``, ``found``."""
    target: str
    title: str = ""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a paragraph, ready to show."""

    text: str
    anchors: tuple[str, ...] = ()
    """Ids that start here."""
    classes: str = ""
    href: str = ""
    title: str = ""
    tab_stop: bool = True
    """False where an earlier piece of the page has the same link."""
    found: bool = False
    """Whether the search looks for it."""


class EntityView(msgspec.Struct, frozen=True, kw_only=True):
    anchor: str
    id: str
    name: str
    type: str
    mentions: int
    mood: MoodView | None
    evidence: str


class ArticleView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    source: str
    authors: str
    link: str | None
    url: str
    language: str
    published: Moment | None
    updated: Moment | None
    fetched: Moment
    paragraphs: tuple[tuple[Piece, ...], ...]
    claims: tuple[ClaimView, ...]
    entities: tuple[EntityView, ...]
    made_by: tuple[tuple[str, str], ...]
    versions: VersionList | None
    """None where the text was always the same."""


def article_view(
    article: Article, before: History | None, now: datetime, found: Sequence[Span] = ()
) -> ArticleView:
    """``before``: its versions, where they are to be shown.

    ``found``: what a search looks for in the body.
    """
    return ArticleView(
        id=article.id,
        title=shown_title(article),
        source=source_name(article),
        authors=", ".join(article.authors),
        link=safe_link(article.url),
        url=article.url,
        language=article.language,
        published=if_known(article.published, now),
        updated=if_known(edited(article), now),
        fetched=moment(article.fetched_at, now),
        paragraphs=paragraphs(article, found),
        claims=tuple(claim_view(claim, f"c{at}") for at, claim in enumerate(article.claims)),
        entities=entity_views(article),
        made_by=tuple(sorted(article.made_by.items())),
        versions=version_list(before, now) if before else None,
    )


def paragraphs(article: Article, found: Sequence[Span] = ()) -> tuple[tuple[Piece, ...], ...]:
    """The text in pieces, by paragraph; every mark of the article lies on its pieces."""
    sought = [(span.start, span.end, Mark("found", "")) for span in found]
    cut = segments(article.body, [*_marks(article), *sought])
    inside = ((p.text, p.marks) for p in cut if any(m.kind == "paragraph" for m in p.marks))
    seen: set[str] = set()
    by_paragraph = groupby(inside, key=lambda it: _of_kind(it[1], "paragraph"))
    return tuple(
        tuple(_piece(text, marks, seen) for text, marks in group) for _, group in by_paragraph
    )


def _marks(article: Article) -> Iterator[tuple[int, int, Mark]]:
    for at, found in enumerate(_PARAGRAPH.finditer(article.body)):
        yield found.start(), found.end(), Mark("paragraph", f"p{at}")
    for at, claim in enumerate(article.claims):
        title = " · ".join(claim_view(claim).parts)
        yield claim.start, claim.end, Mark("evidence", f"c{at}", title)
        for span in claim.mentions:
            yield span.start, span.end, Mark("evidence", f"c{at}", title)
    moods = {mood.entity: mood for mood in article.moods}
    for at, entity in enumerate(article.entities):
        title = f"{entity.name} ({entity.type})"
        for span in moods[entity.id].evidence[:1] if entity.id in moods else ():
            yield span.start, span.end, Mark("mood", f"e{at}")
        for span in entity.mentions:
            yield span.start, span.end, Mark("entity", f"e{at}", title)
        for span in entity.references:
            yield span.start, span.end, Mark("reference", f"e{at}", f"means {title}")


def _piece(text: str, marks: Sequence[Mark], seen: set[str]) -> Piece:
    """One piece: underlined for all its marks, linked for the innermost that has a row."""
    linked = next((mark for mark in reversed(marks) if mark.title), None)
    places = [f"{mark.target}-{mark.kind}" for mark in marks if mark.kind in ANCHORED]
    anchors = tuple(place for place in dict.fromkeys(places) if place not in seen)
    href = f"#{linked.target}" if linked else ""
    piece = Piece(
        text=text,
        anchors=anchors,
        classes=" ".join(dict.fromkeys(m.kind for m in marks if m.kind in UNDERLINED)),
        href=href,
        title="; ".join(dict.fromkeys(mark.title for mark in reversed(marks) if mark.title)),
        tab_stop=href not in seen,
        found=any(mark.kind == "found" for mark in marks),
    )
    seen.update(anchors)
    seen.add(href)
    return piece


def _of_kind(marks: Sequence[Mark], kind: str) -> str:
    return next(mark.target for mark in marks if mark.kind == kind)


def entity_views(article: Article) -> tuple[EntityView, ...]:
    """Those with the strongest mood first, then by mentions, each with the sentence that shows it.

    Anchors go by the article's own order, as the marks in the text do.
    """
    moods = {mood.entity: mood for mood in article.moods}
    rows = []
    for at, entity in enumerate(article.entities):
        mood = moods.get(entity.id)
        shown = mood.evidence[0] if mood and mood.evidence else None
        rows.append(
            EntityView(
                anchor=f"e{at}",
                id=entity.id,
                name=entity.name,
                type=entity.type,
                mentions=len(entity.mentions) + len(entity.references),
                mood=mood_view(mood, entity.name) if mood else None,
                evidence=article.body[shown.start : shown.end].strip() if shown else "",
            )
        )
    strength = {entity: abs(mood.score) for entity, mood in moods.items()}
    return tuple(sorted(rows, key=lambda row: (-strength.get(row.id, 0), -row.mentions)))
