"""The fields of the tantivy index, and how a record becomes documents.

Three kinds of document: an ``article`` (the newest revision), each of its ``claim``s, which
inherit what is filtered by from their article, and a ``revision``. All but revisions carry the
article's id in ``live`` and are replaced together.
"""

from functools import cache
from typing import Any

import msgspec
import tantivy

from processors.query import terms
from processors.records import Article
from services.index.changes import Known
from services.index.documents import (
    KINDS,
    article_order,
    body_terms,
    claim_hit,
    claim_order,
    dollars,
    dollars_by_kind,
    entity_labels,
    filters,
    micros,
    revision_key,
    revision_order,
    source_label,
)


@cache
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("kind", "live", "revision", "revision_of"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("entity", "entity_label", "source", "source_label", "claim_kind", "month"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "lead", "body", "entity_name", "site_name"):
        builder.add_text_field(name, tokenizer_name="terms", index_option="position")
    builder.add_text_field("often", tokenizer_name="terms", index_option="basic")
    builder.add_text_field("order", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("time", indexed=True, fast=True)
    builder.add_integer_field("seen", stored=True, fast=True)
    builder.add_unsigned_field("number", indexed=True, fast=True)
    for name in ("usd", *map(usd_field, KINDS)):
        builder.add_float_field(name, indexed=True, fast=True)
    builder.add_bytes_field("record", stored=True)
    return builder.build()


def analyser() -> tantivy.TextAnalyzer:
    """Splits what our analyser joined, and does nothing else; its name is ``terms``."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def usd_field(kind: str) -> str:
    """The figures of all claims of one kind that an article makes."""
    return f"usd_{kind}"


def documents(known: Known) -> list[tantivy.Document]:
    """The article's document and those of its claims."""
    article = known.article
    common = _common(article)
    body, lead, often = body_terms(article.body)
    by_kind = dollars_by_kind(article)
    own = [
        _document(
            common,
            kind="article",
            order=article_order(article),
            body=body,
            lead=lead,
            often=often,
            seen=micros(known.seen),
            entity_label=entity_labels(article),
            source_label=source_label(article),
            claim_kind=list(by_kind),
            usd=[value for values in by_kind.values() for value in values],
            record=msgspec.json.encode(article),
            **{usd_field(kind): values for kind, values in by_kind.items()},
        )
    ]
    return own + [
        _document(
            common,
            kind="claim",
            order=claim_order(article, place),
            body=terms.joined(hit.sentence.text),
            claim_kind=hit.claim.kind,
            usd=dollars(hit.claim),
            record=msgspec.json.encode(hit),
        )
        for place, hit in enumerate(claim_hit(article, claim) for claim in article.claims)
    ]


def revision_document(article: Article) -> tantivy.Document:
    return _document(
        {},
        kind="revision",
        revision=revision_key(article),
        revision_of=article.id,
        order=revision_order(article),
        record=msgspec.json.encode(article),
    )


def _common(article: Article) -> dict[str, Any]:
    """What articles are filtered by; their claims inherit it."""
    own = filters(article)
    return {
        "live": own.article_id,
        "number": own.number,
        "time": own.time,
        "month": own.month,
        "title": own.title,
        "entity": own.entities,
        "entity_name": own.entity_names,
        "source": own.source,
        "site_name": own.site_name,
    }


_ADD = {int: "add_integer", float: "add_float", str: "add_text", bytes: "add_bytes"}


def _document(common: dict[str, Any], **fields: Any) -> tantivy.Document:
    document = tantivy.Document()
    for name, value in (common | fields).items():
        for one in value if isinstance(value, list) else [value]:
            add = "add_unsigned" if name == "number" else _ADD[type(one)]
            getattr(document, add)(name, one)
    return document
