"""What sort of thing an unknown name is: its own last word, or what the text calls it.

Texts are folded: hyphens are spaces.
"""

import re
from functools import lru_cache
from typing import Final

from processors.nlp.gazetteer import fold
from processors.records import EntityType

_NOUNS: Final[dict[EntityType, str]] = {
    "fund": "fund|hedge fund|venture firm|venture-capital firm|venture capitalist|asset manager"
    "|private-equity firm|investment firm|investor|accelerator|vehicle|family office",
    "agency": "regulator|watchdog|agency|ministry|commission|parliament|legislature|authority",
    "model": "model|language model|chatbot model|image generator|open-weight model|llm|weights",
    "chip": "chip|processor|accelerator chip|gpu|superchip|semiconductor",
    "product": "app|application|tool|assistant|chatbot|browser|editor|parser|library|framework"
    "|platform|agent|robot|humanoid|service|system|device|gadget|headset|supercomputer|cluster",
    "lab": "lab|laboratory|research institute|ai lab|institute",
    "other": "group|union|charity|think-tank|think tank|newspaper|magazine|university|college"
    "|newsletter|website|non-profit|nonprofit|association|foundation|alliance|consortium|court"
    "|institution|news agency|broadcaster|guild|coalition|party|school|publication|blog|outlet"
    "|journal|society|body|campaign|benchmark",
    "company": "company|startup|start-up|firm|maker|chipmaker|carmaker|bank|developer|business"
    "|provider|vendor|retailer|giant|publisher|studio|conglomerate|manufacturer|operator|brokerage"
    "|subsidiary|unit|spin-off|unicorn|supplier|foundry|consultancy|rival|carrier|owner",
}
_TYPE: Final = {fold(noun): kind for kind, nouns in _NOUNS.items() for noun in nouns.split("|")}
NOUNS: Final = "|".join(sorted(_TYPE, key=len, reverse=True))
_AFTER = re.compile(
    rf",? (?:which |that )?(?:is |was )?(?:an?|the|its|his|her|their|one of) "
    rf"(?:[\w'-]+ ){{0,6}}?(?P<noun>{NOUNS})s?\b(?! \w*(?:{NOUNS})\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?P<noun>{NOUNS})s?,?(?: called| named| dubbed| known as)? $", re.IGNORECASE
)
_LAST_WORD = re.compile(r"(\w+),? $")
_LAST_WORDS: Final = frozenset({"called", "named", "dubbed", "as"}).union(
    *((noun.split()[-1], noun.split()[-1] + "s") for noun in _TYPE)
)
"""One of these ends what ``_BEFORE`` finds: quick to ask for."""
_HOUSES: Final = frozenset({"fund", "lab", "company", "agency"})
_HOUSE_AFTER: Final = re.compile(
    rf", (?:an?|the|its) (?:[\w'-]+ ){{0,5}}?(?P<noun>{NOUNS})"
    r"(?=,|\.| (?:of|that|which|behind|backed|run|founded|led|owned|based)\b)",
    re.IGNORECASE,
)
_OF_PEOPLE: Final = frozenset(
    ("investor", "venture capitalist", "developer", "maker", "owner", "rival", "supplier")
)
"""Nouns that a person may be too."""
_OWN: Final = re.compile(r"(?:\b(?:its|their|his|her|the|an?|new|own)|'s) $")
_KINDS_OF_THINGS: Final[dict[EntityType, str]] = {
    "chip": "chip|processor|accelerator|superchip|gpu|asic|npu",
    "model": "model|llm",
    "product": "chatbot|assistant|app|browser|drone|robot|humanoid|supercomputer|cluster|headset"
    "|robotaxi|editor|speaker|glasses|earbuds|smartphone",
}
_THINGS: Final = {
    noun: kind for kind, nouns in _KINDS_OF_THINGS.items() for noun in nouns.split("|")
}
_THING_AFTER: Final = re.compile(rf" (?:AI )?(?P<noun>{'|'.join(_THINGS)})s?\b", re.IGNORECASE)
_DESIGNATED: Final = re.compile(r"[A-Z]{1,4} ?\d{1,4}[A-Za-z]?")
_OF_CHIPS: Final = re.compile(r"(?!G ?20|F ?\d\d\b)[A-Z]{1,2} ?\d{2,4}[A-Za-z]?")
_SILICON: Final = re.compile(
    r"\b(?:chips?|chipmaker|semiconductors?|processors?|accelerators?|[GNTC]PUs?|silicon|ASICs?"
    r"|wafers?|tape[ds]? out)\b",
    re.IGNORECASE,
)
_ENDING: Final[tuple[tuple[EntityType, str], ...]] = (
    (
        "fund",
        r"(?:Capital|Ventures?|Partners|Fund|Investments?|(?:Asset )?Management|Equity|Advisors)",
    ),
    (
        "agency",
        r"(?:Commission|Ministry|Department|Agency|Authority|Bureau|Parliament|Senate|Congress"
        r"|Administration|Committee|Council|Police|Army|Navy|Regulator|Office|Treasury)"
        r"(?: (?:of|for|on) .*)?",
    ),
    (
        "other",
        r"(?:.*Universit\w+|.*College|.*School)(?: .*)?"
        r"|.*(?:Institute|Academy|Federation|Foundation|Association|Union"
        r"|Times|Post|Journal|News|Review|Herald|Tribune|Gazette|Telegraph|Magazine|Center|Centre"
        r"|Society|Alliance|Coalition|Guild|Forum|Project|Initiative|Court|Party|Hospital|Museum"
        r"|Network|Museum|League|Club|Church|Daily)(?: (?:of|for|on|in) .*)?",
    ),
    ("lab", r"(?:.* )?(?:Research|AI Labs?|Laborator(?:y|ies))"),
    (
        "company",
        r".* (?:AI|Inc\.?|Corp\.?|Corporation|Ltd\.?|GmbH|Technolog(?:y|ies)|Robotics|Systems|Labs"
        r"|Semiconductors?|Motors|Pharma|Biotech|Networks|Software|Industries|Holdings|Group|Bank)",
    ),
)
_ENDINGS: Final = tuple((kind, re.compile(rf"(?:.* )?{ending}")) for kind, ending in _ENDING)


