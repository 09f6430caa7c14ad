"""Names as keys: every way to ask for a name is one term, and no phrase has to be looked for.

A name is asked for by its id or by the terms that end it (``altman``, ``sam altman``), some with a
mark behind: the type of an entity, or the cell of a mood's score.
"""

from collections.abc import Iterable
from functools import lru_cache

from processors.query.terms import terms
from processors.records import Article, Claim
from services.index.cells import in_cells
from services.index.documents import END, hundredths, id_keys, id_term, key

LONGEST = 20
"""Terms of a name that it can be asked for by, from its end."""


def name_key(name: str, *behind: str) -> str:
    """One way to ask for a name, as the index has it."""
    return key(" ".join((name, *behind)))


@lru_cache(maxsize=20_000)  # the same names stand in very many articles
def name_keys(name: str | None, id: str | None = None) -> tuple[str, ...]:
    """The id, and all ends of the name."""
    by_id = (name_key(id_term(id)),) if id else ()
    found = terms(name or "")
    sizes = range(1, min(len(found), LONGEST) + 1)
    return (*by_id, *(name_key(" ".join(found[-size:])) for size in sizes))


def entity_keys(article: Article) -> list[str]:
    """Whom an article names, with their types and without."""
    return _different(
        way
        for entity in article.entities
        for plain in name_keys(entity.name, entity.id)
        for way in (plain, name_key(plain, f"{END}{entity.type}"))
    )


def author_keys(article: Article) -> list[str]:
    return _different(way for author in article.authors for way in name_keys(author))


def mood_keys(article: Article) -> list[str]:
    """Whom an article shows which mood towards."""
    names = {entity.id: entity.name for entity in article.entities}
    return _different(
        name_key(plain, cell)
        for mood in article.moods
        for plain in name_keys(names.get(mood.entity), mood.entity)
        for cell in in_cells(hundredths(mood.score))
    )


def parties(claim: Claim) -> dict[str, list[str]]:
    """Every way to name whom a claim is about, and who says it, by their parts in it."""
    return {
        "subject": _different(name_keys(claim.subject, claim.subject_id)),
        "object": _different(name_keys(claim.object, claim.object_id)),
        "speaker": _different(name_keys(claim.speaker)),
    }


def asked_keys(text: str) -> list[str]:
    """What may be meant by a name or an id as somebody typed it."""
    found = terms(text)
    by_name = [name_key(" ".join(found))] if found else []
    return [*(name_key(id_term(id)) for id in id_keys(text)), *by_name]


def _different(keys: Iterable[str]) -> list[str]:
    return [*dict.fromkeys(keys)]
