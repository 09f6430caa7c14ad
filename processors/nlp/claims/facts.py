"""Who stands behind a model, a product or a person, as the gazetteer knows it."""

from functools import cache, lru_cache

from processors.nlp.gazetteer import Entry, load


@cache
def _entries() -> dict[str, Entry]:
    return load()


@cache
def weak_names() -> frozenset[str]:
    """Single words that are also names of companies and labs (``Perplexity``, ``Alphabet``)."""
    firms = (e for e in _entries().values() if e.type in {"company", "lab"})
    return frozenset(name for e in firms for name in (*e.weak, *e.short) if " " not in name)


def trade_of(entity_id: str) -> str | None:
    """The trade of an entity that is not of the AI industry; None for all others."""
    entry = _entries().get(entity_id)
    return entry.trade if entry is not None else None


@lru_cache(maxsize=4096)
def behind(entity_id: str) -> tuple[str, str] | None:
    """Name and id of the maker or employer; a version has that of its family (``gpt-4`` -> gpt)."""
    entries = _entries()
    entry = entries.get(entity_id)
    stem = entity_id
    while entry is None and "-" in stem:
        stem = stem.rpartition("-")[0]
        entry = entries.get(stem)
    if entry is None:
        return None
    if stem != entity_id and entry.type in {"company", "lab"}:
        return entry.name, entry.id
    owner = entries.get(entry.maker or entry.of or "")
    return (owner.name, owner.id) if owner is not None else None
