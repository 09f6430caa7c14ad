"""Hostile XML made harmless: size, entities, depth. No file, no socket, no expansion."""

import html
import re
from html.entities import html5
from typing import TypedDict

from lxml import etree

from crawlers.listings.repair import MAX_TAGS as MOST_REPAIRED
from crawlers.listings.repair import repair

MAX_TAGS = 1_500_000
"""Tags of a document that becomes a tree; 10 MiB of empty ones would take half a gigabyte."""

_AMPERSAND = re.compile(r"&(?:#(\d{1,7}|[xX][0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DOCTYPE = re.compile(r"<!doctype\b", re.IGNORECASE)
_INNER = re.compile(
    r"""<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+(?:"((?:[^"<&%]|&#\w{1,8};){0,200})"|'([^'<&%]{0,200})')\s*>"""
)
_END_OF_SUBSET = re.compile(r"\]\s*+>")
_REMEMBERED = 1000
_MAX_GROWTH = 100_000
"""Characters that entities of a document's own may add to it, all together."""
_WINDOWS = {
    code: ord(bytes([code]).decode("windows-1252", "replace")) for code in range(0x80, 0xA0)
}
"""What numbers of control characters stand for, as HTML reads them."""


def mend(text: str) -> str:
    """XML without what publishers get wrong most: bare ampersands, HTML's names, stray controls.

    The document type goes, and with it all that it could load or expand; of its own entities only
    those that are short plain text are read. Names that nobody knows become plain text. CDATA
    stays as it is. Linear in the length, whatever the text.
    """
    clean = _ILLEGAL.sub("", text).lstrip()
    clean, inner = _without_doctype(clean)
    own = {match[1]: html.unescape(match[2] or match[3] or "") for match in _INNER.finditer(inner)}
    spell = _Speller(own)
    pieces: list[str] = []
    at = 0
    while (begin := clean.find("<![CDATA[", at)) >= 0 and (end := clean.find("]]>", begin)) >= 0:
        pieces += _AMPERSAND.sub(spell, clean[at:begin]), clean[begin : end + 3]
        at = end + 3
    return "".join((*pieces, _AMPERSAND.sub(spell, clean[at:])))


def _without_doctype(text: str) -> tuple[str, str]:
    """The text without its document type, and what stood between the brackets of that."""
    found = _DOCTYPE.search(text, 0, 20_000)
    if not found:
        return text, ""
    start = found.start()
    close, bracket = text.find(">", start), text.find("[", start)
    if close < 0:
        return text, ""
    end = _END_OF_SUBSET.search(text, bracket) if 0 <= bracket < close else None
    if end is None:
        return text[:start] + text[close + 1 :], ""
    return text[:start] + text[end.end() :], text[bracket : end.start()][:100_000]


class _Speller:
    """References as numbers that XML allows; what refers to nothing known is text."""

    def __init__(self, own: dict[str, str]) -> None:
        self._own = own
        self._left = _MAX_GROWTH
        self._said: dict[str, str] = {}

    def __call__(self, match: re.Match[str]) -> str:
        said = self._said.get(match[0])
        if said is None:
            said = self._spelled(match)
            fixed = self._left <= 0 or match[2] not in self._own
            if fixed and len(self._said) < _REMEMBERED:
                self._said[match[0]] = said
        return said

    def _spelled(self, match: re.Match[str]) -> str:
        number, name = match[1], match[2]
        if number:
            code = int(number) if number.isdecimal() else int(number[1:], 16)
            code = _WINDOWS.get(code, code)
            return "" if code > 0x10FFFF or _ILLEGAL.match(chr(code)) else f"&#{code};"
        known = html5.get(f"{name};") or self._inner(name) if name else ""
        return "".join(f"&#{ord(char)};" for char in known) if known else f"&#38;{match[0][1:]}"

    def _inner(self, name: str) -> str:
        value = self._own.get(name, "")
        self._left -= len(value)
        return value if self._left > 0 else ""


class Guarded(TypedDict):
    """How lxml is told to read what a stranger wrote."""

    encoding: str
    recover: bool
    resolve_entities: bool
    no_network: bool
    load_dtd: bool
    huge_tree: bool
    remove_comments: bool
    remove_pis: bool


GUARDED = Guarded(
    encoding="utf-8",
    recover=True,
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def parse_xml(text: str) -> tuple[etree._Element | None, str]:
    """The root, mended where the text is broken, and where it breaks (empty: it does not)."""
    if text.count("<") > MAX_TAGS:
        return None, f"XML of more than {MAX_TAGS:,} tags"
    mended = mend(text)
    root, flaw = _parsed(mended)
    if flaw and mended.count("<") <= MOST_REPAIRED:
        again, worse = _parsed(mend(repair(mended)))
        if again is not None and not worse:
            return again, flaw
    return root, flaw


def _parsed(text: str) -> tuple[etree._Element | None, str]:
    parser = etree.XMLParser(**GUARDED)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        return None, f"XML broken at line {error.lineno or 1}"
    return root, flaw_of(parser.error_log)


def flaw_of(log: "etree._ListErrorLog") -> str:
    """Where the XML is no XML any more; undeclared prefixes and the like do not count."""
    lines = [entry.line for entry in log if entry.level >= etree.ErrorLevels.FATAL]
    return f"XML broken at line {min(lines)}" if lines else ""


def local(tag: object) -> str:
    """A tag's name in lower case without its namespace; empty for what is no element."""
    if not isinstance(tag, str):
        return ""
    space, _, name = tag.rpartition("}")
    return (name if space else name.rpartition(":")[2]).lower()
