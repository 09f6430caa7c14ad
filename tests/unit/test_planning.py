"""The capacity model: what it says follows from its costs, and bad figures are refused."""

import json
from math import inf, isclose
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import UserError
from services.planning.costs import STAGES, Cost, own_costs, read_costs
from services.planning.day import MOST_PEAK, profile, rate_at
from services.planning.load import Load, Prices, check, number_of
from services.planning.model import cost_of, plan
from services.planning.queues import erlang_c, expected, squared_variation
from tests.support.planning import even_costs
from tests.support.processes import beatwire

COSTS = even_costs(seconds=0.01)


def load(articles: int, **given: float) -> Load:
    return msgspec.convert(
        {"articles_per_day": articles, "topics": 0, **given}, type=Load, strict=False
    )


def test_cores_are_articles_by_seconds_by_peak_and_room() -> None:
    found = plan(load(864_000, peak=2, utilisation=0.5), COSTS)
    # 10 a second, 20 in the busiest hour, 0.01 s at each of four stages; servers another 0.01.
    assert [need.cores for need in found.needs[:4]] == pytest.approx([0.2] * 4)
    assert [need.workers for need in found.needs] == [1] * 5
    assert found.cores == 2
    assert found.servers_cores == pytest.approx(0.2)


def test_workers_leave_the_room_that_is_asked_for() -> None:
    for articles in (100_000, 1_000_000, 30_000_000, 400_000_000):
        for need in plan(load(articles, utilisation=0.6), COSTS).needs:
            assert need.utilisation <= 0.6 + 1e-9
            assert need.workers == 1 or need.cores / (need.workers - 1) > 0.6


def test_bytes_are_kept_with_their_replicas() -> None:
    one = plan(load(1_000, replicas=0, days_kept=10), COSTS)
    sizes = COSTS.bytes
    assert one.a_day.log == 1_000 * (sizes.page + sizes.article)
    assert one.kept.index == 10 * 1_000 * sizes.index
    assert plan(load(1_000, replicas=2, days_kept=10), COSTS).kept.all == 3 * one.kept.all
    assert plan(load(1_000, replicas=2, days_kept=10), COSTS).shards == one.shards


def test_shards_have_thirty_to_fifty_gigabytes() -> None:
    found = plan(load(1_000_000, replicas=0), COSTS)
    assert found.shards > 10
    assert 30e9 < found.kept.index / found.shards < 50e9


@pytest.mark.parametrize(
    ("articles", "partitions"), [(1_000, 12), (10_000_000, 12), (20_000_000, 24), (40_000_000, 48)]
)
def test_partitions_are_made_up_front_for_twice_the_readers(articles: int, partitions: int) -> None:
    found = plan(load(articles), COSTS)
    assert found.partitions == partitions
    assert found.partitions >= found.need("read").workers


def test_topics_cost_the_alert_stage_time_and_memory() -> None:
    few, many = load(500_000), load(500_000, topics=1_500_000)
    assert cost_of("alert", few, COSTS).event == 0.01
    more = (
        COSTS.facts + 1_500 * COSTS.thousand_topics + 15 * COSTS.alert
    )  # 5 alerts a topic on a day
    assert cost_of("alert", many, COSTS).event == pytest.approx(0.01 + more)
    assert cost_of("read", many, COSTS) == cost_of("read", few, COSTS)
    found = plan(many, COSTS)
    topics = 1.5 * COSTS.long.megabytes_a_million_topics / 1_000
    assert found.own_gigabytes > found.need("alert").workers * topics
    assert found.need("deliver").per_second == pytest.approx(many.busiest * 15)


def test_money_is_there_only_with_prices() -> None:
    assert plan(load(1_000_000), COSTS).money is None
    assert plan(load(1_000_000), COSTS, Prices()).money is None
    found = plan(load(1_000_000), COSTS, Prices(core=10.0))
    assert found.money
    assert found.money.all == found.money.cores == 10 * found.cores


def test_limits_are_met_where_they_say() -> None:
    for number, limit in enumerate(plan(load(1_000), COSTS).limits):
        if limit.unit == "articles a day":
            there = plan(load(round(limit.at)), COSTS)
            same = next(each for each in there.limits if each.name == limit.name)
            assert same.used == pytest.approx(1, rel=1e-3), number
    passed = plan(load(2_000_000_000), COSTS).limits
    assert passed[0].used > 1
    assert [each.used for each in passed[:3]] == sorted((e.used for e in passed[:3]), reverse=True)


def test_the_store_is_no_limit_where_joining_costs_nothing() -> None:
    free = msgspec.structs.replace(COSTS, join=0.0)
    found = next(each for each in plan(load(1_000), free).limits if "store" in each.name)
    assert found.at == inf
    assert found.used == 0


@given(st.floats(1, MOST_PEAK))
def test_a_day_has_its_peak_and_its_mean(peak: float) -> None:
    hours = profile(peak)
    assert max(hours) == pytest.approx(peak, rel=1e-3)
    assert sum(hours) / 24 == pytest.approx(1)
    assert min(hours) >= 0
    assert rate_at(16 * 3600 + 5, peak) == max(hours)


