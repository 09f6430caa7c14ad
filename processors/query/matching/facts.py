"""Facts: what an article has, as strings that are the same ones in a query.

A word of the text is its own fact (``chip``), and so are two that follow one another (``lower
cost``). The others have a head that no term has: ``title:purse``, ``start:inferen`` (some word
begins so), ``entity:id:nvidia``, ``entity.person:ends:altman``, ``claim:funding``, ``lang:en``.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, pairwise

from processors.query.terms import terms
from processors.records import Article

ENDS = 4
"""Terms of the end of a name that are a fact; what asks for more is checked."""
READ = frozenset({"entity", "mood", "subject", "object", "speaker", "claim"})
"""Heads of what stands in an article only after its language was read."""
PAIR = "pair"
"""The kind of a fact that is two terms, in the title or anywhere."""
START, TITLE_START = "start", "title-start"
TEXTS = frozenset({"", PAIR, "title", START, TITLE_START})
"""Kinds of the facts that texts have."""
ALL_HAVE = ""
"""The fact of every article."""
ORIGINAL = "is:original"
ANY_CLAIM = "claim:any"


def kind(fact: str) -> str:
    """The head of a fact without what qualifies it: ``entity``; empty for a word."""
    head, colon, rest = fact.partition(":")
    if not colon or head == "title":
        return PAIR if " " in (rest or head) else head * bool(colon)
    return head.partition(".")[0]


@lru_cache(maxsize=16_384)
def ends(name: str) -> tuple[str, ...]:
    """``altman``, ``sam altman``: what a name ends with, in terms."""
    found = terms(name)
    return tuple(" ".join(found[-size:]) for size in range(1, min(ENDS, len(found)) + 1))


def named(role: str, name: str | None, id: str | None = None) -> Iterator[str]:
    """The facts of somebody in a role: how a query may call them."""
    if id is not None:
        yield f"{role}:id:{id}"
    for end in ends(name) if name else ():
        yield f"{role}:ends:{end}"


def text_facts(title: str, body: str, *, pairs: bool) -> set[str]:
    """Of both texts, each as its terms with single spaces; pairs only where asked for."""
    short, long = title.split(), body.split()
    facts = {ALL_HAVE, *long}
    facts.update(short, map("title:".__add__, short))
    if pairs:
        facts.update(map(" ".join, pairwise(long)))
        both = [*map(" ".join, pairwise(short))]
        facts.update(both, map("title:".__add__, both))
    return facts


def field_facts(article: Article) -> Iterator[str]:
    """Of everything but the texts."""
    yield f"source:{article.source}"
    yield from map("site:".__add__, terms(article.site_name))
    yield f"lang:{article.language.split('-')[0].lower()}"
    yield f"section:{' '.join(terms(article.section))}"
    yield f"story:{article.story or article.id}"
    yield f"event:{article.event or article.story or article.id}"
    if article.original:
        yield ORIGINAL
    yield from chain.from_iterable(named("author", author) for author in article.authors)


def reading_facts(article: Article) -> Iterator[str]:
    """Of what reading its language found."""
    names = {}
    for entity in article.entities:
        names[entity.id] = entity.name
        yield from _entity(entity.id, entity.name, entity.type)
    for mood in article.moods:
        yield from named("mood", names.get(mood.entity), mood.entity)
    for claim in article.claims:
        yield f"claim:{claim.kind}"
        yield from named("subject", claim.subject, claim.subject_id)
        yield from named("object", claim.object, claim.object_id)
        yield from named("speaker", claim.speaker)
    if article.claims:
        yield ANY_CLAIM


@lru_cache(maxsize=16_384)
def _entity(id: str, name: str, type: str) -> tuple[str, ...]:
    return (*named("entity", name, id), *named(f"entity.{type}", name, id))
