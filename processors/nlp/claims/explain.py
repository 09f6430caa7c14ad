"""Why each figure of a text became a claim, or did not: for those who write and mend rules."""

from collections.abc import Sequence

import msgspec

from processors.nlp.claims.beat import on_beat
from processors.nlp.claims.kinds import KINDS_OF
from processors.nlp.claims.matching import Match, Taken, matches, place_of
from processors.nlp.claims.modality import is_asked
from processors.nlp.claims.scene import Scene
from processors.nlp.claims.taking import TAKEN
from processors.nlp.quantities import Quantity
from processors.records import Claim

SHOWN = 3
"""Rules that are told for a figure, the strongest."""


class Named(msgspec.Struct, frozen=True):
    """A name, or a phrase that stands for one."""

    text: str
    entity_id: str
    type: str
    reference: bool


class Weighed(msgspec.Struct, frozen=True):
    """A rule that wanted a figure, and the words it rests on."""

    rule: str
    score: float
    words: str


class FigureNote(msgspec.Struct, frozen=True):
    """A candidate quantity and what became of it."""

    text: str
    sort: str
    outcome: str
    """The claim in a line, or why there is none."""
    claimed: bool
    weighed: tuple[Weighed, ...] = ()


class SentenceNote(msgspec.Struct, frozen=True):
    """A sentence with all that was looked at."""

    text: str
    start: int
    parsed: bool
    names: tuple[Named, ...]
    figures: tuple[FigureNote, ...]
    controls: tuple[str, ...] = ()
    """The export controls that the sentence tells of, a line each."""


def explain(
    scenes: Sequence[Scene], taken: Sequence[Taken], claims: Sequence[Claim]
) -> list[SentenceNote]:
    """Notes on every sentence, given what the rules took and the claims that came of it."""
    by_figure = {(one.figure.start, one.figure.end): one for one in taken}
    made: dict[int, list[Claim]] = {}
    for claim in claims:
        for start in (claim.start, *(place.start for place in claim.mentions)):
            made.setdefault(start, []).append(claim)
    return [
        SentenceNote(
            text=scene.text.strip(),
            start=scene.at,
            parsed=scene.part is not None,
            names=tuple(
                Named(scene.between(n.start, n.end), n.entity_id, n.type, n.reference)
                for n in scene.names
            ),
            figures=tuple(
                _figure(scene, q, by_figure.get((q.start, q.end)), made.get(q.start, []))
                for q in scene.quantities
            ),
            controls=tuple(
                _line(claim)
                for claim in claims
                if claim.kind == "export_control" and claim.sentence == scene.sentence
            ),
        )
        for scene in scenes
    ]


def _figure(scene: Scene, figure: Quantity, taken: Taken | None, made: list[Claim]) -> FigureNote:
    found = [m for kind in KINDS_OF[figure.sort] for m in matches(scene, figure, kind)]
    best = sorted(found, key=lambda m: -m.score)
    claims = [claim for claim in made if claim.kind != "export_control"]
    outcome = "; ".join(map(_line, claims)) or _refusal(scene, figure, taken, best)
    return FigureNote(
        text=scene.between(figure.start, figure.end),
        sort=figure.sort,
        outcome=outcome,
        claimed=bool(claims),
        weighed=tuple(
            Weighed(
                f"{m.kind.name}.{m.trigger.rule}", round(m.score, 2), scene.text[slice(*m.span)]
            )
            for m in best[:SHOWN]
        ),
    )


def _line(claim: Claim) -> str:
    who = claim.subject or "nobody in particular"
    return f"{claim.kind} of {who}, {claim.modality}, by {claim.rule} ({claim.confidence:.2f})"


def _refusal(scene: Scene, figure: Quantity, taken: Taken | None, best: list[Match]) -> str:
    """Why a figure is no claim."""
    if taken is not None and not taken.match.kind.claim:
        return f"no claim: its words are of {taken.match.kind.name}.{taken.match.trigger.rule}"
    if taken is not None:
        return "no claim: nobody and nothing here that it can be of"
    if not on_beat(scene):
        return "no claim: nothing here or nearby speaks of the AI industry"
    if is_asked(scene, place_of(scene, figure)):
        return "no claim: it is only asked about"
    if not best:
        return "no claim: no words of any kind stand near it"
    return f"no claim: the strongest rule has less than {TAKEN}"
