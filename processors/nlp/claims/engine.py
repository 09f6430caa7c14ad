"""From figures to claims: each figure goes to the kind whose triggers it is nearest to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from processors.nlp.claims import modality, periods, subjects
from processors.nlp.claims.beat import on_beat
from processors.nlp.claims.facts import behind
from processors.nlp.claims.kinds import FIGURE_KINDS, Kind, Trigger
from processors.nlp.claims.masks import compiled
from processors.nlp.claims.nations import GOVERNMENT
from processors.nlp.claims.scene import Name, Scene, chain
from processors.nlp.quantities import Quantity
from processors.records import Claim, EntityType, Modality, Span

VERSION = "1"
TAKEN = 0.42
"""The least that a figure must score for a kind to take it."""
RIVAL = 0.5
"""What a trigger is worth past another figure of the same sort."""
SAME_AGAIN = 0.12
"""How much the kind of the figure before is favoured."""
GOES_ON = 0.62
"""What a figure scores for the kind of the one before it where the words say that it goes on."""
_OTHER_CLAUSE = re.compile(r",\s(?:while|but|whereas)\s|;")
_GOES_ON = re.compile(
    r"(?:(?:,|;| -| –)?\s(?:and|or|against|up from|down from|from|compared (?:with|to)|versus|after|to|including"
    r"|of (?:it|which|that)|plus|with|while|but)\b|\sof it|;\s(?:in|by|a year|the year)|\s(?:earlier|before))",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"\b(?:it|that|this|these|figure|sum|total|against|from|compared|versus|up|down|earlier"
    r"|before|of (?:it|that|this|which)|apiece|each|another|further|more|latest|real|real one"
    r"|actual|target|same|price|cost|rose|fell|followed|grow|hit|contributed|added)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Match:
    """A trigger that a figure is near to."""

    kind: Kind
    trigger: Trigger
    span: tuple[int, int]
    score: float


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
    return float((1.0 - 0.6 * apart / reach) * RIVAL**rivals)


def _linked(scene: Scene, span: tuple[int, int], place: tuple[int, int]) -> bool:
    """Whether the grammar joins a trigger and a figure directly."""
    trigger, root = scene.root_of(*span), scene.root_of(*place)
    if trigger is None or root is None:
        return False
    above = [t.i for t in chain(root, 4)]
    return trigger.i in above or any(t.i == root.i for t in chain(trigger, 3))


def matches(scene: Scene, figure: Quantity, kind: Kind) -> Iterator[Match]:
    """Every trigger of a kind that a figure feels, and the kind's own claim on its words."""
    if kind.sort != figure.sort or not kind.fits(figure):
        return
    if kind.excludes and compiled(kind.excludes).search(scene.masked):
        return
    base = kind.base(figure)
    if base > 0:
        yield Match(kind, Trigger("own_words", ""), place_of(scene, figure), base)
    for trigger in kind.triggers:
        for found in compiled(trigger.words).finditer(scene.masked):
            if _of_another(scene, found.span(), figure):
                continue
            near = _closeness(scene, found.span(), figure, trigger.reach)
            if near > 0:
                score = trigger.weight * near + 0.4 * base
                yield Match(kind, trigger, found.span(), score)


def _of_another(scene: Scene, span: tuple[int, int], figure: Quantity) -> bool:
    """Whether a trigger holds another figure of the sort, and so speaks of that one."""
    inside = [
        q for q in scene.quantities
        if q.sort == figure.sort and span[0] <= q.start - scene.at < span[1]
    ]
    return bool(inside) and all(q.start != figure.start for q in inside)


def best_match(scene: Scene, figure: Quantity, last: "Taken | None" = None) -> Match | None:
    """The match with the highest score over all kinds; the first kind wins a tie.

    The kind of the ``last`` figure is favoured a little in the sentence after it.
    """
    found = [m for kind in FIGURE_KINDS for m in matches(scene, figure, kind)]
    near = last is not None and scene.place - last.scene.place <= 1
    favoured = last.match.kind if last is not None and near else None
    return max(
        found, key=lambda m: m.score + SAME_AGAIN * (m.kind is favoured), default=None
    )


def take(scenes: list[Scene]) -> list[Taken]:
    """Which kind takes each figure, sentence after sentence; figures that none takes are left."""
    out: list[Taken] = []
    for scene in scenes:
        if scene.quantities and not on_beat(scene):
            continue
        for figure in scene.quantities:
            taken = _take(scene, figure, out)
            if taken is not None:
                out.append(taken)
    return out


