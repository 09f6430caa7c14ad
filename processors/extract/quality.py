"""The gate: is what was extracted an article that the pipeline can read?

Nothing is lost here: the body and the metadata stay with the outcome and its reason, so that a
person can see what was turned away. Each reason has a ``kind`` for machines and words for people.
"""

import re
from collections import Counter
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from processors.extract import phrases

Outcome = Literal["article", "not-article", "too-short", "other-language"]
Kind = Literal[
    "",
    "file",  # no web page at all, or one that no parser is given
    "empty",
    "script",  # empty without scripts: a renderer may find its text
    "consent",
    "robot",
    "gone",
    "paywall",
    "stub",
    "list",
    "table",
    "stuffed",
    "symbols",
    "capitals",
    "language",
]

READ_LANGUAGES = ("en",)
MIN_WORDS = 40
_SHORT = 160
_LONG_WALL = 700
"""Words of the longest texts that ask for consent; articles on the subject are told from them."""
_PREVIEW = 150
"""Words that stand before a paywall at most."""
STUFFED_WORDS = 200
STUFFED_SHARE = 0.3
"""Of a text's words; the most frequent word of English makes up seven in a hundred."""
_LETTERS_SHARE = 0.5
_CAPITALS_SHARE = 0.7
_ROWS_SHARE = 0.8
_SCRAP_WORDS = 12
_SCRAPS_SHARE = 0.25

_GONE_TITLE = re.compile(
    r"^\W{0,5}(?:404|(?:page |article |error )?not found|page (?:unavailable|missing)"
    r"|(?:sorry|oops)\b.{0,30}(?:page|found|missing))\b",
    re.IGNORECASE,
)
_GONE_WHOLE_TITLE = re.compile(
    r"\W*(?:error )?(?:404\W*)?(?:error\W*)?(?:page |article )?(?:not found|404|unavailable)\W*",
    re.IGNORECASE,
)


class Signals(msgspec.Struct, frozen=True):
    """What the judgement is made from."""

    url: str
    title: str
    body: str
    visible: str
    """The first words of everything on a page whose body is short."""
    language: str
    says_article: bool
    """The page calls itself an article, or states when it was published."""
    linked_share: float = 0.0
    """The part of the body's characters that are links, from 0 to 1."""
    rows_share: float = 0.0
    """The part of the body's characters that are rows of tables, from 0 to 1."""
    says_list: bool = False
    """The page calls itself a collection, a list or an answer to a search."""
    says_paid: bool = False
    """The page says that it is not for free."""
    is_shell: bool = False
    """The page has an empty element for its scripts to fill."""


class Verdict(msgspec.Struct, frozen=True):
    """The outcome; for all but an article its kind and its reason in words."""

    outcome: Outcome
    kind: Kind = ""
    reason: str = ""


def judge(signals: Signals) -> Verdict:
    """Look for what stands instead of a text, then at its language, its length and its form."""
    words = len(signals.body.split())
    if verdict := _instead_of_text(signals, words):
        return verdict
    if signals.language and signals.language not in READ_LANGUAGES:
        reason = f"the text is in {signals.language!r}; only English is read"
        return Verdict("other-language", "language", reason)
    if words < MIN_WORDS:
        return Verdict("too-short", "stub", f"{words} words are fewer than {MIN_WORDS}")
    return _no_article(signals, words) or Verdict("article")


def _instead_of_text(signals: Signals, words: int) -> Verdict | None:
    shown = f"{signals.title}\n{signals.body or signals.visible}"[:20_000]
    if _is_gone(signals, words, shown):
        return Verdict("not-article", "gone", "the page says that there is no such page")
    if verdict := _wall(shown, words):
        return verdict
    most = _PREVIEW if signals.says_paid else MIN_WORDS * 2
    if words < most and phrases.PAYWALL.search(f"{shown}\n{signals.visible}"):
        return Verdict("too-short", "paywall", f"only {words} words stand before a paywall")
    return None if words else _empty(signals)


def _empty(signals: Signals) -> Verdict:
    if signals.is_shell:
        return Verdict("not-article", "script", _SCRIPT_REASON)
    if signals.says_list:
        return Verdict("not-article", "list", _LIST_REASON)
    return Verdict("not-article", "empty", "no text was found")


_LIST_REASON = "a list of links or teasers, not one article"
_SCRIPT_REASON = "the page is empty without its scripts"
_CONSENT_REASON = "a request for consent stands before the text"


def _wall(shown: str, words: int) -> Verdict | None:
    if words >= _SHORT:
        asks = words < _LONG_WALL and _asks_for_consent(shown, words)
        return Verdict("not-article", "consent", _CONSENT_REASON) if asks else None
    if phrases.SCRIPT.search(shown):
        return Verdict("not-article", "script", _SCRIPT_REASON)
    if phrases.CONSENT.search(shown):
        return Verdict("not-article", "consent", _CONSENT_REASON)
    if phrases.ROBOT.search(shown):
        return Verdict("not-article", "robot", "a wall against robots stands before the text")
    return None


def _is_gone(signals: Signals, words: int, shown: str) -> bool:
    if words < _SHORT:
        return bool(_GONE_TITLE.search(signals.title) or phrases.GONE.search(shown))
    return _GONE_WHOLE_TITLE.fullmatch(signals.title[:100]) is not None


def _asks_for_consent(shown: str, words: int) -> bool:
    """A text that begins with it and returns to it every few sentences."""
    found = [match.start() for match in phrases.CONSENT.finditer(shown)]
    return len(found) >= 3 and found[0] < 400 and len(found) * 60 > words


def _no_article(signals: Signals, words: int) -> Verdict | None:
    """Why a text of enough words is no article; None for one that is."""
    letters = sum(map(str.isalpha, signals.body))
    if letters < _LETTERS_SHARE * len(signals.body.replace(" ", "")):
        return Verdict("not-article", "symbols", "more signs and figures than letters")
    if words >= STUFFED_WORDS and (word := _stuffed_with(signals.body)):
        reason = f"stuffed: the text says {word[:40]!r} over and over"
        return Verdict("not-article", "stuffed", reason)
    if sum(map(str.isupper, signals.body)) > _CAPITALS_SHARE * letters:
        return Verdict("not-article", "capitals", "the whole text is in capitals")
    if signals.rows_share > _ROWS_SHARE:
        return Verdict("not-article", "table", "a table, and hardly a sentence beside it")
    if _is_listing(signals):
        return Verdict("not-article", "list", _LIST_REASON)
    return None


def _is_listing(signals: Signals) -> bool:
    if signals.says_article:
        return False
    parts = urlsplit(signals.url)
    if signals.says_list or (parts.path in ("", "/") and not parts.query):
        return True
    return signals.linked_share > 0.5 or _is_of_scraps(signals.body)


def _stuffed_with(body: str) -> str:
    """The word that a text for search engines repeats; empty for other texts."""
    counts = Counter(word.strip(_AROUND) for word in body.lower().split())
    word, times = counts.most_common(1)[0]
    return word if times > STUFFED_SHARE * counts.total() else ""


_AROUND = ".,;:!?()[]'\"“”‘’"


def _is_of_scraps(body: str) -> bool:
    """Whether most blocks are shorter than sentences, and much of the text stands in them.

    A few short ones before a long one are how news in brief begin.
    """
    sizes = sorted(len(block.split()) for block in body.split("\n\n"))
    scraps = [size for size in sizes if size < _SCRAP_WORDS]
    return sizes[len(sizes) // 2] < _SCRAP_WORDS and sum(scraps) > _SCRAPS_SHARE * sum(sizes)
