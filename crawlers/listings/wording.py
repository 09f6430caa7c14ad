"""What a reader would see of a title or a summary: plain text on one line, nothing that acts."""

import html
import re

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_C1 = re.compile("[\x80-\x9f]")
_HIDDEN = re.compile(r"<(/?)(script|style|applet|template|noembed|noframes)\b[^<>]*>", re.I)
_TAG = re.compile(
    r"<(?:/?([A-Za-z][A-Za-z0-9]*)(?::[\w-]+)?(?=[\s/>])[^<>]*|![A-Za-z\[][^<>]*|\?[^<>]*)>"
)
_ELEMENTS = frozenset(
    (
        "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b",
        "base", "basefont", "bdi", "bdo", "big", "blink", "blockquote", "body", "br", "button",
        "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del",
        "details", "dfn", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption",
        "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5",
        "h6", "head", "header", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd",
        "keygen", "label", "layer", "legend", "li", "link", "main", "map", "mark", "marquee",
        "math", "menu", "meta", "meter", "nav", "nobr", "noembed", "noframes", "noscript",
        "object", "ol", "optgroup", "option", "output", "p", "param", "picture", "plaintext",
        "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "section", "select",
        "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg",
        "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title",
        "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xml", "xmp",
    )
)  # fmt: skip
"""What is taken out as markup; ``Vec<T>`` is no markup, and stays."""


def plain(markup: str, most: int = 1000) -> str:
    """What a reader would see: no tags, no entities, no scripts, one line of ``most`` characters.

    Publishers escape once too often as often as not, so markup is looked for twice.
    """
    if not markup:
        return ""
    text = _without_tags(html.unescape(_without_tags(markup[: most * 20])))
    text = _CONTROL.sub("", _C1.sub(_windows, _mended(text)))
    return " ".join(text.split())[:most].rstrip()


def _mended(text: str) -> str:
    """UTF-8 that somebody read as Latin-1 and wrote as UTF-8 once more, read as it was meant."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _windows(control: re.Match[str]) -> str:
    """Control characters that nobody means are what Windows has in their place."""
    return control[0].encode("latin-1").decode("windows-1252", "ignore")


def _without_tags(markup: str) -> str:
    """Tags taken out, and scripts and their like with all that is in them."""
    if "<" not in markup and "]]>" not in markup:
        return markup
    kept: list[str] = []
    at, inside = 0, ""
    for tag in _HIDDEN.finditer(markup):
        closing, name = tag[1], tag[2].lower()
        if not inside and not closing:
            kept.append(markup[at : tag.start()])
            inside = name
        elif inside == name and closing:
            inside, at = "", tag.end()
    if not inside:
        kept.append(markup[at:])
    text = _without_comments("".join(kept))
    return _TAG.sub(_taken, text.replace("<![CDATA[", "").replace("]]>", ""))


def _without_comments(markup: str) -> str:
    kept: list[str] = []
    at = 0
    while (begin := markup.find("<!--", at)) >= 0 and (end := markup.find("-->", begin + 4)) >= 0:
        kept.append(markup[at:begin])
        at = end + 3
    return "".join((*kept, markup[at:]))


def _taken(tag: re.Match[str]) -> str:
    name = tag[1]
    return tag[0] if name and name.lower() not in _ELEMENTS and ":" not in tag[0][:40] else ""
