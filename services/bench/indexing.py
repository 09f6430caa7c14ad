"""``beatwire bench index``: articles put a second, beside the engine's own client on the same."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import msgspec

from services.bench.machine import Machine, seconds, this_machine
from services.bench.newsprint import newsprint
from services.bootstrap import raw_puts
from services.errors import UserError
from services.settings import Settings


class IndexBench(msgspec.Struct, frozen=True, kw_only=True):
    """What one run found: each batch was put both ways, one after the other."""

    machine: Machine
    engine: str
    articles: int
    batch: int
    """Articles of one ``put``, which is one commit of tantivy, or one bulk request and another."""
    beatwire_articles_per_second: float
    raw_articles_per_second: float
    """By the engine's own client, with documents that are ready."""
    ratio: float
    """Ours by theirs, batch by batch; the median."""


def bench_index(
    settings: Settings, articles: int, batch: int, tell: Callable[[str], None]
) -> IndexBench:
    """Put made-up articles of 600 words into an empty index, in batches, both ways by turns.

    Ours reads what the index has of each, decides, makes the documents and writes them. The
    first batch is not counted. Raises UserError when an article is not stored, TryLater while the
    server is away.
    """
    took: list[tuple[float, float]] = []
    with raw_puts(settings) as index:
        for first in range(-batch, articles, batch):
            tell(f"{first} of {articles}" if first >= 0 else "a first batch, which does not count")
            made = list(newsprint(range(first + batch, first + 2 * batch)))
            start = perf_counter()
            outcomes = index.put(made)
            ours = perf_counter() - start
            if set(outcomes) != {"stored"}:
                raise UserError("bench index: not every article was stored; no figure is given")
            took.append((ours, seconds(index.alone_put(made))))
        engine = index.engine
    counted = took[1:]
    return IndexBench(
        machine=this_machine(),
        engine=engine,
        articles=batch * len(counted),
        batch=batch,
        beatwire_articles_per_second=round(batch / median(ours for ours, _ in counted), 1),
        raw_articles_per_second=round(batch / median(raw for _, raw in counted), 1),
        ratio=round(median(raw / ours for ours, raw in counted), 2),
    )
