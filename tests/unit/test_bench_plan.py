"""``beatwire bench stages`` and ``bench scale``: what they measure, and what a plan makes of it."""

import json
from pathlib import Path

import pytest

from services.bench.fitted import STEPS, Slices, fitted, spread
from services.bench.flow import FlowRun
from services.bench.installation import Backend, Trial
from services.bench.scale import bench_scale
from services.bench.webpages import mixed_page
from services.cli.bench_plan import counts
from services.errors import UserError
from services.planning.costs import STAGES, read_costs
from services.planning.machine import pages_per_second
from services.planning.shown import TABLES, rewritten
from tests.support.planning import even_costs
from tests.support.processes import beatwire
from tests.support.tree import ROOT


def test_events_and_slices_are_told_apart() -> None:
    slices = [Slices(events, 0.05 + 0.01 * events) for events in (1, 1, 1, 4, 16)]
    cost = fitted(slices, 16)
    assert cost.event == pytest.approx(0.01)
    assert cost.batch == pytest.approx(0.05)
    assert cost.full == pytest.approx(0.01 + 0.05 / 16)


@pytest.mark.parametrize(
    "slices",
    [
        [Slices(1, 0.1), Slices(1, 0.2)],  # no slice of many
        [Slices(1, 0.9), Slices(10, 0.5)],  # more events took less
        [Slices(1, 0.1), Slices(10, 5.0)],  # a slice would take less than nothing
    ],
)
def test_chance_never_makes_a_cost_of_less_than_nothing(slices: list[Slices]) -> None:
    cost = fitted(slices, 16)
    assert cost.event > 0
    assert cost.batch >= -1e-12
    total = sum(part.events * cost.event + cost.batch for part in slices)
    assert total == pytest.approx(sum(part.seconds for part in slices))


def test_a_spread_has_the_least_and_the_most() -> None:
    times = [number / 10 for number in range(1, 102)]
    found = spread(times)
    assert len(found) == STEPS + 1
    assert found[0] == pytest.approx(0.1 / 5.1, abs=0.001)
    assert found[-1] == pytest.approx(10.1 / 5.1, abs=0.001)
    assert spread([0.1, 0.2]) == (1.0, 1.0)


def test_mixed_pages_are_the_same_each_time_and_all_different() -> None:
    pages = [mixed_page(number) for number in range(30)]
    assert pages == [mixed_page(number) for number in range(30)]
    assert len({page.url for page in pages}) == 30
    for number, page in enumerate(pages):
        assert f" wire{number} | The Paper</title>" in str(page.html)


def test_a_machine_does_no_more_than_its_readers_and_its_cores() -> None:
    costs = even_costs(0.01)
    assert pages_per_second(costs, 1, 64, "embedded") == pytest.approx(100, rel=0.01)
    # Three stages of 10 ms share two cores, where four would read more than that.
    assert pages_per_second(costs, 4, 2, "embedded") == pytest.approx(200 / 3, rel=0.01)
    # One process indexes, so a hundred a second are the end.
    assert pages_per_second(costs, 64, 64, "embedded") == pytest.approx(100, rel=0.01)
    assert pages_per_second(costs, 1, 64, "real") == pytest.approx(100 / 3)
    assert pages_per_second(costs, 64, 2, "real") == pytest.approx(200 / 4)


@pytest.mark.parametrize("text", ["", "1,,2", "0", "x", "1,-2", "99", "²"])
def test_workers_that_are_no_numbers(text: str) -> None:
    with pytest.raises(UserError, match=r"--workers .* is no list"):
        counts(text)
    assert counts("1, 2,4") == [1, 2, 4]


def test_the_tables_of_the_document_are_what_the_model_says() -> None:
    text = (ROOT / "docs/scaling.md").read_text()
    assert all(f"<!-- plan: {name} -->" in text for name in TABLES)
    made = rewritten(text, read_costs(None))
    assert made == text, "write it again: python -m services.planning.shown docs/scaling.md"
    assert rewritten(text, even_costs(0.01)) != text


@pytest.mark.slow
def test_bench_stages_saves_what_a_plan_takes(tmp_path: Path) -> None:
    path = tmp_path / "costs.json"
    options = ("--articles", "20", "--topics", "1000", "--save", str(path), "--json")
    found = json.loads(beatwire("bench", "stages", *options))
    assert found["articles"] == 20
    costs = read_costs(path)
    assert tuple(costs.stages) == STAGES
    assert costs.stages["read"].event > costs.stages["index"].event > 0
    assert costs.stages["deliver"].event > 0
    assert costs.join > 0
    assert 0 < costs.facts < 0.5
    assert 0 <= costs.thousand_topics < 0.1
    assert min(costs.bytes.page, costs.bytes.article, costs.bytes.store, costs.bytes.index) > 500
    command = ("plan", "--articles-per-day", "100k", "--costs", str(path), "--json")
    planned = json.loads(beatwire(*command))["plan"]
    assert planned["measured"] == found["measured"]


def test_bench_stages_says_where_it_cannot_save(tmp_path: Path) -> None:
    where = str(tmp_path / "none" / "costs.json")
    assert beatwire("bench", "stages", "--save", where, code=1) == ""


def test_bench_scale_is_beside_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads and indexes is `bench flow`'s, which has a test of its own."""

    def run(backend: Backend, workers: int, pages: int, port: int, place: Trial) -> FlowRun:
        assert place.env["BEATWIRE_WORKERS"] == str(workers)
        return FlowRun(backend, workers, 0, 1, pages * workers / 2)

    monkeypatch.setattr("services.bench.scale.flow_run", run)
    costs = even_costs(0.01)
    found = bench_scale(12, (1, 2), "embedded", costs, lambda _: None)
    assert [each.workers for each in found.runs] == [1, 2]
    assert [each.pages_per_second for each in found.runs] == [6, 12]
    for each in found.runs:
        told = pages_per_second(costs, each.workers, found.machine.cores, "embedded")
        assert each.predicted == pytest.approx(told, abs=0.05)
        assert each.ratio == pytest.approx(each.pages_per_second / told, abs=0.005)