def _take(scene: Scene, figure: Quantity, before: list[Taken]) -> Taken | None:
    if figure.sort == "number":
        return _elliptic(scene, figure, before)
    match = best_match(scene, figure, before[-1] if before else None)
    on = _inherited(scene, figure, before) if figure.sort != "date" else None
    if on is not None and on.scene is on_scene(before) and _goes_on(scene, figure, before):
        if match is None or match.score < GOES_ON:
            return on
    if match is not None and match.score >= TAKEN:
        return Taken(scene, figure, match)
    return on


def on_scene(before: list[Taken]) -> Scene | None:
    """The sentence of the last figure taken."""
    return before[-1].scene if before else None


def _goes_on(scene: Scene, figure: Quantity, before: list[Taken]) -> bool:
    """Whether the words between the last figure and this one join them."""
    gap = scene.doc.text[before[-1].figure.end : figure.start]
    after = scene.doc.text[figure.end : figure.end + 16]
    if re.match(r"\sof (?:it|that|which|the total|them)\b", after):
        return True
    return len(gap) < 60 and _GOES_ON.search(gap) is not None


def _inherited(scene: Scene, figure: Quantity, before: list[Taken]) -> Taken | None:
    """A figure that goes on from one before it (``against $5 million in January``)."""
    last = next((t for t in reversed(before) if t.figure.sort == figure.sort), None)
    if last is None or not last.match.kind.fits(figure):
        return None
    gap = scene.place - last.scene.place
    if gap > 1 or (gap == 1 and not _ELLIPSIS.search(scene.text)):
        return None
    return Taken(scene, figure, last.match, inherited=True)


_CHIPS_OR_PEOPLE = ("chips", "people")
_NOT_BARE = re.compile(
    r"\s?(?:per cent|%|percent|parameters|tokens|users|hours|days|years|months|weeks|tool|calls"
    r"|companies|customers|dollars|megawatts|gigawatts|watts|acres|square|feet|times|teraflops|miles|km"
    r"|points|shares|countries|entities|languages|questions|words|pages|books|lines|papers|GPU-hours"
    r"|\w+-hours|cities|models|students|startups|start-ups|firms|[a-z]+s\b)",
    re.IGNORECASE,
)


def _elliptic(scene: Scene, figure: Quantity, before: list[Taken]) -> Taken | None:
    """A bare number after a count of chips or people, of which it is one more."""
    last = next((t for t in reversed(before) if t.figure.sort in _CHIPS_OR_PEOPLE), None)
    after = scene.text[figure.end - scene.at :]
    if last is None or scene.place - last.scene.place > 1:
        return _named_before(scene, figure, after)
    if scene.place - last.scene.place > 1 or _NOT_BARE.match(after.lstrip()):
        return None
    if not last.match.kind.claim or not last.match.kind.fits(figure):
        return None
    if figure.size < last.figure.size / 200:
        return None
    noun = last.figure.noun
    same = msgspec.structs.replace(figure, sort=last.figure.sort, noun=noun)
    return Taken(scene, same, last.match, inherited=True)


def _named_before(scene: Scene, figure: Quantity, after: str) -> Taken | None:
    """A bare number whose chips the sentence names earlier (``Hopper chips …, with 485,000``)."""
    chips = [n for n in scene.names if n.type == "chip" and n.end <= figure.start]
    alone = re.match(r"\W*(?:$|by|each|apiece|in|of them|for|last|this|that)\b|\W*$|[,.;]", after.lstrip())
    lead = scene.masked[: figure.start - scene.at]
    if not chips or not alone or not re.search(r"(?:with|bought|got|took|to|has|have|own|had|at) $", lead):
        return None
    same = msgspec.structs.replace(figure, sort="chips", noun=chips[-1].name)
    match = best_match(scene, same)
    return Taken(scene, same, match) if match is not None else None


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


def _span_in(one: Taken) -> tuple[int, int]:
    """Where the trigger stands; the figure itself where the trigger is of another clause."""
    place = place_of(one.scene, one.figure)
    span = one.match.span
    between = one.scene.masked[min(span[1], place[1]) : max(span[0], place[0])]
    return place if one.inherited or _OTHER_CLAUSE.search(between) else span


def _made(one: Taken, made: list[tuple[Taken, Claim]]) -> Iterator[Claim]:
    found = list(who(one, made))
    if one.match.kind.name == "date" and not found:
        return
    for name, entity_id in found or [(None, None)]:
        yield _claim(one, *_behind(one, name, entity_id), made)


def _behind(one: Taken, name: str | None, entity_id: str | None) -> tuple[str | None, str | None]:
    """The maker of a model or product, and the firm of a person, where it is known."""
    kinds = {"model", "product", "person"}
    known = next((n for n in one.scene.names if n.entity_id == entity_id), None)
    if known is None or known.type not in kinds or one.match.kind.name in {"date", "chip_count"}:
        return name, entity_id
    return (entity_id and behind(entity_id)) or (name, entity_id)


