"""What or whom a claim is about besides its subject."""

import re

from processors.nlp.claims import subjects
from processors.nlp.claims.claimants import span_in
from processors.nlp.claims.matching import Taken, place_of

_AI_THING = re.compile(
    r"AI infrastructure|artificial intelligence|AI servers"
    r"|AI chips|AI data cent(?:re|er)s?"
    r"|data cent(?:re|er)s?|AI hub|supercomputers?|cloud (?:computing|platform)"
    r"|model research|\bAI\b"
)


def object_of(one: Taken, subject_id: str | None) -> tuple[str | None, str | None]:
    """Name and id; the words of the trigger, a name in the kind's place, or the thing paid for."""
    kind, trigger = one.match.kind, one.match.trigger
    if kind.name == "date":
        thing = next((n for n in one.scene.names if n.entity_id == subject_id), None)
        released = thing is not None and thing.type in {"model", "chip", "product"}
        return ("released" if released else trigger.object), None
    if trigger.object or kind.name == "chip_count":
        return trigger.object or chip_object(one), None
    return _named(one, subject_id) if kind.object else (None, None)


def _named(one: Taken, subject_id: str | None) -> tuple[str | None, str | None]:
    scene, kind = one.scene, one.match.kind
    figure = place_of(scene, one.figure)
    taken = [n for n in scene.names if n.entity_id == subject_id]
    ranked = subjects.rank(
        scene, kind.object, span_in(one), figure, types=kind.object_types, taken=taken
    )
    if ranked and ranked[0][0] > 0.5:
        return ranked[0][1].name, ranked[0][1].entity_id
    if kind.name == "investment" and (found := _AI_THING.search(scene.text, figure[1])):
        return found[0], None
    return None, None


def chip_object(one: Taken) -> str:
    """The chip that is counted, as the text names it, without plural and makers."""
    noun = re.sub(r"^(?:of\s)?(?:its own|its|their|the)?\s*", "", one.figure.noun)
    found = re.search(
        r"(?:[A-Z]{1,3}\d{2,4}\w*|MI\d+\w*|Ascend \w+|Trainium ?\d?|TPU[\w-]*"
        r"|Hopper|Blackwell(?: Ultra)?|910\w)",
        noun,
    )
    if found:
        return found[0].rstrip("s") if found[0][-1:] == "s" else found[0]
    return "GPU" if re.search("GPU", noun) else "chips"
