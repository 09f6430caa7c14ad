"""Which kind takes which figure, sentence after sentence."""

import re

import msgspec

from processors.nlp.claims.beat import on_beat
from processors.nlp.claims.matching import Taken, best_match, place_of
from processors.nlp.claims.modality import is_asked
from processors.nlp.claims.scene import Scene
from processors.nlp.quantities import Quantity

TAKEN = 0.42
"""The least that a figure must score for a kind to take it."""
GOES_ON = 0.62
"""What a figure scores for the kind of the one before it where the words say that it goes on."""
_SURE = 0.7
"""From here on a figure's own words count for more than that it is a part of another."""
_GOES_ON = re.compile(
    r"(?:(?:,|;| -| –)?\s(?:and|or|against|up from|down from|from|compared (?:with|to)"
    r"|versus|after|to|including|of (?:it|which|that)|plus|with|while|but)\b"
    r"|\sof it|;\s(?:in|by|a year|the year)|\searlier)",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"\b(?:it|that|this|these|figure|sum|total|against|from|compared|versus|up|down|earlier"
    r"|before|of (?:it|that|this|which)|apiece|each|another|further|more|latest|real|real one"
    r"|actual|had|predicts?|forecasts?|(?:this|current|next) quarter|last year's|managed|share"
    r"|the rest|target|same|price|cost|rose|fell|followed|grow|hit"
    r"|contributed|added)\b",
    re.IGNORECASE,
)
_OF_THAT = re.compile(r"\sof (?:it|that|which|the total|them)\b")
_SAME_THING = re.compile(
    r"[,;]\s[^,;]{0,30}\b(?:it|that|this) (?:had been|has been|was|is|stood at)\s$"
)
_PART = re.compile(r"\b(?:of whom|of which|including)\W(?:\w+\W)?$")
_STAFF = re.compile(
    r"\b(?:payroll|roster|ranks|crew|staff|work ?force|head ?count|employees|workers)\b"
)
_CHIPS_OR_PEOPLE = ("chips", "people")
_NOT_BARE = re.compile(
    r":\s?\d|-\s?years?\b|of\s(?!them|these|those|whom|which|its|their|the\b)\w"
    r"|(?:\w+\s)?(?:St|Street|Ave|Avenue|Road|Rd|Drive|Lane|Boulevard)\b"
    r"|\s?(?:per cent|%|percent|parameters|tokens|users|hours|days|years|months|weeks|tool|calls"
    r"|companies|customers|dollars|megawatts|gigawatts|watts|acres|square|feet|times|teraflops|miles"
    r"|km|points|shares|countries|entities|languages|questions|words|pages|books|lines"
    r"|papers|GPU-hours|\w+-hours|cities|models|students|startups|start-ups|firms|[a-z]+s\b)",
    re.IGNORECASE,
)


def take(scenes: list[Scene]) -> list[Taken]:
    """Which kind takes each figure, sentence after sentence; figures that none takes are left."""
    out: list[Taken] = []
    for scene in scenes:
        if scene.quantities and not on_beat(scene):
            continue
        for figure in scene.quantities:
            if is_asked(scene, place_of(scene, figure)):
                continue
            taken = _take(scene, figure, out)
            if taken is not None:
                out.append(taken)
    return out


def _take(scene: Scene, figure: Quantity, before: list[Taken]) -> Taken | None:
    if figure.sort == "number":
        return _elliptic(scene, figure, before)
    match = best_match(scene, figure, before[-1] if before else None)
    on = _inherited(scene, figure, before) if figure.sort != "date" else None
    weak = match is None or match.score < GOES_ON
    same = on is not None and on.scene is before[-1].scene
    if weak and same and _goes_on(scene, figure, before):
        return on
    unsure = match is None or match.score < _SURE
    if on is not None and unsure and _OF_THAT.match(scene.between(figure.end, figure.end + 16)):
        return on
    if match is not None and match.score >= TAKEN:
        return Taken(scene, figure, match)
    return on


