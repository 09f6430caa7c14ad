"""``python -m services.planning.shown FILE``: writes the model's tables into a document.

A table stands between ``<!-- plan: NAME -->`` and ``<!-- end -->``; what is around it is left.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from services.markdown import Cells, table
from services.planning.ceilings import CEILINGS
from services.planning.costs import STAGES, Costs, own_costs
from services.planning.load import Load
from services.planning.model import Plan, plan
from services.planning.simulation import simulate

BLOCK = re.compile(r"(<!-- plan: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
LOADS = (
    ("a beat", Load(articles_per_day=10_000, topics=100)),
    ("", Load(articles_per_day=100_000)),
    ("Media Cloud's stories", Load(articles_per_day=500_000)),
    ("and Bloomberg's saved searches", Load(articles_per_day=500_000, topics=1_500_000)),
    ("", Load(articles_per_day=1_000_000)),
    ("", Load(articles_per_day=10_000_000)),
)
TEN_TIMES = Load(articles_per_day=10_000_000)
"""About ten times what the two cores of the measurement do by day."""


def rewritten(text: str, costs: Costs) -> str:
    """The document with its tables made anew. Raises KeyError for a table that there is not."""
    return BLOCK.sub(lambda found: f"{found[1]}{TABLES[found[2]](costs)}{found[3]}", text)


def _costs(costs: Costs) -> str:
    rows: list[Cells] = [
        (
            f"`{stage}`",
            f"{cost.event * 1000:.2f}",
            f"{cost.batch * 1000:.1f}" if cost.batch else "",
            str(cost.slice) if cost.slice > 1 else "",
            f"{cost.full * 1000:.2f}",
        )
        for stage, cost in ((each, costs.stages[each]) for each in STAGES)
    ]
    rows += [
        ("`alert`, more where there are topics", f"{costs.facts * 1000:.2f}", "", "", ""),
        ("and for each 1,000 topics", f"{costs.thousand_topics * 1000:.3f}", "", "", ""),
        ("and for each alert", f"{costs.alert * 1000:.2f}", "", "", ""),
        ("the servers' part", f"{costs.long.servers * 1000:.2f}", "", "", ""),
        ("of these, one at a time in the store", f"{costs.join * 1000:.2f}", "", "", ""),
    ]
    machine, sizes = costs.measured, costs.bytes
    return (
        f"Measured {machine.date} on {costs.articles} articles, {machine.cores} cores of "
        f"{machine.processor}, Python {machine.python}; load before it {costs.load:g}.\n\n"
        + table(("CPU ms", "an event", "a slice", "at most in it", "in full slices"), rows)
        + f"\nBytes an article: {sizes.page:,} for the page and {sizes.article:,} for the article "
        f"in the log, {sizes.store:,} in the store, {sizes.index:,} in the index.\n"
    )


def _loads(costs: Costs) -> str:
    rows = [_load(name, plan(load, costs)) for name, load in LOADS]
    head = (
        *("articles a day", "topics", "cores", "reading", "indexing", "alerts", "sending"),
        *("partitions", "shards", "a day", "kept a year", "memory"),
    )
    return table(head, rows)


def _load(name: str, found: Plan) -> Cells:
    load = found.load
    return (
        f"{load.articles_per_day:,}" + (f" ({name})" if name else ""),
        f"{load.topics:,}",
        f"{found.cores:,}",
        *(f"{found.need(stage).workers:,}" for stage in STAGES[1:]),
        str(found.partitions),
        f"{found.shards:,}",
        f"{found.a_day.all / 1e9:,.1f} GB",
        f"{found.kept.all / 1e12:,.1f} TB",
        f"{found.own_gigabytes:,.1f} + {found.index_gigabytes:,.0f} GB",
    )


def _limits(costs: Costs) -> str:
    found = plan(Load(articles_per_day=1_000_000), costs)
    rows = [
        (
            limit.name + (", one machine only" if limit.embedded else ""),
            f"{float(f'{limit.at:.2g}'):,.0f} {limit.unit}",
            limit.why,
            limit.then,
        )
        for limit in found.limits
    ]
    return table(("what", "ends at about", "because", "then"), rows)


def _check(costs: Costs) -> str:
    found = simulate(plan(TEN_TIMES, costs))
    rows = [
        (
            f"`{each.stage}`",
            f"{each.workers}",
            f"{each.model.utilisation:.1%}",
            f"{each.utilisation:.1%}",
            f"{each.model.p95 * 1000:,.0f}",
            f"{each.p95 * 1000:,.0f}",
        )
        for each in found.stages
    ]
    head = ("stage", "workers", "busy: model", "simulated", "wait p95, ms: model", "simulated")
    return table(head, rows)


def _ceilings(_: Costs) -> str:
    rows = [(each.what, f"{each.value:,.0f} {each.unit}", each.source) for each in CEILINGS]
    return table(("of", "taken as", "who says so"), rows)


TABLES: Mapping[str, Callable[[Costs], str]] = {
    "costs": _costs,
    "loads": _loads,
    "limits": _limits,
    "check": _check,
    "ceilings": _ceilings,
}

if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(rewritten(document.read_text(), own_costs()))
