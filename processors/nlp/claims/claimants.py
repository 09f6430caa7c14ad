"""Whose claim a figure is: the sentence's own names, those it lists, or whom the text is about."""

import re
from collections.abc import Iterator

from processors.nlp.claims import nameless, subjects
from processors.nlp.claims.facts import behind
from processors.nlp.claims.grammar import relation
from processors.nlp.claims.matching import Taken, place_of
from processors.nlp.claims.nations import GOVERNMENT
from processors.nlp.claims.scene import Name, Scene
from processors.nlp.quantities import Quantity
from processors.records import Claim, EntityType

_OTHER_CLAUSE = re.compile(r",\s(?:while|but|whereas)\s|;")
_STANDING = {"agent": 3.0, "patient": 2.0, "owner": 1.6}


def span_in(one: Taken) -> tuple[int, int]:
    """Where the trigger stands; the figure itself where the trigger is of another clause."""
    place = place_of(one.scene, one.figure)
    span = one.match.span
    between = one.scene.masked[min(span[1], place[1]) : max(span[0], place[0])]
    return place if one.inherited or _OTHER_CLAUSE.search(between) else span


def maker_of(one: Taken, name: str, entity_id: str | None) -> tuple[str, str | None]:
    """The maker of a model or product, and the firm of a person, where it is known."""
    kinds = {"model", "product", "person"}
    known = next((n for n in one.scene.names if n.entity_id == entity_id), None)
    if known is None or known.type not in kinds or one.match.kind.name in {"date", "chip_count", "headcount"}:
        return name, entity_id
    return (entity_id and behind(entity_id)) or (name, entity_id)


def who(one: Taken, made: list[tuple[Taken, Claim]]) -> Iterator[tuple[str, str | None]]:
    """The subject of a figure; several where each of some names has the amount."""
    scene, kind = one.scene, one.match.kind
    roles = one.match.trigger.subject or kind.subject
    types, spare = kind.subject_types, kind.spare_types
    if kind.name == "date":
        types, spare = _dated(one)
    span, figure = span_in(one), place_of(scene, one.figure)
    if one.inherited:
        roles = "agent patient before at of owner"
    ranked = subjects.rank(scene, roles, span, figure, types=types, spare=spare, shuns=kind.shuns)
    gapped = [n for n in _gapped(scene, one.figure) if n.type in types]
    if gapped:
        for name in gapped if len(gapped) == 1 or _each(scene, one.figure) else gapped[:1]:
            yield name.name, name.entity_id
        return
    alone = nameless.stands_for_one(scene, span, figure)
    if alone and (topic := _topic(scene, _meant(scene, types | spare))):
        yield topic.name, topic.entity_id
        return
    if one.inherited and not (ranked and ranked[0][0] > 1.2):
        previous = [c for t, c in made if t.match.kind is kind]
        if previous and previous[-1].subject:
            yield previous[-1].subject, previous[-1].subject_id
            return
    crowd = nameless.unlisted(scene, span, figure) if kind.name != "date" else None
    if crowd and not (ranked and ranked[0][0] > 2.0):
        yield crowd, None
        return
    if ranked and ranked[0][0] > 0.1:
        yield from _with_joined(scene, one.figure, ranked)
        return
    if kind.name != "date" or nameless.stands_for_one(scene, span, figure):
        topic = _topic(scene, types | spare) or (ranked[0][1] if ranked else None)
        if topic is not None:
            yield topic.name, topic.entity_id
        elif kind.name != "date" and (title := _titled(scene)):
            yield title, None


_FOUNDED: frozenset[EntityType] = frozenset({"company", "lab", "fund", "other"})
_RELEASED: frozenset[EntityType] = frozenset({"model", "chip", "product"})


def _dated(one: Taken) -> tuple[frozenset[EntityType], frozenset[EntityType]]:
    """What may be founded, or released; ``dates from`` is said of both."""
    if one.match.trigger.object == "founded":
        return _FOUNDED, _RELEASED
    return _RELEASED, frozenset()


def _gapped(scene: Scene, figure: Quantity) -> list[Name]:
    """The names right before a figure whose verb is left out (``iFlytek 470 million yuan``)."""
    apposed = [
        n
        for n in scene.names
        if re.fullmatch(r",? with (?:only |just )?", scene.doc.text[n.end : figure.start])
    ]
    if apposed:
        return apposed
    earlier = [q for q in scene.quantities if q.sort != "date" and q.end <= figure.start]
    if not earlier:
        return []
    low = earlier[-1].end
    names = [n for n in scene.names if low <= n.start and n.end <= figure.start and not n.reference]
    if not names or not re.fullmatch(
        r"\s(?:with |some |at |for )?", scene.doc.text[names[-1].end : figure.start]
    ):
        return []
    if not re.fullmatch(
        r"[^.]{0,40}?(?:and|,|;|while|but)\s", scene.doc.text[low : names[0].start]
    ):
        return []
    return names


def _titled(scene: Scene) -> str | None:
    """The unlisted proper name that an earlier sentence begins with."""
    for earlier in reversed(scene.earlier[-4:]):
        root = earlier.span.root
        if (name := nameless.proper_subject(earlier, root)) is not None:
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


def _topic(scene: Scene, types: frozenset[EntityType]) -> Name | None:
    """Whom the sentences before are about: subjects first, the nearest sentence first."""
    best: tuple[float, Name] | None = None
    for back, earlier in enumerate(reversed(scene.earlier[-4:])):
        tellers = {n for n in earlier.names if subjects.is_teller(earlier, n)}
        apt = [n for n in earlier.names if n.type in types and n not in tellers]
        for order, name in enumerate(apt):
            found = relation(earlier, name)
            points = _STANDING.get(found[0] if found else "", 1.0) - 0.3 * order - 1.1 * back
            points += 1.0 if name.type in {"company", "lab", "country"} else 0.0
            if subjects.is_source(earlier, name):
                points -= 2.0
            if best is None or points > best[0]:
                best = (points, name)
    return best[1] if best else None
