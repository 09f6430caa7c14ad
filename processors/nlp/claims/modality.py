"""Denied, rumoured, planned, reported or done: the first that applies (``docs/claims.md``)."""

import re

from spacy.tokens import Token

from processors.nlp.claims.assertions import (
    BLUFF,
    DENIED,
    FINISHED,
    PLANNED,
    REPORTED,
    RUMOURED,
)
from processors.nlp.claims.kinds.base import inflected
from processors.nlp.claims.masks import SIGNS
from processors.nlp.claims.scene import Scene, verbs_above
from processors.nlp.wordlists import words
from processors.records import Modality

_TO_VERB = words("intending_forms").union(*map(inflected, words("intending")))
"""Verbs whose ``to`` speaks of what is to come, in all their forms."""
_HEADLINE = re.compile("[\ue001\ue005]\ue000*(?:['’]s [\ue001]\ue000*)? to [a-z]+ [^;]*$")
_BREAK = re.compile(
    r"[;:—]|\s[–-]\s|,\s(?:and|but|while|which|whose|although|though|after|when|with)\s"
    r"|\s(?:while|whereas|after|but)\s"
)
_NOBODY = re.compile(
    r"(?:sources?|people|person)\b[^.]{0,60}(?:said|say|told)\W*$|according to [\w ]*sources\W*$"
    r"|, (?:it is reported|reports? (?:say|claim)s?)\W*$"
)
_QUESTION = re.compile(r"\?[\"”’]?$")
_ASKED = re.compile(
    r"\b(?:asked|wondered|unclear|not clear|uncertain) (?:\w+ )?(?:whether|if)\b[^.;:?]*$"
)
_COMPARED = re.compile(
    r"\b(?:against|up from|down from|compared (?:with|to)|versus|from)\s(?:\w+\s){0,3}$"
)
_PAST = re.compile(
    r"[^,;.]{0,40}?\b(?:last year|(?:a|one|the) (?:year|quarter) (?:ago|earlier|before|prior)"
    r"|the (?:previous|prior) (?:year|quarter)|in the same (?:quarter|period))\b"
)
_AFTERMATH = re.compile(r"\b(?:after|since|when) (?:the |a |its )?(?=[^,;.]*$)")
"""Opens a clause on something that came before; with a past verb it is done."""
_UNDONE = re.compile(
    r"^[^.;]*\b(?:expired|lapsed|ended|closed) without (?:\w+ )?(?:closing|(?:a )?deal|agreement)\b"
    r"|^[^.;]*\bdid(?: not|n['’]t) (?:have|get|receive|raise|close|pay|happen|go ahead) ?"
    r"(?:it|the (?:money|sum|cash|deal)|through)?(?=[,.]|$)"
)
_AHEAD = frozenset({"will", "'ll", "’ll", "would", "shall", "should", "may", "might", "could"})
_AHEAD_WORD = re.compile(r"\b(?:will|would|may|might|could|to|plan\w*|next)\b")
_FRONTED = re.compile(r"\W*(?:At|For|With|On|By)\s")
"""Before a figure with which a sentence opens, and which its verb does not negate."""
_ATTACHED = re.compile(r"(?:,\swith|\b[Oo]f (?:its|their)|\bwhose)\s$")
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})


def _negated(verbs: list[Token]) -> bool:
    """Whether one of the two nearest verbs is negated by its own particle or subject."""
    for level, verb in enumerate(verbs[:2]):
        if level and verbs[0].dep_ not in {"ccomp", "xcomp"}:
            return False
        for child in verb.children:
            if child.dep_ == "neg" or child.lower_ in _NEGATIONS:
                following = verb.doc[child.i + 1].lower_ if child.i + 1 < len(verb.doc) else ""
                return following not in {"only", "just", "least", "yet"}
            if child.dep_ in {"nsubj", "nsubjpass"} and child.lower_ in {"nobody", "none"}:
                return not _comparative(verb)
    return False


def _comparative(verb: Token) -> bool:
    """``Nobody bought more than``: the others did, so nothing is denied."""
    return any(t.lower_ in {"more", "fewer", "less", "bigger", "larger"} for t in verb.subtree)


def _future(verbs: list[Token], headline: bool) -> bool:
    """Whether one of the governing verbs stands in a future or intended form."""
    return any(_is_ahead(verb, headline) for verb in verbs[:3])


def _is_ahead(verb: Token, headline: bool) -> bool:
    aux = {child.lower_ for child in verb.children if child.dep_ == "aux"}
    if aux & _AHEAD:
        return True
    if "to" not in aux or verb.head.lower_ == "had":
        return False
    named = verb.head.tag_.startswith("NN") and verb.dep_ in {"acl", "relcl"}
    return verb.dep_ == "ROOT" or verb.head.lower_ in _TO_VERB or (headline and named)


