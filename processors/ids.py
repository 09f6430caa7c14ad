"""Who an article is: canonical address, id, and the hashes that tell an edit from a repeat."""

import hashlib
import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

TRACKING = re.compile(
    r"^(utm_.*|mtm_.*|pk_.*|at_.*|ns_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|"
    r"igshid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|cmpid|cmp|ito|ref|ref_src|ref_url|referrer|"
    r"smid|smtyp|partner|sh|spm|wt\.mc_id|guccounter|guce_.*|jsessionid|phpsessid|sid)$",
    re.IGNORECASE,
)
"""Query parameters that name the road to a page, not the page."""

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL = 2083
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """The one spelling of an address: lower-case host, no fragment, no tracking, sorted query.

    Raises:
        ValueError: not an absolute http or https address, or longer than 2,083 characters.
    """
    text = url.strip()
    if len(text) > MAX_URL:
        raise ValueError(f"address of {len(text)} characters is longer than {MAX_URL}")
    parts = urlsplit(text)
    if parts.scheme.lower() not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an absolute http or https address: {text[:200]!r}")
    scheme = parts.scheme.lower()
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not TRACKING.match(name)
    )
    path = _SESSION_PATH.sub("", parts.path) or "/"
    return urlunsplit(
        (scheme, _host(parts.hostname, parts.port, scheme), path, urlencode(query), "")
    )


def _host(hostname: str, port: int | None, scheme: str) -> str:
    name = hostname.rstrip(".").lower()
    try:
        name = name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError as error:
        raise ValueError(f"not a host name: {hostname[:200]!r}") from error
    if ":" in name:
        name = f"[{name}]"
    return name if port in (None, DEFAULT_PORTS[scheme]) else f"{name}:{port}"


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
