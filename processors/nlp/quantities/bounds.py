"""How exact a figure is, from the words round it; the table of ``docs/claims.md``."""

import re

from processors.nlp.wordlists import words
from processors.records import Bound

_WINDOW = 48

_A_BIT = r"(?:just |well |far |much |a (?:little|bit|shade|touch|tad) |slightly |easily )?"
_AT_LEAST = (
    rf"{_A_BIT}(?:more than|over|above)|at (?:the very )?least|at a minimum|upwards? of"
    r"|(?:a )?minimum of|a floor of|(?:well )?in excess of|excess of|exceed(?:s|ed|ing)?"
    r"|no fewer than|no less than|not less than|greater than|better than|beyond|north of|past"
    r"|>=?|≥"
)
_PASSED = (
    r"surpass(?:es|ed|ing)?|topp?(?:s|ed|ing)?|pass(?:es|ed|ing)?|cross(?:es|ed|ing)?"
    r"|clear(?:ed|ing)"
)
_AT_MOST = (
    r"up to|as much as|as many as|at (?:the (?:very )?)?most|no more than|not more than|not over"
    r"|not exceeding|(?:a )?maximum of|a (?:cap|ceiling) of|capped at|limited to|<=?|≤"
    r"|(?:a (?:little|bit|touch|shade|tad) |slightly |far |much |well |somewhat |considerably"
    r"|significantly |substantially )?(?:less than|fewer than|under|below)"
    r"|(?:just |well |slightly |a (?:little|bit|touch|shade|tad) )?(?:under|below|shy of|short of)"
    r"|within"
    r"|(?:could|may|might|can) (?:yet |eventually )?(?:reach|hit|climb to|rise to|total)"
)
_ABOUT = (
    r"about|around|roughly|some|nearly|almost|close to|close on|nigh on|closer to|approximately"
    r"|approx\.?|circa|~|≈|ca\.|c\.|an estimated|estimated|estimated at|in the region of"
    r"|in the neighbou?rhood of|in the ballpark of"
    r"|nearing|near|approaching|nears|approaches|on the order of|of the order of|something like"
    r"|somewhere around|probably|perhaps|maybe|an approximate|virtually|practically|order of"
)
_SLACK = r"(?:\s+(?:an?|the|its|their|his|another|a further|additional|just))?\s*$"

_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at_most", re.compile(rf"(?<![\w-])(?:{_AT_MOST}){_SLACK}", re.IGNORECASE)),
    ("at_least", re.compile(rf"(?<![\w-])(?:{_AT_LEAST}){_SLACK}", re.IGNORECASE)),
    ("at_least", re.compile(rf"(?<![\w-])(?:{_PASSED})(?:\s+(?:the|its))?\s*$", re.IGNORECASE)),
    ("about", re.compile(rf"(?<![\w-])(?:{_ABOUT}){_SLACK}", re.IGNORECASE)),
)
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "at_least",
        re.compile(
            r"\s?\+(?!/)|[\s-]plus(?!\s+or)|,?\s(?:or|and) (?:more|up|above|counting)\b"
            r"|,? at (?:the very )?least\b|,?\s(?:at a )?minimum\b(?!\s\w)"
        ),
    ),
    (
        "at_most",
        re.compile(
            r",?\s(?:or|and) (?:less|fewer|below|under)\b|,?\sat (?:the (?:very )?)?most\b"
            r"|,?\s(?:tops|maximum|max)\b(?!\s\w)"
        ),
    ),
    (
        "about",
        re.compile(
            r"-(?:odd|ish)\b|,?\s(?:or so|or thereabouts|give or take|plus or minus)\b"
            r"|,\s(?:roughly|approximately|more or less)\b(?!\s[\w$€£¥₹])"
            r"|\s\((?:plus or minus|give or take)|,?\s?(?:±|\+/-)"
        ),
    ),
)
_TALK = re.compile(
    r"\b(?:(?:talk(?:s|ing|ed)?|discussions?|speak\w*)(?: with [\w’' ]{1,30}?)?"
    r"|(?:talk(?:ing|ed)?|speak\w*) to [\w’' ]{1,30}?)\s$"
)
_PHRASAL = re.compile(
    r"\b(?:turn|hand|sign|carr[iy]|roll|hold|held|fork)(?:e?s|ed|ing)?\s$", re.IGNORECASE
)
"""Whatever is ``handed over``, or ``turned over``, is not more than that."""
_QUARREL = re.compile(
    r"\b(?:disputes?|row|fight|fighting|fought|battles?|su(?:ed|es|ing)|lawsuits?|clash\w*"
    r"|argu\w+|wrangl\w+|worr\w+|concerns?|fears?|questions?)\s$",
    re.IGNORECASE,
)
"""What a ``dispute over`` money is about."""
_SUM = re.compile(
    r"\b(?:add(?:s|ed|ing)?|summ?(?:s|ed|ing)?|com(?:es?|ing)|came|went)\s$", re.IGNORECASE
)
"""Figures that ``add up to`` an amount make it, not at most it."""
_APPROVERS = re.compile(
    r"\b(?:cabinet|government|board|panel|ministry|council|committee|house|senate|congress"
    r"|parliament|lawmakers|regulators?|india|court|judge)(?: has| have)?\s$",
    re.IGNORECASE,
)
"""Who clears or passes a sum allows it."""
_ANOTHER = re.compile(r"(?<!\w)(?:another|a further)\s*$", re.IGNORECASE)
_TOLERANCE = ("plus or minus", "give or take", "±", "+/-")
_LAST = "~≈.<>=≤≥"
"""How a bound may end that does not end in a letter."""
_LAST_WORDS = words("bound_ends") | set("~≈<>=≤≥")
"""One of these is the last of any bound, but for ``_SLACK``: quick to ask for."""
_SLACK_WORDS = words("bound_slack")
_WORD = re.compile(r"\w+|[~≈<>=≤≥]")


