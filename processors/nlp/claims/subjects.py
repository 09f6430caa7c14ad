"""Who a claim is about: the names of a sentence ranked by where they stand to its trigger.

A role is a word of a kind's ``subject`` or ``object`` list, best first:
``agent`` (subject of the verb, or after ``by`` in the passive), ``patient`` (its object, or the
subject of the passive), ``owner`` (possessor or first part of the noun), ``before`` and ``after``
(nearest on that side), ``holder`` (what the figure hangs on by ``with``), ``within`` (inside the
trigger's words), and any preposition (``of``, ``at``, ``into``…) that the name follows.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from processors.nlp.claims.grammar import is_passive, part_of_subject, relation, subjects_of
from processors.nlp.claims.scene import Name, Scene, chain, once, verbs_above
from processors.nlp.wordlists import words
from processors.records import EntityType

_SPEECH = re.compile(
    r"(?:say|said|says|tell|tells|told|claim|report|announce|disclose|reveal|write|wrote|estimate"
    r"|reckon|boast|argue|show|found|find|warn|confirm|note|add|insist|state|think|believe|hint"
    r"|indicate|suggest|forecast|predict|expect|learn|hear|heard|know|knew|deny|denie|dismiss|reject)\w*",
    re.IGNORECASE,
)
_TOLD_BY = re.compile(
    r"(?:according to|tells?|told|reported by|reviewed by|seen by|estimates? (?:by|from)"
    r"|said) (?:the )?$"
)
OTHER_SIDES = words("other_sides")
_LEADING = words("leading")
_BACKING = re.compile(r"-(?:led|backed|funded|owned|supported)\b")
_AMONG_BACKERS = re.compile(
    r"[^.;:]{0,60}? among (?:the|its|those|their) (?:\w+ )?(?:backers|investors|shareholders"
    r"|participants)"
)
_MONEY_GOES = re.compile(
    r"(?<!\w)(?:of|from|in|into|to|for|with|on|against|than|over)\s(?:the\s)?$"
)
"""Words before the other side of a deal, which is no subject where its role is not asked for."""
_LONGEST_SIDE = len("? against the ")
_TELLS = re.compile(
    r",? (?:said|says|reported|reports|wrote|found|puts?|estimates?|reckons|told|projects?"
    r"|forecasts?|predicts?|expects?"
    r"|calculates?|calculated|counts?|counted|thinks|believes|shows)\b"
)
DATELINE = re.compile(r"[A-Z][\w .,/’'-]{1,60}\([^()]{2,40}\)\s?[-–—]\s?|[A-Z]\w+\s[—–]\s")
_MEDIUM = re.compile(
    r"(?:Times|Journal|Post|Reuters|Bloomberg|News|CNBC|Information|Telegraph|Guardian|Insider"
    r"|Wired|Axios|Semafor|Nikkei|Economist|Verge|TechCrunch|Fortune|Forbes|BBC|CNN|Research"
    r"|Omdia|Epoch|Analytics|SemiAnalysis|TrendForce|IDC|Gartner|PitchBook|Crunchbase|Journal)"
)


@dataclass(frozen=True)
class Sought:
    """Whom a trigger asks for: the roles, best first, and the words round its place."""

    roles: list[str]
    span: tuple[int, int]
    """The trigger's place in the sentence."""
    verbs: list[Token]
    """Those that govern the trigger or the figure, nearest first."""
    nouns: list[Token]
    """Those between the trigger and its first verb."""
    figure: Token | None
    """The head word of the figure."""


type _Relation = tuple[str, Token] | None
"""What a name is to the word that governs it (``grammar.relation``)."""


def score(scene: Scene, name: Name, sought: Sought, found: _Relation) -> float:
    """How well a name fits what is sought; higher is better."""
    points = _by_place(scene, name, sought)
    return points if found is None else points + _by_grammar(scene, name, sought, found)