@pytest.mark.parametrize(
    ("text", "number"),
    [("500k", 500_000), ("1.5M", 1_500_000), ("2b", 2_000_000_000), ("1,000", 1_000), (" 7 ", 7)],
)
def test_a_number_as_people_write_it(text: str, number: int) -> None:
    assert number_of(text, "--topics") == number


@pytest.mark.parametrize("text", ["", "x", "-5", "1e9", "1MM", "M", "nan", "9" * 5_000 + "x"])
def test_what_is_no_number_is_said(text: str) -> None:
    with pytest.raises(UserError, match=r"--topics .* is no number; write"):
        number_of(text, "--topics")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"articles_per_day": 0}, "--articles-per-day 0"),
        ({"articles_per_day": 10**12}, "--articles-per-day"),
        ({"peak": 0.9}, "--peak 0.9"),
        ({"peak": float("nan")}, "--peak nan"),
        ({"utilisation": 1.0}, "--utilisation 1"),
        ({"utilisation": 0.0}, "--utilisation 0"),
        ({"days_kept": 0}, "--days-kept 0"),
        ({"replicas": 9}, "--replicas 9"),
        ({"alerts_a_topic": -1.0}, "--alerts-a-topic -1"),
        ({"topics": -1}, "--topics -1"),
    ],
)
def test_figures_that_nothing_can_be_planned_with(given: dict[str, float], says: str) -> None:
    figures = {"articles_per_day": 1_000, **given}
    with pytest.raises(UserError, match=f"{says} .*is not between"):
        check(msgspec.convert(figures, type=Load, strict=False))


def test_more_alerts_than_anybody_reads_are_refused() -> None:
    with pytest.raises(UserError, match="are 50,000 alerts an article; give fewer"):
        check(load(1_000, topics=10_000_000))


def test_own_costs_are_whole() -> None:
    costs = own_costs()
    assert tuple(costs.stages) == STAGES
    assert costs.stages["read"].event > costs.stages["crawl"].event > 0
    assert read_costs(None) == costs


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"stages": {}}, "no cost of crawl"),
        ({"join": -1}, "negative"),
        ({"thousand_topics": 1e300}, "negative, or none"),
        ({"bytes": {"page": -1, "article": 0, "store": 0, "index": 0}}, "size"),
        ({"stages": {"crawl": {"event": 0, "batch": 0, "slice": 1, "spread": [1, 1]}}}, "no cost"),
        ({"articles": "many"}, "holds no costs"),
    ],
)
def test_costs_that_are_none(change: dict[str, object], says: str, tmp_path: Path) -> None:
    path = tmp_path / "costs.json"
    path.write_text(json.dumps({**msgspec.to_builtins(COSTS), **change}))
    with pytest.raises(UserError, match=rf"costs\.json.*{says}.*bench stages --save"):
        read_costs(path)


def test_a_file_of_costs_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot be read: .*bench stages"):
        read_costs(tmp_path / "none.json")


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_erlang_agrees_with_its_sum(servers: int, share: float) -> None:
    offered = share * servers
    terms = [1.0]
    for number in range(1, servers + 1):
        terms.append(terms[-1] * offered / number)
    waiting = terms[-1] / (1 - share)
    assert isclose(erlang_c(servers, offered), waiting / (sum(terms[:-1]) + waiting), rel_tol=1e-9)


def test_waits_grow_with_load_and_spread_and_end_with_servers() -> None:
    even, wide = (
        Cost(event=0.1, batch=0.0, slice=1, spread=spread) for spread in ((1.0, 1.0), (0.0, 2.0))
    )
    assert expected(0, 2, 12, even) == expected(0, 2, 0, even)
    assert expected(0.1, 1, 0, even).p95 == 0
    assert expected(10, 1, 0, even).p95 == inf
    assert expected(9, 1, 0, wide).p95 > expected(9, 1, 0, even).p95 > expected(8, 1, 0, even).p95
    assert expected(9, 1, 0, even).p95 > expected(9, 2, 0, even).p95
    assert expected(9, 1, 0, even).utilisation == pytest.approx(0.9)
    assert expected(9, 4, 2, even).utilisation == pytest.approx(0.225), "two of four can work"


def test_the_variation_of_a_spread() -> None:
    assert squared_variation((1.0, 1.0)) == 0
    assert squared_variation((0.0, 2.0)) == pytest.approx(1 / 3)  # of even chance
    assert squared_variation((0.0, 0.0)) == 0


def test_the_command_says_it_for_people_and_machines() -> None:
    command = ("plan", "--articles-per-day", "500k", "--topics", "1.5M")
    found = json.loads(beatwire(*command, "--json"))
    assert found["plan"]["load"]["topics"] == 1_500_000
    assert [need["stage"] for need in found["plan"]["needs"]] == list(STAGES)
    assert found["simulation"] is None
    text = beatwire(*command, "--core-price", "20")
    for words in ("500,000 articles a day", "partitions", "shards", "Bottleneck:", "a month"):
        assert words in text
    assert beatwire("plan", "--articles-per-day", "many", code=1) == ""
    assert beatwire("plan", "--articles-per-day", "1M", "--disk-price", "nan", code=1) == ""
