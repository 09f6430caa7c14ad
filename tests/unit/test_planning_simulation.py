"""Queues event by event: laws that hold whatever the figures, and the model beside them."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.planning.costs import Cost
from services.planning.load import Load
from services.planning.model import plan
from services.planning.queues import expected
from services.planning.simulation import arrivals, percentile, serve, simulate
from tests.support.planning import even_costs
from tests.support.processes import beatwire

EVEN = (1.0, 1.0)


def steady(
    event: float, *, batch: float = 0.0, slice: int = 1, spread: tuple[float, ...] = EVEN
) -> Cost:
    return Cost(event=event, batch=batch, slice=slice, spread=spread)


def poisson(rate: float, count: int, seed: int = 1) -> list[float]:
    random, now, found = Random(seed), 0.0, []
    for _ in range(count):
        found.append(now := now + random.expovariate(rate))
    return found


def test_events_that_come_one_by_one_wait_for_nothing() -> None:
    run = serve([0.0, 1.0, 2.0], 1, 0, steady(0.5), Random(1))
    assert run.ends == (0.5, 1.5, 2.5)
    assert run.waits == (0.0, 0.0, 0.0)
    assert (run.busy, run.seconds) == (1.5, 2.5)


def test_events_that_come_together_wait_for_each_other() -> None:
    run = serve([0.0, 0.0, 0.0], 1, 0, steady(0.5), Random(1))
    assert run.ends == (0.5, 1.0, 1.5)
    assert run.waits == (0.0, 0.5, 1.0)
    assert serve([0.0, 0.0, 0.0], 3, 0, steady(0.5), Random(1)).ends == (0.5, 0.5, 0.5)


def test_a_partition_has_one_slice_out_at_a_time() -> None:
    # The first is alone; the two that come meanwhile go together, however many servers there are.
    run = serve([0.0, 0.1, 0.2], 3, 1, steady(1.0, batch=0.5, slice=16), Random(1))
    assert run.ends == (1.5, 4.0, 4.0)
    assert run.waits == pytest.approx((0.5, 1.9, 2.8))


def test_slices_are_no_larger_than_they_may_be() -> None:
    run = serve([0.0] * 5, 1, 1, steady(1.0, slice=2), Random(1))
    assert run.ends == (1.0, 3.0, 3.0, 5.0, 5.0)


def test_nothing_comes_of_nothing() -> None:
    run = serve([], 2, 12, steady(1.0), Random(1))
    assert (run.ends, run.busy, run.area, run.seconds) == ((), 0, 0, 0)
    assert percentile((), 0.95) == 0


@settings(max_examples=25, deadline=None)
@given(
    load=st.floats(0.05, 0.85),
    servers=st.integers(1, 8),
    partitions=st.sampled_from([0, 12, 24]),
    slice=st.sampled_from([1, 16]),
    seed=st.integers(0, 1_000),
)
def test_little_and_utilisation(
    load: float, servers: int, partitions: int, slice: int, seed: int
) -> None:
    cost = steady(0.1, slice=slice, spread=(0.2, 0.5, 1.0, 3.0))
    came = poisson(load * servers / cost.event, 4_000, seed)
    run = serve(came, servers, partitions, cost, Random(seed))
    stayed = [end - start for start, end in zip(came, run.ends, strict=True)]
    # Little: events that are there = rate by the time that each is there.
    assert run.area == pytest.approx(sum(stayed), rel=1e-6)
    rate = len(came) / run.seconds
    assert run.busy / (servers * run.seconds) == pytest.approx(
        rate * cost.event / servers, rel=0.08
    )
    assert min(run.waits) >= 0
    assert all(
        end >= start + wait for start, wait, end in zip(came, run.waits, run.ends, strict=True)
    )


def test_one_server_waits_as_theory_says() -> None:
    """Pollaczek and Khinchine: the mean wait of M/D/1 at 80 % is 2 services."""
    came = poisson(8.0, 60_000)
    run = serve(came, 1, 0, steady(0.1), Random(1))
    assert sum(run.waits) / len(came) == pytest.approx(0.2, rel=0.1)


def test_articles_come_as_by_day() -> None:
    found = arrivals(mean=0.5, peak=3.0, begins=0, ends=86_400, random=Random(3))
    assert found == sorted(found)
    assert len(found) == pytest.approx(43_200, rel=0.03)
    busiest = sum(16 * 3_600 <= at < 17 * 3_600 for at in found)
    assert busiest == pytest.approx(0.5 * 3.0 * 3_600, rel=0.06)


@pytest.mark.parametrize("articles", [1_000_000, 20_000_000])
def test_the_model_agrees_with_the_simulation(articles: int) -> None:
    found = simulate(plan(Load(articles_per_day=articles), even_costs(0.04)), articles=20_000)
    assert 15_000 < found.articles < 25_000
    for stage in found.stages:
        assert stage.utilisation == pytest.approx(stage.model.utilisation, abs=0.03), stage
        assert stage.p95 < 2 * stage.model.p95 + 0.1, stage
        assert stage.model.p95 < 3 * stage.p95 + 0.1, stage


def test_small_slices_keep_workers_busy_and_end_nothing() -> None:
    """What a slice costs by itself: workers are always busy long before they are at their end."""
    load = Load(articles_per_day=1_000_000, topics=0)
    costs = even_costs(0.004, batch=0.05, slice=128)
    found = simulate(plan(load, costs), articles=20_000)
    index = next(stage for stage in found.stages if stage.stage == "index")
    assert plan(load, costs).need("index").utilisation < 0.2
    assert index.model.utilisation > 0.8
    assert index.utilisation > 0.95
    assert index.p95 < 1.5


@pytest.mark.parametrize("servers", [1, 4])
@pytest.mark.parametrize("load", [0.3, 0.6, 0.8, 0.95, 1.0, 1.5])
@pytest.mark.parametrize(("event", "batch", "slice"), [(0.05, 0.004, 16), (0.006, 0.05, 128)])
def test_theory_and_simulation_of_one_stage(
    event: float, batch: float, slice: int, load: float, servers: int
) -> None:
    """More than 1 of the work of lone events is no more than slices take."""
    cost = steady(event, batch=batch, slice=slice, spread=(0.5, 1.0, 1.5))
    rate = load * servers / (event + batch)
    if rate * cost.full > 0.98 * servers:
        assert expected(rate, servers, 12, cost).utilisation > 0.95
        return
    run = serve(poisson(rate, 10_000), servers, 12, cost, Random(2))
    told = expected(rate, servers, 12, cost)
    assert told.utilisation == pytest.approx(run.busy / servers / run.seconds, abs=0.06)
    assert 0.5 < told.p95 / percentile(run.waits, 0.95) < 2


def test_the_same_plan_gives_the_same_figures() -> None:
    made = plan(Load(articles_per_day=3_000_000), even_costs(0.02))
    assert simulate(made, 3_000) == simulate(made, 3_000)
    assert simulate(made, 3_000, seed=1) != simulate(made, 3_000)


def test_few_articles_are_simulated_for_a_whole_day() -> None:
    found = simulate(plan(Load(articles_per_day=2_000), even_costs(0.02)))
    assert (found.begins, found.ends) == (0, 86_400)
    assert found.articles == pytest.approx(2_000, rel=0.1)


def test_the_command_shows_both() -> None:
    found = json.loads(beatwire("plan", "--articles-per-day", "5k", "--simulate", "--json"))
    stages = found["simulation"]["stages"]
    assert [each["stage"] for each in stages] == ["crawl", "read", "index", "alert", "deliver"]
    assert 0 < stages[1]["utilisation"] < 1
    assert "wait p95" in beatwire("plan", "--articles-per-day", "5k", "--simulate")
