"""Who an article is: canonical address, id, and the hashes that tell an edit from a repeat."""

import hashlib
import re
import unicodedata
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, quote_plus, unquote_to_bytes, urlsplit

TRACKING = re.compile(
    r"^(utm_.*|mtm_.*|pk_.*|at_.*|ns_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|"
    r"igshid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|cmpid|cmp|ito|ref|ref_src|ref_url|referrer|"
    r"smid|smtyp|partner|sh|spm|wt\.mc_id|guccounter|guce_.*|jsessionid|phpsessid|sid)$",
    re.IGNORECASE,
)
"""Query parameters that name the road to a page, not the page."""

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL = 2083

_SESSION_PATH = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*", re.ASCII)
_BRACKETS = re.compile(r"\[[0-9A-Fa-f:.]+\](?::[0-9]*)?")  # without the name of a network link
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
# What RFC 3986 lets stand in a path and in the name or value of a query.
_IN_PATH = "%/!$&'()*+,;=:@"
_IN_QUERY = "/!$'()*,;:@?"
_BLANK = "".join(map(chr, range(0x21)))


def canonical_url(url: str) -> str:
    """The one spelling of an address, in ASCII, that still leads to the same page.

    Lower-case host in its ASCII form, no user, no default port, no fragment, no tracking,
    sorted query; dot segments resolved; letters that need no escape unescaped, the others
    escaped as UTF-8. What is escaped already keeps its bytes, whatever their encoding.

    Raises:
        ValueError: not an absolute http or https address, or longer than 2,083 characters.
    """
    text = url.strip().strip(_BLANK)
    _check_length(text)
    parts = urlsplit(text)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an absolute http or https address: {text[:200]!r}")
    query = _query(parts.query)
    address = f"{parts.scheme}://{_host(parts)}{_path(parts.path)}{query and '?' + query}"
    _check_length(address)
    return address


def _check_length(address: str) -> None:
    if len(address) > MAX_URL:
        raise ValueError(f"address of {len(address)} characters is longer than {MAX_URL}")


def _host(parts: SplitResult) -> str:
    """Raises ValueError for what browsers and libraries read differently, or not at all."""
    given = parts.hostname or ""
    if "[" in parts.netloc:
        if not _BRACKETS.fullmatch(parts.netloc.rpartition("@")[2]):
            raise ValueError(f"not a host address: {parts.netloc[:200]!r}")
        name = f"[{IPv6Address(given)}]"
    else:
        try:
            name = (given if given.isascii() else given.encode("idna").decode()).lower()
        except UnicodeError as error:
            raise ValueError(f"not a host name: {given[:200]!r}") from error
        name = name.removesuffix(".")
        if "\\" in parts.netloc or not _HOST.fullmatch(name):
            raise ValueError(f"not a host name: {given[:200]!r}")
    port = parts.port
    return name if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{name}:{port}"


def _path(path: str) -> str:
    plain = quote(_ESCAPE.sub(_tidy, path), safe=_IN_PATH)
    kept: list[str] = []
    segments = _SESSION_PATH.sub("", plain).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _tidy(escape: re.Match[str]) -> str:
    if not escape[1]:
        return "%25"  # a percent sign that stands for itself
    code = int(escape[1], 16)
    return chr(code) if code in _UNRESERVED else escape[0].upper()


def _query(query: str) -> str:
    kept = []
    for piece in query.split("&"):
        name, equals, value = piece.partition("=")
        plain = _form(name)
        if piece and not TRACKING.match(plain):
            kept.append((plain, equals, _form(value)))
    return "&".join("".join(each) for each in sorted(kept))


def _form(text: str) -> str:
    return quote_plus(unquote_to_bytes(text.replace("+", " ")), safe=_IN_QUERY)


def article_id(url: str) -> str:
    """32 hexadecimal digits from the canonical address; http and https, ``/a`` and ``/a/`` agree.

    Raises ValueError as ``canonical_url`` does.
    """
    address = canonical_url(url).partition("://")[2]
    path, mark, query = address.partition("?")
    return _digest((path.rstrip("/") + mark + query).encode())


def bytes_hash(body: bytes) -> str:
    """Of a page as fetched: tells whether its server sent the same bytes again."""
    return _digest(body)


def content_hash(title: str, body: str) -> str:
    """Of what a reader sees: NFC, white space folded, so that only an edit changes it."""
    text = unicodedata.normalize("NFC", f"{title}\n{body}")
    return _digest(" ".join(text.split()).encode("utf-8", "surrogatepass"))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
