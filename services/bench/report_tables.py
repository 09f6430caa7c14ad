"""Saved runs of each bench as a table. A figure that a run does not have is a dash."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.markdown import Cells, cell, table

Run = Mapping[str, Any]
MISSING = "–"
_SEARCHES = {
    "words": "words", "phrases": "phrases", "facets": "one facet chosen",
    "histogram": "the days of many articles", "claims": "claims", "prefix": "beginnings of words",
    "near": "words near each other", "mood": "moods", "by date": "newest and oldest first",
}  # fmt: skip
_BACKENDS = {"embedded": "embedded", "real": "on servers"}


def at(run: Any, path: str) -> Any:
    """What stands in a run under ``a.b.c``; None where nothing does."""
    for name in path.split("."):
        run = run.get(name) if isinstance(run, Mapping) else None
    return run


def figure(value: Any) -> str:
    """As people read it: thousands apart, no zeros behind the point."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return MISSING
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.3g}"


def _figures(run: Any, *paths: str) -> Cells:
    return tuple(figure(at(run, path)) for path in paths)


def _table(head: Cells, rows: Sequence[Cells], runs: Sequence[Run]) -> str:
    told = {_machine(run): None for run in runs}
    return f"{table(head, rows)}\nMeasured {'; '.join(told)}.\n"


def _machine(run: Run) -> str:
    found = run["machine"]
    python = f", Python {found['python']}" if "python" in found else ""
    return cell(f"{found['date']} on {found['cores']} cores of {found['processor']}{python}")


def _backend(run: Run) -> str:
    return _BACKENDS.get(str(run.get("backend")), MISSING)


def _nlp(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{each.get('texts', MISSING)}, mood `{run.get('mood', MISSING)}`",
            *_figures(each, "beatwire_words_per_second", "plain_words_per_second", "ratio"),
        )
        for run in runs
        for each in run.get("found", ())
    ]
    return _table(("words/s of one process", "Beatwire", "the plain model", "ratio"), rows, runs)


def _extract(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{figure(run.get('pages'))}, {figure(run.get('kilobytes'))} KB in the middle",
            *_figures(run, "beatwire.pages_per_second", "trafilatura.pages_per_second", "ratio"),
            ", ".join(_figures(run, *(f"beatwire.page.{at}" for at in ("p50", "p95", "worst"))))
            + " ms",
        )
        for run in runs
    ]
    head = ("pages", "Beatwire, pages a CPU second", "trafilatura", "ratio")
    return _table((*head, "a page at p50, p95, most"), rows, runs)


def _flow(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{_backend(each)}, {figure(each.get('processes'))} reading",
            *_figures(each, "pages_per_second", "ratio", "of_embedded"),
        )
        for run in runs
        for each in run.get("runs", ())
    ]
    head = ("from the log to searchable", "pages/s", "of a bare script's", "of embedded")
    return _table(head, rows, runs)


def _crawl(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{figure(run.get('pages'))} pages of {figure(run.get('hosts'))} hosts",
            *_figures(
                run, "beatwire_pages_per_second", "bare_pages_per_second", "ratio", "cpu_ratio"
            ),
        )
        for run in runs
    ]
    head = ("crawl", "Beatwire, pages/s", "bare Scrapy spider", "ratio", "by CPU time")
    return _table(head, rows, runs)


def _frontier(runs: Sequence[Run]) -> str:
    rows = [
        (f"{name}, of {figure(run.get('known'))}", *_figures(run, f"{key}.p50", f"{key}.p95"))
        for run in runs
        for key, name in (("unchanged", "all of them known"), ("changed", "ten of them new"))
    ]
    return _table(("milliseconds", "p50", "p95"), rows, runs)


def _search(runs: Sequence[Run]) -> str:
    named = {
        "all": "all",
        **{f"kinds.{key}": name for key, name in _SEARCHES.items()},
        "without_facets": "without facets and days",
        "bare": "tantivy alone: the same queries, counted, the first 20",
        "html.render": "the page of it rendered",
        "searchable": "from a put to the search that finds it",
    }
    rows = [
        (name, *_figures(run, f"{path}.p50", f"{path}.p95", f"{path}.p99"))
        for run in runs
        for path, name in named.items()
        if at(run, path) is not None
    ]
    return _table(("milliseconds", "p50", "p95", "p99"), rows, runs)


def _server(runs: Sequence[Run]) -> str:
    named = {
        "all": "the whole page's data", "raw": "the same requests by the client alone",
        "overhead": "our part, question by question",
        "searchable": "from a put to the search that finds it",
    }  # fmt: skip
    rows = [
        (name, *_figures(run, f"{path}.p50", f"{path}.p95", f"{path}.worst"))
        for run in runs
        for path, name in named.items()
    ]
    return _table(("milliseconds on Elasticsearch", "p50", "p95", "most"), rows, runs)


def _index(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{run.get('engine', MISSING)!s}, {figure(run.get('articles'))} articles",
            *_figures(run, "beatwire_articles_per_second", "raw_articles_per_second", "ratio"),
        )
        for run in runs
    ]
    head = ("articles/s put", "Beatwire", "the engine's own client", "ratio")
    return _table(head, rows, runs)


def _alerts(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{_backend(run)}, {figure(run.get('articles_per_second'))} articles a second",
            *_figures(run, *(f"latency.{at}" for at in ("p50", "p95", "p99", "worst"))),
            figure(at(run, "bare.p50")),
        )
        for run in runs
    ]
    head = ("milliseconds", "p50", "p95", "p99", "worst", "a bare relay, p50")
    return _table(head, rows, runs)


def _match(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{figure(run.get('topics'))} topics, {figure(run.get('topics_per_article'))} met",
            *_figures(
                run, "beatwire.articles_per_second", "lucene.articles_per_second", "ratio",
                "megabytes",
            ),
        )
        for run in runs
    ]  # fmt: skip
    return _table(("articles/s", "Beatwire", "Lucene Monitor", "ratio", "MB in all"), rows, runs)


def _scale(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{_backend(run)}, {figure(each.get('workers'))} reading",
            *_figures(each, "pages_per_second", "predicted", "ratio"),
        )
        for run in runs
        for each in run.get("runs", ())
    ]
    head = ("from the log to searchable", "pages/s", "the plan says", "ratio")
    return _table(head, rows, runs)


TABLES: Mapping[str, Callable[[Sequence[Run]], str]] = {
    "nlp": _nlp, "extract": _extract, "flow": _flow, "crawl": _crawl, "frontier": _frontier,
    "search": _search, "search-server": _server, "index": _index, "alerts": _alerts,
    "match": _match, "scale": _scale,
}  # fmt: skip
"""By the name of the bench, as its JSON has it in ``bench``."""
