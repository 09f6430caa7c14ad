"""What Elasticsearch is given: the index templates, and how a record becomes documents.

Three kinds of document, each in an index of its own: an article (the newest revision), each of
its claims, which inherit what is filtered by from their article, and replaced revisions. ``record``
holds the whole record, and its plain fields are mapped for other tools; ``terms`` holds what our
searches look for, which is not kept in the stored source.
"""

import json
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from processors.records import Article, Claim
from services.index.changes import Known
from services.index.documents import (
    Filters,
    Texts,
    author_terms,
    claim_fields,
    claim_hit,
    day_of,
    dollars_by_kind,
    entity_labels,
    entity_terms,
    filters,
    fingerprint,
    micros,
    mood_terms,
    name_terms,
    number_of,
    revision_key,
    section_label,
    source_label,
    text_fields,
    time_of,
)
from services.index.elasticsearch_names import Kind, Names

__all__ = ["article_document", "claim_documents", "fingerprint", "revision_document", "template"]

ANY = "any"
"""The name, beside those of the claim kinds, of the figures of all claims."""

SIGN = 2**63
"""What whole numbers of 64 bits are moved by, as the engine has only signed ones."""

Document = dict[str, Any]


def template(names: Names, kind: Kind) -> Document:
    """The body of an index template, as ``PUT _index_template/NAME`` takes it."""
    return {**_template(kind), "index_patterns": [names.pattern(kind)]}


@cache
def _template(kind: Kind) -> Document:
    text = files("services.index").joinpath(f"elasticsearch_templates/{kind}.json").read_text()
    found: Document = json.loads(text)
    return found


def article_document(known: Known) -> Document:
    article = known.article
    own = filters(article)
    texts = text_fields(article.body, own.title_forms)
    return {
        **_common(article, own),
        "seen": micros(known.seen),
        "day": day_of(own.time),
        "entity_label": entity_labels(article),
        "source_label": source_label(article),
        "section_label": section_label(article) or None,
        "claim_kind": list(dict.fromkeys(claim.kind for claim in article.claims)),
        "usd": _dollars(article),
        "terms": {
            **_names(article),
            **_terms(own, texts),
            "lead": texts.lead,
            "often": texts.often,
        },
        "record": msgspec.to_builtins(article),
    }


def claim_documents(known: Known) -> list[tuple[str, Document]]:
    """Each claim's id, which holds its place in the article, and its document."""
    article = known.article
    own, names = filters(article), _names(article)
    return [
        (f"{article.id}#{place}", _claim_document(article, (own, names), claim, place))
        for place, claim in enumerate(article.claims)
    ]


def _claim_document(
    article: Article, inherited: tuple[Filters, Document], claim: Claim, place: int
) -> Document:
    own, names = inherited
    hit, fields = claim_hit(article, claim), claim_fields(claim, place)
    first, last = fields.days or (None, None)
    least, most = fields.span or (None, None)
    texts = text_fields(hit.sentence.text, own.title_forms)
    parties = {
        "subject": name_terms(claim.subject, claim.subject_id),
        "object": name_terms(claim.object, claim.object_id),
        "speaker": name_terms(claim.speaker),
    }
    return {
        **_common(article, own),
        "article": article.id,
        "claim_kind": [fields.kind],
        "usd": fields.usd,
        "count": fields.count,
        "first_day": first,
        "last_day": last,
        "modality": fields.modality,
        "bound": fields.bound,
        "place": fields.place,
        "largest": fields.largest,
        "smallest": fields.smallest,
        "about": fields.about or None,
        "least": least,
        "most": most,
        "terms": {**names, **_terms(own, texts), **parties},
        "record": msgspec.to_builtins(hit),
    }


def revision_document(article: Article) -> tuple[str, Document]:
    return revision_key(article), {
        "article": article.id,
        "time": micros(article.fetched_at),
        "record": msgspec.to_builtins(article),
    }


def signed(number: int) -> int:
    """64 bits as a whole number that the engine has, in the same order."""
    return number - SIGN


def _common(article: Article, own: Filters) -> Document:
    return {
        "published": time_of(article).astimezone(UTC).isoformat(),
        "time": own.time,
        "number": signed(own.number),
        "entity": own.entities,
        "source": own.source,
        "language": own.language,
        "section": own.section,
        "story": signed(number_of(own.story)),
        "event": signed(number_of(own.event)),
        "original": own.original,
    }


def _names(article: Article) -> Document:
    return {
        "entity_name": entity_terms(article),
        "author_name": author_terms(article),
        "mood": mood_terms(article),
    }


def _terms(own: Filters, texts: Texts) -> Document:
    return {
        "title": own.title,
        "title_forms": own.title_forms,
        "body": texts.terms,
        "forms": texts.forms,
        "site_name": own.site_name,
    }


def _dollars(article: Article) -> dict[str, list[float]]:
    by_kind = {kind: values for kind, values in dollars_by_kind(article).items() if values}
    every = [value for values in by_kind.values() for value in values]
    return {ANY: every, **by_kind} if every else {}
