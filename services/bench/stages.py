"""``beatwire bench stages``: CPU seconds and bytes of an article at each stage, for the plan.

All in the embedded mode, one stage after the other, on pages of the bench's own with the texts of
its coverage. The real stages are run by the real runner, with log, store and index; CPU seconds
are this process's own (of the crawl, that process's), so that others on the machine count little.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from services.bench.crawl import crawl_seconds
from services.bench.fitted import Slices, fitted, steady
from services.bench.machine import this_machine
from services.bench.sink import ADDRESS, sink
from services.bench.slices import articles_of, page_events, size, timed
from services.bench.told import joining, matching, sending, subscribe
from services.bootstrap import open_bus, open_stage, open_store
from services.bus import Bus
from services.planning.costs import Bytes, Cost, Costs, Measured, StageName, own_costs
from services.settings import Settings
from services.stages import Stage
from services.stages.alert import AlertStage
from services.stages.flow import ALERT, INDEX, READ, Step
from services.store import Store
from services.topics import PAGES

Tell = Callable[[str], None]

ALONE = 4
"""One article in so many is a slice by itself, so that events and slices can be told apart."""
WARM_UP = 8
"""Articles that do not count: things load and compile."""
MATCHED = 100
"""Articles at the most that topics are matched with."""
LEAST = 250
"""Pages of the crawl: of fewer its start would be most."""


class Place(NamedTuple):
    """An installation of the bench's own."""

    settings: Settings
    bus: Bus
    store: Store


def bench_stages(articles: int, topics: int, tell: Tell) -> Costs:
    """Measure every stage on ``articles`` articles, matching on ``topics`` topics.

    What only a long run can tell (memory, the servers' part) is taken over from the costs that
    come with Beatwire. Raises UserError when an event ends badly: then no figure is true.
    """
    long, load = own_costs().long, round(os.getloadavg()[1], 1)
    tell("crawl")
    stages: dict[StageName, Cost] = {"crawl": steady(crawl_seconds(max(LEAST, 5 * articles)))}
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as folder:
        settings = _settings(Path(folder, "home"))
        with open_bus(settings) as bus, open_store(settings) as store:
            place = Place(settings, bus, store)
            sizes = _read_and_index(place, articles, stages, tell)
            alert = _alerts(place, articles, stages, tell)
            made = articles_of(bus, INDEX)
        tell("store")
        join = joining(_settings(Path(folder, "joining")), made)
    tell(f"{topics:,} topics")
    facts, thousand = matching(topics, min(articles, MATCHED))
    return Costs(
        measured=msgspec.convert(msgspec.to_builtins(this_machine()), Measured),
        load=load,
        articles=articles,
        stages=stages,
        facts=facts,
        thousand_topics=thousand,
        alert=max(alert - facts, 0.0),
        join=join,
        bytes=sizes,
        long=long,
    )


def _settings(home: Path) -> Settings:
    home.mkdir()
    unset = dict.fromkeys(("bus", "index", "store", "broker"), "")
    own = {"home": home, "webhook_networks": f"{ADDRESS}/32", **unset}
    return Settings.model_validate(own)


def _read_and_index(
    place: Place, articles: int, stages: dict[StageName, Cost], tell: Tell
) -> Bytes:
    """Both stages; and what crawl, reading and indexing leave on disk, an article."""
    settings, count = place.settings, WARM_UP + articles
    log, store = settings.bus_file, settings.home / "store.sqlite"
    empty, before = size(log), size(store)
    tell(f"making {count} pages")
    for event in page_events(range(count)):
        place.bus.publish(PAGES.name, [event])
    fetched = size(log)
    for step in (READ, INDEX):
        stage = open_stage(step.work, settings)
        try:
            tell(step.stage)
            _run(place, step, stage, WARM_UP)
            found = _measured(place, step, stage, articles)
        finally:
            stage.close()
        stages["read" if step is READ else "index"] = fitted(found, step.slice_events)
    return Bytes(
        page=(fetched - empty) // count,
        article=(size(log) - fetched) // count,
        store=(size(store) - before) // count,
        index=size(settings.index_folder) // count,
    )


def _alerts(place: Place, articles: int, stages: dict[StageName, Cost], tell: Tell) -> float:
    """Stage ``alert`` without topics, then with one an article, whose messages are sent.

    What an alert takes beyond the rest, in CPU seconds.
    """
    calm = articles // 2
    told = articles - calm
    tell("alert")
    with sink() as receiver:
        stage = AlertStage(open_store(place.settings))
        try:
            _run(place, ALERT, stage, WARM_UP)
            quiet = fitted(_measured(place, ALERT, stage, calm), ALERT.slice_events)
        finally:
            stage.close()
        subscribe(place.store, receiver, [f"wire{at}" for at in range(WARM_UP + articles)])
        stage = AlertStage(open_store(place.settings))
        try:
            loud = _run(place, ALERT, stage, told)
        finally:
            stage.close()
        tell("deliver")
        message = sending(place.settings, place.store, told)
    stages["alert"], stages["deliver"] = quiet, steady(message)
    expected = sum(part.events * quiet.event + quiet.batch for part in loud)
    return max(sum(part.seconds for part in loud) - expected, 0.0) / told


def _measured(place: Place, step: Step, stage: Stage, articles: int) -> list[Slices]:
    """Some alone, the others in slices as full as they come."""
    alone = articles // ALONE
    first = _run(place, step, stage, alone, most=1)
    return [*first, *_run(place, step, stage, articles - alone)]


def _run(place: Place, step: Step, stage: Stage, events: int, most: int = 0) -> list[Slices]:
    return timed(step, stage, bus=place.bus, store=place.store, events=events, most=most)
