"""Capitals that stand for their governments: ``Washington told Nvidia``, not ``in Brussels``."""

from collections.abc import Mapping, Sequence

from spacy.tokens import Doc, Token

from processors.nlp.gazetteer import Entry
from processors.nlp.lookup import Hit
from processors.nlp.wordlists import words

_TOWARDS = frozenset({"by", "between", "with", "against", "pressure", "for"})
_LOCAL = words("local")
_ADDRESSED = words("addressed")
_SUBJECT = frozenset({"nsubj", "nsubjpass", "agent"})


def governments(doc: Doc, hits: Sequence[Hit], capitals: Mapping[str, Entry]) -> list[Hit]:
    """A country's hit for each capital that acts; cities as places are left alone."""
    taken = [(hit.start, hit.end) for hit in hits]
    found = []
    for token in doc:
        start, city = _city(token, capitals)
        if city is None or not _acts(token):
            continue
        end = token.idx + len(token)
        if not any(s < end and start < e for s, e in taken):
            entry = capitals[city]
            found.append(Hit(start, end, entry.id, entry.type, "weak", entry, "gazetteer"))
    return found


def _city(token: Token, capitals: Mapping[str, Entry]) -> tuple[int, str | None]:
    """The capital that ends at this token, with where it starts."""
    if token.i:
        before = token.nbor(-1)
        if (two := f"{before.text} {token.text}") in capitals:
            return before.idx, two
    return token.idx, token.text if token.text in capitals else None


def _acts(token: Token) -> bool:
    following = token.nbor(1).text if token.i + 1 < len(token.doc) else ""
    owns = following in ("'s", "\u2019s")
    part = token.ent_type_ in ("PERSON", "ORG", "FAC") and len(_entity(token)) > 1
    if following == "-" or part or (owns and token.dep_ != "poss"):
        return False
    if token.dep_ == "poss":
        return token.head.pos_ == "NOUN" and token.head.lemma_ not in _LOCAL
    joined = token.dep_ == "conj" and token.head.pos_ == "PROPN"
    return _has_part(token.head if joined else token)


def _has_part(token: Token) -> bool:
    """Whether the city acts, is spoken to, or is the partner of ``between``, ``by`` or ``with``."""
    if token.dep_ == "pobj":
        return token.head.lower_ in _TOWARDS
    if token.dep_ == "dobj":
        return token.head.lemma_ in _ADDRESSED
    return token.dep_ in _SUBJECT and token.head.pos_ in ("VERB", "AUX")


def _entity(token: Token) -> Sequence[Token]:
    return next((list(ent) for ent in token.doc.ents if ent.start <= token.i < ent.end), [token])
