"""What every engine is given for a record, whatever it calls its fields."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt
from typing import get_args

import msgspec

from processors import figures
from processors.query import terms
from processors.query.values import days
from processors.records import Article, Claim, ClaimKind, Span
from services.index import ClaimHit, Marked
from services.index.cells import cells, in_cells

SCHEMA = 7
"""Goes up with every change of the fields: an index of another schema is rebuilt."""
KINDS: tuple[str, ...] = get_args(ClaimKind)
END = "¶"
"""Stands behind the last term of a name; the analyser never makes it."""
ID = "#"
"""Stands in front of an id among names; the analyser never makes it."""
BETWEEN = "\x1f"
"""Stands between an id and its name in a label."""
LONGEST_KEY = 8_000
"""Characters of an id that count: engines refuse keys of more than 32,766 bytes."""
INTEGERS = frozenset({"time", "day", "place", "first_day", "last_day"})
"""Fields of whole numbers; all others that are compared have fractions."""
COUNTED = ("chips", "people")
"""Units of what is counted."""
MOST = 10**18
"""No figure is larger; it stands for one without an end."""
LEAD = 100
"""Terms of a body that open it."""
OFTEN = 3
"""So many times a term occurs in a body that is about it."""
COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Filters(msgspec.Struct, frozen=True):
    """What articles are filtered by; their claims inherit it."""

    article_id: str
    number: int
    time: int
    entities: list[str]
    source: str
    language: str
    section: str
    """The terms of its name as one key."""
    story: str
    event: str
    original: str
    """``yes`` or ``no``."""
    title: str
    """Terms joined by spaces, as is all that follows."""
    title_forms: str
    site_name: str


class Texts(msgspec.Struct, frozen=True):
    """A text for its fields: all terms, those that open it, those it uses often, its words."""

    terms: str
    lead: str
    often: str
    forms: str


class ClaimFields(msgspec.Struct, frozen=True):
    """What a claim's own document is filtered and ordered by, beside what its article gives."""

    kind: str
    usd: list[float]
    count: list[float]
    days: tuple[int, int] | None
    """The first and the last day of the date that it states."""
    modality: str
    bound: str
    place: int
    """Its place in the article."""
    largest: float
    smallest: float
    """Dollars to order by; claims without any come last either way."""
    about: str
    """What it is about, as one key; empty for a claim that can disagree with none."""
    span: tuple[float, float] | None
    """From where to where its figure may lie; None where ``about`` is empty."""


def fingerprint() -> str:
    """What an index must have been written with, to be read with this code."""
    return json.dumps({"schema": SCHEMA, "analyser": terms.VERSION, "claim_kinds": KINDS})


def filters(article: Article) -> Filters:
    when = time_of(article)
    title, title_forms = terms.terms_and_forms(article.title)
    return Filters(
        article_id=article.id,
        number=number_of(article.id),
        time=micros(when),
        entities=list(dict.fromkeys(key(entity.id) for entity in article.entities)),
        source=key(article.source),
        language=language_key(article.language),
        section=key(terms.joined(article.section)),
        story=story_of(article),
        event=event_of(article),
        original="yes" if article.original else "no",
        title=" ".join(title),
        title_forms=" ".join(sorted(title_forms)),
        site_name=terms.joined(article.site_name),
    )


def text_fields(text: str, title_forms: str) -> Texts:
    """The fields of a body or of a claim's sentence; its words with those of the title."""
    found, words = terms.terms_and_forms(text)
    often = (term for term, count in Counter(found).items() if count >= OFTEN)
    words.update(title_forms.split())
    return Texts(" ".join(found), " ".join(found[:LEAD]), " ".join(often), " ".join(sorted(words)))


def claim_fields(claim: Claim, place: int) -> ClaimFields:
    stated = dollars(claim)
    reach = span(claim)
    dated = days(claim.date) if claim.date else None
    return ClaimFields(
        kind=claim.kind,
        usd=stated,
        count=counted(claim),
        days=dated and (dated[0].toordinal(), dated[1].toordinal()),
        modality=claim.modality,
        bound=claim.bound,
        place=place,
        largest=max(stated, default=-1.0),
        smallest=min(stated, default=float(MOST)),
        about=about(claim) if reach else "",
        span=reach,
    )


def name_terms(name: str | None, id: str | None = None, *behind: str) -> str:
    """A name's terms and its id, each with its end and what stands behind it."""
    found = [*terms.terms(name or ""), END, *behind] if name else []
    return " ".join([*found, id_term(id), *behind] if id else found)


def id_term(id: str) -> str:
    return ID + "_".join(key(id).split())


def about(claim: Claim) -> str:
    """What a claim is about: claims with the same one can disagree."""
    parts = (
        claim.kind,
        figures.party_key(claim.subject_id, claim.subject),
        figures.party_key(claim.object_id, claim.object),
        claim.period or "",
        claim.unit or "",
    )
    return key(BETWEEN.join(parts))


