"""Hostile XML made harmless: charset, size, entities, depth. No file, no socket, no expansion."""

import codecs
import html
import re
from html.entities import html5

from lxml import etree

_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"<!\[CDATA\[.*?\]\]>|&(?!#?\w{1,32};)", re.DOTALL)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})""")
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_CODE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
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
"""Those who declare the first write the second: https://encoding.spec.whatwg.org/#names-and-labels."""
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


def parse_xml(text: str) -> tuple[etree._Element | None, str]:
    """The root, mended where the text is broken, and where it breaks (empty: it does not)."""
    clean = _NAMED.sub(_spelled_out, _BARE.sub(_escaped, _ILLEGAL.sub("", text)))
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(clean.lstrip().encode(), parser)
    except etree.XMLSyntaxError as error:
        return None, f"XML broken at line {error.lineno or 1}"
    return root, flaw_of(parser.error_log)


def flaw_of(log: "etree._ListErrorLog") -> str:
    """Where the XML is no XML any more; undeclared prefixes and the like do not count."""
    lines = [entry.line for entry in log if entry.level >= etree.ErrorLevels.FATAL]
    return f"XML broken at line {min(lines)}" if lines else ""


def _escaped(match: re.Match[str]) -> str:
    """A bare ampersand as XML wants it; CDATA stays as it is."""
    return "&amp;" if match[0] == "&" else match[0]


def _spelled_out(match: re.Match[str]) -> str:
    """HTML's named characters, which XML does not know, as what they stand for."""
    name = match[1]
    return match[0] if name in _XML_OWN else html5.get(f"{name};", match[0])


def plain(markup: str, most: int = 1000) -> str:
    """What a reader would see of a title or a summary: no tags, no entities, one line."""
    text = html.unescape(_without_tags(markup[: most * 20]))
    return " ".join(_without_tags(text).split())[:most]


def _without_tags(markup: str) -> str:
    return _TAG.sub("", _CODE.sub("", markup))


def local(tag: object) -> str:
    """A tag's name in lower case without its namespace; empty for what is no element."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
