"""What sort of thing an unknown name is: its own last word, or what the text calls it.

Texts are folded: hyphens are spaces.
"""

import re
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


def by_ending(name: str) -> EntityType | None:
    """What the last words of a name say: ``Lux Capital`` is a fund."""
    return next((kind for kind, ending in _ENDINGS if ending.fullmatch(name)), None)


def by_words(text: str, start: int, end: int) -> EntityType | None:
    """What the words around say: ``Noyb, the campaign group`` and ``a startup called Foo``."""
    if found := _AFTER.match(text, end):
        return _kind(found["noun"])
    before = text[max(0, start - 40) : start]
    if found := _BEFORE.search(before):
        return _kind(found["noun"])
    return None


def _kind(noun: str) -> EntityType:
    return _TYPE[noun.lower()]
