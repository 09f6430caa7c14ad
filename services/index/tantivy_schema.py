"""The fields of the tantivy index, and how a record becomes documents.

Three kinds of document: an ``article`` (the newest revision), each of its ``claim``s, which
inherit what is filtered by from their article, and a ``revision``. All but revisions carry the
article's id in ``live`` and are replaced together.
"""

import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args

import msgspec
import tantivy

from processors.figures import dollars
from processors.query import terms
from processors.records import Article, Claim, ClaimKind, Span
from services.index import ClaimHit, Marked
from services.index.changes import Known

KINDS: tuple[str, ...] = get_args(ClaimKind)
END = "¶"
"""Stands behind the last term of an entity's name; the analyser never makes it."""
BETWEEN = "\x1f"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fingerprint() -> str:
    """What an index must have been written with, to be read with this code."""
    return json.dumps({"schema": 1, "analyser": terms.VERSION, "claim_kinds": KINDS})


@cache
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("kind", "live", "revision", "revision_of"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("entity", "entity_label", "source", "source_label", "claim_kind", "month"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body", "entity_name", "site_name"):
        builder.add_text_field(name, tokenizer_name="terms", index_option="position")
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


def micros(when: datetime) -> int:
    """Microseconds since 1970, exactly."""
    since = when - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(value: int) -> datetime:
    return datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)


def number_of(article_id: str) -> int:
    """64 bits for an id: a set of articles as numbers, which the engine keeps in columns."""
    digest = hashlib.blake2b(article_id.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest)


def documents(known: Known) -> list[tantivy.Document]:
    """The article's document and those of its claims."""
    article = known.article
    common = _common(article)
    kinds = dict.fromkeys(claim.kind for claim in article.claims)
    own = [
        _document(
            common,
            kind="article",
            order=_order(article),
            body=terms.joined(article.body),
            seen=micros(known.seen),
            entity_label=[f"{entity.id}{BETWEEN}{entity.name}" for entity in article.entities],
            source_label=f"{article.source}{BETWEEN}{article.site_name}",
            claim_kind=list(kinds),
            usd=[value for claim in article.claims for value in dollars(claim)],
            record=msgspec.json.encode(article),
            **{
                usd_field(kind): [v for c in article.claims if c.kind == kind for v in dollars(c)]
                for kind in kinds
            },
        )
    ]
    return own + [
        _document(
            common,
            kind="claim",
            order=f"{_order(article)} {99_999 - place:05d}",
            body=terms.joined(hit.sentence.text),
            claim_kind=hit.claim.kind,
            usd=list(dollars(hit.claim)),
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
        order=f"{micros(article.fetched_at) + 2**62:020d}",
        record=msgspec.json.encode(article),
    )


def revision_key(article: Article) -> str:
    return f"{article.id} {article.content_hash} {micros(article.fetched_at)}"


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


def _order(article: Article) -> str:
    """Sorts as text like the time, then the id."""
    return f"{micros(article.published or article.fetched_at) + 2**62:020d} {article.id}"


def _common(article: Article) -> dict[str, Any]:
    """What articles are filtered by; their claims inherit it."""
    when = article.published or article.fetched_at
    names = " ".join(f"{terms.joined(entity.name)} {END}" for entity in article.entities)
    return {
        "live": article.id,
        "number": number_of(article.id),
        "time": micros(when),
        "month": when.astimezone(UTC).strftime("%Y-%m"),
        "title": terms.joined(article.title),
        "entity": list(dict.fromkeys(entity.id for entity in article.entities)),
        "entity_name": names,
        "source": article.source,
        "site_name": terms.joined(article.site_name),
    }


_ADD = {int: "add_integer", float: "add_float", str: "add_text", bytes: "add_bytes"}


def _document(common: dict[str, Any], **fields: Any) -> tantivy.Document:
    document = tantivy.Document()
    for name, value in (common | fields).items():
        for one in value if isinstance(value, list) else [value]:
            add = "add_unsigned" if name == "number" else _ADD[type(one)]
            getattr(document, add)(name, one)
    return document
