"""What ``beatwire plan`` says."""

from services.planning.limits import Limit
from services.planning.model import Kept, Plan
from services.planning.simulation import Compared, Simulation
from services.topics import PAGES
from services.words import counted


def plan_text(found: Plan) -> str:
    """A table of stages, what to have, and what ends growth."""
    load, machine = found.load, found.measured
    return "\n".join(
        (
            f"{load.articles_per_day:,} articles a day are {load.mean:,.1f} a second, "
            f"{load.busiest:,.1f} in the busiest hour ({load.peak:g} times the mean)",
            f"with the costs of {machine.date}, {machine.processor}",
            "",
            f"{'queue':<9}{'a second':>10}{'CPU ms':>9}{'cores':>8}{'workers':>9}{'busy':>7}",
            *(
                f"{need.stage:<9}{need.per_second:>10,.1f}{need.cost.full * 1000:>9,.2f}"
                f"{need.cores:>8,.2f}{need.workers:>9,}{need.utilisation:>7.0%}"
                for need in found.needs
            ),
            f"{'servers':<9}{load.busiest:>10,.1f}"
            f"{found.servers_cores / load.busiest * 1000:>9,.2f}{found.servers_cores:>8,.2f}",
            "",
            *(f"{name:<12}{value}" for name, value in _rows(found)),
            "",
            _bottleneck(found),
            *(_limit(limit) for limit in found.limits),
        )
    )


def _rows(found: Plan) -> list[tuple[str, str]]:
    load, money = found.load, found.money
    rows = [
        ("cores", f"{found.cores:,} with room: at most {load.utilisation:.0%} of them are busy"),
        (
            "partitions",
            f"{found.partitions} of pages and of articles, made up front{_topics(found)}",
        ),
        (
            "shards",
            f"{counted(found.shards, 'shard')} of at most 50 GB, each with "
            f"{counted(load.replicas, 'replica')}",
        ),
        ("a day", _kept(found.a_day)),
        ("kept", f"{_kept(found.kept)}; {counted(load.days_kept, 'day')}"),
        (
            "memory",
            f"{_bytes(found.own_gigabytes * 1e9)} for Beatwire's processes, "
            f"{_bytes(found.index_gigabytes * 1e9)} for the nodes of the index",
        ),
    ]
    if money:
        rows.append(
            (
                "money",
                f"{money.all:,.2f} a month: cores {money.cores:,.2f}, memory {money.memory:,.2f}, "
                f"disk {money.disk:,.2f}; {money.a_thousand_articles:,.4f} for 1,000 articles",
            )
        )
    return rows


def _topics(found: Plan) -> str:
    made = PAGES.partitions
    return f": `beatwire setup` makes {made}, so make these before" * (found.partitions > made)


def _bottleneck(found: Plan) -> str:
    busy = sum(need.cores for need in found.needs) + found.servers_cores
    widest = found.widest
    return (
        f"Bottleneck: {widest.stage} takes {widest.cores / busy:.0%} of the CPU; more workers "
        "help. What they do not help against, the nearest first:"
    )


def _limit(limit: Limit) -> str:
    where = " (one machine only)" if limit.embedded else ""
    now = "PASSED" if limit.used > 1 else f"{limit.used:.0%} used"
    return (
        f"- {limit.name}{where}: {_round(limit.at)} {limit.unit}, {now}: {limit.why}. "
        f"Then: {limit.then}."
    )


def simulation_text(found: Simulation) -> str:
    """The model beside the simulation, stage by stage."""
    head = f"{'':<9}{'events':>9}{'workers':>9}{'busy: model':>13}{'simulated':>11}"
    return "\n".join(
        (
            f"Simulated: {found.articles:,} articles between {_clock(found.begins)} and "
            f"{_clock(found.ends)}; searchable {_seconds(found.p95)} after its answer came (p95)",
            f"{head}{'wait p95: model':>17}{'simulated':>11}",
            *map(_compared, found.stages),
            "Busy counts small slices, too: they grow and then cost less an article: no limit yet.",
        )
    )


def _compared(each: Compared) -> str:
    return (
        f"{each.stage:<9}{each.events:>9,}{each.workers:>9,}{each.model.utilisation:>13.1%}"
        f"{each.utilisation:>11.1%}{_seconds(each.model.p95):>17}{_seconds(each.p95):>11}"
    )


def _kept(kept: Kept) -> str:
    return (
        f"{_bytes(kept.all)}: log {_bytes(kept.log)}, store {_bytes(kept.store)}, "
        f"index {_bytes(kept.index)}"
    )


def _bytes(count: float) -> str:
    for unit, size in (("PB", 1e15), ("TB", 1e12), ("GB", 1e9)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count / 1e6:,.1f} MB"


def _round(number: float) -> str:
    """Three figures: no measurement knows more."""
    return f"{float(f'{number:.3g}'):,.0f}"


def _seconds(seconds: float) -> str:
    if seconds == float("inf"):
        return "for ever"
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.0f} s"


def _clock(second: float) -> str:
    minutes = round(second / 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
