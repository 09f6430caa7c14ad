"""Every metric that a process of Beatwire can export, and its labels."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services import metrics
from services.bus import Lag
from services.probing.health import Finding
from services.probing.looked_up import Build, Home, LagSeen, Ready, Records
from services.store.store import open_sql_store


def counted() -> list[Any]:
    """The metrics that are counted where something happens."""
    made = vars(metrics).values()
    return [each for each in made if hasattr(each, "collect") and not isinstance(each, type)]


def labels(home: Path) -> dict[str, set[str]]:
    """Name, as a query has it, to labels; histograms by their ``_bucket``."""
    found = {}
    for metric in counted():
        names = {*metric._labelnames}
        match metric._type:
            case "counter":
                found[f"{metric._name}_total"] = names
            case "histogram":
                found[f"{metric._name}_bucket"] = names | {"le"}
            case _:
                found[metric._name] = names
    for family, sample in looked_up(home):
        found.setdefault(family, set()).update(sample)
    return found


def looked_up(home: Path) -> Iterator[tuple[str, set[str]]]:
    """The metrics that are looked up when somebody asks."""
    seen = LagSeen()
    seen.note("read", [Lag("pages", 0, 0, 0)])
    ready = Ready(lambda: {"index": Finding("tantivy", ready=True)})
    with open_sql_store(f"sqlite:///{home / 'store.sqlite'}") as store:
        for collector in (Build("read"), Home(home), ready, seen, Records(lambda: store, str)):
            for family in collector.collect():
                yield family.name, set(family._labelnames)
