"""Subjects that are no name of the list: crowds, seats of government, pronouns."""

import re

from spacy.tokens import Token

from processors.nlp.claims.facts import weak_names
from processors.nlp.claims.grammar import part_of_subject, subject_tokens
from processors.nlp.claims.nations import SEATS, by_adjective
from processors.nlp.claims.scene import Scene, once, verbs_above
from processors.nlp.claims.subjects import DATELINE, OTHER_SIDES
from processors.nlp.gazetteer import common_words
from processors.nlp.roles import standings
from processors.nlp.wordlists import words

_CROWD = re.compile(
    r"(?:compan|firm|startup|start-up|giant|maker|dealer|lab$|labs$|investor|hyperscaler|group"
    r"|businesses|developers|researchers|chipmaker|vendor|player|provider|operator|government|"
    r"rivals|distributors|retailers|ministers)",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    {"AI", "GPU", "GPUs", "ARR", "IPO", "CEO", "Capex", "R&D", "Sales", "Revenue"}
)
_NOT_BY_THEMSELVES = frozenset({"investors", "researchers", "regulators", "ministers"})
_EPITHET = re.compile(
    r"(?:company|firm|startup|start-up|maker|group|lab|laboratory|chipmaker|giant|developer|owner"
    r"|parent|business|bank|government|outfit|venture|house|agency|operator|retailer|provider"
    r"|country|republic|nation|state|kingdom|builder|designer|project|park|university|conglomerate"
    r"|manufacturer|carmaker|unit|subsidiary|firm's|platform|publisher|it|its|they|their|he|she"
    r"|his|her|we|our|studio|app|service|model|upstart|unicorn|specialist|pioneer|rival)$",
    re.IGNORECASE,
)


def crowd(
    scene: Scene, span: tuple[int, int], figure: tuple[int, int], *, states: bool
) -> str | None:
    """A nameless group as subject (``American tech companies``), without its article."""
    for token in governing_subject(scene, span, figure):
        mine = any(c.lower_ in {"its", "their", "his", "her"} for c in token.children)
        words = [t for t in token.subtree if t.i <= token.i and t.dep_ != "det"]
        phrase = scene.written(words[0] if words else token, token)
        if states and (state := by_adjective(f"{phrase} ")):
            return state
        several = token.tag_ in {"NNS", "NNPS"} and not mine and _CROWD.search(token.text)
        if several and token.lower_ not in _NOT_BY_THEMSELVES | {phrase}:
            return phrase
    return None


@once
def governing_subject(scene: Scene, span: tuple[int, int], figure: tuple[int, int]) -> list[Token]:
    """The subjects of the nearest verb that has any: the trigger's, then the figure's."""
    for verb in [*verbs_above(scene.root_of(*span))[:2], *verbs_above(scene.root_of(*figure))[:2]]:
        if found := subject_tokens(verb):
            return found
    return []


_OPENING = re.compile(
    r"(?!(?:The|A|An|In|On|At|It|Its|He|She|They|This|That|But|And|For|By|With|As|If|When|While"
    r"|After|Before|Since|Under|From|To|Both|Each|No|Not|Some|Many|Most|Last|Next)\b)"
    r"(?P<name>[A-Z][\w.&’'-]*\w(?: [A-Z][\w.&-]*\w){0,3})(?=:? )"
)
_MANY = frozenset({"one", "a", "an", "most", "many", "some", "each", "every", "any", "such"})
_NO_OWNERS = words("plain") | {"company", "yesterday", "tomorrow", "everyone", "nobody"}
_PROPER = frozenset({"NNP", "NNPS"})
_THINGS = re.compile(r"(?:models?|runs?|systems?|llms?|networks?|efforts?)", re.IGNORECASE)


