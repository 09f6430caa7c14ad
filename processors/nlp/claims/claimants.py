"""Whose claim a figure is: the sentence's own names, those it lists, or whom the text is about."""

import re
from dataclasses import dataclass

from processors.nlp.claims import nameless, subjects
from processors.nlp.claims.facts import behind
from processors.nlp.claims.matching import Taken, place_of
from processors.nlp.claims.nations import GOVERNMENT, by_adjective
from processors.nlp.claims.scene import Name, Scene
from processors.nlp.quantities import Quantity
from processors.nlp.wordlists import words
from processors.records import Claim, EntityType

_OTHER_CLAUSE = re.compile(r",\s(?:while|but|whereas)\s|;")
_JOINS = re.compile(r"[^.]{0,40}?(?:and|,|;|while|but)\s")
_COUNTRY: frozenset[EntityType] = frozenset({"country"})
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
    own = {"date", "chip_count", "headcount"}
    if known is None or known.type not in kinds or one.match.kind.name in own:
        return name, entity_id
    return (entity_id and behind(entity_id)) or (name, entity_id)


type Who = tuple[str, str | None]
"""Name and id of a subject."""
type Made = list[tuple[Taken, Claim]]

_SURE, _LIKELY, _POSSIBLE = 2.0, 1.2, 0.1
"""From which score of ``subjects.rank`` a name stands, by what else might be meant."""
_OTHERS: frozenset[EntityType] = frozenset({"other"})
_FOUNDED: frozenset[EntityType] = frozenset({"company", "lab", "fund", "other"})
_THEIRS: frozenset[EntityType] = frozenset({"model", "product", "person", "chip"})
_MAKERS = words("makers")
_RELEASED: frozenset[EntityType] = frozenset({"model", "chip", "product"})


@dataclass(frozen=True)
class _Search:
    """What is known when the subject of one figure is sought."""

    one: Taken
    made: Made
    types: frozenset[EntityType]
    spare: frozenset[EntityType]
    ranked: list[tuple[float, Name]]
    alone: bool
    """Whether the grammatical subject is a pronoun or an epithet that nothing resolves."""

    @property
    def scene(self) -> Scene:
        return self.one.scene

    @property
    def dated(self) -> bool:
        return self.one.match.kind.name == "date"

    def best(self, least: float) -> bool:
        """Whether a name of the sentence scores more than ``least``."""
        return bool(self.ranked) and self.ranked[0][0] > least


def who(one: Taken, made: Made) -> list[Who]:
    """The subject of a figure; several where each of some names has the amount; empty for nobody.

    The first of these that holds: the name before a figure without a verb, whom a pronoun means,
    the subject of the figure that this one goes on from, a nameless group, the best name of the
    sentence, whom the text round it is about.
    """
    span, figure = span_in(one), place_of(one.scene, one.figure)
    if one.match.kind.name == "training_cost" and nameless.any_of_many(one.scene, span, figure):
        return []
    search = _search(one, made)
    steps = (
        _left_out, _maker, _meant_before, _as_before, _group, _named_here, _office, _round_about,
    )  # fmt: skip
    return next((found for step in steps if (found := step(search))), [])


def _search(one: Taken, made: Made) -> _Search:
    kind, scene = one.match.kind, one.scene
    types, spare = kind.subject_types, kind.spare_types | _OTHERS
    if kind.name == "date":
        founded = one.match.trigger.object == "founded"
        types, spare = (_FOUNDED, _RELEASED) if founded else (_RELEASED, frozenset())
    roles = _roles(one)
    span, figure = span_in(one), place_of(scene, one.figure)
    ranked = subjects.rank(scene, roles, span, figure, types=types, spare=spare, shuns=kind.shuns)
    return _Search(one, made, types, spare, ranked, nameless.stands_for_one(scene, span, figure))


def _roles(one: Taken) -> str:
    """Where the subject may stand, best first."""
    if one.inherited:
        return "holder owner agent patient before at of"
    return one.match.trigger.subject or one.match.kind.subject


def _left_out(search: _Search) -> list[Who]:
    gapped = [n for n in _gapped(search.scene, search.one.figure) if n.type in search.types]
    several = _each(search.scene, search.one.figure)
    return [(n.name, n.entity_id) for n in (gapped if several else gapped[:1])]


def _maker(search: _Search) -> list[Who]:
    """Whom a phrase means by what is theirs: ``TikTok's parent``, ``the lab behind Claude``."""
    scene = search.scene
    place = span_in(search.one), place_of(scene, search.one.figure)
    for token in nameless.governing_subject(scene, *place):
        at = scene.place(token)
        if token.lower_ not in _MAKERS or any(n.start <= at < n.end for n in scene.names):
            continue
        low, high = (scene.at + edge for edge in scene.extent(token))
        theirs = [n for n in scene.names if low <= n.start < high and n.type in _THEIRS]
        found = behind(theirs[0].entity_id) if theirs else None
        if found is not None:
            return [found]
    return []


