"""What is written like a name and is none of ours: terms of the trade, laws, fairs, days."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from processors.nlp.wordlists import words

_NO_NAME: Final = re.compile(
    r"(?:AI|GDPR|API|APIs|GPUs?|[CN]PUs?|ASICs?|FPGAs?|LLMs?|AGI|CEO|CFO|CTO|COO|IPO|ARR|R&D|HBM\w*|ASI|ML|NLP|IT|PR|HR|IP"
    r"|SaaS|EUV|DUV|DRAM|NAND|EPS|GDP|ESG|EV|EVs|VC|VCs|VP|Q[1-4]|H[12]|FY\d*|Series [A-H]"
    r"|Internet|Web|Wall Street|Silicon Valley|Big Tech|Big Oil|Capitol Hill|House|State|Board"
    r"|Company|Superintelligence|Machine Learning|Deep Learning|Artificial Intelligence|Generative"
    r"|Open ?Source|Gulf|Middle East|Europe|Asia|Africa|West|East|North|South|Earth|Moon|Mars|God"
    r"|Chinese|American|Nobel|Q&A|TBD|TL;DR|MMLU|SWE bench|HumanEval|AIME|GPQA"
    r"|FrontierMath"
    r"|Fortune 500|S&P 500|Nasdaq|Dow|Dow Jones|Nasdaq 100|Covid(?: 19)?|COVID 19|PDF|FAQ|PC|TV|USB"
    r"|.*\b(?:Act|Law|Bill|Regulation|Directive|Summit|Conference|Conferences|Symposium|Workshop"
    r"|Proceedings|Tournament|Championships?|World Cup|Prize|Awards?|Fellow|Index|List|Code"
    r"|Treaty|Order|Agreement|Amendment|Clause|Rule|Plan|Olympics|Week|Day|Expo|Show|Fair|Hill"
    r"|Street|Avenue|Road|Valley|County|Island|Coast|River|Bay|Desert|Memo|Report|Strategy"
    r"|Framework)|(?:.* )?Conference (?:on|of) .*"
    r"|(?:SB|AB|HR|H\.R\.|S\.)[ -]?\d+|Section \d+|Article \d+|Executive Order.*|Chapter \d+)"
)
_TERM: Final = re.compile(
    r"(?:.* )?(?:recognition|processing|analysis|learning|classification|classifiers?|likelihood"
    r"|regression|estimation|segmentation|detection|tomography|(?:error|success|learning) rate"
    r"|value|entropy|functions?|algorithms?|ontology|linking|networks|transforms?|geometry|physics"
    r"|chemistry|mathematics|statistics|linguistics|markov|gradient|descent|applications?"
    r"|engineering|intelligence|venue|test|ratio|distance|error|theorem|criterion|transformers?"
    r"|scraping|encryption|computing)"
)
"""Lower-case names that end in such a word are fields, methods and measures."""
_TECHNICAL: Final = words("technical")
_GATHERINGS: Final = words("gatherings")
_PLAIN: Final = words("plain")
_MAX_WORDS = 9
_BRACKETED: Final = re.compile(r" \((?P<short>[A-Z]{2,6})s?\)")
_WORD: Final = re.compile(r"[A-Za-z]+")


@lru_cache(maxsize=1 << 12)
def is_name(name: str) -> bool:
    """Whether the folded ``name`` is written as a name and is none of those above."""
    parts = name.split()
    if not parts or len(parts) > _MAX_WORDS or parts[0][0].islower():
        return False
    lower = name.lower()
    if lower in _PLAIN or lower in _TECHNICAL or lower in _GATHERINGS:
        return False
    return any(map(str.isupper, name)) and not (_NO_NAME.fullmatch(name) or _TERM.fullmatch(lower))


def abbreviated_terms(text: str) -> Iterator[str]:
    """Acronyms that the text explains by plain words: ``support vector machine (SVM)``."""
    for found in _BRACKETED.finditer(text):
        short = found["short"]
        before = _WORD.findall(text[max(0, found.start() - 25 * len(short)) : found.start()])
        spelled = before[-len(short) :]
        initials = "".join(word[0] for word in spelled).upper()
        if initials == short and sum(word[0].islower() for word in spelled) * 2 > len(short):
            yield short