def any_of_many(scene: Scene, span: tuple[int, int], figure: tuple[int, int]) -> bool:
    """Whether the subject is a model or a run in general (``frontier models``, ``one run``)."""
    for token in governing_subject(scene, span, figure):
        words = list(token.subtree)
        definite = any(
            t.dep_ == "poss" or t.lower_ in {"the", "its", "their", "this", "that"} for t in words
        )
        general = token.tag_ == "NNS" or any(t.lower_ in _MANY for t in token.children)
        named = any(n.start <= scene.place(t) < n.end for t in words for n in scene.names)
        if _THINGS.fullmatch(token.text) and general and not definite and not named:
            return True
    return False


def proper_subject(scene: Scene, verb: Token) -> str | None:
    """The proper name that is the subject of a verb and that no list knows."""
    for token in subject_tokens(verb):
        low, high = scene.place(token.left_edge), scene.place(token) + 1
        if token.text in _NO_NAMES:
            continue
        if token.tag_ in _PROPER and not any(low <= n.start < high for n in scene.names):
            owners = [t.i for t in token.subtree if t.tag_ == "POS" and t.i < token.i]
            first = max(owners, default=-1)
            words = [t for t in token.subtree if t.tag_ in _PROPER and first < t.i <= token.i]
            return scene.written(words[0], token)
    return None


def _is_plain(name: str) -> bool:
    """Whether it is a word of everyday language, and no firm is called so."""
    return name.lower() in common_words() and name not in weak_names()


def opening_name(scene: Scene) -> str | None:
    """The proper name with which a sentence opens and that no list knows, if a verb follows it."""
    dateline = DATELINE.match(scene.text)
    found = _OPENING.match(scene.text, dateline.end() if dateline else 0)
    if found is None or found["name"] in _NO_NAMES or _is_plain(found["name"]):
        return None
    end = scene.at + found.end("name")
    if any(scene.at + found.start() <= n.start < end for n in scene.names):
        return None
    owner = found["name"].removesuffix("'s").removesuffix("’s")
    if owner != found["name"] and owner.lower() not in _NO_OWNERS and not _is_plain(owner):
        return owner
    if scene.text[found.end("name")] == ":":
        return found["name"]
    [standing] = standings(scene.text, [found.span("name")])
    return found["name"] if standing.deed == "agent" and standing.verb >= 0 else None


def unlisted(
    scene: Scene, span: tuple[int, int], figure: tuple[int, int], *, states: bool
) -> str | None:
    """A subject that is no name of the list: a group, a seat of government, a proper name."""
    for token in governing_subject(scene, span, figure):
        if states and token.text in SEATS and token.tag_ in _PROPER:
            return SEATS[token.text]
    if found := crowd(scene, span, figure, states=states):
        return found
    verbs = [*verbs_above(scene.root_of(*span)), *verbs_above(scene.root_of(*figure))]
    for verb in verbs[:2]:
        name = proper_subject(scene, verb)
        opener = name == str(scene.span[0].text) and scene.names
        if name and not opener and name not in scene.text[slice(*span)]:
            return name
    first = str(scene.span[0].text)
    return first if first in weak_names() and not scene.names else None


def stands_for_one(scene: Scene, span: tuple[int, int], figure: tuple[int, int]) -> bool:
    """Whether the nearest subject is a pronoun or an epithet that no reference resolves.

    Then a name from before is meant, and no other name of the sentence.
    """
    for token in governing_subject(scene, span, figure):
        named = any(n.start <= scene.place(token) < n.end for n in scene.names)
        within = token.lower_ not in OTHER_SIDES and any(
            part_of_subject(scene, token, n) is not None for n in scene.names
        )
        if named or within or _named_before(scene, token):
            return False
        mine = [c for c in token.children if c.lower_ in {"its", "their", "his", "her"}]
        if mine or _EPITHET.fullmatch(token.text):
            return True
    return False


def _named_before(scene: Scene, token: Token) -> bool:
    """Whether a pronoun has a name in its own sentence to stand for."""
    pronoun = token.lower_ in {"it", "they", "he", "she"}
    return pronoun and any(n.end <= scene.place(token) and n.type != "person" for n in scene.names)
