"""What a crawl says on standard output: one JSON line for each finished address, then a summary."""

import contextlib
from collections import Counter
from typing import Any, TextIO

import msgspec

from crawlers.outcomes import End

GOOD = frozenset({"fetched", "unchanged"})


class SeedEnd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one seed turned out to be."""

    seed: str
    kind: str
    """``feed``, ``sitemap``, ``index`` (of sitemaps), ``page``; ``listing``: a feed or a sitemap
    that did not change; ``unknown``: it could not be read."""
    outcome: str
    reason: str = ""
    entries: int = 0


class Report:
    """Counts and prints how everything ended; each address exactly once."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._outcomes: Counter[str] = Counter()
        self.seeds: list[SeedEnd] = []

    def address(self, url: str, end: End, *, kind: str = "page") -> None:
        """One address is done. A listing that could be read is not counted among the pages."""
        if kind in {"page", "unknown"} or end.outcome not in GOOD:
            self._outcomes[end.outcome] += 1
        self._say({"url": url, "kind": kind, "outcome": end.outcome, "reason": end.reason})

    def seed(self, end: SeedEnd) -> None:
        self.seeds.append(end)

    def summary(self) -> None:
        """The last line: all seeds, and all addresses by outcome."""
        outcomes = dict(sorted(self._outcomes.items()))
        self._say({"summary": {"seeds": self.seeds, "outcomes": outcomes}})

    @property
    def failed(self) -> bool:
        """Whether a seed itself could not be read."""
        return any(seed.outcome not in GOOD for seed in self.seeds)

    def _say(self, line: dict[str, Any]) -> None:
        # A reader that went away ends nothing: what was fetched is in the log and the store.
        with contextlib.suppress(BrokenPipeError):
            self._out.write(msgspec.json.encode(line).decode() + "\n")
            self._out.flush()
