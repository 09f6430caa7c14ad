"""A search to take along: the same search as a command, as a request, as a feed or a file."""

import shlex
from urllib.parse import urlencode

import msgspec

from services.web.clauses import Typed
from services.web.state import SearchState

API = "/api/v1/articles"
FORMATS = (
    ("Atom", "/feed.atom"),
    ("RSS", "/feed.rss"),
    ("JSON Feed", "/feed.json"),
    ("CSV", "/articles.csv"),
    ("JSON lines", "/articles.jsonl"),
)


class TakeAlong(msgspec.Struct, frozen=True):
    command: str
    curl: str
    links: tuple[tuple[str, str], ...]
    """Name and address of each feed and file."""


def take_along(state: SearchState, origin: str) -> TakeAlong:
    """The search of a state in other forms; ``origin`` is where these pages are, without a path.

    What goes to a shell is quoted for one. Programs and terminals fold copies when told to, and
    know days as parts of the query: their ``after`` is a place in the results.
    """
    first = state.but()
    asked = {"q": dated_query(state), "sort": state.sort, "fold": "1" if state.fold else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return TakeAlong(
        command=command(first),
        curl=shlex.join(["curl", "-s", f"{origin}{API}" + (f"?{query}" if query else "")]),
        links=tuple((name, first.address(path)) for name, path in FORMATS),
    )


def command(state: SearchState) -> str:
    """``beatwire search 'QUERY after:2025-01-01' --sort newest --fold``."""
    words = ["beatwire", "search"]
    if query := dated_query(state):
        words.append(query)
    if state.sort:
        words += ["--sort", state.sort]
    if state.fold:
        words.append("--fold")
    return shlex.join(words)


def dated_query(state: SearchState) -> str:
    """The query with the days of the state as its own clauses, on one line."""
    query = " ".join(state.q.split())
    for field, day in (("after", state.after), ("before", state.before)):
        if day:
            query = Typed.of(query).narrowed(f"{field}:{day}")
    return query
