"""Models and chips that no list knows yet, by the form of their names.

A family name with a version follows one grammar (``Qwen3-Coder-480B-A35B``, ``Claude 4.5 Sonnet``);
a designation that stands alone (``MI355X``, ``R1``) has a regular expression in the gazetteer.
Both read folded text, in which hyphens are spaces.
"""

import re
import unicodedata
from functools import cache

from processors.nlp.gazetteer import Entry, fold

_WORDS = (
    "Pro|pro|Mini|mini|Nano|nano|Max|Plus|Ultra|Flash|Lite|Turbo|Large|Medium|Small|Preview|preview"
    "|Thinking|Reasoning|Coder|Code|Instruct|Chat|Base|VL|Omni|Vision|Math|Exp|Next|high|low|Air"
    "|Speciale|Distill|Audio|Embedding|Edit|Image|Video|Realtime|Transcribe|TTS|ASR|OCR|Guard|Fast"
    "|Heavy|Codex|Rerank|Robotics"
)
_QUANTITY = (
    r"(?! ?(?:%|per ?cent|million|billion|trillion|thousand|bn\b|m\b|times|years?|months?|weeks?"
    r"|days?|hours?|people|users|dollars|percentage|points|of the|other|or more)\b)"
)
_VERSION = (
    r"(?:v?\d{1,4}(?:\.\d{1,2})*(?:x\d+)?(?:[a-zA-Z]{1,2}(?![A-Za-z]))?" + _QUANTITY + ""
    r"|[A-Z]{1,2}\d{1,4}(?:\.\d+)*[A-Za-z]{0,2}\+?|[A-Z]\+|\d{1,4}(?:\.\d+)?[BMT])"
)
_YEAR = r"(?!(?:19|20)\d\d\b)"


@cache
def tail(words: tuple[str, ...], *, small: bool = False) -> re.Pattern[str]:
    """What follows a family name in a name with a version, from the end of the family name on.

    ``small``: in small letters, and a digit comes first (``gpt-5-mini``, ``kimi-k2.5``).
    """
    own = "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))
    word = f"(?:{own}|{_WORDS})" if own else f"(?:{_WORDS})"
    piece = rf"(?:{_YEAR}{_VERSION}|{word})(?![A-Za-z0-9])"
    if small:
        first = rf" ?(?=[a-z]?\d){_YEAR}{_VERSION}(?![A-Za-z0-9])"
        return re.compile(rf"{first}(?: {piece})*", re.IGNORECASE)
    first = rf"(?: |\.(?=\d))?{_YEAR}{_VERSION}(?![A-Za-z0-9])"
    return re.compile(rf"{first}(?: {piece})*| {piece}(?: {piece})*")


def family_end(entry: Entry, text: str, end: int, *, small: bool = False) -> int | None:
    """Where a name with a version ends that begins with the family name ending at ``end``.

    ``small`` as in ``tail``.
    """
    found = tail(entry.words, small=small).match(text, end)
    return found.end() if found else None


def family_id(entry: Entry, version: str) -> str:
    """The id of a name with a version: ``claude-3-7-sonnet``, ``qwen3-coder``."""
    base = entry.id if entry.type == "chip" else slug(entry.name)
    rest = slug(version)
    return f"{base}{rest}" if entry.attached and rest[:1].isdigit() else f"{base}-{rest}"


def form_id(entry: Entry, designation: str) -> str:
    """The id of a designation that stands alone, under its family's or maker's prefix."""
    return "-".join(filter(None, (entry.prefix, slug(designation))))


def slug(name: str) -> str:
    """``name`` as an id: lower-case ASCII letters and digits, single hyphens; may be empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = plain.replace("'", "").replace("&", " and ").replace("+", " plus ")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
