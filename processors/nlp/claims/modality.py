"""Denied, rumoured, planned, reported or done: the first that applies (``docs/claims.md``)."""

import re

from spacy.tokens import Token

from processors.nlp.claims.assertions import (
    BLUFF,
    CALLED_OFF,
    DENIED,
    FINISHED,
    MAY,
    OVERTURNED,
    PLANNED,
    REPORTED,
    RUMOURED,
    TALK,
    UNTRUE,
    Cue,
)
from processors.nlp.claims.clauses import own_words, speaks, spine
from processors.nlp.claims.kinds.base import inflected
from processors.nlp.claims.masks import SIGNS
from processors.nlp.claims.needles import sieve_of
from processors.nlp.claims.scene import Scene, once
from processors.nlp.wordlists import words
from processors.records import Modality

_TO_VERB = words("intending_forms").union(*map(inflected, words("intending")))
"""Verbs whose ``to`` speaks of what is to come, in all their forms."""
_HEADLINE = re.compile(
    "[\ue001-\ue003\ue005\ue006]\ue000*(?:['’]s [\ue001]\ue000*)? (?:to|TO) [A-Za-z]+ [^;]*$"
)
_UNNAMED = (
    r"(?:people|persons|sources?|insiders?|investors|bankers|executives|officials|staff|staffers"
    r"|employees)"
)
_NOBODY = re.compile(
    rf"according to (?:\w+ ){{0,2}}?(?:{_UNNAMED}|those)\b|\b(?:two|three|four|five|several|some"
    rf"|a few|many|unnamed|anonymous|union|multiple) (?:\w+ )?(?:{_UNNAMED}|engineers|researchers"
    r"|officials|directors|backers)"
    r" (?:said|say|told|fear|claim|claimed|reckon)\b|"
    r"(?:sources?|people|person)\b[^.]{0,60}(?:said|say|told)\W*$|according to [\w ]*sources\W*$"
    r"|, (?:it is reported|reports? (?:say|claim)s?)\W*$"
)
_PART = re.compile(r"\b(?:including|of which|among them)\b")
_OF_IT = re.compile(r"\s(?:\w+\s)?of (?:it|that|which|the (?:total|sum|money))\b")
_IT = (
    r"(?:which|that|but (?:it|they|(?:the )?(?:talks|deal|bid|plan|offer|negotiations|sale|merger"
    r"|takeover|round)))"
)
_THEN_OFF = re.compile(
    rf"\W{{1,2}}(?:[\w'’-]+\W{{1,2}}){{0,4}}?{_IT}\W(?:\w+ ){{0,2}}?{CALLED_OFF}\b"
)
_ENDS_OFF = re.compile(rf",? (?:has |have |had )?{CALLED_OFF}\b")
_QUESTION = re.compile(r"\?[\"”’]?$")
_ASKED = re.compile(
    r"\b(?:asked|wondered|unclear|not clear|uncertain) (?:\w+ )?(?:whether|if)\b[^.;:?]*$"
)
_SOURCED_AFTER = re.compile(
    r"\s*(?:Both|The|These|All|Those|That|This) (?:\w+ )?(?:figures?|numbers?|estimates?|sums?"
    r"|counts?)"
    r"[^.;]{0,30}? (?:are|is|come|comes|stem|stems|was|were) (?:\w+ )?(?:from|by|according to)\b"
)
"""A sentence that names the source of the figures before it."""
_COMPARED = re.compile(
    r"\b(?:against|up from|down from|compared (?:with|to)|versus|following|after"
    r"|from)\s(?:\w+\s){0,3}$"
)
_PAST = re.compile(
    r"[^,;.]{0,40}?\b(?:last year|(?:a|one|the) (?:year|quarter) (?:ago|earlier|before|prior)"
    r"|the (?:previous|prior) (?:year|quarter)|in the (?:same|last|previous"
    r"|prior)(?: (?:quarter|period))?)\b"
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
_FRONTED = re.compile(r"\W*(?:At|For|With|On|By|(?:Once|Now) (?:worth|valued at))\s")
"""Before a figure with which a sentence opens, and which its verb does not negate."""
_BEFOREHAND = re.compile(
    r"(?:[\w'’-]+ ){0,3}(?:[Aa]fter|[Ss]ince|[Hh]aving) (?:\w+ing|raised|taken|won) [^,;:.]*$"
)
"""Opens a clause on what was done before that of which the sentence speaks."""
_OF_OWN = re.compile(r"(?:with|of (?:its|their|the)|whose)\s$")
_LONGEST_OWN = len("of their ")
_ATTACHED = re.compile(r"(?:\bwith|\b[Oo]f (?:its|their)|\bwhose)\s$")
_NOT_UNTIL = re.compile(r"(?:\bnot|n['’]t)\b[^.;]{0,30}\buntil\W(?:\w+\W)?$")
"""``is not due until`` tells when it comes."""
_REACHED = re.compile(r"(?:passed|topped|surpassed|exceeded|crossed)\b")
"""Verbs that are part of a figure's bound."""
_NO_SUCH = re.compile(
    r"\bthere (?:is|are|was|were|has been|have been) no (?:[\w-]+ ){1,4}?(?:of|with|worth|for)\s$",
    re.IGNORECASE,
)
_HAD_HOPED = re.compile(r"\bhad (?:hoped|planned|intended|meant|wanted|aimed|sought) to\b[^.;]*$")
"""Before what was meant once; that it was given up is said elsewhere in the sentence."""
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})
_COULD = re.compile(r"\b(?:could|might|may)\b")


