"""A query in the words of facts: what must be there, what may, what must not.

The same in every article as the tree, and as ``tests/specs/matcher.py`` says in plainer words.
"""

from itertools import pairwise

import msgspec

from processors.query import tree
from processors.query.matching.checks import holds
from processors.query.matching.facts import ANY_CLAIM, ENDS, ORIGINAL, START, TITLE_START
from processors.query.matching.seen import Seen
from processors.query.terms import terms


class Every(msgspec.Struct, frozen=True):
    """All of these; of nothing: always."""

    parts: "tuple[Formula, ...]"


class Some(msgspec.Struct, frozen=True):
    """One of these at least; of nothing: never."""

    parts: "tuple[Formula, ...]"


class Without(msgspec.Struct, frozen=True):
    """Not this fact, or not what this leaf says."""

    part: "str | tree.Leaf"


Formula = str | tree.Leaf | Every | Some | Without
"""A fact, a leaf that must be checked (facts that it cannot hold without stand beside it), or what
is made of these. ``Without`` stands at facts and leaves alone."""
ALWAYS, NEVER = Every(()), Some(())


def formula(node: tree.Node, wanted: bool = True) -> Formula:
    """What ``node`` means, or its contrary."""
    match node:
        case tree.Not(part=part):
            return formula(part, not wanted)
        case tree.And(parts=parts):
            found = [formula(part, wanted) for part in parts]
            return every(found) if wanted else some(found)
        case tree.Or(parts=parts):
            found = [formula(part, wanted) for part in parts]
            return some(found) if wanted else every(found)
        case leaf:
            meant = _leaf(leaf)
            return meant if wanted else contrary(meant)


def contrary(meant: Formula) -> Formula:
    """What holds where this does not."""
    match meant:
        case Every(parts=parts):
            return some([contrary(part) for part in parts])
        case Some(parts=parts):
            return every([contrary(part) for part in parts])
        case Without(part=part):
            return part
        case plain:
            return Without(plain)


def every(parts: list[Formula]) -> Formula:
    """All of these, without what is in them twice or goes without saying."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Every) else (part,))]
    different = tuple(dict.fromkeys(flat))
    if NEVER in different:
        return NEVER
    return different[0] if len(different) == 1 else Every(different)


def some(parts: list[Formula]) -> Formula:
    """One of these at least, in the same way."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Some) else (part,))]
    different = tuple(dict.fromkeys(flat))
    if ALWAYS in different:
        return ALWAYS
    return different[0] if len(different) == 1 else Some(different)


def true(meant: Formula, seen: Seen) -> bool:
    """Whether it holds for an article."""
    match meant:
        case str():
            return meant in seen.facts
        case Every(parts=parts):
            return all(true(part, seen) for part in parts)
        case Some(parts=parts):
            return any(true(part, seen) for part in parts)
        case Without(part=part):
            return not true(part, seen)
        case leaf:
            return holds(leaf, seen)


def _leaf(leaf: tree.Leaf) -> Formula:  # noqa: PLR0911, PLR0912 - one return a kind of leaf
    match leaf:
        case tree.All():
            return ALWAYS
        case tree.Words() | tree.Near() | tree.Prefix():
            return _text(leaf)
        case tree.EntityIs(text=text, types=types):
            roles = [f"entity.{type}" for type in types] or ["entity"]
            return some([_called(role, text, leaf) for role in roles])
        case tree.MoodIs(text=text):
            return every([_called("mood", text, leaf), leaf])
        case tree.SourceIs():
            return _source(leaf)
        case tree.AuthorIs(text=text):
            return _called("author", text, leaf)
        case tree.LanguageIs(code=code):
            return f"lang:{code}"
        case tree.SectionIs(text=text):
            return f"section:{' '.join(terms(text))}"
        case tree.StoryIs(id=story):
            return f"story:{story}"
        case tree.EventIs(id=event):
            return f"event:{event}"
        case tree.Original():
            return ORIGINAL
        case tree.ClaimIs():
            return _claim(leaf)
        case tree.Published(after=after, before=before):
            return ALWAYS if after is None and before is None else leaf


def _text(leaf: tree.Text) -> Formula:
    head = "title:" if leaf.where else ""
    match leaf:
        case tree.Prefix(start=start):
            return f"{TITLE_START if head else START}:{start}"
        case tree.Near(terms=wanted):
            return every([*(head + term for term in wanted), leaf]) if len(wanted) > 1 else ALWAYS
        case tree.Words(terms=()):
            return ALWAYS
        case tree.Words(terms=(term,)):
            return head + term
        case tree.Words(terms=wanted):
            pairs: list[Formula] = [f"{head}{one} {next}" for one, next in pairwise(wanted)]
            return every([*pairs, leaf] if len(wanted) > 2 else pairs)


def _called(role: str, text: str, leaf: tree.Leaf) -> Formula:
    """Somebody in a role has this id or this end of a name; ``leaf`` decides on a long one."""
    ids: list[Formula] = [f"{role}:id:{text}", f"{role}:id:{text.lower()}"]
    wanted = terms(text)
    if not wanted:
        return some(ids)
    end: Formula = f"{role}:ends:{' '.join(wanted[-ENDS:])}"
    return some([*ids, every([end, leaf]) if len(wanted) > ENDS else end])


def _source(leaf: tree.SourceIs) -> Formula:
    wanted = terms(leaf.text)
    if not wanted:
        return ALWAYS
    site: list[Formula] = [f"site:{term}" for term in wanted]
    ids: list[Formula] = [f"source:{leaf.text}", f"source:{leaf.text.lower()}"]
    return some([*ids, every([*site, leaf] if len(wanted) > 1 else site)])


def _claim(leaf: tree.ClaimIs) -> Formula:
    kind: Formula = f"claim:{leaf.kind}" if leaf.kind else ANY_CLAIM
    parties = [
        _called(condition.role, condition.text, leaf)
        for condition in leaf.conditions
        if isinstance(condition, tree.PartyIs)
    ]
    return every([kind, *parties, leaf]) if leaf.conditions else kind
