"""Markup that is no XML made into XML, as readers for people would take it.

What a strict parser stops at: attributes without quotes or twice, ends that are missing, in the
wrong place or too many, brackets in text, CDATA without an end, a document that breaks off. Each
end tag closes what it names and all that was left open inside; a title or an address that the
document breaks off in is left out, since half of one is none. Linear in the length.
"""

import re
from collections.abc import Callable, Iterator

MAX_TAGS = 200_000
"""Tags of a document that is worth the time."""
_MARKUP = re.compile(
    r"<(?:!\[CDATA\[|!--|[?!]|(/?)([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)(?=[\s/>]))"
)
_ATTRIBUTE = re.compile(
    r"""([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)(?:\s*=\s*(?:"([^"<]*)"|'([^'<]*)'|([^\s"'<>]+)))?"""
)
_TAG_END = re.compile(r"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'](?=[^"'<>]*+>))*+>""")
_LONGEST_TAG = 100_000
_ENTRIES = frozenset({"item", "entry"})
_FRAME = frozenset({"rss", "feed", "channel", "rdf"})
_LEAVES = frozenset(
    (
        "title", "link", "guid", "id", "pubdate", "published", "updated", "issued", "modified",
        "created", "date", "creator", "language", "name", "email", "uri", "url", "ttl", "comments",
        "lastbuilddate", "category", "copyright", "generator", "origlink", "day", "hour",
    )
)  # fmt: skip
"""Elements that hold text alone: another of the feed's own begins where one was left open."""
_TOP = _ENTRIES | _LEAVES | {"description", "summary", "content", "encoded", "author", "source"}
_BRACKET = re.compile(r"<")
_OPEN_VALUE = re.compile(r"""=[^\s"'<>]+/$""")
"""An address without quotes that ends in a slash."""


def repair(text: str) -> str:
    """Well-formed XML of what ``text`` says; ``text`` has no document type and no bad reference."""
    build = _Build()
    at = 0
    for begin, end, kind, name, inside in _tokens(text, build.inside):
        build.text(text[at:begin])
        at = end
        if kind == "cdata":
            build.text(inside, data=True)
        elif kind == "start":
            build.start(name, inside)
        elif kind == "end":
            build.end(name)
        if build.done:
            break
    return build.finish(text[at:])


Token = tuple[int, int, str, str, str]
"""Where it begins and ends, its kind, the name, and what is inside."""


def _tokens(text: str, within: Callable[[], str]) -> Iterator[Token]:
    """The pieces of markup; ``within`` says which element is open at the moment."""
    at = 0
    while found := _MARKUP.search(text, at):
        begin, at = found.start(), found.end()
        opening = found[0]
        if opening == "<![CDATA[":
            inner, at = _data(text, at, within())
            yield begin, at, "cdata", "", inner
        elif opening == "<!--":
            end = text.find("-->", at)
            at = end + 3 if end >= 0 else at
            yield begin, at, "nothing", "", ""
        elif found[2]:
            close = _TAG_END.match(text, at, at + _LONGEST_TAG)
            if close is None:
                continue
            at = close.end()
            inside = text[found.end() : at - 1]
            yield begin, at, "end" if found[1] else "start", found[2], inside
        else:
            end = text.find(">", at)
            at = end + 1 if end >= 0 else at
            yield begin, at, "nothing", "", ""


def _data(text: str, at: int, element: str) -> tuple[str, int]:
    """What is in CDATA that begins at ``at``, and where it ends: at the latest with its element."""
    end, again = text.find("]]>", at), text.find("<![CDATA[", at)
    if end >= 0 and not 0 <= again < end:
        return text[at:end], end + 3
    closing = text.find(f"</{element}>", at) if element else -1
    if closing >= 0:
        return text[at:closing], closing
    return (text[at:end], end + 3) if end >= 0 else (text[at:], len(text))


class _Build:
    """Writes elements that nest as they should."""

    def __init__(self) -> None:
        self.done = False
        self._out: list[str] = []
        self._open: list[tuple[str, int]] = []

    def inside(self) -> str:
        """The name of the element that is open."""
        return self._open[-1][0] if self._open else ""

    def text(self, text: str, *, data: bool = False) -> None:
        if text and self._open:
            text = text.replace("&", "&#38;") if data else text
            self._out.append(_BRACKET.sub("&#60;", text).replace("]]>", "]]&#62;"))

    def start(self, name: str, inside: str) -> None:
        plain = _plain(name)
        if plain in _ENTRIES:
            self._close_entry()
        elif plain in _TOP and self._open and _plain(self._open[-1][0]) in _LEAVES:
            self._pop()
        inside = inside.rstrip()
        empty = inside.endswith("/") and not _OPEN_VALUE.search(inside)
        given: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(inside.removesuffix("/") if empty else inside):
            value = next((group for group in found.groups()[1:] if group is not None), found[1])
            given.setdefault(found[1], value.replace('"', "&#34;"))
        if not empty:
            self._open.append((name, len(self._out)))
        said = "".join(f' {key}="{value}"' for key, value in given.items())
        self._out.append(f"<{name}{said}{'/' if empty else ''}>")

    def end(self, name: str) -> None:
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - 200), -1):
            opened = self._open[depth][0]
            if opened == name:
                while len(self._open) > depth:
                    self._pop()
                self.done = not self._open
                return
            if _plain(opened) in _ENTRIES and _plain(name) not in _FRAME:
                return  # what ends outside of the entry did not begin in it

    def finish(self, rest: str) -> str:
        """The document; ``rest`` is what came after the last piece of markup."""
        if self._open and not self.done and _plain(self._open[-1][0]) in _LEAVES:
            del self._out[self._open.pop()[1] :]
        elif not self.done:
            self.text(rest)
        while self._open:
            self._pop()
        return "".join(self._out)

    def _pop(self) -> None:
        self._out.append(f"</{self._open.pop()[0]}>")

    def _close_entry(self) -> None:
        """Entries do not nest: one that begins ends the one before it."""
        depths = [at for at, (name, _) in enumerate(self._open[:50]) if _plain(name) in _ENTRIES]
        while depths and len(self._open) > depths[0]:
            self._pop()


def _plain(name: str) -> str:
    return name.rpartition(":")[2].lower()