def modality_of(scene: Scene, figure: tuple[int, int], *, hypothetical: bool = False) -> Modality:
    """How a figure is asserted. ``hypothetical``: ``could`` about it is others' account.

    Cues count in the figure's part of the sentence; who told it counts anywhere in it.
    """
    verbs = verbs_above(scene.root_of(*figure))
    if _denied(scene, figure, verbs):
        return "denied"
    if _rumoured(scene, figure, hypothetical):
        return "rumoured"
    if not looks_back(scene, figure) and _ahead(scene, figure, verbs):
        return "planned"
    return "reported" if REPORTED.search(scene.text) else "done"


def is_asked(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether a figure is only asked about, and so asserted by nobody (``was asked whether``)."""
    if _QUESTION.search(scene.text.strip()):
        return True
    return _ASKED.search(scene.text, 0, figure[0]) is not None


def looks_back(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether a figure is one of the past with which another is compared."""
    before, after = scene.text[: figure[0]], scene.text[figure[1] :]
    if _AFTERMATH.search(before):
        return _AHEAD_WORD.search(_AFTERMATH.split(before)[-1]) is None
    return bool(_COMPARED.search(before) and _PAST.match(after))


def _denied(scene: Scene, figure: tuple[int, int], verbs: list[Token]) -> bool:
    plain = BLUFF.sub(" ", scene.text[slice(*_clause(scene, figure[0]))])
    rest = scene.text[figure[1] :]
    if rest.startswith(",") and _FRONTED.fullmatch(scene.text[: figure[0]]):
        verbs = []
    return bool(DENIED.search(plain) or _UNDONE.search(rest)) or _negated(verbs)


def _rumoured(scene: Scene, figure: tuple[int, int], hypothetical: bool) -> bool:
    if RUMOURED.search(scene.masked, *scene.segment(figure[0])) or _told_by_nobody(scene.text):
        return True
    clause = scene.text[slice(*_clause(scene, figure[0]))]
    return hypothetical and re.search(r"\b(?:could|might|may)\b", clause) is not None


def _ahead(scene: Scene, figure: tuple[int, int], verbs: list[Token]) -> bool:
    if scene.headline and _HEADLINE.search(scene.masked[: figure[0]]):
        return True
    if _present_staff(scene, figure):
        return _planned(scene, verbs, figure)
    return _future(verbs, scene.headline) or _planned(scene, verbs, figure)


def _present_staff(scene: Scene, figure: tuple[int, int]) -> bool:
    """``with 300 people`` and ``of its 300 staff`` speak of those who are there."""
    people = scene.masked[figure[0]] == SIGNS["people"]
    return people and _ATTACHED.search(scene.text[: figure[0]]) is not None


def finished(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether a verb in the figure's clause states something past or settled."""
    start, end = _clause(scene, figure[0])
    if re.search(r"(?:with|of (?:its|their|the)|whose)\s$", scene.text[: figure[0]]):
        return True
    return FINISHED.search(scene.masked, start, end) is not None


def of_date(scene: Scene, date: tuple[int, int]) -> Modality:
    """How a founding or release date is asserted: by its own verbs and the telling alone."""
    verbs = verbs_above(scene.root_of(*date))
    if _negated(verbs):
        return "denied"
    if _future(verbs, scene.headline):
        return "planned"
    return "reported" if REPORTED.search(scene.text) else "done"


def _told_by_nobody(whole: str) -> bool:
    """An unnamed source at the end of the sentence covers all its parts."""
    return _NOBODY.search(whole) is not None


def _planned(scene: Scene, verbs: list[Token], figure: tuple[int, int]) -> bool:
    """A word of intention in the clause that no finished verb nearer to the figure outweighs."""
    masked = scene.masked
    start, end = _clause(scene, figure[0])
    cues = [
        m
        for m in PLANNED.finditer(masked, start, end)
        if m.end() <= figure[0]
        or (
            figure[1] <= m.start()
            and scene.distance(m.span(), figure) <= 7
            and " and " not in masked[figure[1] : m.start()]
        )
    ]
    if _present_staff(scene, figure):
        cues = [m for m in cues if figure[1] <= m.start() and scene.distance(m.span(), figure) <= 1]
    if not cues:
        return False
    nearest = min(scene.distance(m.span(), figure) for m in cues)
    finished = [scene.distance(m.span(), figure) for m in FINISHED.finditer(masked, start, end)]
    return not finished or nearest <= min(finished) + 1 or not verbs


def _clause(scene: Scene, at: int) -> tuple[int, int]:
    """The clause round an offset, by punctuation and joining words."""
    start, end = 0, len(scene.masked)
    for found in _BREAK.finditer(scene.masked):
        if found.end() <= at:
            start = found.end()
        elif found.start() > at:
            end = found.start()
            break
    return start, end