def _goes_on(scene: Scene, figure: Quantity, before: list[Taken]) -> bool:
    """Whether the words between the last figure and this one join them."""
    gap = scene.between(before[-1].figure.end, figure.start)
    after = scene.between(figure.end, figure.end + 16)
    if _OF_THAT.match(after) or _SAME_THING.search(gap):
        return True
    return len(gap) < 60 and _GOES_ON.search(gap) is not None


def _inherited(scene: Scene, figure: Quantity, before: list[Taken]) -> Taken | None:
    """A figure that goes on from one before it (``against $5 million in January``)."""
    last = next((t for t in reversed(before) if t.figure.sort == figure.sort), None)
    if last is None or not last.match.kind.fits(figure):
        return None
    gap = scene.number - last.scene.number
    if gap > 1 or (gap == 1 and not _ELLIPSIS.search(scene.text)):
        return None
    return Taken(scene, figure, last.match, inherited=True)


def may_go_on(scene: Scene) -> bool:
    """Whether a figure may go on from one of the sentence before."""
    return bool(scene.quantities) and _ELLIPSIS.search(scene.text) is not None


def may_be_elliptic(scene: Scene) -> bool:
    """Whether a bare number may be one of chips or people, which these or earlier words name."""
    if any(q.sort in _CHIPS_OR_PEOPLE for one in _near(scene, 1) for q in one.quantities):
        return True
    if _STAFF.search(scene.text):
        return True
    return any(n.type == "chip" for one in _near(scene, 2) for n in one.names)


def _near(scene: Scene, back: int) -> list[Scene]:
    """The sentence and some before it."""
    return [scene, *scene.earlier[-back:]]


def _elliptic(scene: Scene, figure: Quantity, before: list[Taken]) -> Taken | None:
    """A bare number after a count of chips or people, of which it is one more."""
    last = next((t for t in reversed(before) if t.figure.sort in _CHIPS_OR_PEOPLE), None)
    if _PART.search(scene.text[: figure.start - scene.at]):
        return None
    after = scene.text[figure.end - scene.at :]
    if last is None or scene.number - last.scene.number > 1:
        return _named_before(scene, figure, after)
    if scene.number - last.scene.number > 1 or _NOT_BARE.match(after.lstrip()):
        return None
    if not last.match.kind.claim or not last.match.kind.fits(figure):
        return None
    if not last.figure.size / 200 <= figure.size <= last.figure.size * 1e3:
        return None
    noun = last.figure.noun
    same = msgspec.structs.replace(figure, sort=last.figure.sort, noun=noun)
    return Taken(scene, same, last.match, inherited=True)


def _named_before(scene: Scene, figure: Quantity, after: str) -> Taken | None:
    """A bare number whose chips the sentence names earlier (``Hopper chips …, with 90,000``)."""
    if _STAFF.search(scene.text[: figure.start - scene.at]) and not _NOT_BARE.match(after.lstrip()):
        people = msgspec.structs.replace(figure, sort="people", noun="people")
        match = best_match(scene, people)
        return Taken(scene, people, match) if match is not None and match.score >= TAKEN else None
    chips = [n for n in scene.names if n.type == "chip" and n.end <= figure.start]
    if re.match(r"of (?:them|these|those)\b", after.lstrip()):
        near = [n for one in [*scene.earlier[-2:], scene] for n in one.names if n.type == "chip"]
        same = msgspec.structs.replace(figure, sort="chips", noun=near[-1].name if near else "")
        found = best_match(scene, same) if near else None
        return Taken(scene, same, found) if found is not None else None
    alone = re.match(
        r"\W*(?:$|by|each|apiece|in|of them|for|last|this|that)\b|\W*$|[,.;]", after.lstrip()
    )
    lead = scene.masked[: figure.start - scene.at]
    if (
        not chips
        or not alone
        or not re.search(r"(?:with|bought|got|took|to|has|have|own|had|at) $", lead)
    ):
        return None
    same = msgspec.structs.replace(figure, sort="chips", noun=chips[-1].name)
    match = best_match(scene, same)
    return Taken(scene, same, match) if match is not None else None
