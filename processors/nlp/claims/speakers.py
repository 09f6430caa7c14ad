"""Who tells a statement: the subject of the verb of saying, or the name after ``according to``."""

import re

from spacy.tokens import Token

from processors.nlp.claims.grammar import subject_tokens
from processors.nlp.claims.scene import Name, Scene, chain, is_verb

_SAYS = re.compile(
    r"(?:say|says|said|saying|tell|tells|told|claims|claimed|announced|announces|disclosed"
    r"|discloses|revealed|reveals|wrote|writes|estimates|estimated|reckons|reckoned|boasted"
    r"|argued|confirmed|added|insisted|stated|reported|reports|noted|hinted|indicated|testified"
    r"|acknowledged|admitted|forecast|forecasts|predicts|predicted|denied|denies|warned|suggests"
    r"|suggested|found|believes|thinks|declared|calculates|calculated)"
)
_BY_WORDS = re.compile(
    r"\b(?:according to|(?:estimates?|figures|data|calculations?|analysis|research"
    r"|reports?|a (?:count|tally|filing|statement|report)) (?:by|from|of)|in the words of)"
    r" (?:the |an? )?",
    re.IGNORECASE,
)
_MAY_SPEAK = frozenset({"company", "lab", "fund", "agency", "person", "country", "other"})


def speaker_of(scene: Scene, at: int) -> str | None:
    """The canonical name of the person or organisation that tells what stands at ``at``.

    Of several in a sentence it is the one whose saying governs the place, else the nearest. None
    where nobody is said to tell it, or nobody whose name is known (``people familiar with it``).
    """
    told = [(abs(place - at), name) for place, name in _by_words(scene)]
    for verb in _sayings(scene):
        for subject in subject_tokens(verb)[:1]:
            if (name := _named(scene, subject)) is not None:
                told.append((0 if _governs(verb, scene, at) else abs(scene.place(verb) - at), name))
    return min(told, key=lambda one: one[0])[1].name if told else None


def _by_words(scene: Scene) -> list[tuple[int, Name]]:
    """The names after ``according to`` and the like, a person before the firm that owns them."""
    out = []
    for found in _BY_WORDS.finditer(scene.text):
        start = scene.at + found.end()
        token = scene.token_at(found.end())
        phrase = next((t for t in chain(token, 6) if t.dep_ == "pobj"), token)
        name = (phrase is not None and _named(scene, phrase)) or _at(scene, start)
        if name:
            out.append((start, name))
    return out


def _sayings(scene: Scene) -> list[Token]:
    return [
        t
        for t in (scene.part.doc if scene.part else ())
        if is_verb(t) and _SAYS.fullmatch(t.lower_)
    ]


def _governs(verb: Token, scene: Scene, at: int) -> bool:
    """Whether the words at a place belong to what the verb of saying introduces."""
    return any(t.i == verb.i for t in chain(scene.token_at(at - scene.at)))


def _at(scene: Scene, offset: int) -> Name | None:
    speakers = [n for n in scene.names if n.type in _MAY_SPEAK]
    return next((n for n in speakers if n.start <= offset < n.end), None)


def _named(scene: Scene, subject: Token) -> Name | None:
    """Who the subject is: its own name, a reference, or the person named beside a title."""
    if (name := _at(scene, scene.place(subject))) is not None:
        return name
    beside = [t for t in subject.subtree if t.dep_ in {"appos", "compound", "poss"}]
    names = [n for t in beside if (n := _at(scene, scene.place(t))) is not None]
    people = [n for n in names if n.type == "person"]
    return next(iter([*people, *names]), None)