def span(claim: Claim) -> tuple[float, float] | None:
    """From where to where what a claim states may lie; None when it cannot disagree.

    Dollars, things or days; what has no end reaches to ``MOST``, which engines can store.
    """
    if not claim.subject or claim.modality == "denied":
        return None
    if claim.kind == "date":
        dated = days(claim.date or "")
        return dated and (float(dated[0].toordinal()), float(dated[1].toordinal()))
    found = figures.span(claim)
    return found and (min(found[0], MOST) + 0.0, min(found[1], MOST) + 0.0)


def language_key(code: str) -> str:
    return code.partition("-")[0].partition("_")[0].lower()


def entity_terms(article: Article) -> str:
    return " ".join(
        name_terms(entity.name, entity.id, f"{END}{entity.type}") for entity in article.entities
    )


def author_terms(article: Article) -> str:
    return " ".join(f"{terms.joined(author)} {END}" for author in article.authors)


def mood_terms(article: Article) -> str:
    """Whom the article shows which mood towards."""
    names = {entity.id: entity.name for entity in article.entities}
    return " ".join(
        name_terms(names.get(mood.entity), mood.entity, cell)
        for mood in article.moods
        for cell in in_cells(hundredths(mood.score))
    )


def mood_cells(compare: str, score: float) -> list[str]:
    """Cells that cover the scores, to the two decimals that pages show, on one side of a bound."""
    good = [n for n in range(-100, 101) if COMPARE[compare](n / 100, score)]
    return cells(good[0], good[-1]) if good else []


def hundredths(score: float) -> int:
    return round(round(score, 2) * 100)


def entity_labels(article: Article) -> list[str]:
    return [key(f"{entity.id}{BETWEEN}{entity.name}") for entity in article.entities]


def source_label(article: Article) -> str:
    return key(f"{article.source}{BETWEEN}{article.site_name}")


def section_label(article: Article) -> str:
    """Empty for an article without a section."""
    name = " ".join(article.section.split())
    return key(f"{terms.joined(name)}{BETWEEN}{name}") if terms.terms(name) else ""


def key(text: str) -> str:
    """An id as it is stored and asked for; two that differ only beyond the cut are one."""
    return text[:LONGEST_KEY]


def id_keys(text: str) -> tuple[str, ...]:
    """The keys that may be meant by an id as somebody typed it."""
    return tuple(dict.fromkeys((key(text), key(text.lower()))))


def claim_hit(article: Article, claim: Claim) -> ClaimHit:
    """A claim with its sentence, the evidence marked; the evidence alone where none is known."""
    start, end = claim.sentence.start, claim.sentence.end
    sentence, mark = article.body[start:end], (claim.start - start, claim.end - start)
    if not sentence or not 0 <= mark[0] < mark[1] <= len(sentence):
        sentence, mark = sentence or claim.evidence, (0, 0)
    text = "".join(" " if char.isspace() else char for char in sentence)
    return ClaimHit(
        claim=claim,
        article_id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        site_name=article.site_name,
        published=article.published,
        sentence=Marked(text, (Span(start=mark[0], end=mark[1]),) if mark[1] else ()),
        story=story_of(article),
        fetched_at=article.fetched_at,
    )


def dollars(claim: Claim) -> list[float]:
    """The figures that a claim states, in US dollars. Engines tell minus zero from zero."""
    return [value + 0.0 for value in figures.dollars(claim)]


def counted(claim: Claim) -> list[float]:
    """The numbers of chips or people that a claim states."""
    stated = (claim.amount_low, claim.amount_high) if claim.unit in COUNTED else ()
    return [value + 0.0 for value in stated if value is not None]


def dollars_by_kind(article: Article) -> dict[str, list[float]]:
    """The figures of all claims of each kind that an article makes, in the order of its claims."""
    found: dict[str, list[float]] = {}
    for claim in article.claims:
        found.setdefault(claim.kind, []).extend(dollars(claim))
    return found


def revision_key(article: Article) -> str:
    """One for each text that an article ever had, however often it came back to it."""
    return f"{article.id} {article.content_hash}"


def list_once(revisions: Iterable[Article]) -> list[Article]:
    """Each text once, where it first comes."""
    found: dict[str, Article] = {}
    for revision in revisions:
        found.setdefault(revision.content_hash, revision)
    return list(found.values())


def event_of(article: Article) -> str:
    """Of an article whose event is not known, its story."""
    return article.event or story_of(article)


def story_of(article: Article) -> str:
    """The story that it tells: its own until it is joined to another."""
    return article.story or article.id


def time_of(article: Article) -> datetime:
    return article.published or article.fetched_at


def micros(when: datetime) -> int:
    """Microseconds since 1970, exactly."""
    since = when - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def day_of(value: int) -> int:
    """The day (UTC) of a time in microseconds since 1970, as an ordinal."""
    return value // 86_400_000_000 + _EPOCH.toordinal()


def opening(day: int) -> int:
    """When the day of an ordinal begins, in microseconds since 1970."""
    return (day - _EPOCH.toordinal()) * 86_400_000_000


def moment(value: int) -> datetime:
    return datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)


def number_of(article_id: str) -> int:
    """64 bits for an id: a set of articles as numbers, which an engine keeps in columns."""
    digest = hashlib.blake2b(article_id.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest)