def _gapped(scene: Scene, figure: Quantity) -> list[Name]:
    """The names right before a figure whose verb is left out (``iFlytek 470 million yuan``)."""
    apposed = [
        n for n in scene.names
        if re.fullmatch(r",? with (?:only |just )?", scene.doc.text[n.end : figure.start])
    ]
    if apposed:
        return apposed
    earlier = [q for q in scene.quantities if q.sort != "date" and q.end <= figure.start]
    if not earlier:
        return []
    low = earlier[-1].end
    names = [n for n in scene.names if low <= n.start and n.end <= figure.start and not n.reference]
    if not names or not re.fullmatch(r"\s(?:with |some |at |for )?", scene.doc.text[names[-1].end : figure.start]):
        return []
    if not re.fullmatch(r"[^.]{0,40}?(?:and|,|;|while|but)\s", scene.doc.text[low : names[0].start]):
        return []
    return names


def who(one: Taken, made: list[tuple[Taken, Claim]]) -> Iterator[tuple[str, str | None]]:
    """The subject of a figure; several where each of some names has the amount."""
    scene, kind = one.scene, one.match.kind
    roles = one.match.trigger.subject or kind.subject
    types, spare = kind.subject_types, kind.spare_types
    if kind.name == "date":
        founded = one.match.trigger.object == "founded"
        types = frozenset({"company", "lab", "fund", "other"}) if founded else frozenset({"model", "chip", "product"})
        spare = frozenset()
    span, figure = _span_in(one), place_of(scene, one.figure)
    if one.inherited:
        roles = "agent patient before at of owner"
    ranked = subjects.rank(scene, roles, span, figure, types, spare, shuns=kind.shuns)
    gapped = [n for n in _gapped(scene, one.figure) if n.type in types]
    if gapped:
        for name in gapped if len(gapped) == 1 or _each(scene, one.figure) else gapped[:1]:
            yield name.name, name.entity_id
        return
    alone = subjects.stands_for_one(scene, span, figure)
    if alone and (topic := _topic(scene, _meant(scene, types | spare))):
        yield topic.name, topic.entity_id
        return
    if one.inherited and not (ranked and ranked[0][0] > 1.2):
        previous = [c for t, c in made if t.match.kind is kind]
        if previous and previous[-1].subject:
            yield previous[-1].subject, previous[-1].subject_id
            return
    crowd = subjects.unlisted(scene, span, figure) if kind.name != "date" else None
    if crowd and not (ranked and ranked[0][0] > 2.0):
        yield crowd, None
        return
    if ranked and ranked[0][0] > 0.1:
        yield from _with_joined(scene, one.figure, ranked)
        return
    if kind.name != "date" or subjects.stands_for_one(scene, span, figure):
        topic = _topic(scene, types | spare) or (ranked[0][1] if ranked else None)
        if topic is not None:
            yield topic.name, topic.entity_id
        elif kind.name != "date" and (title := _titled(scene)):
            yield title, None


def _titled(scene: Scene) -> str | None:
    """The unlisted proper name that an earlier sentence begins with."""
    for earlier in reversed(scene.earlier[-4:]):
        root = earlier.span.root
        if (name := subjects.proper_subject(earlier, root)) is not None:
            return name
    return None


def _with_joined(
    scene: Scene, figure: Quantity, ranked: list[tuple[float, Name]]
) -> Iterator[tuple[str, str | None]]:
    first = ranked[0][1]
    names = [first]
    if _each(scene, figure):
        names = _joined(scene, first, [n for _, n in ranked])
    for name in names:
        yield name.name, name.entity_id


def _each(scene: Scene, figure: Quantity) -> bool:
    """Whether each of several names has the amount."""
    place = place_of(scene, figure)
    start, _ = scene.segment(place[0])
    return bool(
        re.match(r"\W*(?:[\w-]+\W+){0,2}?(?:each|apiece)\b(?! other)", scene.masked[place[1] :])
        or re.search(r"\beach\b(?! other)", scene.masked[max(start, place[0] - 60) : place[0]])
    )


def _joined(scene: Scene, first: Name, names: list[Name]) -> list[Name]:
    """The names listed with one: ``X, Y and Z``."""
    row = sorted(names, key=lambda n: n.start)
    low = high = row.index(first)

    def listed(a: Name, b: Name) -> bool:
        gap = scene.doc.text[a.end : b.start]
        return re.fullmatch(r"(?:,| and|, and| or|\s|&| of [\w ]{1,20})+", gap) is not None

    while low > 0 and listed(row[low - 1], row[low]):
        low -= 1
    while high + 1 < len(row) and listed(row[high], row[high + 1]):
        high += 1
    return row[low : high + 1]


