"""The words that speak of a figure: its own clause, without the clauses that stand beside it.

``Midjourney, which never took outside capital, makes $200 million``: ``never`` is of another
clause, and so says nothing about the sum. Punctuation tells the rough parts, grammar the fine ones.
"""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from processors.nlp.claims.grammar import SUBJECTS
from processors.nlp.claims.scene import Scene, is_verb, once, verbs_above

_BREAK = re.compile(
    r"[;:—]|\s[–-]\s|,\s(?:and|but|while|which|whose|although|though|after|when|with)\s"
    r"|\s(?:while|whereas|after|but)\s"
)
_BESIDE = frozenset({"relcl", "advcl", "parataxis", "conj", "acl"})


def clause_of(scene: Scene, figure: tuple[int, int]) -> tuple[int, int]:
    """The part of the sentence round a figure, by punctuation and joining words."""
    start, end = 0, len(scene.masked)
    for found in _BREAK.finditer(scene.masked):
        if found.end() <= figure[0]:
            start = found.end()
        elif found.start() > figure[0]:
            end = found.start()
            break
    return start, end


@once
def spine(scene: Scene, figure: tuple[int, int]) -> list[Token]:
    """The verbs that govern a figure within its own clause, nearest first.

    A joined verb shares the auxiliaries of the first, a verb of saying or wanting governs what is
    said or wanted; a clause with a subject of its own ends the line, but for what is said.
    """
    segment = scene.segment(figure[0])
    out: list[Token] = []
    for verb in verbs_above(scene.root_of(*figure)):
        if out and not segment[0] <= scene.place(verb) - scene.at < segment[1]:
            break
        out.append(verb)
        if _stands_alone(verb):
            break
    return out


def own_words(scene: Scene, figure: tuple[int, int], *, masked: bool = False) -> str:
    """The sentence, or its masked form, with blanks for what is of other clauses."""
    text = scene.masked if masked else scene.text
    parts, at = [], 0
    for low, high in _elsewhere(scene, figure):
        parts += [text[at:low], " " * (high - low)]
        at = high
    return "".join([*parts, text[at:]])


@once
def _elsewhere(scene: Scene, figure: tuple[int, int]) -> list[tuple[int, int]]:
    """What is of other clauses than a figure's, in order and without overlaps."""
    start, end = clause_of(scene, figure)
    size = len(scene.text)
    if not speaks(scene, start, end):
        start, end = 0, size
    out: list[tuple[int, int]] = []
    done = 0
    for low, high in sorted([(0, start), (end, size), *_others(scene, figure)]):
        if max(low, done) < high:
            out.append((max(low, done), high))
            done = high
    return out


@once
def _verbs(scene: Scene) -> list[tuple[int, Token]]:
    """The verbs, each with where it stands in the sentence."""
    found = (t for t in scene.part.doc if is_verb(t)) if scene.part else ()
    return [(scene.place(verb) - scene.at, verb) for verb in found]


def speaks(scene: Scene, start: int, end: int) -> bool:
    """Whether a stretch has a verb: ``Up to $65 billion: that is what Meta may spend``."""
    return any(start <= place < end for place, _ in _verbs(scene))


@once
def _clauses(scene: Scene) -> list[tuple[int, int, bool]]:
    """Where clauses of their own stand, the main one left out; True for a relative one."""
    alone = (verb for _, verb in _verbs(scene) if _stands_alone(verb) and verb.dep_ != "ROOT")
    return [(*scene.extent(verb), verb.dep_ == "relcl") for verb in alone]


def _others(scene: Scene, figure: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Where other clauses stand: those beside the figure's, and those round it."""
    for low, high, relative in _clauses(scene):
        if not low <= figure[0] < high:
            yield low, high
        elif relative:
            yield 0, low
            yield high, len(scene.text)


def _stands_alone(verb: Token) -> bool:
    """Whether a verb heads a clause that shares neither subject nor auxiliary with another."""
    if verb.dep_ in {"relcl", "parataxis", "ROOT"}:
        return True
    own = any(child.dep_ in SUBJECTS | {"nsubjpass"} for child in verb.children)
    return own and verb.dep_ in _BESIDE
