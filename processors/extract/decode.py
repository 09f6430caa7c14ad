"""Bytes to text: which charset a page is really in, and text without hostile characters.

A declared charset is a witness, not the judge. The order: byte order mark; bytes that are valid
UTF-8; else the header's, the page's own and windows-1252, whichever reads with the least damage
(a tie goes to the earlier one); a statistical guess only when all of those read badly. Labels
mean what browsers take them to mean: ``iso-8859-1`` is windows-1252, ``gb2312`` is gb18030.
"""

import codecs
import re
import unicodedata

from w3lib.encoding import resolve_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_META_WINDOW = 4096
_SAMPLE = 200_000

_DAMAGE = re.compile(
    "\ufffd|[\x80-\x9f]"  # undecodable bytes, C1 controls
    "|[ÂÃâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ]"  # UTF-8 read as windows-1252
    "|[A-Za-z][\u0400-\u04ff\u0370-\u03ff]|[\u0400-\u04ff\u0370-\u03ff][A-Za-z]"
)
"""What text looks like that was read in the wrong charset; two scripts in one word among it."""

_CP1252_CONTROLS = {
    code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)
}
_STRIPPED = dict.fromkeys(
    (
        *range(9),
        *(0x0B, 0x0C),
        *range(0x0E, 0x20),
        *(0x7F, 0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xFFF9, 0xFFFC),
    )
)
"""Controls, the soft hyphen, zero-width characters and direction overrides."""
_TABLE = _STRIPPED | _CP1252_CONTROLS
_HOSTILE = re.compile(f"[{re.escape(''.join(map(chr, sorted(_TABLE))))}]")
_MARK_RUN = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{8})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[1-8]|1[124-9]|2\d|3[01]|127)(?!\d)|x0*(?:[1-8bcef]|1[\da-f]|7f)(?![\da-f]));?",
    re.IGNORECASE,
)
"""``&#8;`` and its like: lxml reads them and then refuses to have them written."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode_page(body: bytes, content_type: str = "") -> str:
    """The text of a page as fetched; never raises, what cannot be read becomes U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if (wide := _wide_without_mark(body)) is not None:
        return body.decode(wide, "replace")
    try:
        if b"\x1b$" not in body:  # ISO-2022-JP is valid UTF-8, and is not
            return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = [name for name in (_from_header(content_type), _from_meta(body)) if name]
    return _least_damaged(body, [*declared, "utf-8", "cp1252"])


def _from_header(content_type: str) -> str | None:
    found = _HEADER_CHARSET.search(content_type[:500])
    return resolve_encoding(found[1]) if found else None


def _from_meta(body: bytes) -> str | None:
    """The page's own word; what can be read as ASCII so far is not UTF-16, whatever it says."""
    found = _META_CHARSET.search(body[:_META_WINDOW])
    name = resolve_encoding(found[1].decode("ascii", "ignore")) if found else None
    return "utf-8" if name and name.startswith("utf-16") else name


def _wide_without_mark(body: bytes) -> str | None:
    start = body[:64]
    if len(start) < 8:
        return None
    if not any(start[1::2]) and all(start[0::2]):
        return "utf-16-le"
    if not any(start[0::2]) and all(start[1::2]):
        return "utf-16-be"
    return None


def _least_damaged(body: bytes, names: list[str]) -> str:
    sample = body[:_SAMPLE]
    costs = {name: _damage(sample, name) for name in dict.fromkeys(names)}
    best = min(costs, key=lambda name: costs[name])
    if costs[best] > 0 and (guess := _guess(sample)) and _damage(sample, guess) < costs[best]:
        best = guess
    return body.decode(best, "replace")


def _damage(sample: bytes, name: str) -> int:
    try:
        return len(_DAMAGE.findall(sample.decode(name, "replace")))
    except (LookupError, UnicodeError):
        return len(sample)


def _guess(sample: bytes) -> str | None:
    """A statistical guess; slow, so it is asked last and about a part."""
    from charset_normalizer import from_bytes

    match = from_bytes(sample[:20_000], steps=3).best()
    return match.encoding if match else None


def without_controls(text: str) -> str:
    """A whole page, fit for a parser; what is taken from it is cleaned in full later.

    By way of UTF-8, where a control character is always a byte of its own: a page is large, and
    bytes are dropped ten times faster than characters.
    """
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raw = _mended(text).encode()
    return _CONTROL_REFERENCE.sub(b"", raw.translate(None, _CONTROL_BYTES)).decode()


def clean_text(text: str) -> str:
    """NFC, without controls, direction overrides, zero-width marks and lone surrogates.

    C1 controls become the windows-1252 characters that their writers meant; runs of combining
    marks are cut to eight, since ordering them takes quadratic time.
    """
    if text.isascii():
        return _CONTROL.sub("", text)
    text = _MARK_RUN.sub(r"\1", _HOSTILE.sub(_replacement, _mended(text)))
    return unicodedata.normalize("NFC", text)


def _mended(text: str) -> str:
    """Surrogates joined to the characters that they mean; a lone one becomes U+FFFD."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _replacement(found: re.Match[str]) -> str:
    return _TABLE[ord(found[0])] or ""


def one_line(text: str) -> str:
    """``clean_text`` with all white space folded to single blanks."""
    return " ".join(clean_text(text).split())