_CUES: tuple[Cue | re.Pattern[str], ...] = (
    DENIED,
    OVERTURNED,
    RUMOURED,
    PLANNED,
    FINISHED,
    REPORTED,
    _NOBODY,
    _ASKED,
    _UNDONE,
    _NOT_UNTIL,
)
"""What is looked for in whole sentences or large parts of them."""
_SIEVE = sieve_of(cue.pattern for cue in _CUES)


def _may(scene: Scene, cue: Cue | re.Pattern[str]) -> bool:
    """Whether a cue can stand in a sentence at all."""
    return cue.pattern in _possible(scene)


@once
def _possible(scene: Scene) -> set[str]:
    return _SIEVE.passed(scene.text)


def _negated(verbs: list[Token]) -> bool:
    """Whether one of the two nearest verbs is negated by its own particle or subject."""
    for level, verb in enumerate(verbs[:2]):
        if level and verbs[0].dep_ not in {"ccomp", "xcomp", "pcomp"}:
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
    verbs = spine(scene, figure)
    if _BEFOREHAND.match(scene.text[: figure[0]]) and "," in scene.text[figure[1] :]:
        return "reported" if is_told(scene) else "done"
    attached = _present_staff(scene, figure)
    if _overturned(scene, figure) or (not attached and _denied(scene, figure, verbs)):
        return "denied"
    if not attached and _rumoured(scene, figure, hypothetical):
        return "rumoured"
    if not looks_back(scene, figure) and _ahead(scene, figure, verbs):
        return "planned"
    return "reported" if is_told(scene) else "done"


@once
def is_told(scene: Scene) -> bool:
    """Whether the sentence, or the one after it, names a source."""
    after = any(_SOURCED_AFTER.match(one.text) for one in scene.later)
    return after or _reported(scene)


