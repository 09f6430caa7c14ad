"""Who a claim is about: the names of a sentence ranked by where they stand to its trigger.

A role is a word of a kind's ``subject`` or ``object`` list, best first:
``agent`` (subject of the verb, or after ``by`` in the passive), ``patient`` (its object, or the
subject of the passive), ``owner`` (possessor or first part of the noun), ``before`` and ``after``
(nearest on that side), and any preposition (``of``, ``at``, ``into``…) that the name follows.
"""

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from processors.nlp.claims.nations import SEATS, by_adjective
from processors.nlp.claims.scene import Name, Scene, chain, verbs_above
from processors.records import EntityType

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_OBJECTS = frozenset({"dobj", "obj", "dative", "iobj", "oprd"})
_INNER = frozenset({"compound", "poss", "nmod", "amod", "appos", "nummod", "case", "det", "conj", "cc"})
_SPEECH = re.compile(
    r"(?:say|said|says|tell|tells|told|claim|report|announce|disclose|reveal|write|wrote|estimate"
    r"|reckon|boast|argue|show|found|find|warn|confirm|note|add|insist|state|think|believe|hint"
    r"|indicate|suggest|forecast|predict|expect|deny|denie|dismiss|reject)\w*",
    re.IGNORECASE,
)
_CROWD = re.compile(
    r"(?:compan|firm|startup|start-up|giant|maker|dealer|lab$|labs$|investor|hyperscaler|group"
    r"|businesses|developers|researchers|chipmaker|vendor|player|provider|operator|government|"
    r"rivals|distributors|retailers|ministers)",
    re.IGNORECASE,
)
_NOT_BY_THEMSELVES = frozenset({"investors", "researchers", "regulators", "ministers"})
_TOLD_BY = re.compile(
    r"(?:according to|told|reported by|reviewed by|seen by|estimates? (?:by|from)|said) (?:the )?$"
)
_TELLS = re.compile(r",? (?:said|says|reported|reports|wrote|found|estimates?|reckons|told)\b")
_MEDIUM = re.compile(
    r"(?:Times|Journal|Post|Reuters|Bloomberg|News|CNBC|Information|Telegraph|Guardian|Insider"
    r"|Wired|Axios|Semafor|Nikkei|Economist|Verge|TechCrunch|Fortune|Forbes|BBC|CNN|Research"
    r"|Omdia|Epoch|Analytics|SemiAnalysis|TrendForce|IDC|Gartner|PitchBook|Crunchbase|Journal)"
)
_EPITHET = re.compile(
    r"(?:company|firm|startup|start-up|maker|group|lab|laboratory|chipmaker|giant|developer|owner"
    r"|parent|business|bank|government|outfit|venture|house|agency|operator|retailer|provider"
    r"|country|republic|nation|state|kingdom|builder|designer|project|park|university|conglomerate"
    r"|manufacturer|carmaker|unit|subsidiary|firm's|platform|publisher|it|its|they|their|he|she"
    r"|his|her|we|our|studio|app|service|model|upstart|unicorn|specialist|pioneer|rival)$",
    re.IGNORECASE,
)


def inside(name: Name, start: int, end: int) -> bool:
    """Whether a name stands within a stretch of the document."""
    return start <= name.start and name.end <= end


def head_of(scene: Scene, name: Name) -> Token | None:
    """The head token of a name."""
    return scene.root_of(name.start - scene.at, name.end - scene.at)


def _phrase_top(token: Token) -> Token:
    """The head of the noun phrase that a token is an inner part of (not across ``of``)."""
    for upper in chain(token):
        if upper.dep_ not in _INNER:
            return upper
    return token


def relation(scene: Scene, name: Name) -> tuple[str, Token] | None:
    """What a name is to the word that governs it: the relation and that word."""
    token = head_of(scene, name)
    if token is None:
        return None
    top = _phrase_top(token)
    owner = any(t.dep_ in {"poss", "compound", "nmod"} for t in _until(token, top))
    if owner:
        return "owner", top
    if top.dep_ in SUBJECTS:
        return ("patient" if top.dep_ == "nsubjpass" else "agent"), top.head
    if top.dep_ in _OBJECTS:
        return "patient", top.head
    if top.dep_ in {"pobj", "pcomp"}:
        prep = top.head
        if prep.dep_ == "agent" or (prep.lower_ == "by" and prep.head.pos_ == "VERB"):
            return "agent", prep.head
        return prep.lower_, prep.head
    return "", top


def _until(token: Token, top: Token) -> Iterator[Token]:
    for upper in chain(token):
        if upper.i == top.i:
            return
        yield upper


