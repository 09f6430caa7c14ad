"""Rules for single sites, as dated data: where a publisher's pages need more than what is general.

A file holds ``[[rule]]`` tables, see ``Rule``; ``docs/extraction.md`` tells how to write one. The
rule of a page is the last one of its host that began by the day of its fetch, so that what was
fetched before a change of layout is still read by the rule of its time.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from lxml.html import HtmlElement

FOLDER = Path(__file__).parent / "rules"
Select = Callable[[HtmlElement], list[HtmlElement]]
_SELECTORS = ("body", "title", "authors", "published", "drop")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is different about one host's pages; lists hold CSS selectors, the first that finds
    something counts (of ``drop`` all do).
    """

    host: str
    """The host without ``www.``; its other subdomains are hosts of their own."""
    since: date
    """The first day of the layout."""
    why: str
    """What goes wrong without it, for whom mends it one day."""
    body: tuple[str, ...] = ()
    """Elements that hold the text, all that the selector finds."""
    title: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """By-lines, all that the selector finds."""
    published: tuple[str, ...] = ()
    """An element whose ``datetime``, ``content`` or text is the time."""
    drop: tuple[str, ...] = ()
    """What is taken out before anything is read."""
    day_order: Literal["day-month", "month-day"] | None = None
    """How ``03/04/2025`` is to be read here."""

    def __post_init__(self) -> None:
        if self.host != self.host.lower().removeprefix("www.") or "/" in self.host:
            raise ValueError(f"host: write {self.host!r} in small letters, without www. and path")
        if not self.why.strip():
            raise ValueError("why: say what goes wrong without the rule")
        for name in _SELECTORS:
            for text in getattr(self, name):
                selector(text)

    def find(self, name: str, tree: HtmlElement) -> list[HtmlElement]:
        """What the first selector of this kind finds that finds anything."""
        found = (selector(text)(tree) for text in getattr(self, name))
        return next(filter(None, found), [])


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[Rule, ...] = ()


class SiteRules:
    """Rules by host; later files go before earlier ones where both have one of the same day."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._by_host: dict[str, list[Rule]] = {}
        for rule in sorted(rules, key=lambda rule: rule.since):
            self._by_host.setdefault(rule.host, []).append(rule)

    def of(self, url: str, fetched_at: datetime | None) -> Rule | None:
        """The rule of a page; None for most. Without a time of fetch it is the newest."""
        rules = self._by_host.get(_host(url), ())
        day = fetched_at.date() if fetched_at else date.max
        return next((rule for rule in reversed(rules) if rule.since <= day), None)

    def __iter__(self) -> Any:
        return (rule for rules in self._by_host.values() for rule in rules)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@cache
def selector(text: str) -> Select:
    """A CSS selector, ready for use. Raises ValueError when it is none."""
    try:
        found: Select = CSSSelector(text, translator="html")
    except (ValueError, SelectorError, XPathError) as error:
        raise ValueError(f"{text!r} is no CSS selector: {error}") from error
    return found


def parse_rules(text: str, name: str) -> tuple[Rule, ...]:
    """The rules of a TOML file's text. Raises ValueError that names the file and what is wrong."""
    try:
        return msgspec.toml.decode(text.encode(), type=_File).rule
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: {error}") from error


def load_rules(extra: Path | None = None) -> SiteRules:
    """Our own rules, and those of a further file, which go first.

    Raises ValueError for a bad rule, OSError when the file cannot be read.
    """
    return SiteRules((*own_rules(), *(_read(extra) if extra else ())))


@cache
def own_rules() -> tuple[Rule, ...]:
    """All rules of this package's folder."""
    return tuple(rule for path in sorted(FOLDER.glob("*.toml")) for rule in _read(path))


def _read(path: Path) -> Sequence[Rule]:
    return parse_rules(path.read_text("utf-8"), str(path))