@once
def is_asked(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether a figure is only asked about, and so asserted by nobody (``was asked whether``)."""
    if _QUESTION.search(scene.text.strip()):
        return True
    return _may(scene, _ASKED) and _ASKED.search(scene.text, 0, figure[0]) is not None


def is_part(scene: Scene, before: int, figure: tuple[int, int]) -> bool:
    """Whether a figure is a part of the one that ends at ``before``, and asserted as that is."""
    between = scene.between(before, scene.at + figure[0])
    if re.search(r"[;:—]", between) or not between:
        return False
    return bool(_PART.search(between) or _OF_IT.match(scene.text, figure[1]))


def looks_back(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether a figure is one of the past with which another is compared."""
    before, after = scene.text[: figure[0]], scene.text[figure[1] :]
    if _AFTERMATH.search(before):
        return _AHEAD_WORD.search(_AFTERMATH.split(before)[-1]) is None
    return bool(_COMPARED.search(before) and _PAST.match(after))


def _denied(scene: Scene, figure: tuple[int, int], verbs: list[Token]) -> bool:
    rest = scene.text[figure[1] :]
    if rest.startswith(",") and _FRONTED.fullmatch(scene.text[: figure[0]]):
        return False
    before = scene.text[: figure[0]]
    if _NO_SUCH.search(before) or (_HAD_HOPED.search(before) and DENIED.stands(rest)):
        return True
    if _denies(scene, figure) or _undone(scene, rest) or _called_off(scene, figure, verbs):
        return True
    start, end = scene.segment(figure[0])
    if verbs and not start <= scene.place(verbs[0]) - scene.at < end:
        verbs = []
    return _negated(verbs)


def _denies(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether the words of a figure's clause deny it."""
    if not _may(scene, DENIED):
        return False
    return DENIED.stands(BLUFF.sub(" ", own_words(scene, figure)))


def _undone(scene: Scene, rest: str) -> bool:
    return _may(scene, _UNDONE) and _UNDONE.search(rest) is not None


@once
def _overturned(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether the words round a figure say that the statement is not so."""
    start, end = scene.segment(figure[0])
    if _may(scene, OVERTURNED) and OVERTURNED.search(scene.text, start, figure[0]):
        return True
    talk = TALK.search(scene.text, start, figure[0])
    return talk is not None and UNTRUE.search(scene.text, figure[1], end) is not None


def _called_off(scene: Scene, figure: tuple[int, int], verbs: list[Token]) -> bool:
    """Whether a clause on the figure's thing, or round its own, says that it came to nothing."""
    if _THEN_OFF.match(scene.text, figure[1]):
        return True
    inner = verbs[-1] if verbs and verbs[-1].dep_ == "relcl" else None
    return inner is not None and _ENDS_OFF.match(scene.text, scene.extent(inner)[1]) is not None


def _rumoured(scene: Scene, figure: tuple[int, int], hypothetical: bool) -> bool:
    low, high = scene.segment(figure[0])
    if not speaks(scene, low, high):
        low, high = 0, len(scene.masked)
    if _may(scene, RUMOURED) and RUMOURED.stands(scene.text, low, high):
        return True
    if _told_by_nobody(scene):
        return True
    return hypothetical and _COULD.search(own_words(scene, figure)) is not None


def _ahead(scene: Scene, figure: tuple[int, int], verbs: list[Token]) -> bool:
    if _titled_ahead(scene, figure):
        return True
    if _present_staff(scene, figure):
        return _planned(scene, verbs, figure)
    return _future(verbs, scene.headline) or _planned(scene, verbs, figure)


def _titled_ahead(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether a title says what somebody is ``to`` do."""
    return scene.headline and _HEADLINE.search(scene.masked[: figure[0]]) is not None


def _present_staff(scene: Scene, figure: tuple[int, int]) -> bool:
    """``a firm with 300 people`` and ``of its 300 staff`` speak of those who are there."""
    people = scene.masked[figure[0]] == SIGNS["people"]
    if not people or not _ATTACHED.search(scene.text[: figure[0]]):
        return False
    before = scene.token_at(figure[0] - 2)
    return before is None or before.lower_ != "with" or before.head.tag_.startswith("NN")


def finished(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether a verb in the figure's clause states something past or settled."""
    if _OF_OWN.search(scene.text[: figure[0]][-_LONGEST_OWN:]):
        return True
    if _REACHED.match(scene.text, figure[0]):
        return True
    return _may(scene, FINISHED) and FINISHED.stands(own_words(scene, figure, masked=True))


def of_date(scene: Scene, date: tuple[int, int]) -> Modality:
    """How a founding or release date is asserted: by its own verbs and the telling alone."""
    verbs = spine(scene, date)
    if _may(scene, _NOT_UNTIL) and _NOT_UNTIL.search(scene.text, 0, date[0]):
        return "planned"
    if _negated(verbs) or _overturned(scene, date):
        return "denied"
    if _future(verbs, scene.headline) or _titled_ahead(scene, date):
        return "planned"
    return "reported" if _reported(scene) else "done"


def _reported(scene: Scene) -> bool:
    return _may(scene, REPORTED) and REPORTED.stands(scene.text)


@once
def _told_by_nobody(scene: Scene) -> bool:
    """An unnamed source at the end of the sentence covers all its parts."""
    return _may(scene, _NOBODY) and _NOBODY.search(scene.text) is not None


def _planned(scene: Scene, verbs: list[Token], figure: tuple[int, int]) -> bool:
    """A word of intention in the clause that no finished verb nearer to the figure outweighs."""
    if not _may(scene, PLANNED) and not MAY.search(scene.text):
        return False
    masked = own_words(scene, figure, masked=True)
    fronted = _FRONTED.fullmatch(scene.text[: figure[0]]) is not None
    reach = 14 if fronted else 7
    cues = [
        (start, end)
        for start, end in [*PLANNED.places(masked), *(m.span() for m in MAY.finditer(masked))]
        if end <= figure[0]
        or (
            figure[1] <= start
            and scene.distance((start, end), figure) <= reach
            and (fronted or " and " not in masked[figure[1] : start])
        )
    ]
    if _present_staff(scene, figure):
        cues = [c for c in cues if figure[1] <= c[0] and scene.distance(c, figure) <= 1]
    if not cues:
        return False
    nearest = min(scene.distance(cue, figure) for cue in cues)
    finished = [scene.distance(place, figure) for place in FINISHED.places(masked)]
    return not finished or nearest <= min(finished) + 1 or not verbs
