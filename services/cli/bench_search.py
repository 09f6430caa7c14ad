"""What ``beatwire bench search`` shows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from services.bench.overhead import OverheadBench
from services.bench.search import PAGE, SearchBench
from services.bench.timings import Timing
from services.cli.output import messages
from services.errors import SettingsError
from services.settings import Settings, load_settings

PREFIX = "bench-search"
"""Of the names of indices on a server."""


def embedded(folder: Path | None) -> Settings:
    """Settings whose index is in the folder, or in one of the bench's own in the home folder."""
    settings = load_settings()
    home = (folder or settings.home / "bench-search").absolute()
    own = {"home": home, "bus": "", "index": "", "store": "", "broker": ""}
    return settings.model_copy(update=own)


def on_server(folder: Path | None) -> Settings:
    """Settings with an index of the bench's own beside the one on the server of the settings.

    Raises SettingsError when no server is set.
    """
    settings = load_settings()
    if not settings.index:
        raise SettingsError(
            "BEATWIRE_INDEX is not set; for a server to try with: deploy/devstack/devstack up "
            'elasticsearch, then eval "$(deploy/devstack/devstack env)"'
        )
    own = urlsplit(settings.index)._replace(path=f"/{PREFIX}").geturl()
    return embedded(folder).model_copy(
        update={"home": embedded(folder).home.with_name("bench-search-server"), "index": own}
    )


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """A bar while articles are indexed, with what is left."""
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("indexing"), *Progress.get_default_columns()[1:2], MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=messages(), transient=True) as bar:
        task = bar.add_task("indexing", visible=False)

        def show(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, visible=done < of)

        yield show


def search_text(found: SearchBench) -> str:
    """The figures for people: a line a kind of search, then the rest."""
    lines = [f"{found.articles:,} articles, {found.claims:,} claims, {found.megabytes:,} MB"]
    if found.build:
        lines.append(
            f"indexed {found.build.articles:,}: {found.build.articles_per_second:,} articles/s"
        )
    lines += ["", f"{'milliseconds':16}{'p50':>9}{'p95':>9}{'p99':>9}{'worst':>9}"]
    rows = {"all searches": found.all, **found.kinds, "without facets": found.without_facets}
    rows |= {
        "tantivy alone": found.bare,
        "page, rendering": found.html.render,
        "until searchable": found.searchable,
    }
    lines += [_row(name, timing) for name, timing in rows.items()]
    lines += [
        "",
        f"facets: {found.facets_cost} times the search without; "
        f"highlights: {found.highlights_cost} times",
        f"ratio {found.ratio}: tantivy's own count and first {PAGE} of the same queries",
        f"largest page: {found.html.largest_kilobytes} KB",
        "slowest: "
        + "; ".join(f"{text or 'everything'} {took} ms" for took, text in found.slowest),
    ]
    return "\n".join(lines)


def overhead_text(found: OverheadBench) -> str:
    """The same for a server: our part of each search."""
    lines = [f"{found.articles:,} articles on Elasticsearch"]
    if found.build:
        lines.append(
            f"indexed {found.build.articles:,}: {found.build.articles_per_second:,} articles/s"
        )
    rows = {
        "all searches": found.all,
        "client alone": found.raw,
        "our part": found.overhead,
        "until searchable": found.searchable,
    }
    head = f"{'milliseconds':16}{'p50':>9}{'p95':>9}{'p99':>9}{'worst':>9}"
    lines += ["", head, *(_row(name, timing) for name, timing in rows.items())]
    return "\n".join([*lines, f"ratio {found.ratio}: the client alone"])


def _row(name: str, timing: Timing) -> str:
    figures = (timing.p50, timing.p95, timing.p99, timing.worst)
    return f"{name:16}" + "".join(f"{figure:>9.1f}" for figure in figures)
