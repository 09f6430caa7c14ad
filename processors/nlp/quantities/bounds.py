"""How exact a figure is, from the words round it; the table of ``docs/claims.md``."""

import re

from processors.records import Bound

_WINDOW = 48

_AT_LEAST = (
    r"more than|(?:just |well |a little |slightly |far )?(?<!turn )(?<!turns )(?<!turned )"
    r"(?<!turning )over|(?:just |well )?above|at least"
    r"|at a minimum|upwards? of|a minimum of|minimum of|exceed(?:s|ed|ing)?|excess of"
    r"|surpass(?:es|ed|ing)?|topp?(?:s|ed|ing)?|pass(?:es|ed|ing)?|cross(?:es|ed|ing)?"
    r"|clear(?:ed|ing)|beyond|north of|no fewer than|no less than|not less than|greater than"
    r"|better than|past"
)
_AT_MOST = (
    r"up to|as much as|as many as|at most|no more than|not more than|a maximum of|maximum of"
    r"|capped at|limited to|(?:a little |slightly |far |much )?less than|fewer than"
    r"|(?:just |well |slightly |a little )?(?:under|below|shy of|short of)|within"
    r"|(?:could|may|might|can) (?:yet |eventually )?(?:reach|hit|climb to|rise to|total)"
)
_ABOUT = (
    r"about|around|roughly|some|nearly|almost|close to|closer to|approximately|approx\.?|circa|~"
    r"|≈|ca\.|an estimated|estimated|estimated at|in the region of|in the neighbou?rhood of"
    r"|nearing|near|approaching|nears|approaches|on the order of|of the order of|something like"
    r"|somewhere around|probably|perhaps|maybe|an approximate|virtually|practically|order of"
)
_SLACK = r"(?:\s+(?:an?|the|its|their|his|another|a further|additional|just))?\s*$"

_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at_most", re.compile(rf"(?<![\w-])(?:{_AT_MOST}){_SLACK}", re.IGNORECASE)),
    ("at_least", re.compile(rf"(?<![\w-])(?:{_AT_LEAST}){_SLACK}", re.IGNORECASE)),
    ("about", re.compile(rf"(?<![\w-])(?:{_ABOUT}){_SLACK}", re.IGNORECASE)),
)
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "at_least",
        re.compile(r"\s?\+|[\s-]plus(?!\s+or)|,?\s(?:or|and) (?:more|up|above)\b|,? at least\b"),
    ),
    ("at_most", re.compile(r",?\s(?:or|and) (?:less|fewer|below)\b|,?\sat (?:most|the most)\b")),
    (
        "about",
        re.compile(
            r"-odd\b|,?\s(?:or so|or thereabouts|give or take|plus or minus)\b"
            r"|\s\((?:plus or minus|give or take)"
        ),
    ),
)
_TALK = re.compile(
    r"\b(?:(?:talk(?:s|ing|ed)?|discussions?|speak\w*)(?: with [\w’' ]{1,30}?)?"
    r"|(?:talk(?:ing|ed)?|speak\w*) to [\w’' ]{1,30}?)\s$"
)
_ANOTHER = re.compile(r"(?<!\w)(?:another|a further)\s*$", re.IGNORECASE)
_TOLERANCE = re.compile(r"(?:(?:plus or minus|give or take) |±\s?|\+/-\s?)$", re.IGNORECASE)


def bound_before(text: str, at: int) -> tuple[Bound, int]:
    """The bound that the words before a figure give it, and where those words begin.

    ``exact`` comes back with ``at`` itself; the words ``another`` and ``a further`` stay in the
    evidence without changing the bound.
    """
    window = text[max(0, at - _WINDOW) : at]
    base = at - len(window)
    best: tuple[Bound, int] = ("exact", at)
    for bound, pattern in _BEFORE:
        found = pattern.search(window)
        if (
            found
            and found[0].lower().startswith(("about", "over"))
            and _TALK.search(window[: found.start()])
        ):
            continue
        if found and base + found.start() < best[1]:
            best = (bound, base + found.start())
    if best[0] == "exact" and (more := _ANOTHER.search(window)):
        return "exact", base + more.start()
    return best


def bound_after(text: str, at: int) -> tuple[Bound, int]:
    """The bound that the words after a figure give it, and where those words end."""
    window = text[at : at + _WINDOW]
    for bound, pattern in _AFTER:
        if found := pattern.match(window):
            return bound, at + found.end()
    return "exact", at


def is_tolerance(text: str, at: int) -> bool:
    """Whether the figure at ``at`` only says how far another one may be off."""
    return bool(_TOLERANCE.search(text, max(0, at - _WINDOW), at))


def limits(bound: Bound, low: float, high: float) -> tuple[float | None, float | None]:
    """Lower and upper limit of an amount; the open side of a bound is None."""
    if bound == "at_least":
        return low, None
    if bound == "at_most":
        return None, high
    return low, high
