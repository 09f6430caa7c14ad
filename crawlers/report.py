"""What a crawl says on standard output: one JSON line for each finished address, then a summary."""

import contextlib
from collections import Counter
from typing import Any, TextIO

import msgspec

from crawlers.fetching.outcomes import End

GOOD = frozenset({"fetched", "unchanged"})
MOST_SEEDS = 10_000


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
    """Counts and prints how everything ended; each address exactly once.

    Of each source, what was discovered is what ended and what is still pending.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._outcomes: dict[str, Counter[str]] = {}
        self._pending: dict[str, str] = {}
        self.seeds: list[SeedEnd] = []

    def found(self, url: str, source: str) -> None:
        """An address is to be looked at by this crawl."""
        self._pending[url] = source

    def left(self, url: str) -> None:
        """An address is not looked at by this crawl after all: another one does."""
        self._pending.pop(url, None)

    def address(self, url: str, end: End, *, source: str, kind: str = "page") -> None:
        """One address is done. A listing that could be read is not counted among the pages."""
        source = self._pending.pop(url, source)
        if kind in {"page", "unknown"} or end.outcome not in GOOD:
            self._outcomes.setdefault(source, Counter())[end.outcome] += 1
        self._say({"url": url, "kind": kind, "outcome": end.outcome, "reason": end.reason})

    def seed(self, end: SeedEnd) -> None:
        self.seeds.append(end)
        if len(self.seeds) > MOST_SEEDS:
            del self.seeds[0]

    def summary(self) -> None:
        """The last line: all seeds, and all addresses by outcome, together and by source."""
        sources: dict[str, dict[str, int]] = {}
        pending = Counter(self._pending.values())
        for source in sorted({*self._outcomes, *pending}):
            ends = dict(sorted(self._outcomes.get(source, Counter()).items()))
            sources[source] = {**ends, **({"pending": pending[source]} if pending[source] else {})}
        total = sum((Counter(ends) for ends in sources.values()), Counter[str]())
        self._say(
            {
                "summary": {
                    "seeds": self.seeds,
                    "discovered": sum(total.values()),
                    "outcomes": dict(sorted(total.items())),
                    "sources": sources,
                }
            }
        )

    @property
    def failed(self) -> bool:
        """Whether a seed itself could not be read."""
        return any(seed.outcome not in GOOD for seed in self.seeds)

    def _say(self, line: dict[str, Any]) -> None:
        # A reader that went away ends nothing: what was fetched is in the log and the store.
        with contextlib.suppress(BrokenPipeError):
            self._out.write(msgspec.json.encode(line).decode() + "\n")
            self._out.flush()
