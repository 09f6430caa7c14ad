"""Export controls: sentences in which a state's control, goods and a flow meet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from processors.nlp.claims import modality
from processors.nlp.claims.kinds import EXPORT_CONTROL as KIND
from processors.nlp.claims.scene import Name, Scene, once
from processors.nlp.claims.speakers import speaker_of
from processors.nlp.claims.states import acting_state
from processors.records import Claim

_QUESTION = re.compile(r"\?[\"”’]?$")
_FORBIDS = re.compile(
    r"\b(?:not|n['’]t|never) (?:allow|let|permit)\b"
    r"|\b(?:nobody|no one|no company|no firm) (?:may|can|could|shall)\b|\b(?:may"
    r"|can) ?not (?:be )?(?:sell|sold|ship|export|buy)",
    re.IGNORECASE,
)
"""What is not allowed is a control, and no denial of one."""
_NOT_SO = re.compile(r"\b(?:has|have|had|did|does|do|will|would|is|was|are|were) not\b")
_MAY = re.compile(r"(?:may|can|could)\b", re.IGNORECASE)
"""A permission that holds, and no plan."""
_BACKWARD = re.compile(
    r"\b(?:despite|under|because of|amid) (?:these|those|such) (?:\w+ )?"
    r"(?:restrictions|controls|curbs|limits|efforts)"
)


_ACTS = {KIND.ease, KIND.restrict}
_WAYS = {KIND.flow, KIND.rule_names}


def find_controls(scenes: list[Scene], version: str) -> Iterator[Claim]:
    """At most one claim a sentence; a sentence that only looks back at one makes none."""
    for scene in scenes:
        control = _control(scene) if scene.part is not None else None
        state = acting_state(scene) if control is not None else None
        if control is not None and (state or control.firm):
            yield _claim(scene, control, state, version)


def _nearest(scene: Scene, pattern: str, to: tuple[int, int]) -> tuple[int, int] | None:
    return min(scene.places(pattern), key=lambda span: scene.distance(span, to), default=None)


@dataclass(frozen=True)
class _Control:
    """A state's act and what it falls on; places in the sentence."""

    act: tuple[int, int]
    goods: tuple[int, int]
    eases: bool
    firm: bool
    """Whether words of a state's act stand in the sentence."""


def _no_statement(scene: Scene) -> bool:
    return bool(
        _QUESTION.search(scene.text.strip())
        or _BACKWARD.search(scene.text)
        or scene.places(KIND.excludes)
    )


def may_control(scene: Scene) -> bool:
    """Whether the words of a sentence may tell of an export control, its grammar apart."""
    return _control(scene) is not None


@once
def _control(scene: Scene) -> _Control | None:
    """The act and the goods that the words name; whose act it is, grammar tells."""
    if scene.possible.isdisjoint(_ACTS) or scene.possible.isdisjoint(_WAYS):
        return None
    easing = scene.places(KIND.ease)
    act = easing[0] if easing else _act(scene)
    if act is None or _no_statement(scene):
        return None
    rule = _nearest(scene, KIND.rule_names, act)
    goods = _nearest(scene, KIND.goods, act)
    firm = bool(scene.places(KIND.firm))
    near = rule or firm or scene.distance(goods or act, act) <= 9
    if not near or not (goods or rule or _carried(scene)):
        return None
    if not rule and not scene.places(KIND.flow):
        return None
    return _Control(act, goods or rule or act, bool(easing), firm)


def _act(scene: Scene) -> tuple[int, int] | None:
    """The word of restriction nearest to the goods."""
    goods = scene.places(KIND.goods)
    return min(
        scene.places(KIND.restrict),
        key=lambda act: min((scene.distance(act, g) for g in goods), default=0),
        default=None,
    )


def _carried(scene: Scene) -> bool:
    """Whether the goods were named in the sentence before (``halted its sale to China``)."""
    before = scene.earlier[-2:]
    return any(one.places(KIND.goods) for one in before)


def _claim(scene: Scene, control: _Control, state: Name | str | None, version: str) -> Claim:
    start = min(control.act[0], control.goods[0])
    end = max(control.act[1], control.goods[1])
    if end - start > 120:
        start, end = control.act
    manner = modality.modality_of(scene, control.act)
    if _NOT_SO.search(scene.text, 0, control.act[0]):
        manner = "denied"
    forbidden = manner == "denied" and _FORBIDS.search(scene.text)
    may = control.eases and manner == "planned" and _MAY.match(scene.text, control.act[0])
    if forbidden or may:
        manner = "reported" if modality.is_told(scene) else "done"
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
