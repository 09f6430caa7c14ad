"""How much each kind wants a figure: its triggers, weighed by how near they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from processors.nlp.claims.kinds import FIGURE_KINDS, KINDS_OF, Kind, Trigger
from processors.nlp.claims.possible import sieve
from processors.nlp.claims.scene import Scene, chain, once
from processors.nlp.quantities import Quantity

RIVAL = 0.5
"""What a trigger is worth past another figure of the same sort."""
ANOTHERS = 0.6
"""What a trigger is worth that another figure follows directly."""
SAME_AGAIN = 0.12
"""How much the kind of the figure before is favoured."""


_TRIGGERS = {kind.name: kind.triggers for kind in FIGURE_KINDS}
_WORDS = {kind.name: frozenset(one.words for one in kind.triggers) for kind in FIGURE_KINDS}


@dataclass(frozen=True)
class Match:
    """A trigger that a figure is near to."""

    kind: Kind
    trigger: Trigger
    span: tuple[int, int]
    score: float
    rival: float = 0.0
    """The best score of another kind."""


@dataclass(frozen=True)
class Taken:
    """A figure and the kind that took it; the base of one claim or, for ``each``, of several."""

    scene: Scene
    figure: Quantity
    match: Match
    inherited: bool = False


def place_of(scene: Scene, figure: Quantity) -> tuple[int, int]:
    """Where a figure stands in its sentence."""
    return figure.start - scene.at, figure.end - scene.at


def _closeness(scene: Scene, span: tuple[int, int], figure: Quantity, reach: float) -> float:
    place = place_of(scene, figure)
    apart = scene.distance(span, place)
    low, high = min(span[0], place[0]), max(span[1], place[1])
    rivals = sum(
        1
        for other in scene.quantities
        if other.sort == figure.sort
        and other is not figure
        and low <= other.start - scene.at < high
    )
    if apart > 2 and _linked(scene, span, place):
        apart = min(apart, 2.0)
    if apart > reach:
        return 0.0
    near = float((1.0 - 0.6 * apart / reach) * RIVAL**rivals)
    return near * ANOTHERS if _goes_with_another(scene, span, figure, apart) else near


def _goes_with_another(scene: Scene, span: tuple[int, int], figure: Quantity, apart: float) -> bool:
    """Whether another figure follows the trigger directly (``loss … on turnover of $3m``)."""
    followers = (q for q in scene.quantities if q.sort == figure.sort and q is not figure)
    return any(
        q.start - scene.at >= span[1]
        and scene.distance(span, place_of(scene, q)) <= 1
        and (apart > 1 or (apart == 1 and figure.end - scene.at <= span[0]))
        for q in followers
    )


def _linked(scene: Scene, span: tuple[int, int], place: tuple[int, int]) -> bool:
    """Whether the grammar joins a trigger and a figure directly."""
    trigger, root = scene.root_of(*span), scene.root_of(*place)
    if trigger is None or root is None:
        return False
    above = [t.i for t in chain(root, 4)]
    return trigger.i in above or any(t.i == root.i for t in chain(trigger, 3))


def matches(scene: Scene, figure: Quantity, kind: Kind) -> Iterator[Match]:
    """Every trigger that a figure feels of a kind of its sort, and the kind's own claim on it."""
    if not kind.fits(figure):
        return
    if kind.excludes and scene.places(kind.excludes):
        return
    base = kind.base(figure)
    if base > 0:
        yield Match(kind, Trigger("own_words", ""), place_of(scene, figure), base)
    for trigger, places in _standing(scene, kind.name):
        if trigger.context and not _in_context(scene, trigger.context):
            continue
        for span in places:
            if _of_another(scene, span, figure, last=trigger.last):
                continue
            near = _closeness(scene, span, figure, trigger.reach)
            if near > 0:
                score = trigger.weight * near + 0.4 * base
                yield Match(kind, trigger, span, score)


def felt_by(scene: Scene, figure: Quantity, kind: Kind) -> bool:
    """Whether any word of a kind stands in the sentence of a figure of its sort that fits it."""
    if not kind.fits(figure):
        return False
    return kind.base(figure) > 0 or bool(_standing(scene, kind.name))


@once
def _standing(scene: Scene, name: str) -> list[tuple[Trigger, list[tuple[int, int]]]]:
    """The triggers of a kind that stand in a sentence, in their order."""
    possible = _WORDS[name] & scene.possible
    if not possible:
        return []
    return [
        (one, places)
        for one in _TRIGGERS[name]
        if one.words in possible and (places := scene.places(one.words))
    ]


def prepare() -> None:
    """Compile all kinds' patterns, which takes a second: at the load, not at the first text."""
    for figures in (True, False):
        sieve(figures=figures)


def _in_context(scene: Scene, pattern: str) -> bool:
    near = [scene, *scene.earlier[-2:]]
    return any(one.places(pattern) for one in near)


def _of_another(scene: Scene, span: tuple[int, int], figure: Quantity, *, last: bool) -> bool:
    """Whether a trigger holds another figure of the sort, and so speaks of that one."""
    inside = [
        q
        for q in scene.quantities
        if q.sort == figure.sort and span[0] <= q.start - scene.at < span[1]
    ]
    meant = inside[-1:] if last else inside
    return bool(inside) and all(q.start != figure.start for q in meant)


def best_match(scene: Scene, figure: Quantity, last: "Taken | None" = None) -> Match | None:
    """The match with the highest score over all kinds; the first kind wins a tie.

    The kind of the ``last`` figure is favoured a little in the sentence after it.
    """
    found = [m for kind in KINDS_OF[figure.sort] for m in matches(scene, figure, kind)]
    near = last is not None and scene.number - last.scene.number <= 1
    favoured = last.match.kind if last is not None and near else None
    best = max(found, key=lambda m: m.score + SAME_AGAIN * (m.kind is favoured), default=None)
    if best is None:
        return None
    rival = max((m.score for m in found if m.kind is not best.kind), default=0.0)
    return replace(best, rival=rival)
