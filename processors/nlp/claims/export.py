"""Export controls: sentences in which a state's control, goods and a flow meet."""

import re
from collections.abc import Iterator

from processors.nlp.claims import modality, subjects
from processors.nlp.claims.kinds import EXPORT_CONTROL as KIND
from processors.nlp.claims.masks import compiled
from processors.nlp.claims.nations import ADJECTIVES, SEATS, american
from processors.nlp.claims.scene import Name, Scene
from processors.records import Claim, Span

_DESTINATION = frozenset({"to", "in", "into", "for", "against", "from"})
_QUESTION = re.compile(r"\?[\"”’]?$")
_BACKWARD = re.compile(r"\b(?:despite|under|because of|amid) (?:these|those|such) (?:\w+ )?(?:restrictions|controls|curbs|limits|efforts)")


def find_controls(scenes: list[Scene], version: str) -> Iterator[Claim]:
    """At most one claim a sentence; a sentence that only looks back at one makes none."""
    for scene in scenes:
        claim = _control(scene, version)
        if claim is not None:
            yield claim


def _nearest(scene: Scene, pattern: str, to: tuple[int, int]) -> tuple[int, int] | None:
    found = [m.span() for m in compiled(pattern).finditer(scene.masked)]
    return min(found, key=lambda span: scene.distance(span, to), default=None)


def _control(scene: Scene, version: str) -> Claim | None:
    masked = scene.masked
    if _QUESTION.search(scene.text.strip()) or _BACKWARD.search(scene.text):
        return None
    if compiled(KIND.excludes).search(masked):
        return None
    easing = [m.span() for m in compiled(KIND.ease).finditer(masked)]
    control = easing[0] if easing else _act(scene)
    if control is None:
        return None
    rule = _nearest(scene, KIND.rule_names, control)
    goods = _nearest(scene, KIND.goods, control)
    flow = compiled(KIND.flow).search(masked)
    state = _state(scene, control)
    firm = compiled(KIND.firm).search(masked) is not None
    carried = goods is None and _carried(scene)
    if goods is None and rule is None and not carried:
        return None
    if not (flow or rule) or not (state or firm):
        return None
    if not (rule or firm or scene.distance(goods or control, control) <= 9):
        return None
    return _claim(scene, control, goods or rule or control, bool(easing), state, version)


def _act(scene: Scene) -> tuple[int, int] | None:
    """The word of restriction nearest to the goods."""
    goods = [m.span() for m in compiled(KIND.goods).finditer(scene.masked)]
    acts = [m.span() for m in compiled(KIND.restrict).finditer(scene.masked)]
    return min(
        acts, key=lambda act: min((scene.distance(act, g) for g in goods), default=0), default=None
    )


def _carried(scene: Scene) -> bool:
    """Whether the goods were named in the sentence before (``halted its sale to China``)."""
    before = scene.earlier[-2:]
    return any(compiled(KIND.goods).search(one.masked) for one in before)


def _state(scene: Scene, control: tuple[int, int]) -> Name | str | None:
    """The state that acts: a country that is no destination, an office, or an adjective."""
    ranked = []
    for name in scene.names:
        found = subjects.relation(scene, name)
        role = found[0] if found else ""
        if name.type == "country" and role not in _DESTINATION:
            ranked.append((0 if role in {"agent", "by", "owner"} else 1, name.start, name))
    if ranked and min(ranked)[0] == 0:
        return min(ranked)[2]
    if american(scene.text):
        return "United States"
    for seat, state in SEATS.items():
        if re.search(rf"(?<!\w){re.escape(seat)}(?!\w)", scene.text):
            return state
    for adjective, state in ADJECTIVES.items():
        if adjective != "Chinese" and re.search(rf"(?<!\w){re.escape(adjective)}(?!\w)", scene.text):
            return state
    if ranked:
        return min(ranked)[2]
    if re.search(r"\bministry\b|\bgovernment\b", scene.text):
        places = [n for n in scene.names if n.type == "country"]
        return places[0] if places else None
    return None


def _claim(
    scene: Scene,
    control: tuple[int, int],
    goods: tuple[int, int],
    easing: bool,
    state: Name | str | None,
    version: str,
) -> Claim:
    start, end = min(control[0], goods[0]), max(control[1], goods[1])
    if end - start > 120:
        start, end = control
    name = state.name if isinstance(state, Name) else state or "United States"
    dates = [q for q in scene.quantities if q.sort == "date"]
    return Claim(
        kind="export_control",
        subject=name,
        subject_id=state.entity_id if isinstance(state, Name) else None,
        modality=modality.modality_of(scene, control),
        object=_object(scene, goods),
        date=dates[0].date if dates else None,
        evidence=scene.text[start:end],
        start=scene.at + start,
        end=scene.at + end,
        sentence=Span(start=scene.at, end=scene.at + len(scene.text)),
        confidence=0.7,
        rule=f"export_control.{'eased' if easing else 'restricted'}@{version}",
    )


def _object(scene: Scene, goods: tuple[int, int]) -> str | None:
    low, high = goods[0] + scene.at, goods[1] + scene.at
    for name in scene.names:
        if name.type == "chip" and name.start < high and low < name.end:
            return name.name
    found = re.search(r"[Dd]iffusion [Rr]ule|[Ee]ntity [Ll]ist|blacklist", scene.text)
    if found:
        return {"d": "AI Diffusion Rule"}.get(found[0][0].lower(), "Entity List")
    chips = [n for one in [scene, *reversed(scene.earlier[-2:])] for n in one.names if n.type == "chip"]
    return chips[0].name if chips else "AI chips"
