"""What publishers reserve: whether a page may be indexed, mined, or used to train models.

Read from what they send: HTTP headers, ``<meta>``, robots.txt (``Content-Usage`` of the IETF's
drafts draft-ietf-aipref-vocab-08 and -attach-05, ``Content-Signal``), TDMRep
(``tdm-reservation``, ``/.well-known/tdmrep.json``) and ``ai.txt``. All of it is hostile, so
everything is bounded and what cannot be read says nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

Purpose = Literal["index", "mining", "training"]
"""index     not to be found by a search
mining    no text and data mining (Article 4 of the EU's directive 2019/790)
training  no models are to be made of it
"""
NOTED = "beatwire-opt-outs"
"""The header of a ``Page`` under which a crawl notes what was said elsewhere than on the page."""
TOKEN = "beatwire"  # noqa: S105 - our product token, in lower case
MOST = 20
_TEXT = 500_000
_HEAD = 256 * 1024
_SHOWN = 80


class OptOut(msgspec.Struct, frozen=True):
    """One thing that a publisher reserves, and where it says so."""

    purpose: Purpose
    says: str
    """Such as ``meta robots: noindex``, cut to be shown."""


_DIRECTIVES: dict[str, Purpose] = {
    "noindex": "index",
    "none": "index",
    "noai": "training",
    "notrain": "training",
    "noml": "training",
}
_USAGES: dict[str, Purpose] = {
    "search": "index",
    "bots": "mining",
    "automated": "mining",
    "ai-input": "mining",
    "ai-use": "mining",
    "ai-output": "mining",
    "train-ai": "training",
    "train-genai": "training",
    "ai-train": "training",
}
_NO = frozenset({"n", "no", "?0"})


def in_headers(headers: Mapping[str, str]) -> tuple[OptOut, ...]:
    """Of a response's headers, whose names are in lower case."""
    found = [
        *_directives(headers.get("x-robots-tag", ""), "X-Robots-Tag"),
        *_usages(headers.get("content-usage", ""), "Content-Usage"),
    ]
    if headers.get("tdm-reservation", "").strip() == "1":
        found.append(OptOut("mining", "tdm-reservation: 1"))
    noted = (part.partition("=") for part in headers.get(NOTED, "").split(" | "))
    found += [OptOut(purpose, says) for name, _, says in noted if (purpose := _purpose(name))]
    return _once(found)


def as_header(found: Iterable[OptOut]) -> str:
    """What ``in_headers`` reads back from the header ``NOTED``."""
    return " | ".join(f"{each.purpose}={each.says}" for each in found)


def _purpose(name: str) -> Purpose | None:
    known: dict[str, Purpose] = {"index": "index", "mining": "mining", "training": "training"}
    return known.get(name)


_META = re.compile(rb"<meta\s([^<>]{1,2000})>", re.IGNORECASE)
_PAIR = re.compile(rb"([a-zA-Z-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


def in_page(body: bytes) -> tuple[OptOut, ...]:
    """Of the ``<meta>`` elements in a page's head."""
    found: list[OptOut] = []
    for match in _META.finditer(_without_comments(body[:_HEAD])):
        pairs = {
            pair[1].lower(): (pair[2] or pair[3] or pair[4] or b"").decode("latin-1")
            for pair in _PAIR.finditer(match[1])
        }
        name, content = pairs.get(b"name", "").strip().lower(), pairs.get(b"content", "")
        if name in {"robots", TOKEN}:
            found += _directives(content, f"meta {name}")
        elif name == "tdm-reservation" and content.strip() == "1":
            found.append(OptOut("mining", "meta tdm-reservation: 1"))
    return _once(found)


def _without_comments(html: bytes) -> bytes:
    parts = []
    at = 0
    while (start := html.find(b"<!--", at)) >= 0:
        parts.append(html[at:start])
        end = html.find(b"-->", start + 4)
        if end < 0:
            return b"".join(parts)
        at = end + 3
    return b"".join([*parts, html[at:]])


def _directives(text: str, where: str) -> Iterator[OptOut]:
    """Of a list of directives, some of which may be for one agent: ``otherbot: noindex, noai``."""
    agent = ""
    for part in text[:_TEXT].lower().split(","):
        before, colon, after = part.partition(":")
        word = part.strip()
        if colon and before.strip() not in {"unavailable_after", *_LIMITS}:
            agent, word = before.strip(), after.strip()
        if agent in {"", "*", TOKEN} and (purpose := _DIRECTIVES.get(word)):
            yield OptOut(purpose, f"{where}: {word}")


_LIMITS = ("max-snippet", "max-image-preview", "max-video-preview")


def _usages(text: str, where: str) -> Iterator[OptOut]:
    """Of ``train-ai=n, search=y`` and its relatives."""
    for part in text[:_TEXT].lower().split(","):
        name, _, value = (word.strip() for word in part.partition("="))
        purpose = _USAGES.get(name)
        if purpose and value.partition(";")[0].strip() in _NO:
            yield OptOut(purpose, f"{where}: {name}={value[:10]}")


# Of a whole site


def in_robots(text: str, path: str) -> tuple[OptOut, ...]:
    """What robots.txt reserves for us at a path (with its query), apart from what it forbids.

    The rules of the group for our product token, else of that for all. Of several
    ``Content-Usage`` with paths the longest that fits counts.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: set[str] = set()
    open_group = named = False
    for line in text[:_TEXT].splitlines():
        name, _, value = (word.strip() for word in line.partition("#")[0].partition(":"))
        name = name.lower()
        if name == "user-agent":
            agents = agents if open_group else set()
            agents |= {value.lower()} & {"*", TOKEN}
            open_group = True
            for agent in agents:  # one without such rules has none; those for all are not its own
                groups.setdefault(agent, [])
        elif name:
            open_group, named = False, named or open_group
            if name in {"content-usage", "content-signal"}:
                for agent in agents if named else {"*"}:
                    groups.setdefault(agent, []).append((name, value))
    rules = groups.get(TOKEN, groups.get("*", []))
    signals = [value for name, value in rules if name == "content-signal"]
    usage = _longest([_placed(value) for name, value in rules if name == "content-usage"], path)
    found = [each for value in signals for each in _usages(value, "robots.txt Content-Signal")]
    return _once([*found, *_usages(usage, "robots.txt Content-Usage")])


def _placed(value: str) -> tuple[str, str]:
    """The path of a rule and what it says there."""
    if not value.startswith("/"):
        return "/", value
    path, _, usage = value.partition(" ")
    return path, usage


def _longest(rules: list[tuple[str, str]], path: str) -> str:
    fitting = [rule for rule in rules if _fits(rule[0], path)]
    return max(fitting, key=lambda rule: len(rule[0]))[1] if fitting else ""


def _fits(pattern: str, path: str) -> bool:
    """RFC 9309's patterns: ``*`` is anything, ``$`` at the end is the end. Never backtracks."""
    ends = pattern.endswith("$")
    pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not ends or at == len(path) or (len(pieces) > 1 and path.endswith(pieces[-1]))


def in_tdmrep(data: bytes, path: str) -> tuple[OptOut, ...]:
    """What ``/.well-known/tdmrep.json`` reserves at a path; the first location that fits counts."""
    try:
        rules = msgspec.json.decode(data[:_TEXT])
    except (ValueError, RecursionError):
        return ()
    for rule in rules if isinstance(rules, list) else ():
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str) and _fits(location, path):
            return _reserved(rule)
    return ()


def _reserved(rule: dict[str, Any]) -> tuple[OptOut, ...]:
    if str(rule.get("tdm-reservation")) != "1":
        return ()
    return (OptOut("mining", f"tdmrep.json: {rule['location']}"[:_SHOWN]),)


_TRAINING = re.compile(r"^training\s*:\s*(deny|disallow|no)\s*$", re.IGNORECASE | re.MULTILINE)
_TEXTS = (".html", ".htm", ".txt", "/")


def in_ai_txt(text: str, path: str) -> tuple[OptOut, ...]:
    """What ``ai.txt`` forbids at a path, in the form of robots.txt or as ``Training: deny``."""
    cut = text[:_TEXT]
    if _TRAINING.search(cut):
        return (OptOut("training", "ai.txt: training"),)
    agent, best, forbids = "*", -1, False
    for line in cut.splitlines():
        name, _, value = (word.strip() for word in line.partition("#")[0].partition(":"))
        kind = name.lower()
        if kind == "user-agent":
            agent = value.lower()
        elif kind in {"allow", "disallow"} and value and agent in {"*", TOKEN}:
            # A rule by ending is about texts when it ends as a page's address may.
            of_texts = value.startswith("*") and value[1:] in _TEXTS
            if (of_texts or _fits(value, path)) and len(value) >= best:
                best, forbids = len(value), kind == "disallow"
    return (OptOut("training", "ai.txt: disallow"),) if forbids else ()


def _once(found: Iterable[OptOut]) -> tuple[OptOut, ...]:
    return tuple(dict.fromkeys(found))[:MOST]


def refusal(found: Iterable[OptOut], *, obey: bool) -> str:
    """Why a page is left out, in words; empty when it is not.

    ``noindex`` always counts: what is left out of searches is left out of this one. The rest
    counts where it is to be obeyed.
    """
    kept = [each.says for each in found if obey or each.purpose == "index"]
    return "; ".join(kept[:3])
