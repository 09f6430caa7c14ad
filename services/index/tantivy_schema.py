"""The fields of the tantivy index, and how a record becomes documents.

Three kinds of document: an ``article`` (the newest revision), each of its ``claim``s, which
inherit what is filtered by from their article, and a ``revision``. All but revisions carry the
article's id in ``live`` and are replaced together. What both are filtered by (``SHARED``) has a
field for each. What articles are counted by (``COUNTED``) is in every document, of whatever kind,
once: columns without gaps are counted several times as fast.
"""

from functools import cache
from typing import Any, get_args

import msgspec
import tantivy

from processors.records import Article
from services.index.changes import Known
from services.index.compile import Kind
from services.index.documents import (
    Filters,
    claim_fields,
    claim_hit,
    day_of,
    entity_labels,
    filters,
    micros,
    number_of,
    revision_key,
    section_label,
    source_label,
    text_fields,
)
from services.index.tantivy_made import columns, made
from services.index.tantivy_names import author_keys, entity_keys, mood_keys, parties
from services.index.tantivy_when import when_terms

COUNTED = ("source_label", "section_label", "language", "kinds", "day")
SHARED = frozenset(
    {
        *("title", "body", "site_name", "forms", "title_forms", "language", "section", "source"),
        *("entity", "entity_name", "author_name", "mood", "original", "story", "event"),
        "when",
    }
)
NONE = "-"
"""Stands for an empty value of these; the analyser never makes it, and no id is it."""
PARTS = 64
"""Random parts of all articles, as ``part`` names them: several together are a sample."""


def own_field(kind: Kind, name: str) -> str:
    """What documents of a kind call a field that both kinds have."""
    return f"{kind}_{name}"


STORY = own_field("article", "story")


@cache
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in (
        *("kind", "live", "revision", "revision_of", "modality", "bound", "part", "made"),
        *("subject", "object", "speaker"),
        *_of_both("entity", "source", "section", "language", "original", "when"),
        *_of_both("entity_name", "author_name", "mood"),
    ):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*COUNTED, "entity_label", "claim_kind", "about"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("lead", *_of_both("title", "body", "site_name")):
        builder.add_text_field(name, tokenizer_name="terms", index_option="position")
    for name in ("often", *_of_both("forms", "title_forms")):
        builder.add_text_field(name, tokenizer_name="terms", index_option="basic")
    for name in ("time", "place", "first_day", "last_day"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_integer_field("seen", stored=True, fast=True)
    for name in ("number", "own_number", *_of_both("story", "event")):
        builder.add_unsigned_field(name, indexed=name != "number", fast=name != "own_number")
    for name in ("usd", "count", "largest", "smallest", "least", "most", *columns()):
        builder.add_float_field(name, fast=True)
    builder.add_bytes_field("record", stored=True)
    return builder.build()


def _of_both(*names: str) -> list[str]:
    return [own_field(kind, name) for name in names for kind in get_args(Kind)]


def analyser() -> tantivy.TextAnalyzer:
    """Splits what our analyser joined, and does nothing else; its name is ``terms``."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def documents(known: Known) -> list[tantivy.Document]:
    """The article's document and those of its claims."""
    article, inherited = known.article, filters(known.article)
    common = _common(inherited) | _counted(article, inherited)
    shared = _shared(inherited) | _names(article)
    own = _article(known, inherited)
    return [
        _document(common | _called("article", shared | own)),
        *(
            _document(common | _called("claim", shared | claim))
            for claim in _claims(article, inherited)
        ),
    ]


def revision_document(article: Article) -> tantivy.Document:
    return _document(
        {
            **dict.fromkeys(COUNTED, NONE),
            "kind": "revision",
            "revision": revision_key(article),
            "revision_of": article.id,
            "time": micros(article.fetched_at),
            "record": msgspec.json.encode(article),
        }
    )


def _article(known: Known, inherited: Filters) -> dict[str, Any]:
    article = known.article
    texts = text_fields(article.body, inherited.title_forms)
    return {
        "kind": "article",
        "own_number": inherited.number,
        "part": str(inherited.number % PARTS),
        "body": texts.terms,
        "lead": texts.lead,
        "often": texts.often,
        "forms": texts.forms,
        "seen": micros(known.seen),
        "entity_label": entity_labels(article),
        "record": msgspec.json.encode(article),
        **made(article.claims),
    }


def _names(article: Article) -> dict[str, list[str]]:
    return {
        "entity_name": entity_keys(article),
        "author_name": author_keys(article),
        "mood": mood_keys(article),
    }


def _counted(article: Article, own: Filters) -> dict[str, str]:
    return {
        "source_label": source_label(article),
        "section_label": section_label(article) or NONE,
        "language": own.language or NONE,
        "kinds": " ".join(sorted({claim.kind for claim in article.claims})) or NONE,
        "day": str(day_of(own.time)),
    }


def _claims(article: Article, inherited: Filters) -> list[dict[str, Any]]:
    found = []
    for place, claim in enumerate(article.claims):
        hit, own = claim_hit(article, claim), claim_fields(claim, place)
        texts = text_fields(hit.sentence.text, inherited.title_forms)
        first, last = own.days or (None, None)
        least, most = own.span or (None, None)
        found.append(
            {
                "kind": "claim",
                "body": texts.terms,
                "forms": texts.forms,
                "claim_kind": own.kind,
                "usd": own.usd,
                "count": own.count,
                "first_day": first,
                "last_day": last,
                **parties(claim),
                "modality": own.modality,
                "bound": own.bound,
                "place": own.place,
                "largest": own.largest,
                "smallest": own.smallest,
                "about": own.about,
                "least": least,
                "most": most,
                "record": msgspec.json.encode(hit),
            }
        )
    return found


def _common(own: Filters) -> dict[str, Any]:
    return {
        "live": own.article_id,
        "number": own.number,
        "time": own.time,
    }


def _shared(own: Filters) -> dict[str, Any]:
    """What articles are filtered by; their claims inherit it."""
    return {
        "when": when_terms(own.time),
        "title": own.title,
        "title_forms": own.title_forms,
        "entity": own.entities,
        "source": own.source,
        "site_name": own.site_name,
        "section": own.section,
        "language": own.language,
        "story": number_of(own.story),
        "event": number_of(own.event),
        "original": own.original,
    }


def _called(kind: Kind, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        own_field(kind, name) if name in SHARED else name: value for name, value in fields.items()
    }


_UNSIGNED = frozenset({"number", "own_number", *_of_both("story", "event")})
_ADD = {int: "add_integer", float: "add_float", str: "add_text", bytes: "add_bytes"}


def _document(fields: dict[str, Any]) -> tantivy.Document:
    """What is empty is left out: an empty key would be a value of its own."""
    document = tantivy.Document()
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None and one != "":
                add = "add_unsigned" if name in _UNSIGNED else _ADD[type(one)]
                getattr(document, add)(name, one)
    return document
