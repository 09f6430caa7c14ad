"""Plans: how a topic is looked for. What must be there says where it hangs in the index."""

from collections.abc import Iterator
from itertools import chain

from processors.query.matching.checks import holds
from processors.query.matching.facts import ANY_CLAIM, ORIGINAL, PAIR, kind
from processors.query.matching.formulas import Every, Formula, Some, Without, true
from processors.query.matching.seen import Seen
from processors.query.tree import Leaf

Facts = tuple[str, ...]
Clauses = tuple[Facts, Facts, tuple[Facts, ...], tuple[Leaf, ...], tuple[Formula, ...]]
"""All of the first must be there, none of the second, one at least of each of the third; the leaves
and the formulas must hold."""

_MOST_SPELLED = 262_144


class _Spelled(dict[str, str]):
    """One string object for a fact that many topics ask for: less memory, and it stays near.

    ``sys.intern`` keeps for ever what it was given.
    """

    def __missing__(self, fact: str) -> str:
        if len(self) >= _MOST_SPELLED:
            self.clear()
        self[fact] = fact
        return fact


_SPELLED = _Spelled()
_SHARES = {ORIGINAL: 0.9, ANY_CLAIM: 0.5}
_SHARES_OF_KINDS = {"lang": 0.9, "claim": 0.1, "section": 0.1, "source": 0.05, PAIR: 0.0005,
                    "": 0.01, "title": 0.002, "start": 0.05}  # fmt: skip
_OTHERS = 0.01


def share(fact: str) -> float:
    """A guess at how many of all articles have a fact, until they tell: short words are many."""
    of = kind(fact)
    known = _SHARES.get(fact) or _SHARES_OF_KINDS.get(of, _OTHERS)
    return known * 30 / (1 + len(fact)) ** 2 if of in ("", PAIR) else known


class Plan:
    """One way in which the topics of ``keys`` match; ``at``: the facts under which it hangs.

    Topics that ask for the same share it.
    """

    __slots__ = ("anys", "at", "keys", "leaves", "needs", "nones", "plain", "rest")

    def __init__(self, clauses: Clauses) -> None:
        self.needs, self.nones, self.anys, self.leaves, self.rest = clauses
        self.plain = not any(clauses[1:]) and len(self.needs) <= 2
        """Whether it holds as soon as the two facts that it needs are there."""
        self.keys: list[str] = []
        self.at: Facts = ()

    @property
    def clauses(self) -> Clauses:
        return self.needs, self.nones, self.anys, self.leaves, self.rest

    def holds(self, seen: Seen) -> bool:
        """Whether it does for an article."""
        facts = seen.facts
        if not facts.issuperset(self.needs) or not facts.isdisjoint(self.nones):
            return False
        for some in self.anys:
            if facts.isdisjoint(some):
                return False
        for leaf in self.leaves:
            if not holds(leaf, seen):
                return False
        return all(true(part, seen) for part in self.rest) if self.rest else True

    def hangers(self) -> list[Facts]:
        """Each of these could be where it hangs: one at least of each is there when it holds."""
        found = [(need,) for need in self.needs] + [*self.anys]
        return found or [facts for part in self.rest if (facts := _required(part))]

    def facts(self) -> Iterator[str]:
        """All that it asks for."""
        yield from chain(self.needs, self.nones, *self.anys)
        for part in self.rest:
            yield from _facts(part)


def clauses_of(meant: Formula) -> list[Clauses]:
    """One for each way in which it can hold; none where it never does."""
    ways = meant.parts if isinstance(meant, Some) else (meant,)
    return [_clauses(way.parts if isinstance(way, Every) else (way,)) for way in ways]


def _clauses(parts: tuple[Formula, ...]) -> Clauses:
    needs, nones, anys = list[str](), list[str](), list[Facts]()
    leaves, rest = list[Leaf](), list[Formula]()
    for part in parts:
        match part:
            case str():
                needs.append(_SPELLED[part])
            case Without(part=str(fact)):
                nones.append(_SPELLED[fact])
            case Some(parts=(*facts,)) if all(isinstance(fact, str) for fact in facts):
                some = (_SPELLED[fact] for fact in facts if isinstance(fact, str))
                anys.append(tuple(sorted(some)))
            case Every() | Some() | Without():
                rest.append(part)
            case leaf:
                leaves.append(leaf)
    return (
        tuple(sorted(needs)), tuple(sorted(nones)), tuple(sorted(anys)), tuple(leaves), tuple(rest)
    )  # fmt: skip


def _required(meant: Formula) -> Facts | None:
    """Facts of which one is there wherever it holds: the rarest choice; None if there are none."""
    match meant:
        case str():
            return (meant,)
        case Every(parts=parts):
            choices = [facts for part in parts if (facts := _required(part)) is not None]
            return min(choices, key=lambda facts: sum(map(share, facts)), default=None)
        case Some(parts=parts):
            each = [_required(part) for part in parts]
            if None in each:
                return None
            return tuple({_SPELLED[fact]: None for facts in each for fact in facts or ()})
        case _:
            return None


def _facts(meant: Formula) -> Iterator[str]:
    match meant:
        case str():
            yield meant
        case Every(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from _facts(part)
        case Without(part=part):
            yield from _facts(part)
        case _:
            return
