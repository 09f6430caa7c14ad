"""What is refused before any parser sees it, in one linear pass over the text.

The limits stand far above real pages (of 142 news pages none had more than 6,000 tags or 200 open
elements) and far below what makes a parser slow: libxml2 compares the attributes of one tag
pairwise, and a class attribute of megabytes takes seconds in every rule that looks at classes.
"""

import re

MAX_SIZE = 5 * 1024 * 1024
MAX_TAGS = 20_000
MAX_DEPTH = 2_000
MAX_ATTRIBUTES = 1_000
MAX_TAG_LENGTH = 1_000_000
_LONG_TAG = 4_000

_TAG = re.compile(
    r"<(?:script|style)\b[^>]*+>(?:[^<]++|<(?!/s))*+"  # raw text: what it holds are no tags
    r"|<(/?)([a-zA-Z][^\s/>]{0,40}+)((?:=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^>=]++|=)*+)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?:[^<]++"
    r"|<(?:script|style)\b[^>]{0,1000}+>(?:[^<]++|<(?!/s))*+"
    r"|</?[a-zA-Z](?:=\s{0,20}+(?:\"[^\"]{0,3000}+\"|'[^']{0,3000}+')|[^>=]{1,200}+|=){0,60}+(?=>|\Z)"
    r"|<(?!/?[a-zA-Z]))*+",
    re.IGNORECASE,
)
"""A page in whose tags nothing is long, read without a stop."""
_START = re.compile(r"<[a-zA-Z]")
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_UNCLOSED = frozenset(
    (
        "html", "head", "body", "p", "li", "td", "tr", "th", "dt", "dd", "option", "thead",
        "tbody", "tfoot", "colgroup", "rp", "rt", "optgroup", "br", "img", "input", "meta",
        "link", "hr", "area", "base", "col", "embed", "param", "source", "track", "wbr", "path",
        "rect", "circle", "use",
    )
)  # fmt: skip
"""Elements that need no end tag, so that counting them would find depth where there is none."""


def refusal(text: str) -> str | None:
    """Why a page must not be parsed, in words for the outcome's reason; None when it may be."""
    if len(text) > MAX_SIZE:
        return f"page of {len(text):,} characters is larger than {MAX_SIZE:,}"
    if len(_START.findall(text)) <= MAX_DEPTH and _PLAIN.fullmatch(text):
        return None
    return _refusal_by_tag(text)


def _refusal_by_tag(text: str) -> str | None:
    tags = depth = 0
    for found in _TAG.finditer(text):
        closing, name, rest = found.groups()
        if name is None or name.lower() in _UNCLOSED:
            tags += 1
        elif closing:
            depth -= depth > 0
        else:
            tags += 1
            depth += not rest.endswith("/")
        if depth > MAX_DEPTH:
            return f"elements nested deeper than {MAX_DEPTH:,}"
        if tags > MAX_TAGS:
            return f"page with more than {MAX_TAGS:,} elements"
        if rest and len(rest) > _LONG_TAG and (reason := _too_long(rest)):
            return reason
    return None


def _too_long(tag: str) -> str | None:
    if len(tag) > MAX_TAG_LENGTH:
        return f"tag of {len(tag):,} characters is longer than {MAX_TAG_LENGTH:,}"
    count = len(_QUOTED.sub("= ", tag).replace("/", " ").split())
    return f"tag with more than {MAX_ATTRIBUTES:,} attributes" if count > MAX_ATTRIBUTES else None
