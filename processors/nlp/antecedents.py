"""What a pronoun or phrase may stand for: earlier mentions, ranked by place and role."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from spacy.tokens import Doc, Span, Token

from processors.nlp.annotations import Mention
from processors.records import EntityType

SUBJECT = frozenset({"nsubj", "nsubjpass"})
_ROLE = {"subject": 1.0, "owner": 0.4, "object": 0.2, "other": 0.0}
_SENTENCE, _PARAGRAPH, _LISTED, _MARGIN = 1.0, 0.3, 0.6, 0.12


class Candidate(msgspec.Struct, frozen=True):
    """An earlier mention, or an earlier phrase that was resolved."""

    entity_id: str
    type: EntityType
    start: int
    sentence: int
    paragraph: int
    role: str
    listed: bool
    """One of several joined by ``and``: no antecedent of a singular."""
    governor: int
    """Index of the verb it hangs on."""


class Place(msgspec.Struct, frozen=True):
    """Where an anaphor stands."""

    start: int
    sentence: int
    paragraph: int


def candidate(mention: Mention, span: Span, sentence: int, paragraph: int) -> Candidate:
    """The candidate that a mention's tokens make."""
    root = span.root
    return Candidate(
        entity_id=mention.entity_id,
        type=mention.type,
        start=mention.start,
        sentence=sentence,
        paragraph=paragraph,
        role=role_of(root),
        listed=root.dep_ == "conj" or any(child.dep_ == "conj" for child in root.children),
        governor=governor(root).i,
    )


def role_of(root: Token) -> str:
    """``subject``, ``owner`` (of a subject), ``object`` or ``other``."""
    token = root
    if token.dep_ in ("appos", "conj"):
        token = token.head
    if token.dep_ in SUBJECT:
        return "subject"
    if token.dep_ in ("poss", "compound", "nmod") and token.head.dep_ in SUBJECT:
        return "owner"
    return "object" if token.dep_ in ("dobj", "dative", "attr") else "other"


def governor(token: Token) -> Token:
    """The verb whose clause the token is in, or the root."""
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


def acting_verb(verb: Token) -> Token:
    """The verb whose subject a joined verb shares: ``paid`` in ``Meta paid … and hired``."""
    while verb.dep_ == "conj" and not any(child.dep_ in SUBJECT for child in verb.children):
        verb = verb.head
    return verb


def best(
    candidates: Iterable[Candidate],
    place: Place,
    fit: Callable[[Candidate], float],
    *,
    sentences: int,
    paragraphs: int,
) -> str | None:
    """The entity that the anaphor at ``place`` most likely means; None where two are as likely.

    ``fit`` gives 0 to those that cannot be meant and weighs the others.
    """
    scores: dict[str, float] = {}
    counts: dict[str, int] = {}
    for one in candidates:
        apart, gap = place.sentence - one.sentence, place.paragraph - one.paragraph
        if one.start >= place.start or gap > paragraphs:
            continue
        counts[one.entity_id] = counts.get(one.entity_id, 0) + 1
        weight = fit(one)
        if apart > sentences or not weight:
            continue
        score = weight + _ROLE[one.role] - _SENTENCE * min(apart, 3) - _PARAGRAPH * gap
        score -= _LISTED * one.listed
        score += 0.0005 * one.start / max(place.start, 1)
        scores[one.entity_id] = max(scores.get(one.entity_id, score), score)
    ranked = sorted(
        ((score + 0.1 * min(counts[name], 6), name) for name, score in scores.items()), reverse=True
    )
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN):
        return None
    return ranked[0][1]


def lines(doc: Doc) -> Sequence[int]:
    """The number of the paragraph that each token is in."""
    number, numbers = 0, []
    for token in doc:
        numbers.append(number)
        number += "\n" in token.text
    return numbers