def _by_place(scene: Scene, name: Name, sought: Sought) -> float:
    """What a name is worth by where it stands in the sentence."""
    order, span = sought.roles, sought.span
    place = (name.start - scene.at, name.end - scene.at)
    points = -0.06 * min(scene.distance(place, span), 40)
    if scene.segment(place[0]) != scene.segment(span[0]):
        points -= 0.8
    if is_source(scene, name):
        points -= 1.2
    if "within" in order and _first_within(scene, name, span):
        points += _worth(order, "within")
    if place[1] <= span[0] and "before" in order:
        points += _worth(order, "before")
    if place[0] >= span[1] and "after" in order:
        points += _worth(order, "after")
    return points


def _by_grammar(scene: Scene, name: Name, sought: Sought, found: tuple[str, Token]) -> float:
    """What a name is worth by its part in the sentence's grammar."""
    order = sought.roles
    role, governor = found
    points = 0.0
    if "patient" in order and _described(scene, name, sought.verbs):
        points += _worth(order, "patient")
    if "holder" in order and _holds(scene, name, sought.figure):
        points += _worth(order, "holder")
    best = _verb_points(scene, name, order, sought.verbs)
    if role in order:
        best = max(best, _governed(_worth(order, role), governor, sought))
    if scene.headline and "agent" in order and name.start - scene.at < 3:
        best = max(best, _worth(order, "agent") - 0.3)
    return points + best


def _governed(worth: float, governor: Token, sought: Sought) -> float:
    """A role's worth by how near the word that gives it stands to the trigger."""
    if governor in sought.nouns:
        return worth
    if governor in sought.verbs:
        return worth - 0.35 * sought.verbs.index(governor)
    return 0.4 * worth


def _first_within(scene: Scene, name: Name, span: tuple[int, int]) -> bool:
    """Whether a name is the first inside a trigger's words."""
    inside = (n for n in scene.names if span[0] <= n.start - scene.at < span[1])
    return next(inside, None) is name


def _described(scene: Scene, name: Name, verbs: list[Token]) -> bool:
    """Whether a clause tells what others did to a name (``Groq, which two engineers founded``)."""
    for verb in verbs[:1]:
        relative = any(c.dep_ == "dobj" and c.lower_ in _RELATIVES for c in verb.children)
        if verb.dep_ == "relcl" and relative:
            return name.start <= scene.place(verb.head) < name.end
    return False


def _holds(scene: Scene, name: Name, figure: Token | None) -> bool:
    """Whether a figure hangs on a name by ``with`` or ``of`` (``Faculty, a firm with 400``)."""
    for word in chain(figure, 6):
        if word.dep_ != "prep" or word.lower_ not in {"with", "of"}:
            continue
        noun = word.head
        for top in (noun, noun.head if noun.dep_ == "appos" else noun):
            if name.start <= scene.place(top) < name.end:
                return True
    return False


def is_source(scene: Scene, name: Name) -> bool:
    """Whether a name only tells the statement (``the Journal said``, ``according to X``)."""
    before = scene.between(name.start - 24, name.start)
    after = scene.between(name.end, min(scene.at + len(scene.text), name.end + 24))
    return bool(_TOLD_BY.search(before) or (_TELLS.match(after) and _MEDIUM.search(name.name)))


@once
def is_teller(scene: Scene, name: Name) -> bool:
    """Whether a name is a medium or a house of research that only passes the statement on."""
    dateline = DATELINE.match(scene.text)
    if dateline and name.start - scene.at < dateline.end():
        return True
    return is_source(scene, name) and _MEDIUM.search(name.name) is not None


def _worth(order: list[str], role: str) -> float:
    return 2.4 - 0.35 * order.index(role)


def _verb_points(scene: Scene, name: Name, order: list[str], verbs: list[Token]) -> float:
    """For a name within the subject of one of the verbs."""
    for level, verb in enumerate(verbs[:5]):
        for token in subjects_of(scene, verb):
            part = part_of_subject(scene, token, name)
            if part is None:
                continue
            role = part
            if part == "head":
                role = "patient" if is_passive(verb) and token.dep_ == "nsubjpass" else "agent"
            speech = 0.9 if _SPEECH.fullmatch(verb.text) and level else 0.0
            if role in order:
                return _worth(order, role) - 0.35 * level - speech
    return 0.0


