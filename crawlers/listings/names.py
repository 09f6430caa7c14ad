"""What the elements of a feed are called, whatever namespace and prefix their publisher uses.

A name is ``title``, ``dc:date``, ``media:group``: in lower case, with the usual prefix of its
namespace; RSS, RDF and Atom have none, since feeds mix them. Publishers misspell addresses of
namespaces, so neither scheme nor case nor a last slash counts, and where the address says nothing,
the prefix does.
"""

from functools import lru_cache

from lxml import etree

_SPACES = {
    "w3.org/2005/atom": "",
    "purl.org/atom/ns": "",
    "purl.org/rss/1.0": "",
    "purl.org/rss/2.0": "",
    "purl.org/net/rss1.1": "",
    "purl.org/rss/1.0/modules/rss091": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "backend.userland.com/rss": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss/rss.html": "",
    "cyber.harvard.edu/rss/rss.html": "",
    "rssboard.org/rss-specification": "",
    # What Atom was called before it had a name.
    "purl.org/echo": "",
    "purl.org/pie": "",
    "uri/of/echo/namespace": "",
    "example.com/necho": "",
    "example.com/newformat": "",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "purl.org/rss/1.0/modules/slash": "slash",
    "purl.org/syndication/thread/1.0": "thr",
    "purl.org/rss/1.0/modules/threading": "thr",
    "wellformedweb.org/commentapi": "wfw",
    "search.yahoo.com/mrss": "media",
    "video.search.yahoo.com/mrss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "webns.net/mvcb": "admin",
    "xmlns.com/foaf/0.1": "foaf",
    "georss.org/georss": "georss",
    "opengis.net/gml": "gml",
    "w3.org/2003/01/geo/wgs84_pos": "geo",
    "prismstandard.org/namespaces/basic/2.0": "prism",
    "prismstandard.org/namespaces/1.2/basic": "prism",
    "w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "w3.org/1999/xhtml": "xhtml",
    "w3.org/2000/svg": "svg",
    "w3.org/1998/math/mathml": "math",
}
_PREFIXES = {
    "atom": "", "atom10": "", "atom03": "", "a10": "", "a": "", "rss": "", "rss1": "",
    **{prefix: prefix for prefix in set(_SPACES.values()) if prefix},
}  # fmt: skip
XML = "{http://www.w3.org/XML/1998/namespace}"


def name_of(element: etree._Element) -> str:
    """The element's name; empty for what is no element."""
    tag = element.tag
    return _name(tag, element.prefix) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _name(tag: str, prefix: str | None) -> str:
    space, _, name = tag.rpartition("}")
    if not space and ":" in name:  # a prefix that nothing declares
        prefix, _, name = name.partition(":")
    known = _SPACES.get(_plain(space.removeprefix("{")))
    if known is None:
        known = _PREFIXES.get(prefix.lower(), prefix.lower()) if prefix else ""
    return f"{known}:{name.lower()}" if known else name.lower()


def _plain(address: str) -> str:
    """``http://WWW.w3.org/2005/Atom/`` and ``https://w3.org/2005/atom`` are one."""
    plain = address.strip().lower()
    plain = plain.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    plain = plain.partition("#")[0].rstrip("/")
    return "backend.userland.com/rss" if "backend.userland.com/rss" in plain else plain


def attribute(element: etree._Element, *names: str) -> str:
    """The first of these attributes that there is, however its letters are written."""
    attributes = element.attrib
    if not attributes:
        return ""
    for name in names:
        if (exact := attributes.get(name)) is not None:
            return str(exact)
    for given, value in list(attributes.items())[:40]:
        if str(given).rpartition(":")[2].lower() in names:
            return str(value)
    return ""