def subject_tokens(verb: Token) -> list[Token]:
    """The grammatical subjects of a verb, shared ones of joined and dependent verbs included."""
    for upper in chain(verb, 6):
        found = [child for child in upper.children if child.dep_ in SUBJECTS]
        if found:
            return [_antecedent(token, upper) for token in found]
        if upper.dep_ in {"acl", "relcl"}:
            return [upper.head]
        if upper.dep_ not in {"conj", "xcomp", "advcl", "pcomp", "prep", "ccomp", "aux"}:
            return []
    return []


def _antecedent(token: Token, verb: Token) -> Token:
    """For ``who`` and ``which``: the noun that their clause describes."""
    relative = token.lower_ in {"who", "which", "that", "whose"}
    return verb.head if relative and verb.dep_ in {"relcl", "acl"} else token


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive, reduced (``fined by``) or full."""
    if any(child.dep_ in {"nsubjpass", "auxpass", "agent"} for child in verb.children):
        return True
    return bool(verb.tag_ == "VBN" and verb.dep_ == "acl")


def score(
    scene: Scene, name: Name, roles: str, verbs: list[Token], nouns: list[Token],
    span: tuple[int, int],
) -> float:  # fmt: skip
    """How well a name fits a list of roles for a trigger; higher is better.

    ``verbs`` govern the trigger or the figure, nearest first; ``nouns`` are the nouns between
    them; ``span`` is the trigger's place in the sentence.
    """
    order = roles.split()
    place = (name.start - scene.at, name.end - scene.at)
    apart = scene.distance(place, span)
    points = -0.06 * min(apart, 40)
    if scene.segment(place[0]) != scene.segment(span[0]):
        points -= 0.8
    if is_source(scene, name):
        points -= 1.2
    if place[1] <= span[0] and "before" in order:
        points += _worth(order, "before")
    if place[0] >= span[1] and "after" in order:
        points += _worth(order, "after")
    found = relation(scene, name)
    if found is None:
        return points
    role, governor = found
    best = _verb_points(scene, name, order, verbs)
    if role in order:
        if governor in nouns:
            best = max(best, _worth(order, role))
        elif governor in verbs:
            best = max(best, _worth(order, role) - 0.35 * verbs.index(governor))
        else:
            best = max(best, 0.4 * _worth(order, role))
    if scene.headline and "agent" in order and place[0] < 3:
        best = max(best, _worth(order, "agent") - 0.3)
    return points + best


def is_source(scene: Scene, name: Name) -> bool:
    """Whether a name only tells the statement (``the Journal said``, ``according to X``)."""
    before = scene.doc.text[max(scene.at, name.start - 24) : name.start]
    after = scene.doc.text[name.end : min(scene.at + len(scene.text), name.end + 24)]
    return bool(_TOLD_BY.search(before) or (_TELLS.match(after) and _MEDIUM.search(name.name)))


def _worth(order: list[str], role: str) -> float:
    return 2.4 - 0.35 * order.index(role)


def _verb_points(scene: Scene, name: Name, order: list[str], verbs: list[Token]) -> float:
    """For a name within the subject of one of the verbs."""
    for level, verb in enumerate(verbs[:5]):
        for token in subject_tokens(verb):
            part = _part_of_subject(scene, token, name)
            if part is None:
                continue
            role = part
            if part == "head":
                role = "patient" if is_passive(verb) and token.dep_ == "nsubjpass" else "agent"
            speech = 0.9 if _SPEECH.fullmatch(verb.text) and level else 0.0
            if role in order:
                return _worth(order, role) - 0.35 * level - speech
    return 0.0


def _part_of_subject(scene: Scene, token: Token, name: Name) -> str | None:
    """What a name is in a subject: its ``head``, its ``owner``, or the preposition before it."""
    if _heads(scene, token, name):
        return "head"
    root = head_of(scene, name)
    if root is None or not any(t.i == token.i for t in chain(root, 7)):
        return None
    found = relation(scene, name)
    return found[0] if found and found[0] not in {"agent", "patient", ""} else None


def _heads(scene: Scene, token: Token, name: Name) -> bool:
    """Whether a name is the head of a phrase, or named with it (``backer Microsoft``)."""
    root = head_of(scene, name)
    if root is None:
        return False
    if root.i == token.i:
        return True
    return any(t.i == token.i for t in chain(root, 4)) and all(
        t.dep_ in _INNER or t.i == token.i for t in _until(root, token)
    )


def nouns_between(trigger: Token | None, verbs: list[Token]) -> list[Token]:
    """The trigger's own word and the nouns above it, up to its first verb."""
    out = []
    for token in chain(trigger, 6):
        if token in verbs:
            break
        out.append(token)
    return out


