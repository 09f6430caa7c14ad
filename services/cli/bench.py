"""``beatwire bench``: figures that anyone can measure again."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

JSON = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


def register(app: typer.Typer) -> None:
    """Add the command group."""
    group = typer.Typer(
        help="Measure this machine: pages, words and articles a second, and what a search takes.",
        no_args_is_help=True,
    )
    group.command("nlp")(nlp)
    group.command("flow")(flow)
    group.command("search")(search)
    group.command("match")(match)
    group.command("alerts")(alerts)
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
        found = bench_language(words, rounds, mood, _tell)
    except MoodError as error:
        raise UserError(str(error)) from error
    lines = [f"Beatwire's language part and the same model's plain nlp.pipe, {rounds} rounds"]
    lines += [
        f"{each.texts}: {each.words:,} words in {each.articles} articles: "
        f"{each.beatwire_words_per_second:,.0f} and {each.plain_words_per_second:,.0f} words/s, "
        f"ratio {each.ratio}"
        for each in found.found
    ]
    _print(found, as_json, "\n".join(lines))


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
    from services.bench.flow import bench_flow
    from services.bench.installation import Backend

    backends: tuple[Backend, ...] = ("embedded", "real") if backend == "real" else ("embedded",)
    found = bench_flow(pages, backends, processes or (1, 2), _tell)
    lines = [f"{found.pages} pages, from the log to searchable"]
    for run in found.runs:
        ratio = found.ratio(run.processes) if run.backend == "real" else None
        lines.append(
            f"{run.backend}, {run.processes} reading: {run.pages_per_second} pages/s"
            + (f", {ratio} of embedded" if ratio else "")
        )
    fastest = max(run.crawl_pages_per_second for run in found.runs)
    _print(found, as_json, "\n".join([*lines, f"crawl alone: {fastest} pages/s"]))


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
            told = bench_overhead(on_server, articles, rounds, _tell, show)
            _print(told, as_json, command.overhead_text(told))
            return
        from services.bench.search import bench_search

        found = bench_search(command.embedded(folder), articles, rounds, _tell, show)
    _print(found, as_json, command.search_text(found))


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

    found = bench_match(topics, articles, rounds, lucene=lucene, tell=_tell)
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
    _print(found, as_json, "\n".join(lines))


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

    found = bench_alerts(articles, rate, backend, processes or os.cpu_count() or 1, _tell)
    took = found.latency
    lines = [
        f"{found.backend}, {found.processes} reading: {took.count} articles at "
        f"{found.articles_per_second} a second, from answer to webhook",
        f"p50 {took.p50:,.0f}, p95 {took.p95:,.0f}, p99 {took.p99:,.0f}, worst {took.worst:,.0f} "
        f"ms; load before it {found.load}",
    ]
    _print(found, as_json, "\n".join(lines))


def _tell(message: str) -> None:
    from services.cli.output import messages

    messages().print(message, style="dim")


def _print(found: Any, as_json: bool, text: str) -> None:
    from services.cli.output import console, print_json

    if as_json:
        print_json(found)
        return
    machine = found.machine
    console().print(text, markup=False)
    console().print(
        f"measured {machine.date}, {machine.cores} cores, {machine.processor}, "
        f"Python {machine.python}",
        markup=False,
        style="dim",
    )
