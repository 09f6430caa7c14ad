"""What Elasticsearch is given: the index templates, and how a record becomes documents.

Three kinds of document, each in an index of its own: an article (the newest revision), each of
its claims, which inherit what is filtered by from their article, and replaced revisions. ``record``
holds the whole record, and its plain fields are mapped for other tools; ``terms`` holds what our
searches look for, which is not kept in the stored source.
"""

import json
from collections.abc import Sequence
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from processors.query import terms
from processors.records import Article
from services.index.changes import Known
from services.index.documents import (
    Filters,
    article_order,
    body_terms,
    claim_hit,
    claim_order,
    dollars,
    entity_labels,
    filters,
    fingerprint,
    micros,
    revision_key,
    revision_order,
    source_label,
    time_of,
)
from services.index.elasticsearch_names import Kind, Names

__all__ = ["article_document", "claim_documents", "fingerprint", "revision_document", "template"]

ANY = "any"
"""The name, beside those of the claim kinds, of the figures of all claims."""

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
    body, lead, often = body_terms(article.body)
    figures = [(claim.kind, values) for claim in article.claims if (values := dollars(claim))]
    return {
        **_common(article, own),
        "seen": micros(known.seen),
        "order": article_order(article),
        "month": own.month,
        "entity_label": entity_labels(article),
        "source_label": source_label(article),
        "claim_kind": list(dict.fromkeys(claim.kind for claim in article.claims)),
        "usd": _by_kind((kind, value) for kind, values in figures for value in values),
        "usd_span": _by_kind(
            (kind, {"gte": min(values), "lte": max(values)}) for kind, values in figures
        ),
        "terms": {**_terms(own), "body": body, "lead": lead, "often": often},
        "record": msgspec.to_builtins(article),
    }


def claim_documents(known: Known) -> list[tuple[str, Document]]:
    """Each claim's id, which holds its place in the article, and its document."""
    article = known.article
    own = filters(article)
    return [
        (
            f"{article.id}#{place}",
            {
                **_common(article, own),
                "article": article.id,
                "order": claim_order(article, place),
                "claim_kind": [hit.claim.kind],
                "usd": {ANY: dollars(hit.claim)},
                "terms": {**_terms(own), "body": terms.joined(hit.sentence.text)},
                "record": msgspec.to_builtins(hit),
            },
        )
        for place, hit in enumerate(claim_hit(article, claim) for claim in article.claims)
    ]


def revision_document(article: Article) -> tuple[str, Document]:
    return revision_key(article), {
        "article": article.id,
        "order": revision_order(article),
        "record": msgspec.to_builtins(article),
    }


def _common(article: Article, own: Filters) -> Document:
    return {
        "published": time_of(article).astimezone(UTC).isoformat(),
        "time": own.time,
        "number": own.number - 2**63,
        "entity": own.entities,
        "source": own.source,
    }


def _terms(own: Filters) -> Document:
    return {"title": own.title, "entity_name": own.entity_names, "site_name": own.site_name}


def _by_kind(pairs: Sequence[tuple[str, Any]] | Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for kind, value in pairs:
        found.setdefault(ANY, []).append(value)
        found.setdefault(kind, []).append(value)
    return found