def bound_before(text: str, at: int, *, money: bool = False) -> tuple[Bound, int]:
    """The bound that the words before a figure give it, and where those words begin.

    ``exact`` comes back with ``at`` itself; the words ``another`` and ``a further`` stay in the
    evidence without changing the bound.
    """
    window = text[max(0, at - _WINDOW) : at]
    base = at - len(window)
    last = window.rstrip()[-1:]
    if last.isalpha():
        written = _WORD.findall(window.lower())
        while written and written[-1] in _SLACK_WORDS:
            written.pop()
        if not written or written[-1] not in _LAST_WORDS:
            return "exact", at
    elif not (last and last in _LAST):
        return "exact", at
    best: tuple[Bound, int] = ("exact", at)
    for bound, pattern in _BEFORE:
        found = pattern.search(window)
        if found and base + found.start() < best[1] and not _is_other(window, found, money):
            best = (bound, base + found.start())
    if best[0] == "exact" and (more := _ANOTHER.search(window)):
        return "exact", base + more.start()
    return best


def _is_other(window: str, found: re.Match[str], money: bool) -> bool:
    """Whether the words of a bound belong to the word before them and bound nothing."""
    bound, before = found[0].lower(), window[: found.start()]
    if bound.startswith("about"):
        return bool(_TALK.search(before))
    if bound.startswith("over"):
        return any(verb.search(before) for verb in (_TALK, _PHRASAL, _QUARREL))
    if bound.startswith("up to"):
        return money and bool(_SUM.search(before))
    return bound.startswith(("clear", "pass")) and bool(_APPROVERS.search(before))


def bound_after(text: str, at: int) -> tuple[Bound, int]:
    """The bound that the words after a figure give it, and where those words end."""
    window = text[at : at + _WINDOW]
    for bound, pattern in _AFTER:
        if found := pattern.match(window):
            return bound, at + found.end()
    return "exact", at


def is_tolerance(text: str, at: int) -> bool:
    """Whether the figure at ``at`` only says how far another one may be off."""
    return text[max(0, at - 16) : at].rstrip().lower().endswith(_TOLERANCE)


def limits(bound: Bound, low: float, high: float) -> tuple[float | None, float | None]:
    """Lower and upper limit of an amount; the open side of a bound is None."""
    if bound == "at_least":
        return low, None
    if bound == "at_most":
        return None, high
    return low, high