def _told_of(nouns: list[Token]) -> list[Token]:
    """The verbs of clauses that say who does it (``the programme that Anthropic is mounting``)."""
    clauses = [c for noun in dict.fromkeys(nouns) for c in noun.children if c.dep_ == "relcl"]
    return [
        verb
        for verb in clauses
        if any(c.dep_ == "nsubj" and c.lower_ not in _RELATIVES for c in verb.children)
    ]


_RELATIVES = frozenset({"that", "which", "who", "whom"})


def nouns_between(trigger: Token | None, verbs: list[Token]) -> list[Token]:
    """The trigger's own word and the nouns above it, up to its first verb."""
    out = []
    for token in chain(trigger, 6):
        if token in verbs:
            break
        out.append(token)
    return out


def rank(
    scene: Scene,
    roles: str,
    span: tuple[int, int],
    figure: tuple[int, int],
    *,
    types: Iterable[EntityType],
    spare: Iterable[EntityType] = (),
    taken: Iterable[Name] = (),
    shuns: str = "",
) -> list[tuple[float, Name]]:
    """The names of the sentence that may be the subject, best first."""
    trigger = scene.root_of(*span)
    anchor = scene.root_of(*figure)
    above = list(dict.fromkeys([*verbs_above(trigger), *verbs_above(anchor)]))
    nouns = [*nouns_between(trigger, above), *nouns_between(anchor, above)]
    verbs = [*_told_of(nouns), *above]
    sought = Sought(roles.split(), span, verbs, nouns, anchor)
    wanted, other, barred = set(types), set(spare), {n.entity_id for n in taken}
    out = []
    for name in scene.names:
        within = name.start - scene.at >= figure[0] and name.end - scene.at <= figure[1]
        if (
            within
            or is_teller(scene, name)
            or name.entity_id in barred
            or not (name.type in wanted or name.type in other)
        ):
            continue
        found = relation(scene, name)
        points = score(scene, name, sought, found)
        points -= 0.9 * (name.type not in wanted)
        before = scene.between(scene.at, name.start)
        if shuns and _shunned(shuns).search(before):
            points -= 3.0
        points -= 0.4 * (not name.known and not name.reference)
        points -= 1.5 * (name.type == "person" and not name.known and not name.reference)
        if _is_other_side(found):
            points -= 2.5
        if _is_backer(scene, name) or (shuns and _leads(found)):
            points -= 3.0
        side = _MONEY_GOES.search(before[-_LONGEST_SIDE:])
        if side and not name.reference and side[0].split()[0] not in sought.roles:
            points -= 0.8
        if _after_pronoun(scene, name, found, nouns):
            points -= 1.5
        out.append((points, name))
    return sorted(out, key=lambda pair: (-pair[0], pair[1].start))


@cache
def _shunned(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})\s(?:the\s)?$")


def _is_other_side(found: _Relation) -> bool:
    """Whether a name only tells whose rival or partner is meant (``the Nvidia rival``)."""
    return found is not None and found[0] == "owner" and found[1].lower_ in OTHER_SIDES


def _is_backer(scene: Scene, name: Name) -> bool:
    """Whether a name gives the money (``X-led``, ``with X among the backers``)."""
    after = name.end - scene.at
    return bool(_BACKING.match(scene.text, after) or _AMONG_BACKERS.match(scene.text, after))


def _leads(found: _Relation) -> bool:
    """Whether a name leads the round of somebody else (``X led a round of``)."""
    return found is not None and found[0] == "agent" and found[1].lower_ in _LEADING


def _after_pronoun(scene: Scene, name: Name, found: _Relation, nouns: list[Token]) -> bool:
    """Whether a name is inside a phrase that a pronoun owns (``its Nvidia purchases``)."""
    if found is None or found[0] != "owner" or found[1] not in nouns:
        return False
    pronouns = [c for c in found[1].children if c.lower_ in {"its", "their", "his", "her"}]
    return any(scene.place(p) < name.start for p in pronouns)
