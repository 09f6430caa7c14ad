"""Which sentences can hold a claim, told by their words alone: only these are parsed.

Never too few: a sentence that is left out makes no claim with grammar either, and changes none of
another sentence (a test compares the two over whole corpora).
"""

from processors.nlp.claims.beat import on_beat
from processors.nlp.claims.export import may_control
from processors.nlp.claims.kinds import KINDS_OF
from processors.nlp.claims.matching import felt_by, place_of
from processors.nlp.claims.modality import is_asked
from processors.nlp.claims.scene import Scene
from processors.nlp.claims.taking import may_be_elliptic, may_go_on
from processors.nlp.quantities import Quantity


def candidates(scenes: list[Scene]) -> list[Scene]:
    """The sentences that need their grammar, in order."""
    hopeful = [_own(scene) for scene in scenes]
    for i, scene in enumerate(scenes):
        hopeful[i] = hopeful[i] or (i > 0 and hopeful[i - 1] and may_go_on(scene))
    return [
        scene
        for i, scene in enumerate(scenes)
        if hopeful[i] or (hopeful[i + 1 : i + 2] == [True] and _figures(scene))
    ]


def _figures(scene: Scene) -> list[Quantity]:
    """The figures that a kind might take."""
    if not scene.quantities or not on_beat(scene):
        return []
    return [q for q in scene.quantities if not is_asked(scene, place_of(scene, q))]


def _own(scene: Scene) -> bool:
    """Whether the sentence may hold a claim by its own words."""
    if may_control(scene):
        return True
    return any(
        may_be_elliptic(scene)
        if figure.sort == "number"
        else any(kind.claim and felt_by(scene, figure, kind) for kind in KINDS_OF[figure.sort])
        for figure in _figures(scene)
    )