def _meant(scene: Scene, types: frozenset[EntityType]) -> frozenset[EntityType]:
    """``the government`` means a country."""
    return frozenset({"country"}) if GOVERNMENT.search(scene.text) else types


_STANDING = {"agent": 3.0, "patient": 2.0, "owner": 1.6}


def _topic(scene: Scene, types: frozenset[EntityType]) -> Name | None:
    """Whom the sentences before are about: subjects first, the nearest sentence first."""
    best: tuple[float, Name] | None = None
    for back, earlier in enumerate(reversed(scene.earlier[-4:])):
        for order, name in enumerate(n for n in earlier.names if n.type in types):
            found = subjects.relation(earlier, name)
            points = _STANDING.get(found[0] if found else "", 1.0) - 0.3 * order - 1.1 * back
            points += 1.0 if name.type in {"company", "lab", "country"} else 0.0
            if subjects.is_source(earlier, name):
                points -= 2.0
            if best is None or points > best[0]:
                best = (points, name)
    return best[1] if best else None


def _object(one: Taken, subject_id: str | None) -> tuple[str | None, str | None]:
    kind, trigger = one.match.kind, one.match.trigger
    if trigger.object:
        return trigger.object, None
    if kind.name == "chip_count":
        return chip_object(one), None
    if not kind.object:
        return None, None
    scene = one.scene
    figure = place_of(scene, one.figure)
    taken = [n for n in scene.names if n.entity_id == subject_id]
    ranked = subjects.rank(
        scene, kind.object, _span_in(one), figure, kind.object_types, frozenset(), taken
    )
    if ranked and ranked[0][0] > 0.5:
        return ranked[0][1].name, ranked[0][1].entity_id
    if kind.name == "investment" and (found := _AI_THING.search(scene.text, figure[1])):
        return found[0], None
    return None, None


_AI_THING = re.compile(
    r"AI infrastructure|artificial intelligence|AI servers|AI chips|AI data cent(?:re|er)s?|data cent(?:re|er)s?|AI hub|supercomputers?|cloud (?:computing|platform)|model research|\bAI\b"
)


def chip_object(one: Taken) -> str:
    """The chip that is counted, as the text names it, without plural and makers."""
    noun = re.sub(r"^(?:of\s)?(?:its own|its|their|the)?\s*", "", one.figure.noun)
    found = re.search(r"(?:[A-Z]{1,3}\d{2,4}\w*|MI\d+\w*|Ascend \w+|Trainium ?\d?|TPU[\w-]*|Hopper|Blackwell(?: Ultra)?|910\w)", noun)
    if found:
        return found[0].rstrip("s") if found[0][-1:] == "s" else found[0]
    return "GPU" if re.search("GPU", noun) else "chips"


def _claim(
    one: Taken, subject: str | None, subject_id: str | None, made: list[tuple[Taken, Claim]]
) -> Claim:
    scene, figure, kind = one.scene, one.figure, one.match.kind
    thing, thing_id = _object(one, subject_id)
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
        evidence=scene.doc.text[figure.start : figure.end],
        start=figure.start,
        end=figure.end,
        sentence=Span(start=scene.at, end=scene.at + len(scene.text)),
        confidence=_confidence(one),
        rule=f"{kind.name}.{one.match.trigger.rule}{'.again' if one.inherited else ''}@{VERSION}",
    )


def _manner(
    one: Taken, subject_id: str | None, made: list[tuple[Taken, Claim]]
) -> Modality:
    """The modality of the words; where they say little, that of the claim they go on from."""
    scene, kind = one.scene, one.match.kind
    place = place_of(scene, one.figure)
    if kind.name == "date":
        return modality.of_date(scene, place)
    manner = modality.modality_of(scene, place, hypothetical=kind.hypothetical)
    if manner in {"done", "reported"} and not modality.finished(scene, place):
        last = next((c for t, c in reversed(made) if scene.place - t.scene.place <= 1), None)
        if last is not None and last.kind != "date" and last.subject_id == subject_id:
            manner = last.modality if manner == "done" else manner
    if manner in {"done", "reported"} and one.match.trigger.manner:
        return one.match.trigger.manner
    return manner


def _unit(figure: Quantity, kind: Kind) -> str | None:
    if figure.sort in _CHIPS_OR_PEOPLE:
        return figure.sort
    return figure.per if kind.name == "price" else None


def _confidence(one: Taken) -> float:
    """A first scale by how near the trigger stands; calibrated on open data elsewhere."""
    return round(min(0.95, max(0.3, one.match.score - (0.2 if one.inherited else 0.0))), 2)