def rank(
    scene: Scene, roles: str, span: tuple[int, int], figure: tuple[int, int],
    types: Iterable[EntityType], spare: Iterable[EntityType], taken: Iterable[Name] = (),
    shuns: str = "",
) -> list[tuple[float, Name]]:  # fmt: skip
    """The names of the sentence that may be the subject, best first."""
    trigger = scene.root_of(*span)
    anchor = scene.root_of(*figure)
    verbs = list(dict.fromkeys([*verbs_above(trigger), *verbs_above(anchor)]))
    nouns = nouns_between(trigger, verbs)
    wanted, other, barred = set(types), set(spare), {n.entity_id for n in taken}
    out = []
    for name in scene.names:
        within = name.start - scene.at >= figure[0] and name.end - scene.at <= figure[1]
        if within or name.entity_id in barred or not (name.type in wanted or name.type in other):
            continue
        points = score(scene, name, roles, verbs, nouns, span)
        points -= 0.9 * (name.type not in wanted)
        if shuns and re.search(rf"(?:{shuns})\s(?:the\s)?$", scene.doc.text[scene.at : name.start]):
            points -= 1.5
        points -= 0.4 * (not name.known and not name.reference)
        if _after_pronoun(scene, name, nouns):
            points -= 1.5
        out.append((points, name))
    return sorted(out, key=lambda pair: (-pair[0], pair[1].start))


def _after_pronoun(scene: Scene, name: Name, nouns: list[Token]) -> bool:
    """Whether a name is inside a phrase that a pronoun owns (``its Nvidia purchases``)."""
    found = relation(scene, name)
    if found is None or found[0] != "owner" or found[1] not in nouns:
        return False
    pronouns = [c for c in found[1].children if c.lower_ in {"its", "their", "his", "her"}]
    return any(p.idx < name.start for p in pronouns)


def crowd(scene: Scene, span: tuple[int, int], figure: tuple[int, int]) -> str | None:
    """A nameless group as subject (``American tech companies``), without its article."""
    for token in governing_subject(scene, span, figure):
        mine = any(c.lower_ in {"its", "their", "his", "her"} for c in token.children)
        if token.tag_ in {"NNS", "NNPS"} and not mine:
            words = [t for t in token.subtree if t.i <= token.i and t.dep_ != "det"]
            phrase = str(scene.doc[words[0].i : token.i + 1].text) if words else token.text
            if state := by_adjective(f"{phrase} "):
                return state
            if _CROWD.search(token.text) and token.lower_ not in _NOT_BY_THEMSELVES | {phrase}:
                return phrase
    return None


def governing_subject(
    scene: Scene, span: tuple[int, int], figure: tuple[int, int]
) -> list[Token]:
    """The grammatical subjects of the nearest verb that has any: the trigger's, then the figure's."""
    for verb in [*verbs_above(scene.root_of(*span))[:2], *verbs_above(scene.root_of(*figure))[:2]]:
        if found := subject_tokens(verb):
            return found
    return []


def proper_subject(scene: Scene, verb: Token) -> str | None:
    """The proper name that is the subject of a verb and that no list knows."""
    for token in subject_tokens(verb):
        if token.pos_ == "PROPN" and not any(n.start <= token.idx < n.end for n in scene.names):
            words = [t for t in token.subtree if t.pos_ == "PROPN" and t.i <= token.i]
            return str(scene.doc[words[0].i : token.i + 1].text)
    return None


def unlisted(scene: Scene, span: tuple[int, int], figure: tuple[int, int]) -> str | None:
    """A subject that is no name of the list: a group, a seat of government, a proper name."""
    for token in governing_subject(scene, span, figure):
        if token.text in SEATS and token.ent_type_ in {"GPE", "ORG", "PERSON"}:
            return SEATS[token.text]
    if found := crowd(scene, span, figure):
        return found
    verbs = [*verbs_above(scene.root_of(*span)), *verbs_above(scene.root_of(*figure))]
    for verb in verbs[:2]:
        if name := proper_subject(scene, verb):
            return name
    return None


def stands_for_one(scene: Scene, span: tuple[int, int], figure: tuple[int, int]) -> bool:
    """Whether the nearest subject is a pronoun or an epithet that no reference resolves.

    Then a name from before is meant, and no other name of the sentence.
    """
    for token in governing_subject(scene, span, figure):
        named = any(n.start <= token.idx < n.end for n in scene.names)
        within = any(_part_of_subject(scene, token, n) is not None for n in scene.names)
        if named or within or _named_before(scene, token):
            return False
        mine = [c for c in token.children if c.lower_ in {"its", "their", "his", "her"}]
        if mine or _EPITHET.fullmatch(token.text):
            return True
    return False


def _named_before(scene: Scene, token: Token) -> bool:
    """Whether a pronoun has a name in its own sentence to stand for."""
    pronoun = token.lower_ in {"it", "they", "he", "she"}
    return pronoun and any(n.end <= token.idx and n.type != "person" for n in scene.names)
