"""What names and words are to each other by the dependency tree."""

from collections.abc import Iterator

from spacy.tokens import Token

from processors.nlp.claims.scene import Name, Scene, chain, is_verb, once

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_OBJECTS = frozenset({"dobj", "obj", "dative", "iobj", "oprd"})
_INNER = frozenset(
    {"compound", "poss", "nmod", "amod", "appos", "nummod", "case", "det", "conj", "cc"}
)


def head_of(scene: Scene, name: Name) -> Token | None:
    """The head token of a name."""
    return scene.root_of(name.start - scene.at, name.end - scene.at)


def _phrase_top(token: Token) -> Token:
    """The head of the noun phrase that a token is an inner part of (not across ``of``)."""
    for upper in chain(token):
        if upper.dep_ not in _INNER:
            return upper
    return token


@once
def relation(scene: Scene, name: Name) -> tuple[str, Token] | None:
    """What a name is to the word that governs it: the relation and that word."""
    token = head_of(scene, name)
    if token is None:
        return None
    top = _phrase_top(token)
    owner = any(t.dep_ in {"poss", "compound", "nmod"} for t in _until(token, top))
    if owner:
        return "owner", top
    if top.dep_ in SUBJECTS - {"nsubjpass"}:
        return "agent", top.head
    if top.dep_ in _OBJECTS | {"nsubjpass"}:
        return "patient", top.head
    return _after_preposition(top) if top.dep_ in {"pobj", "pcomp"} else ("", top)


def _after_preposition(top: Token) -> tuple[str, Token]:
    prep = top.head
    by = prep.dep_ == "agent" or (prep.lower_ == "by" and is_verb(prep.head))
    return ("agent" if by else prep.lower_), prep.head


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


@once
def subjects_of(_: Scene, verb: Token) -> list[Token]:
    """As ``subject_tokens``, for a verb of a sentence that is asked about each of its names."""
    return subject_tokens(verb)


def _antecedent(token: Token, verb: Token) -> Token:
    """For ``who`` and ``which``: the noun that their clause describes."""
    relative = token.lower_ in {"who", "which", "that", "whose"}
    return verb.head if relative and verb.dep_ in {"relcl", "acl"} else token


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive, reduced (``fined by``) or full."""
    if any(child.dep_ in {"nsubjpass", "auxpass", "agent"} for child in verb.children):
        return True
    return bool(verb.tag_ == "VBN" and verb.dep_ == "acl")


@once
def part_of_subject(scene: Scene, token: Token, name: Name) -> str | None:
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
