"""The gate: is what was extracted an article that the pipeline can read?

Nothing is lost here: the body and the metadata stay with the outcome and its reason, so that a
person can see what was turned away.
"""

import re
from collections import Counter
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from processors.extract import phrases

Outcome = Literal["article", "not-article", "too-short", "other-language"]

READ_LANGUAGES = ("en",)
MIN_WORDS = 40
_SHORT = 160
STUFFED_WORDS = 200
STUFFED_SHARE = 0.3
"""Of a text's words; the most frequent word of English makes up seven in a hundred."""

_GONE_TITLE = re.compile(
    r"^\W{0,5}(?:404|(?:page |article |error )?not found|page (?:unavailable|missing))\b",
    re.IGNORECASE,
)


class Signals(msgspec.Struct, frozen=True):
    """What the judgement is made from."""

    url: str
    title: str
    body: str
    visible: str
    """The first words of everything on the page, for pages whose body is empty."""
    language: str
    says_article: bool
    """The page calls itself an article, or states when it was published."""
    linked_share: float
    """The part of the body's characters that are links, from 0 to 1."""


def judge(signals: Signals) -> tuple[Outcome, str]:
    """The outcome and, for all but an article, its reason in words."""
    words = len(signals.body.split())
    if words < _SHORT and (verdict := _instead_of_text(signals, words)):
        return verdict
    if signals.language and signals.language not in READ_LANGUAGES:
        return "other-language", f"the text is in {signals.language!r}; only English is read"
    if words < MIN_WORDS:
        return "too-short", f"{words} words are fewer than {MIN_WORDS}"
    reason = _no_article(signals, words)
    return ("not-article", reason) if reason else ("article", "")


def _instead_of_text(signals: Signals, words: int) -> tuple[Outcome, str] | None:
    shown = f"{signals.title}\n{signals.body or signals.visible}"[:20_000]
    if _GONE_TITLE.search(signals.title) or phrases.GONE.search(shown):
        return "not-article", "the page says that there is no such page"
    if phrases.WALL.search(shown):
        return "not-article", "a consent, script or robot wall stands before the text"
    if phrases.PAYWALL.search(shown) and words < MIN_WORDS * 2:
        return "too-short", f"only {words} words stand before a paywall"
    return None if words else ("not-article", "no text was found")


def _no_article(signals: Signals, words: int) -> str:
    """Why a text of enough words is no article; empty for one that is."""
    if words >= STUFFED_WORDS and (word := _stuffed_with(signals.body)):
        return f"stuffed: the text says {word[:40]!r} over and over"
    return "a list of links or teasers, not one article" if _is_listing(signals) else ""


def _is_listing(signals: Signals) -> bool:
    if signals.says_article:
        return False
    parts = urlsplit(signals.url)
    if parts.path in ("", "/") and not parts.query:
        return True
    return signals.linked_share > 0.5 or _median_words(signals.body) < 12


def _stuffed_with(body: str) -> str:
    """The word that a text for search engines repeats; empty for other texts."""
    counts = Counter(word.strip(_AROUND) for word in body.lower().split())
    word, times = counts.most_common(1)[0]
    return word if times > STUFFED_SHARE * counts.total() else ""


_AROUND = ".,;:!?()[]'\"“”‘’"


def _median_words(body: str) -> int:
    sizes = sorted(len(block.split()) for block in body.split("\n\n"))
    return sizes[len(sizes) // 2]
