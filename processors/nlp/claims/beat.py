"""Whether a passage is about our beat: the AI industry and what it buys."""

import re

from processors.nlp.claims.facts import trade_of, weak_names
from processors.nlp.claims.scene import Scene, once
from processors.records import EntityType

_WORDS = re.compile(
    r"(?<!\w)(?:AI|A\.I\.|\w+\.ai|\w+AI|artificial[- ]intelligence|machine[- ]learning"
    r"|deep[- ]learning"
    r"|GPUs?|TPUs?|(?:AI |micro|super)?chips?(?! away)|chip-?makers?|semiconductors?|accelerators?"
    r"|data[- ]cent(?:re|er)s?|supercomput(?:er|ers|ing)|exascale|hyperscalers?|computing power"
    r"|(?:language|foundation|frontier|reasoning|open|generative|parameter|diffusion|world) models?"
    r"|models?|LLMs?|chatbots?|generative|neural|robotaxis?|self-driving|driverless|robot(?:s|ics)?"
    r"|faces|face data|face[- ]recognition|facial[- ]recognition|face-scraper|deepfakes?"
    r"|tokens|cloud computing"
    r"|machine translation|image generators?|speech recognition|humanoids?|pre-?train\w*)(?!\w)"
)
_OFF = re.compile(
    r"(?<!\w)(?:elections?|electoral|Call of Duty|video games?|games? (?:studio|maker)|football"
    r"|hurricanes?|storm-hit|satellites?|airliners?|jets?|drugs?|drugmaker|burgers?|oil|gas fields?"
    r"|elected|presidential|films?|movies?|film studios?|hotels?"
    r"|airlines?|vaccines?|pharmaceuticals?|breweries|brewer|supermarkets?|restaurants?"
    r"|disaster (?:aid|relief)|emergency aid|military|baseball|basketball|hockey|pitchers?|baseman"
    r"|outfielders?|sluggers?|quarterbacks?|free agents?|playoffs?|Olympics?|World Cup)(?!\w)",
    re.IGNORECASE,
)
_OURS: frozenset[EntityType] = frozenset(
    {"company", "lab", "model", "chip", "product", "fund", "person"}
)


@once
def on_beat(scene: Scene) -> bool:
    """Whether the sentence, or one of the two before it, speaks of the AI industry.

    Words of it count, and names of it that the gazetteer knows; a sentence that names another
    trade and has no word of ours is off the beat whatever it names.
    """
    if _has_word(scene):
        return True
    if _OFF.search(scene.text):
        return False
    near = [scene, *scene.earlier[-4:], *scene.later]
    title = scene.doc._.title or ""
    if scene.span[0].text in weak_names():
        return True
    return any(_known(one) or _has_word(one) for one in near) or bool(_WORDS.search(title))


@once
def _has_word(scene: Scene) -> bool:
    return _WORDS.search(scene.text) is not None


@once
def _known(scene: Scene) -> bool:
    known = (n for n in scene.names if n.known and n.type in _OURS)
    return any(trade_of(name.entity_id) is None for name in known)