def _meant_before(search: _Search) -> list[Who]:
    asked = set(_roles(search.one).split())
    elsewhere = asked.isdisjoint({"agent", "owner", "patient", "before"})
    if not search.alone or (elsewhere and search.best(_LIKELY)):
        return []
    government = GOVERNMENT.search(search.scene.text) is not None
    types = _COUNTRY if government else search.types | search.spare
    topic = _topic(search.scene, types, search.made)
    return [(topic.name, topic.entity_id)] if topic else []


def _as_before(search: _Search) -> list[Who]:
    if not search.one.inherited or (search.best(_LIKELY) and not _no_name_between(search)):
        return []
    kind = search.one.match.kind
    last = next((c for t, c in reversed(search.made) if t.match.kind is kind), None)
    return [(last.subject, last.subject_id)] if last is not None and last.subject else []


def _no_name_between(search: _Search) -> bool:
    """Whether the sentence names nobody between the last claim's figure and this one."""
    last = next((t for t, _ in reversed(search.made) if t.scene is search.scene), None)
    if last is None:
        return False
    low, high = last.figure.end, search.one.figure.start
    kinds = search.types | search.spare
    return not any(low <= n.start < high and n.type in kinds for n in search.scene.names)


def _group(search: _Search) -> list[Who]:
    if search.dated or search.best(_SURE):
        return []
    span, figure = span_in(search.one), place_of(search.scene, search.one.figure)
    states = "country" in search.types
    group = nameless.unlisted(search.scene, span, figure, states=states)
    return [(group, None)] if group else []


def _named_here(search: _Search) -> list[Who]:
    if not search.best(_POSSIBLE):
        return []
    first = search.ranked[0][1]
    names = [first]
    if _each(search.scene, search.one.figure):
        names = _joined(search.scene, first, [n for _, n in search.ranked])
    return [(n.name, n.entity_id) for n in names]


def _office(search: _Search) -> list[Who]:
    """The state whose office a sentence without names mentions (``the Taiwanese cabinet``)."""
    states = "country" in search.types and not search.ranked
    state = by_adjective(search.scene.text) if states else None
    return [(state, None)] if state else []


def _round_about(search: _Search) -> list[Who]:
    if search.dated and not search.alone:
        return []
    topic = _topic(search.scene, search.types | search.spare, search.made)
    topic = topic or (search.ranked[0][1] if search.ranked else None)
    if topic is not None:
        return [(topic.name, topic.entity_id)]
    title = None if search.dated else _titled(search.scene)
    return [(title, None)] if title else []


def _gapped(scene: Scene, figure: Quantity) -> list[Name]:
    """The names right before a figure whose verb is left out (``Baidu 300 million yuan``)."""
    apposed = [
        n
        for n in scene.names
        if re.fullmatch(r", with (?:only |just )?", scene.between(n.end, figure.start))
    ]
    if apposed:
        return apposed
    earlier = [q for q in scene.quantities if q.sort != "date" and q.end <= figure.start]
    if not earlier:
        return []
    low = earlier[-1].end
    names = [n for n in scene.names if low <= n.start and n.end <= figure.start and not n.reference]
    if not names or not re.fullmatch(
        r"\s(?:with |some |at |for |on |of |to )?", scene.between(names[-1].end, figure.start)
    ):
        return []
    joined = (i for i, name in enumerate(names) if _JOINS.fullmatch(scene.between(low, name.start)))
    return names[next(joined, len(names)) :]


def _titled(scene: Scene) -> str | None:
    """The unlisted proper name that this sentence or an earlier one begins with."""
    for earlier in (scene, *reversed(scene.earlier[-4:])):
        if (name := nameless.opening_name(earlier)) is not None:
            return name
    return None


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
        gap = scene.between(a.end, b.start)
        return re.fullmatch(r"(?:,| and|, and| or|\s|&| of [\w ]{1,20})+", gap) is not None

    while low > 0 and listed(row[low - 1], row[low]):
        low -= 1
    while high + 1 < len(row) and listed(row[high], row[high + 1]):
        high += 1
    return row[low : high + 1]


def _topic(scene: Scene, types: frozenset[EntityType], made: Made) -> Name | None:
    """Whom the text round a sentence is about: subjects first, the nearest sentence first.

    Whom the last claim is about counts for more; the sentence after counts where none before
    has a name.
    """
    best: tuple[float, Name] | None = None
    last = made[-1][1].subject_id if made else None
    before = list(reversed(scene.earlier[-4:]))
    named = any(n.type in types for one in before for n in one.names)
    for back, earlier in enumerate(before if named else scene.later):
        tellers = {n for n in earlier.names if subjects.is_teller(earlier, n)}
        standing = zip(earlier.names, earlier.standings, strict=True)
        apt = [(n, one) for n, one in standing if n.type in types and n not in tellers]
        for order, (name, one) in enumerate(apt):
            points = _STANDING.get(one.deed, 1.0) - 0.3 * order - 1.1 * back
            points += 1.0 if name.type in {"company", "lab", "country"} else 0.0
            points += 1.2 if name.entity_id == last else 0.0
            if subjects.is_source(earlier, name):
                points -= 2.0
            if best is None or points > best[0]:
                best = (points, name)
    return best[1] if best else None
