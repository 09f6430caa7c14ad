"""``beatwire bench``: figures that anyone can measure again."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from services.cli import bench_plan, bench_report
from services.cli.output import JSON, console, print_json, tell

PEERS = {
    "nlp": "the same model's own nlp.pipe",
    "extract": "trafilatura",
    "flow": "a script of trafilatura and the plain model",
    "crawl": "a bare Scrapy spider",
    "frontier": None,
    "index": "the engine's own client, with documents that are ready",
    "search": "tantivy alone: the same queries, counted, the first 20",
    "search-server": "the engine's own client, with the same requests",
    "match": "Lucene Monitor",
    "alerts": "a loop that fetches each page and posts its address on",
}
"""What each is compared with, in the same run."""


def register(app: typer.Typer) -> None:
    """Add the command group."""
    group = typer.Typer(
        help="Measure this machine: pages, words and articles a second, and what a search takes.",
        no_args_is_help=True,
    )
    group.command("nlp")(nlp)
    group.command("extract")(extract)
    group.command("flow")(flow)
    group.command("crawl")(crawl)
    group.command("index")(index)
    group.command("search")(search)
    group.command("match")(match)
    group.command("alerts")(alerts)
    group.command("stages")(bench_plan.stages)
    group.command("scale")(bench_plan.scale)
    group.command("report")(bench_report.report)
    app.add_typer(group, name="bench")


def nlp(
    words: Annotated[int, typer.Option(min=100, help="Words to read in each round.")] = 20_000,
    rounds: Annotated[int, typer.Option(min=1, help="Counted rounds.")] = 5,
    mood: Annotated[
        str, typer.Option(metavar="<name>", help="The model of mood, as BEATWIRE_MOOD names it.")
    ] = "fast",
    as_json: JSON = False,
) -> None:
    """Words a second of the read stage's language part, as a ratio to the plain model.

    Twice: on ordinary coverage, and on the sample newsroom, where most sentences hold a claim.

    Example: beatwire bench nlp --rounds 3
    """
    from processors.nlp.mood.registry import MoodError
    from services.bench.language import bench_language
    from services.errors import UserError

    try:
        found = bench_language(words, rounds, mood, tell)
    except MoodError as error:
        raise UserError(str(error)) from error
    lines = [f"Beatwire's language part and the same model's plain nlp.pipe, {rounds} rounds"]
    lines += [
        f"{each.texts}: {each.words:,} words in {each.articles} articles: "
        f"{each.beatwire_words_per_second:,.0f} and {each.plain_words_per_second:,.0f} words/s, "
        f"ratio {each.ratio}"
        for each in found.found
    ]
    _print("nlp", found, as_json, "\n".join(lines))


def extract(
    pages: Annotated[
        Path | None,
        typer.Option(exists=True, help='Pages of your own: JSON lines {"id", "url", "html"}.'),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Times that each page is extracted.")] = 3,
    as_json: JSON = False,
) -> None:
    """Pages a CPU second from HTML to text and metadata, as a ratio to trafilatura.

    Both on the same pages in the same process, by turns. Parsing is counted.

    Example: beatwire bench extract --rounds 1
    """
    from services.bench.extraction import bench_extract
    from services.cli.bench_extract import extract_text, read_pages

    found = bench_extract(read_pages(pages), rounds, tell)
    _print("extract", found, as_json, extract_text(found))


def flow(
    pages: Annotated[int, typer.Option(min=1, help="Pages to crawl, read and index.")] = 600,
    backend: Annotated[
        Literal["embedded", "real"],
        typer.Option(help="real: also on the servers of the settings, as a ratio to embedded."),
    ] = "embedded",
    processes: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Reading processes; may be given several times. Default: 1 2."),
    ] = None,
    as_json: JSON = False,
) -> None:
    """Pages a second from the log to searchable, by the real commands on this machine.

    With `--backend real` everything made on the servers is removed again.

    Example: beatwire bench flow --pages 200 --processes 2
    """
    from services.bench.extraction_bare import PEER
    from services.bench.flow import bench_flow
    from services.bench.installation import Backend

    backends: tuple[Backend, ...] = ("embedded", "real") if backend == "real" else ("embedded",)
    found = bench_flow(pages, backends, processes or (1, 2), tell)
    lines = [f"{found.pages} pages, from the log to searchable"]
    for run in found.runs:
        lines.append(
            f"{run.backend}, {run.processes} reading: {run.pages_per_second} pages/s, "
            f"ratio {run.ratio}" + (f", {run.of_embedded} of embedded" if run.of_embedded else "")
        )
    lines.append(f"{PEER}: {found.bare_pages_per_second} pages/s")
    fastest = max(run.crawl_pages_per_second for run in found.runs)
    _print("flow", found, as_json, "\n".join([*lines, f"crawl alone: {fastest} pages/s"]))


def crawl(
    pages: Annotated[int, typer.Option(min=1, help="Pages to crawl.")] = 5_000,
    hosts: Annotated[int, typer.Option(min=1, max=500, help="Host names they are on.")] = 50,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds, of each in turn.")] = 2,
    frontier: Annotated[
        int,
        typer.Option(min=0, help="Instead: decide on a feed with so many known addresses."),
    ] = 0,
    as_json: JSON = False,
) -> None:
    """Pages a second of a crawl beside those of a bare Scrapy spider that only saves bodies.

    By the real processes on this machine, where the server is, too, as ratio in the same run.

    Example: beatwire bench crawl --pages 500 --hosts 10
    """
    from services.bench.crawl import bench_crawl, bench_decision
    from services.cli import bench_crawl as command

    if frontier:
        decided = bench_decision(frontier, 50 * rounds, tell)
        _print("frontier", decided, as_json, command.decision_text(decided))
        return
    found = bench_crawl(pages, hosts, rounds, tell)
    _print("crawl", found, as_json, command.crawl_text(found))


def index(
    articles: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Made-up articles to put.")
    ] = 2_560,
    batch: Annotated[
        int, typer.Option(min=1, max=10_000, help="How many at a time; stage index has 128.")
    ] = 128,
    backend: Annotated[
        Literal["embedded", "real"],
        typer.Option(help="real: into the Elasticsearch of the settings, and out again."),
    ] = "embedded",
    as_json: JSON = False,
) -> None:
    """Articles put into the index a second, as a ratio to the engine's own client.

    Both write the same documents by turns; the client's are ready-made.

    Example: beatwire bench index --articles 512
    """
    from services.cli import bench_index as command

    found = command.measured(articles, batch, backend)
    _print("index", found, as_json, command.index_text(found))


def search(
    articles: Annotated[int, typer.Option(min=1, help="Made-up articles to index.")] = 20_000,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where they are kept for the next run. Default: in the home folder."),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Times that each search is asked.")] = 3,
    backend: Annotated[
        Literal["embedded", "real"],
        typer.Option(help="real: our part of a search on the Elasticsearch of the settings."),
    ] = "embedded",
    as_json: JSON = False,
) -> None:
    """Milliseconds of 200 searches over made-up articles of 600 words, and of their pages.

    A million articles take about an hour and ten gigabytes; a run that was ended goes on.
    On a server they are kept under names of the bench's own: bench-search-articles, and so on.

    Example: beatwire bench search --articles 100000
    """
    from services.cli import bench_search as command

    with command.progress() as show:
        if backend == "real":
            from services.bench.overhead import bench_overhead

            on_server = command.on_server(folder)
            told = bench_overhead(on_server, articles, rounds, tell, show)
            _print("search-server", told, as_json, command.overhead_text(told))
            return
        from services.bench.search import bench_search

        found = bench_search(command.embedded(folder), articles, rounds, tell, show)
    _print("search", found, as_json, command.search_text(found))


def match(
    topics: Annotated[int, typer.Option(min=1, help="Made-up topics to register.")] = 100_000,
    articles: Annotated[int, typer.Option(min=1, help="Made-up articles to match.")] = 1_000,
    rounds: Annotated[int, typer.Option(min=1, help="Times that each article is matched.")] = 3,
    lucene: Annotated[
        bool, typer.Option(help="Also by Lucene Monitor; needs a JDK 17 or later, and Maven.")
    ] = True,
    as_json: JSON = False,
) -> None:
    """Articles a second against very many topics, beside Lucene Monitor on the same ones.

    Both on one core, both in the same run, with equal matches or no figure at all.

    Example: beatwire bench match --topics 1000000 --no-lucene
    """
    from services.bench.matching import bench_match

    found = bench_match(topics, articles, rounds, lucene=lucene, tell=tell)
    lines = [
        f"{found.topics:,} topics, {found.articles:,} articles, of which one matches "
        f"{found.topics_per_article:,} topics",
        f"registered in {found.beatwire.register_seconds} s, after {found.parse_seconds} s to "
        f"parse them; one more takes {found.microseconds_more} µs; {found.megabytes:,} MB in all",
        f"beatwire: {found.beatwire.articles_per_second:,} articles/s",
    ]
    if found.lucene:
        lines.append(
            f"Lucene Monitor: {found.lucene.articles_per_second:,} articles/s, "
            f"registered in {found.lucene.register_seconds} s; ratio {found.ratio}"
        )
    if found.missing:
        lines.append(f"no Lucene Monitor: there is no {found.missing}")
    _print("match", found, as_json, "\n".join(lines))


def alerts(
    articles: Annotated[
        int, typer.Option(min=1, max=1500, help="Articles that are fetched, and told of.")
    ] = 300,
    rate: Annotated[float, typer.Option(min=0.5, max=100, help="Articles a second.")] = 5.0,
    backend: Annotated[
        Literal["embedded", "real"],
        typer.Option(help="real: on the servers of the settings instead."),
    ] = "embedded",
    processes: Annotated[
        int | None, typer.Option(min=1, help="Reading processes. Default: one a core.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Milliseconds from the answer with an article to the webhook that tells of it.

    By the real commands on this machine, where the site and the receiver are, too. Each article
    is a story of its own that one of ten topics asks for. A minute after the last it ends.

    Example: beatwire bench alerts --articles 50
    """
    from services.bench.alerting import bench_alerts
    from services.bench.relay import PEER

    found = bench_alerts(articles, rate, backend, processes or os.cpu_count() or 1, tell)
    took = found.latency
    lines = [
        f"{found.backend}, {found.processes} reading: {took.count} articles at "
        f"{found.articles_per_second} a second, from answer to webhook",
        f"p50 {took.p50:,.0f}, p95 {took.p95:,.0f}, p99 {took.p99:,.0f}, worst {took.worst:,.0f} "
        f"ms; load before it {found.load}",
        f"{PEER}: p50 {found.bare.p50:,.1f} ms, ratio {found.ratio}",
    ]
    _print("alerts", found, as_json, "\n".join(lines))


def _print(bench: str, found: Any, as_json: bool, text: str) -> None:
    """The JSON names its bench, so that `bench report` knows what a saved one is."""
    from msgspec import to_builtins

    if as_json:
        print_json({"bench": bench, "peer": PEERS[bench], **to_builtins(found)})
        return
    machine = found.machine
    console().print(text, markup=False)
    console().print(
        f"measured {machine.date}, {machine.cores} cores, {machine.processor}, "
        f"Python {machine.python}",
        markup=False,
        style="dim",
    )
