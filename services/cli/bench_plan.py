"""``beatwire bench stages`` and ``beatwire bench scale``: what a plan is made of."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from services.cli.output import JSON, console, print_json, tell
from services.planning.costs import STAGES, Costs

MOST = 5_000


def stages(
    articles: Annotated[
        int, typer.Option(min=20, max=MOST, help="Articles that go through all stages.")
    ] = 400,
    topics: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="Made-up topics that are matched.")
    ] = 100_000,
    save: Annotated[
        Path | None, typer.Option(help="Also write them there, for `beatwire plan --costs`.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """CPU seconds and bytes of an article at each stage, in the embedded mode.

    Example: beatwire bench stages --save costs.json
    """
    import msgspec

    from services.bench.stages import bench_stages
    from services.errors import UserError

    if save and not save.absolute().parent.is_dir():
        raise UserError(f"--save {save}: there is no folder {save.absolute().parent}; make it")
    found = bench_stages(articles, topics, tell)
    if save:
        save.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
        tell(f"saved; use it: beatwire plan --articles-per-day 1M --costs {save}")
    if as_json:
        print_json({"bench": "stages", **msgspec.to_builtins(found)})
        return
    console().print(stages_text(found), markup=False, soft_wrap=True)


def stages_text(found: Costs) -> str:
    """A line a stage, then the rest."""
    sizes = found.bytes
    lines = [f"{found.articles} articles; {'CPU ms':>14}{'a slice':>9}{'in full ones':>14}"]
    lines += [
        f"{name:<16}{cost.event * 1000:>12,.2f}{cost.batch * 1000:>9,.2f}{cost.full * 1000:>14,.2f}"
        for name, cost in ((name, found.stages[name]) for name in STAGES)
    ]
    return "\n".join(
        (
            *lines,
            f"alert: more with topics, {found.facts * 1000:,.2f} ms, and for each 1,000 of them "
            f"{found.thousand_topics * 1000:,.3f}; for an alert {found.alert * 1000:,.2f}",
            "deliver: for a message",
            f"in the store's transactions, one at a time: {found.join * 1000:,.2f} ms",
            f"bytes an article: page {sizes.page:,}, article {sizes.article:,} in the log, "
            f"store {sizes.store:,}, index {sizes.index:,}",
            f"measured {found.measured.date}, {found.measured.cores} cores, "
            f"{found.measured.processor}, Python {found.measured.python}; "
            f"load before it {found.load:g}",
        )
    )


def scale(
    workers: Annotated[
        str, typer.Option(metavar="<n,n>", help="Reading processes of each run.")
    ] = "1,2",
    pages: Annotated[int, typer.Option(min=10, max=MOST, help="Pages to read and index.")] = 400,
    backend: Annotated[
        Literal["embedded", "real"], typer.Option(help="real: on the servers of the settings.")
    ] = "embedded",
    costs: Annotated[
        Path | None,
        typer.Option(help="As `bench stages` saved them; else they are measured first."),
    ] = None,
    as_json: JSON = False,
) -> None:
    """Pages a second with one and with two reading processes, as a ratio to what the plan says.

    Example: beatwire bench scale --workers 1,2 --pages 200
    """
    import msgspec

    from services.bench.scale import bench_scale
    from services.planning.costs import read_costs

    each = counts(workers)
    found = bench_scale(pages, each, backend, read_costs(costs) if costs else None, tell)
    if as_json:
        print_json({"bench": "scale", "peer": "what the plan says", **msgspec.to_builtins(found)})
        return
    lines = [f"{found.pages} pages, from the log to searchable, {found.backend}"]
    lines += [
        f"{run.workers} reading: {run.pages_per_second} pages/s; the plan says {run.predicted}: "
        f"ratio {run.ratio}"
        for run in found.runs
    ]
    console().print("\n".join(lines), markup=False, soft_wrap=True)


def counts(text: str) -> list[int]:
    """``1,2`` as numbers. Raises UserError for anything else."""
    from services.errors import UserError

    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and 1 <= int(part) <= 64 for part in parts):
        raise UserError(f"--workers {text[:40]!r} is no list of numbers from 1 to 64; write 1,2")
    return [int(part) for part in parts]
