"""``beatwire bench index``."""

import tempfile
from pathlib import Path

from services.bench.indexing import IndexBench, bench_index
from services.cli.bench_search import embedded, on_server
from services.cli.output import tell


def measured(articles: int, batch: int, backend: str) -> IndexBench:
    """Run it, in a folder of its own or on the server of the settings."""
    if backend == "real":
        return bench_index(on_server(None), articles, batch, tell)
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as home:
        return bench_index(embedded(Path(home)), articles, batch, tell)


def index_text(found: IndexBench) -> str:
    """A few lines for people."""
    return (
        f"{found.articles:,} articles of 600 words into {found.engine}, {found.batch} at a time\n"
        f"beatwire: {found.beatwire_articles_per_second:,} articles/s\n"
        f"the engine's own client, documents ready: {found.raw_articles_per_second:,} articles/s\n"
        f"ratio {found.ratio}"
    )
