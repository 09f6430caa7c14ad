"""From figures that a kind took to claims."""

import math
import re
from collections.abc import Iterator

from processors.nlp.claims import modality, periods
from processors.nlp.claims.claimants import maker_of, who
from processors.nlp.claims.kinds import Kind
from processors.nlp.claims.matching import Taken, place_of
from processors.nlp.claims.objects import object_of
from processors.nlp.claims.speakers import speaker_of
from processors.nlp.quantities import Quantity
from processors.records import Claim, Modality

VERSION = "1"
_WOULD = re.compile(r"\bwould\b")
"""Goes on with a deal that is only talked of (``it would value the firm at``)."""


def claims_of(taken: list[Taken]) -> list[Claim]:
    """The claims that the taken figures make, in order, before double ones are joined."""
    out: list[Claim] = []
    made: list[tuple[Taken, Claim]] = []
    for one in taken:
        if not one.match.kind.claim:
            continue
        for claim in _made(one, made):
            out.append(claim)
            made.append((one, claim))
    return out


def _made(one: Taken, made: list[tuple[Taken, Claim]]) -> Iterator[Claim]:
    found = who(one, made)
    if one.match.kind.name == "date" and not found:
        return
    for name, entity_id in found:
        yield _claim(one, *maker_of(one, name, entity_id), made)
    if not found:
        yield _claim(one, None, None, made)


def _claim(
    one: Taken, subject: str | None, subject_id: str | None, made: list[tuple[Taken, Claim]]
) -> Claim:
    scene, figure, kind = one.scene, one.figure, one.match.kind
    thing, thing_id = object_of(one, subject_id)
    manner = _manner(one, subject_id, made)
    sort = figure.sort
    return Claim(
        kind=kind.name,  # type: ignore[arg-type]
        subject=subject,
        subject_id=subject_id,
        amount_low=figure.low,
        amount_high=figure.high,
        currency=figure.currency,
        unit=_unit(figure, kind),
        bound=figure.bound,
        modality=manner,
        period=periods.period_of(scene, figure) if sort != "date" else None,
        object=thing,
        object_id=thing_id,
        date=figure.date or None,
        evidence=scene.between(figure.start, figure.end),
        start=figure.start,
        end=figure.end,
        sentence=scene.sentence,
        speaker=speaker_of(scene, figure.start) if manner != "done" else None,
        confidence=_confidence(one, subject),
        rule=f"{kind.name}.{one.match.trigger.rule}{'.again' if one.inherited else ''}@{VERSION}",
    )


def _manner(one: Taken, subject_id: str | None, made: list[tuple[Taken, Claim]]) -> Modality:
    """The modality of the words; where they say little, that of the claim they go on from."""
    scene, kind = one.scene, one.match.kind
    place = place_of(scene, one.figure)
    if kind.name == "date":
        return modality.of_date(scene, place)
    manner = modality.modality_of(scene, place, hypothetical=kind.hypothetical)
    if kind.name == "price" and manner in {"planned", "denied"}:
        return modality.of_date(scene, place)
    if (
        made
        and made[-1][0].scene is scene
        and modality.is_part(scene, made[-1][0].figure.end, place)
    ):
        return made[-1][1].modality
    settled = modality.finished(scene, place) or modality.looks_back(scene, place)
    if manner in {"done", "reported"} and not settled:
        last = next((c for t, c in reversed(made) if scene.number - t.scene.number <= 1), None)
        if last is not None and last.kind != "date" and last.subject_id == subject_id:
            manner = last.modality if manner == "done" else manner
    if manner == "planned" and kind.hypothetical and _WOULD.search(scene.text) and made:
        before, claim = made[-1]
        told = claim.modality == "rumoured" and claim.subject_id == subject_id
        return "rumoured" if told and scene.number - before.scene.number <= 1 else manner
    if manner in {"done", "reported"} and one.match.trigger.manner:
        return one.match.trigger.manner
    return manner


def _unit(figure: Quantity, kind: Kind) -> str | None:
    if figure.sort in {"chips", "people"}:
        return figure.sort
    return figure.per if kind.name == "price" else None


def _confidence(one: Taken, subject: str | None) -> float:
    """The share of such claims that were wholly right on hard passages new to the rules.

    By how far the kind is ahead of the next one, whether the figure goes on from another, and
    whether it has a subject; fitted on the 206 claims of two first looks (``docs/quality.md``).
    """
    ahead = min(max(one.match.score - one.match.rival, 0.0), 1.0)
    odds = 1.4 * ahead - 0.15 - 0.95 * one.inherited - 1.9 * (subject is None)
    return round(1 / (1 + math.exp(-odds)), 2)
