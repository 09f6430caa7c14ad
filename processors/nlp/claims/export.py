"""Export controls: sentences in which a state's control, goods and a flow meet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from processors.nlp.claims import modality
from processors.nlp.claims.kinds import EXPORT_CONTROL as KIND
from processors.nlp.claims.masks import compiled
from processors.nlp.claims.scene import Name, Scene
from processors.nlp.claims.speakers import speaker_of
from processors.nlp.claims.states import acting_state
from processors.records import Claim

_QUESTION = re.compile(r"\?[\"”’]?$")
_BACKWARD = re.compile(
    r"\b(?:despite|under|because of|amid) (?:these|those|such) (?:\w+ )?"
    r"(?:restrictions|controls|curbs|limits|efforts)"
)


def find_controls(scenes: list[Scene], version: str) -> Iterator[Claim]:
    """At most one claim a sentence; a sentence that only looks back at one makes none."""
    for scene in scenes:
        control = _control(scene)
        if control is not None:
            yield _claim(scene, control, version)


def _nearest(scene: Scene, pattern: str, to: tuple[int, int]) -> tuple[int, int] | None:
    found = [m.span() for m in compiled(pattern).finditer(scene.masked)]
    return min(found, key=lambda span: scene.distance(span, to), default=None)


@dataclass(frozen=True)
class _Control:
    """A state's act and what it falls on; places in the sentence."""

    act: tuple[int, int]
    goods: tuple[int, int]
    eases: bool
    state: Name | str | None


def _no_statement(scene: Scene) -> bool:
    return bool(
        _QUESTION.search(scene.text.strip())
        or _BACKWARD.search(scene.text)
        or compiled(KIND.excludes).search(scene.masked)
    )


def _control(scene: Scene) -> _Control | None:
    easing = [m.span() for m in compiled(KIND.ease).finditer(scene.masked)]
    act = easing[0] if easing else _act(scene)
    if act is None or _no_statement(scene):
        return None
    rule = _nearest(scene, KIND.rule_names, act)
    goods = _nearest(scene, KIND.goods, act)
    flow = compiled(KIND.flow).search(scene.masked)
    firm = compiled(KIND.firm).search(scene.masked) is not None
    state = acting_state(scene)
    on_goods = goods or rule or _carried(scene)
    near = rule or firm or scene.distance(goods or act, act) <= 9
    if not (on_goods and near and (flow or rule) and (state or firm)):
        return None
    return _Control(act, goods or rule or act, bool(easing), state)


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


def _claim(scene: Scene, control: _Control, version: str) -> Claim:
    start = min(control.act[0], control.goods[0])
    end = max(control.act[1], control.goods[1])
    if end - start > 120:
        start, end = control.act
    state = control.state
    manner = modality.modality_of(scene, control.act)
    dates = [q for q in scene.quantities if q.sort == "date"]
    return Claim(
        kind="export_control",
        subject=state.name if isinstance(state, Name) else state or "United States",
        subject_id=state.entity_id if isinstance(state, Name) else None,
        modality=manner,
        object=_object(scene, control.goods),
        date=dates[0].date if dates else None,
        evidence=scene.text[start:end],
        start=scene.at + start,
        end=scene.at + end,
        sentence=scene.sentence,
        speaker=speaker_of(scene, scene.at + start) if manner != "done" else None,
        confidence=0.7,
        rule=f"export_control.{'eased' if control.eases else 'restricted'}@{version}",
    )


def _object(scene: Scene, goods: tuple[int, int]) -> str | None:
    low, high = goods[0] + scene.at, goods[1] + scene.at
    for name in scene.names:
        if name.type == "chip" and name.start < high and low < name.end:
            return name.name
    found = re.search(r"[Dd]iffusion [Rr]ule|[Ee]ntity [Ll]ist|blacklist", scene.text)
    if found:
        return {"d": "AI Diffusion Rule"}.get(found[0][0].lower(), "Entity List")
    chips = [
        n for one in [scene, *reversed(scene.earlier[-2:])] for n in one.names if n.type == "chip"
    ]
    return chips[0].name if chips else "AI chips"
