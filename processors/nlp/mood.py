"""Sentiment towards each entity: words of feeling, weighed by how near they stand to its mention.

Near means steps in the dependency tree, so that of two entities in one sentence each gets its own
clause. An entity gets a mood only where a word of feeling reaches one of its mentions; a text that
says nothing about it leaves none. The score of a sentence is squashed into -1..1; an article's is
the mean of its sentences' scores, drawn to zero while there are few.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec
from spacy.tokens import Doc, Span, Token

from processors.nlp.annotations import TargetMood
from processors.nlp.components import component
from processors.nlp.lexicon import Lexicon, lexicon
from processors.records import Mood, Polarity
from processors.records import Span as Place

VERSION = "beatwire-mood-v1"

NEAR = 0.8
"""Weight that is left after each further step in the tree."""
LEAST = 0.12
"""Below this weight a word does not reach a mention."""
SHRINK = 0.6
"""Sentences' worth of neutrality that every entity starts with."""
CUT = 0.1
"""Scores within this distance of zero are called neutral."""
MOST_EVIDENCE = 3
LONGEST = 200
"""Tokens; what is longer is a list or a trap, and no sentence that feels."""
SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVES = frozenset({"nsubjpass", "csubjpass"})
OBJECTS = frozenset({"dobj", "obj", "attr", "oprd"})


class Feeling(msgspec.Struct, frozen=True):
    """A word of feeling at its place, with negation and degree applied."""

    token: Token
    weight: float


@component(VERSION, needs=("mentions", "references"), gives=("moods", "target_moods"))
def feel(doc: Doc) -> Doc:
    """Set ``doc._.moods`` and ``doc._.target_moods``."""
    known = lexicon()
    feelings = {sentence.start: list(_feelings(sentence, known)) for sentence in doc.sents}
    places = [(m.entity_id, m.start, m.end) for m in doc._.mentions]
    places += [(r.entity_id, r.start, r.end) for r in doc._.references]
    doc._.moods = _moods(doc, places, feelings, known)
    doc._.target_moods = [_target(doc, t.start, t.end, feelings, known) for t in doc._.targets]
    return doc


def _moods(
    doc: Doc,
    places: Iterable[tuple[str, int, int]],
    feelings: dict[int, list[Feeling]],
    known: Lexicon,
) -> list[Mood]:
    found: dict[str, dict[Place, float]] = defaultdict(dict)
    for entity, start, end in places:
        span = _span(doc, start, end)
        score = _score(span, feelings.get(span.sent.start, ()), known)
        if score is None:
            continue
        at = span.sent.start_char
        place = Place(start=at, end=at + len(span.sent.text.rstrip()))
        before = found[entity].get(place, 0.0)
        found[entity][place] = max(before, score, key=abs)
    return [_mood(entity, scores) for entity, scores in sorted(found.items())]


def _mood(entity: str, scores: dict[Place, float]) -> Mood:
    score = round(sum(scores.values()) / (len(scores) + SHRINK), 3)
    polarity = polarity_of(score)
    sign = math.copysign(1.0, score)
    shown = sorted(scores, key=lambda place: (-sign * scores[place], place.start))
    evidence = tuple(place for place in shown if scores[place] * sign > 0)[:MOST_EVIDENCE]
    return Mood(entity=entity, polarity=polarity, score=score, evidence=evidence)


def _target(
    doc: Doc, start: int, end: int, feelings: dict[int, list[Feeling]], known: Lexicon
) -> TargetMood:
    span = _span(doc, start, end)
    found = _score(span, feelings.get(span.sent.start, ()), known)
    score = round(found or 0.0, 3)
    return TargetMood(start=start, end=end, polarity=polarity_of(score), score=score)


def _span(doc: Doc, start: int, end: int) -> Span:
    """The tokens that characters touch.

    Raises ValueError when they lie outside of the text.
    """
    span = doc.char_span(start, end, alignment_mode="expand")
    if not span:
        raise ValueError(f"{start}:{end} is not a stretch of a text of {len(doc.text)} characters")
    return span


