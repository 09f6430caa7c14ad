"""What a source may be, and how one is made of what somebody wrote: pure, for all who add any."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from processors.ids import canonical_url
from services.errors import UserError
from services.sources.spans import parse_span
from services.store.port import Source
from services.words import printable

KINDS: Mapping[str, str] = {
    "lab": "makes models",
    "vendor": "makes chips, clouds or tools",
    "newsroom": "a general newspaper or broadcaster",
    "trade": "the trade press",
    "wire": "press releases, or an agency",
    "regulator": "makes rules or enforces them",
    "research": "papers, journals, institutes",
    "community": "people who write about it",
}
MOST_NAME = 200
PRIORITIES = (-9, 9)
_GOOD_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9.-]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SAY_NOTHING = frozenset({"feed", "rss", "atom", "index", "sitemap", "feeds"})


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source as somebody wrote it down, not looked at yet; what is left out is empty."""

    url: str
    id: str = ""
    name: str = ""
    kind: str = ""
    language: str = ""
    home: str = ""
    every: str | float = ""
    """A span (``6h``) or seconds."""
    priority: int = 0
    paused: bool = False


class Known:
    """The sources that are there, by id and by address; ``take`` adds to them."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.by_id = {source.id: source for source in sources}
        self._by_url = {_canonical(source.url): source for source in self.by_id.values()}

    def at(self, url: str) -> Source | None:
        """The source with this address, however it is spelled."""
        return self._by_url.get(_canonical(url))

    def take(self, source: Source) -> None:
        self.by_id[source.id] = source
        self._by_url[_canonical(source.url)] = source


def new_source(draft: Draft, known: Known, now: datetime) -> Source:
    """The source that a draft asks for, with an id that no other has.

    Raises:
        UserError: one of its fields cannot be used, or its address or id is there already.
    """
    url = good_address(draft.url)
    if there := known.at(url):
        raise UserError(f"{url} is there already, as {there.id}")
    if draft.id:
        good_id(draft.id, known.by_id)
    return Source(
        id=draft.id or new_id(url, known.by_id),
        url=url,
        name=good_name(draft.name),
        added_at=now,
        paused=draft.paused,
        kind=good_kind(draft.kind),
        language=good_language(draft.language),
        home=good_address(draft.home) if draft.home.strip() else "",
        every=good_every(draft.every),
        priority=good_priority(draft.priority),
    )


def good_address(url: str) -> str:
    """The address as it was given, without blanks around it. Raises UserError."""
    text = url.strip()
    try:
        canonical_url(text)
    except ValueError as error:
        raise UserError(f"{error}; give the address of a feed, a sitemap or a page") from None
    if "@" in urlsplit(text).netloc:
        raise UserError("an address with a name and a password in it is not kept; leave them out")
    if not text.isprintable():
        raise UserError("there are control characters in this address; copy it once more")
    return text


def good_id(wanted: str, taken: Mapping[str, Source]) -> str:
    """An id that nobody has. Raises UserError."""
    if not _GOOD_ID.fullmatch(wanted):
        raise UserError(f"{wanted[:80]!r} is no id; use up to 64 of a-z, 0-9, dot, dash, _")
    if wanted in taken:
        raise UserError(f"the id {wanted} is taken by {taken[wanted].url}; choose another")
    return wanted


def good_name(name: str) -> str:
    """The name on one line, at most ``MOST_NAME`` characters of it."""
    plain = printable(name, " ")
    return " ".join(plain.split())[:MOST_NAME]


def good_kind(kind: str) -> str:
    """One of ``KINDS``, or empty. Raises UserError."""
    if kind and kind not in KINDS:
        raise UserError(f"{kind[:40]!r} is no kind of source; it is one of {', '.join(KINDS)}")
    return kind


def good_language(language: str) -> str:
    """Two (or three) letters, region left out; or empty. Raises UserError."""
    base = re.split("[-_]", language.strip().lower(), maxsplit=1)[0]
    if base and not _LANGUAGE.fullmatch(base):
        raise UserError(f"{language[:40]!r} is no language; write its two letters, as en or de")
    return base


def good_every(every: str | float) -> float | None:
    """Seconds; None when nothing is told. Raises UserError."""
    text = every if isinstance(every, str) else f"{every:.3f}"
    return parse_span(text) if text.strip() else None


def good_priority(priority: int) -> int:
    """Raises UserError for what is out of range."""
    least, most = PRIORITIES
    if not least <= priority <= most:
        raise UserError(f"{priority} is no priority; it is a number from {least} to {most}")
    return priority


def new_id(url: str, taken: Collection[str]) -> str:
    """The host, then the parts of the path that tell feeds of one host apart, then a number."""
    parts = urlsplit(url)
    host = (parts.hostname or "source").lower().removeprefix("www.")
    words = [word for word in _NOT_IN_AN_ID.sub("-", parts.path.lower()).split("-") if word]
    telling = [word.partition(".")[0] for word in words]
    tail = "-".join(word for word in telling if word and word not in _SAY_NOTHING)
    host = _NOT_IN_AN_ID.sub("-", host).strip("-.") or "source"
    options = [host[:60], f"{host}-{tail}"[:60].rstrip("-.")]
    options += [f"{options[0][:56]}-{number}" for number in range(2, len(taken) + 3)]
    return next(option for option in options if option not in taken)


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return url