@lru_cache(maxsize=1 << 12)
def by_ending(name: str) -> EntityType | None:
    """What the last words of a name say: ``Lux Capital`` is a fund."""
    return next((kind for kind, ending in _ENDINGS if ending.fullmatch(name)), None)


def by_words(text: str, start: int, end: int) -> EntityType | None:
    """What the words around say: ``Noyb, the campaign group`` and ``a startup called Foo``."""
    if kind := thing(text, start, end):
        return kind
    if found := _AFTER.match(text, end):
        return of_noun(found["noun"])
    before = text[max(0, start - 40) : start]
    last = _LAST_WORD.search(before)
    if last and last[1].lower() in _LAST_WORDS and (found := _BEFORE.search(before)):
        return of_noun(found["noun"])
    return None


def thing(text: str, start: int, end: int) -> EntityType | None:
    """What the noun after a name says of a thing: ``its Bodhi chip``, ``HX 2 drones``."""
    found = _THING_AFTER.match(text, end)
    designated = _DESIGNATED.fullmatch(text, start, end)
    if found and (designated or _OWN.search(text, max(0, start - 8), start)):
        return _THINGS[found["noun"].lower()]
    return "chip" if _OF_CHIPS.fullmatch(text, start, end) and _SILICON.search(text) else None


def house(text: str, end: int) -> EntityType | None:
    """The firm or fund that an apposition tells of a name that looks like a person's."""
    found = _HOUSE_AFTER.match(text, end)
    if found is None or found["noun"].lower() in _OF_PEOPLE:
        return None
    kind = of_noun(found["noun"])
    return kind if kind in _HOUSES else None


def of_noun(noun: str) -> EntityType:
    """What a noun that we understand stands for."""
    return _TYPE[noun.lower()]