def polarity_of(score: float) -> Polarity:
    """The name of a score from -1 to 1."""
    if abs(score) <= CUT:
        return "neutral"
    return "positive" if score > 0 else "negative"


def _feelings(sentence: Span, known: Lexicon) -> Iterator[Feeling]:
    """Words and pairs of feeling; a pair takes its words' places."""
    words = [token for token in sentence if not token.is_punct and not token.is_space]
    paired: dict[int, float] = {}
    for first, second in pairwise(words):
        weight = known.pairs.get((first.lemma_.lower(), second.lemma_.lower()))
        if weight is not None:
            paired |= {first.i: 0.0, second.i: weight}
    for token in words:
        weight = paired.get(token.i, _word(token, known))
        if weight:
            yield Feeling(token, weight * _degree(token, known))


def _word(token: Token, known: Lexicon) -> float:
    """A name feels nothing: ``Best Buy`` is not the best."""
    if token.pos_ == "PROPN" or token.ent_type_ in ("ORG", "PERSON", "GPE", "PRODUCT"):
        return 0.0
    return known.words.get(token.lemma_.lower(), 0.0)


def _degree(token: Token, known: Lexicon) -> float:
    """Negation and strength: a word's children, its verb's, and the three words before it."""
    around = {*token.children, *token.head.children} - {token}
    before = set(token.doc[max(token.sent.start, token.i - 3) : token.i])
    degree = 1.0
    for other in before | {child for child in around if child.i < token.i}:
        lemma = other.lemma_.lower()
        if lemma in known.negators or other.dep_ == "neg":
            degree *= -0.7
        elif other in token.children or other.i == token.i - 1:
            degree *= 1.4 if lemma in known.stronger else 0.6 if lemma in known.weaker else 1.0
    return degree


def _score(span: Span, feelings: Sequence[Feeling], known: Lexicon) -> float | None:
    """From -1 to 1; None when no word of feeling reaches the span."""
    if len(span.sent) > LONGEST:
        return None
    total, reached = 0.0, False
    inside = set(span)
    path = _distances(span.root)
    for feeling in feelings:
        if feeling.token in inside:
            continue
        near = NEAR ** max(0, path.get(feeling.token.i, 99) - 1)
        if near >= LEAST:
            reached = True
            total += near * feeling.weight * _role(span.root, feeling.token, known)
    for verb in (t for t in span.sent if t.lemma_.lower() in known.contest):
        if side := _side(span.root, verb):
            reached, total = True, total + 2.0 * side
    return math.tanh(total / 2.5) if reached else None


def _distances(root: Token) -> dict[int, int]:
    """Steps in the dependency tree from one token to all others of its sentence."""
    found, edge = {root.i: 0}, [root]
    while edge:
        further = [
            near
            for token in edge
            for near in (*token.children, token.head)
            if near.i not in found and not found.update({near.i: found[token.i] + 1})
        ]
        edge = further
    return found


def _role(mention: Token, word: Token, known: Lexicon) -> float:
    """How much of a word falls on a mention by its place at that word."""
    if word.lemma_.lower() not in known.towards_object or word.pos_ not in ("VERB", "AUX"):
        return 1.0
    return 0.15 if _side(mention, word) > 0 else 1.0


def _side(mention: Token, verb: Token) -> int:
    """1 for the one who does the verb, -1 for whom it is done to, 0 for others."""
    token = mention
    while token.head not in (verb, token):
        if token.dep_ not in ("conj", "compound", "poss", "appos", "nmod", "pobj", "prep", "agent"):
            return 0
        token = token.head
    if token.head != verb:
        return 0
    if token.dep_ in SUBJECTS or token.dep_ == "agent":
        return 1
    return -1 if token.dep_ in OBJECTS | PASSIVES else 0
