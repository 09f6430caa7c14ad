"""Which charset the bytes of a feed, a sitemap or a JSON document are really in."""

import codecs
import re

_DECLARED = re.compile(r"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    # Without a mark, by what the first characters look like (XML 1.0, appendix F).
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"{\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00{", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"{\x00", "utf-16-le"),
    (b"\x00{", "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"
"""``<?xm`` as mainframes write it."""
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32", "utf16", "utf32", "u16", "u32", "ucs-2", "ucs-4",
         "csucs4", "csunicode", "iso-10646-ucs")  # fmt: skip
_WIDER = {
    "iso8859-1": "windows-1252",
    "ascii": "windows-1252",
    "iso8859-9": "windows-1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
"""Who declares the first writes the second, as https://encoding.spec.whatwg.org has it."""
_REFUSED = frozenset({"utf-7", "idna", "punycode", "raw_unicode_escape", "unicode_escape"})


def decode(body: bytes, content_type: str = "") -> str:
    """Text of an XML or JSON body. Never raises.

    The byte order mark decides; then UTF-8 where the bytes are that beyond doubt, since that is
    no accident; then what HTTP and what the declaration say (RFC 7303 has that order; that
    ``text/xml`` without a charset were US-ASCII, as RFC 3023 had it, no publisher ever meant);
    then the better of two guesses.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body.decode(charset, "replace").removeprefix("\ufeff")
    if body.startswith(_EBCDIC):
        return _ebcdic(body)
    named = [match[1] for match in (_IN_HEADER.search(content_type),) if match]
    opening = body[:400].decode("latin-1")
    named += [match[1] for match in (_DECLARED.match(opening),) if match]
    if not body.isascii() and b"\x1b$" not in body:  # ISO-2022-JP is ASCII, and is not
        named.insert(0, "utf-8")
    for charset in filter(_usable, named):
        try:
            return body.decode(_WIDER.get(codecs.lookup(charset).name, charset))
        except UnicodeDecodeError:
            continue
    return _guessed(body, named)


def _guessed(body: bytes, named: list[str]) -> str:
    """A few bad bytes are damage to text in the charset that it says; many are another charset."""
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * 100 <= len(text):
        return text
    for charset in filter(_usable, named[1:]):
        text = body.decode(_WIDER.get(codecs.lookup(charset).name, charset), "replace")
        if text.count("\ufffd") * 100 <= len(text):
            return text
    return body.decode("windows-1252", "replace")


def _ebcdic(body: bytes) -> str:
    """The declaration says which of the kind; all of them agree on what a declaration needs."""
    found = _DECLARED.match(body[:400].decode("cp037"))
    charset = found[1] if found and _usable(found[1]) else "cp037"
    text = body.decode(charset, "replace")
    return text if text.startswith("<?xm") else body.decode("cp037", "replace")


def _usable(charset: str) -> bool:
    try:
        codec = codecs.lookup(charset)
    except LookupError:
        return False
    # A wide charset would have shown in the first bytes.
    wide = charset.lower().startswith(_WIDE)
    return codec._is_text_encoding and codec.name not in _REFUSED and not wide
