"""``beatwire plan``: what a load needs, from measured costs."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.output import JSON, console, print_json
from services.planning.day import PEAK


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)


def plan(
    *,
    articles_per_day: Annotated[str, typer.Option(metavar="<n>", help="As 500k or 1M.")],
    topics: Annotated[str, typer.Option(metavar="<n>", help="Alert topics of all.")] = "1000",
    alerts_a_topic: Annotated[float, typer.Option(help="Alerts of a topic on a day.")] = 5.0,
    days_kept: Annotated[int, typer.Option(help="Days that log and index are kept.")] = 365,
    peak: Annotated[float, typer.Option(help="The busiest hour by the mean one.")] = PEAK,
    utilisation: Annotated[
        float, typer.Option(help="Of cores in the busiest hour; above it, news wait longer.")
    ] = 0.6,
    replicas: Annotated[int, typer.Option(help="Further copies of every byte on servers.")] = 1,
    core_price: Annotated[float, typer.Option(help="Of a core, a month.")] = 0.0,
    memory_price: Annotated[float, typer.Option(help="Of a gigabyte of memory, a month.")] = 0.0,
    disk_price: Annotated[float, typer.Option(help="Of a gigabyte of disk, a month.")] = 0.0,
    costs: Annotated[
        Path | None,
        typer.Option(help="Costs of your machine, by `beatwire bench stages --save FILE`."),
    ] = None,
    simulated: Annotated[
        bool, typer.Option("--simulate", help="Check it event by event: takes seconds.")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Cores, workers, partitions, shards, disk and memory for so many articles a day.

    From what an article costs on a machine that was measured; docs/scaling.md tells how.

    Example: beatwire plan --articles-per-day 500k --topics 1.5M
    """
    from services.cli.plan_text import plan_text, simulation_text
    from services.errors import UserError
    from services.planning.costs import read_costs
    from services.planning.load import Load, Prices, check, number_of
    from services.planning.model import plan as planned
    from services.planning.simulation import simulate

    prices = Prices(core=core_price, memory=memory_price, disk=disk_price)
    options = ("--core-price", "--memory-price", "--disk-price")
    for option, price in zip(options, (core_price, memory_price, disk_price), strict=True):
        if not 0 <= price <= 1e9:
            raise UserError(f"{option} {price:g} is no price; leave it out where there is none")
    load = check(
        Load(
            articles_per_day=number_of(articles_per_day, "--articles-per-day"),
            topics=number_of(topics, "--topics"),
            alerts_a_topic=alerts_a_topic,
            days_kept=days_kept,
            peak=peak,
            utilisation=utilisation,
            replicas=replicas,
        )
    )
    found = planned(load, read_costs(costs), prices)
    ran = simulate(found) if simulated else None
    if as_json:
        print_json({"plan": found, "simulation": ran})
        return
    text = plan_text(found) + (f"\n\n{simulation_text(ran)}" if ran else "")
    console().print(text, markup=False, soft_wrap=True)
