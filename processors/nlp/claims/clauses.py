"""The words that speak of a figure: its own clause, without the clauses that stand beside it.

``Midjourney, which never took outside capital, makes $200 million``: ``never`` is of another
clause, and so says nothing about the sum. Punctuation tells the rough parts, grammar the fine ones.
"""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from processors.nlp.claims.grammar import SUBJECTS
from processors.nlp.claims.scene import Scene, is_verb, verbs_above

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


def own_words(scene: Scene, figure: tuple[int, int], text: str) -> str:
    """``text``, the sentence or its masked form, with blanks for what is of other clauses."""
    start, end = clause_of(scene, figure)
    if not speaks(scene, start, end):
        start, end = 0, len(text)
    kept = list(" " * start + text[start:end] + " " * (len(text) - end))
    for low, high in _others(scene, figure):
        kept[low:high] = " " * (high - low)
    return "".join(kept)


def speaks(scene: Scene, start: int, end: int) -> bool:
    """Whether a stretch has a verb: ``Up to $65 billion: that is what Meta may spend``."""
    verbs = (t for t in scene.part.doc if is_verb(t)) if scene.part else ()
    return any(start <= scene.place(verb) - scene.at < end for verb in verbs)


def _others(scene: Scene, figure: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Where other clauses stand: those beside the figure's, and those round it."""
    if scene.part is None:
        return
    for verb in scene.part.doc:
        if not is_verb(verb) or not _stands_alone(verb) or verb.dep_ == "ROOT":
            continue
        low, high = scene.extent(verb)
        if not low <= figure[0] < high:
            yield low, high
        elif verb.dep_ == "relcl":
            yield 0, low
            yield high, len(scene.text)


def _stands_alone(verb: Token) -> bool:
    """Whether a verb heads a clause that shares neither subject nor auxiliary with another."""
    if verb.dep_ in {"relcl", "parataxis", "ROOT"}:
        return True
    own = any(child.dep_ in SUBJECTS | {"nsubjpass"} for child in verb.children)
    return own and verb.dep_ in _BESIDE
