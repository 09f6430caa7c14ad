"""Hostile XML made harmless: charset, size, entities, depth. No file, no socket, no expansion."""

import codecs
import html
import re
from html.entities import html5
from typing import TypedDict

from lxml import etree

MAX_TAGS = 1_500_000
"""Tags of a document that becomes a tree; 10 MiB of empty ones would take half a gigabyte."""

_AMPERSAND = re.compile(r"&(?:#(\d{1,7}|[xX][0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})""")
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_CODE = re.compile(r"<(/?)(script|style)\b[^<>]*>", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32", "ucs-2", "ucs-4", "iso-10646-ucs")
_WIDER = {"iso8859-1": "windows-1252", "ascii": "windows-1252"}
"""Who declares the first writes the second, as https://encoding.spec.whatwg.org has it."""
_REFUSED = frozenset({"utf-7", "idna", "punycode", "raw_unicode_escape", "unicode_escape"})


def decode(body: bytes, content_type: str = "") -> str:
    """Text of an XML or JSON body. Never raises.

    The byte order mark decides; then UTF-8 where the bytes are that beyond doubt, since that is
    no accident; then what HTTP and what the declaration say; then the better of two guesses.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            text = body.decode(charset, "replace")
            return text.removeprefix("\ufeff")
    named = [match[1] for match in (_IN_HEADER.search(content_type),) if match]
    named += [match[1].decode() for match in (_DECLARED.match(body[:400]),) if match]
    if not body.isascii():
        named.insert(0, "utf-8")
    for charset in filter(_usable, named):
        try:
            return body.decode(_WIDER.get(codecs.lookup(charset).name, charset))
        except UnicodeDecodeError:
            continue
    text = body.decode("utf-8", "replace")
    few = text.count("\ufffd") * 100 <= len(text)
    return text if few else body.decode("windows-1252", "replace")


def _usable(charset: str) -> bool:
    try:
        codec = codecs.lookup(charset)
    except LookupError:
        return False
    # A wide charset without its byte order mark would have shown in the first two bytes.
    wide = charset.lower().startswith(_WIDE)
    return codec._is_text_encoding and codec.name not in _REFUSED and not wide


def mend(text: str) -> str:
    """XML without what publishers get wrong most: bare ampersands, HTML's names, stray controls.

    Names that neither XML nor HTML knows become plain text, so that a document's own entities
    stand for nothing. CDATA stays as it is. Linear in the length, whatever the text.
    """
    clean = _ILLEGAL.sub("", text).lstrip()
    pieces: list[str] = []
    at = 0
    while (begin := clean.find("<![CDATA[", at)) >= 0 and (end := clean.find("]]>", begin)) >= 0:
        pieces += _AMPERSAND.sub(_spelled_out, clean[at:begin]), clean[begin : end + 3]
        at = end + 3
    return "".join((*pieces, _AMPERSAND.sub(_spelled_out, clean[at:])))


def _spelled_out(match: re.Match[str]) -> str:
    """References as numbers that XML allows; what refers to nothing known is text."""
    number, name = match[1], match[2]
    if number:
        code = int(number) if number.isdecimal() else int(number[1:], 16)
        return "" if code > 0x10FFFF or _ILLEGAL.match(chr(code)) else f"&#{code};"
    known = html5.get(f"{name};") if name else None
    return "".join(f"&#{ord(char)};" for char in known) if known else f"&#38;{match[0][1:]}"


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
    parser = etree.XMLParser(**GUARDED)
    try:
        root = etree.fromstring(mend(text).encode(), parser)
    except etree.XMLSyntaxError as error:
        return None, f"XML broken at line {error.lineno or 1}"
    return root, flaw_of(parser.error_log)


def flaw_of(log: "etree._ListErrorLog") -> str:
    """Where the XML is no XML any more; undeclared prefixes and the like do not count."""
    lines = [entry.line for entry in log if entry.level >= etree.ErrorLevels.FATAL]
    return f"XML broken at line {min(lines)}" if lines else ""


def plain(markup: str, most: int = 1000) -> str:
    """What a reader would see of a title or a summary: no tags, no entities, one line."""
    text = _without_tags(html.unescape(_without_tags(markup[: most * 20])))
    return " ".join(_CONTROL.sub("", text).split())[:most]


def _without_tags(markup: str) -> str:
    """Tags taken out, and scripts and styles with all that is in them."""
    kept: list[str] = []
    at, inside = 0, ""
    for tag in _CODE.finditer(markup):
        closing, name = tag[1], tag[2].lower()
        if not inside and not closing:
            kept.append(markup[at : tag.start()])
            inside = name
        elif inside == name and closing:
            inside, at = "", tag.end()
    if not inside:
        kept.append(markup[at:])
    return _TAG.sub("", "".join(kept))


def local(tag: object) -> str:
    """A tag's name in lower case without its namespace; empty for what is no element."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
