"""What every engine is given for a record, whatever it calls its fields."""

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime
from typing import get_args

import msgspec

from processors import figures
from processors.query import terms
from processors.records import Article, Claim, ClaimKind, Span
from services.index import ClaimHit, Marked

SCHEMA = 2
"""Goes up with every change of the fields: an index of another schema is rebuilt."""
KINDS: tuple[str, ...] = get_args(ClaimKind)
END = "¶"
"""Stands behind the last term of an entity's name; the analyser never makes it."""
BETWEEN = "\x1f"
"""Stands between an id and its name in a label."""
LONGEST_KEY = 8_000
"""Characters of an id that count: engines refuse keys of more than 32,766 bytes."""
LEAD = 100
"""Terms of a body that open it."""
OFTEN = 3
"""So many times a term occurs in a body that is about it."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Filters(msgspec.Struct, frozen=True):
    """What articles are filtered by; their claims inherit it."""

    article_id: str
    number: int
    time: int
    month: str
    entities: list[str]
    source: str
    title: str
    """Terms joined by spaces, as are the two that follow."""
    entity_names: str
    site_name: str


def fingerprint() -> str:
    """What an index must have been written with, to be read with this code."""
    return json.dumps({"schema": SCHEMA, "analyser": terms.VERSION, "claim_kinds": KINDS})


def filters(article: Article) -> Filters:
    when = time_of(article)
    names = " ".join(f"{terms.joined(entity.name)} {END}" for entity in article.entities)
    return Filters(
        article_id=article.id,
        number=number_of(article.id),
        time=micros(when),
        month=when.astimezone(UTC).strftime("%Y-%m"),
        entities=list(dict.fromkeys(key(entity.id) for entity in article.entities)),
        source=key(article.source),
        title=terms.joined(article.title),
        entity_names=names,
        site_name=terms.joined(article.site_name),
    )


def body_terms(body: str) -> tuple[str, str, str]:
    """The terms of a body, those that open it, and those that it uses often."""
    all_terms = terms.terms(body)
    often = (term for term, count in Counter(all_terms).items() if count >= OFTEN)
    return " ".join(all_terms), " ".join(all_terms[:LEAD]), " ".join(often)


def entity_labels(article: Article) -> list[str]:
    return [key(f"{entity.id}{BETWEEN}{entity.name}") for entity in article.entities]


def source_label(article: Article) -> str:
    return key(f"{article.source}{BETWEEN}{article.site_name}")


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
    )


def dollars(claim: Claim) -> list[float]:
    """The figures that a claim states, in US dollars. Engines tell minus zero from zero."""
    return [value + 0.0 for value in figures.dollars(claim)]


def dollars_by_kind(article: Article) -> dict[str, list[float]]:
    """The figures of all claims of each kind that an article makes, in the order of its claims."""
    found: dict[str, list[float]] = {}
    for claim in article.claims:
        found.setdefault(claim.kind, []).extend(dollars(claim))
    return found


def article_order(article: Article) -> str:
    """Sorts as text like the time, then the id."""
    return f"{_sortable(time_of(article))} {article.id}"


def claim_order(article: Article, place: int) -> str:
    """Under newest first: as their articles, then in the order of the article."""
    return f"{article_order(article)} {99_999 - place:05d}"


def revision_order(article: Article) -> str:
    return _sortable(article.fetched_at)


def revision_key(article: Article) -> str:
    return f"{article.id} {article.content_hash} {micros(article.fetched_at)}"


def time_of(article: Article) -> datetime:
    return article.published or article.fetched_at


def micros(when: datetime) -> int:
    """Microseconds since 1970, exactly."""
    since = when - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(value: int) -> datetime:
    return datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)


def number_of(article_id: str) -> int:
    """64 bits for an id: a set of articles as numbers, which an engine keeps in columns."""
    digest = hashlib.blake2b(article_id.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest)


def _sortable(when: datetime) -> str:
    return f"{micros(when) + 2**62:020d}"
