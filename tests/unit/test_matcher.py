"""The matcher of topics: what it keeps, what it leaves alone, and how little it takes."""

from itertools import product
from time import process_time

import pytest

from processors.query.match import Matcher, matches
from processors.query.matching.formulas import formula
from processors.query.matching.index import PlanIndex
from processors.query.matching.plans import Plan, clauses_of
from processors.query.matching.seen import Asked
from processors.query.syntax import parse_query
from processors.query.tree import Near
from tests.support.articles import article, entity


def matcher(**queries: str) -> Matcher:
    made = Matcher()
    for key, query in queries.items():
        made.add(key, parse_query(query))
    return made


def plan(query: str) -> Plan:
    (clauses,) = clauses_of(formula(parse_query(query)))
    return Plan(clauses)


CHIPS = article(body="Chip exports fell sharply, says Nvidia.", title="Lower cost")


def test_keys_come_sorted_and_each_once() -> None:
    topics = matcher(b="exports", c="chip OR exports OR exports", a="title:cost", d="china")
    assert topics.matching(CHIPS) == ["a", "b", "c"]
    assert len(topics) == 4


def test_a_topic_takes_the_place_of_the_one_with_its_key() -> None:
    topics = matcher(a="chip")
    topics.add("a", parse_query("china"))
    assert topics.matching(CHIPS) == []
    topics.add("a", parse_query("exports"))
    topics.add("a", parse_query("exports"))
    assert topics.matching(CHIPS) == ["a"]
    assert len(topics) == 1


def test_what_was_removed_is_gone_and_nothing_of_it_is_kept() -> None:
    queries = {
        "a": "chip OR (exports -china)",
        "b": "nvid* claim:funding(usd>1M)",
        "c": "-china",
        "d": "(chip OR fell) (exports OR china)",
    }
    topics = matcher(**queries)
    assert topics.wants_reading()
    topics.matching(CHIPS)
    topics.remove("never")
    for key in queries:
        topics.remove(key)
    assert len(topics) == 0
    assert topics.matching(CHIPS) == []
    assert not topics.wants_reading()
    assert not any(vars(topics._index)[name] for name in ("_buckets", "_always"))
    assert not topics._plans


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("chip", False),
        ('"lower cost"~3 chip* title:x', False),
        ("source:ledger author:ames lang:en section:business after:2025 is:original", False),
        ("entity:nvidia", True),
        ("chip -person:altman", True),
        ("chip OR mood:nvidia<0", True),
        ("claim:any", True),
        ("subject:nvidia", True),
        ("usd:>10M", True),
    ],
)
def test_it_tells_whether_a_text_must_be_read(query: str, reading: bool) -> None:
    assert matcher(a="chip", b=query).wants_reading() == reading


def test_it_tells_whether_the_language_is_asked_for() -> None:
    assert matcher(a="chip lang:en").wants_language()
    assert not matcher(a="chip").wants_language()


def test_the_same_in_another_order_is_one_plan() -> None:
    one, other = plan('chip "lower cost" -china -spain'), plan('-spain "lower cost" -china chip')
    assert one.clauses == other.clauses


def test_a_plan_moves_to_the_rarest_of_what_it_needs() -> None:
    index, asked, wanted = PlanIndex(), Asked(), plan("extraordinary chip")
    asked.ask(wanted.facts())
    index.hang(wanted)
    assert wanted.at == ("extraordinari",)
    for _ in range(20):
        assert not index.matching(asked.see(article(body="An extraordinary day.")))
    assert wanted.at == ("chip",)
    assert index.matching(asked.see(article(body="An extraordinary chip."))) == [wanted]
    for _ in range(200):
        assert not index.matching(asked.see(article(body="Another chip.")))
    assert wanted.at == ("extraordinari",)
    assert index.matching(asked.see(article(body="An extraordinary chip."))) == [wanted]


def test_a_check_is_done_once_for_all_topics() -> None:
    asked, seen_by = Asked(), [plan(f'"exports fell sharply" {word}') for word in ("chip", "say")]
    for each in seen_by:
        asked.ask(each.facts())
    seen = asked.see(CHIPS)
    assert all(each.holds(seen) for each in seen_by)
    assert len(seen.known) == 1


def test_a_long_name_is_met_by_its_whole_end() -> None:
    name = "The Society for the Study of Large Models"
    one = article(entities=(entity(name, "agency"),))
    assert matches(parse_query(f'entity:"{name}"'), one)
    assert matches(parse_query('org:"society for the study of large models"'), one)
    assert not matches(parse_query('entity:"a study for the study of large models"'), one)
    assert not matches(parse_query(f'person:"{name}"'), one)


def test_a_phrase_does_not_run_from_the_title_into_the_text() -> None:
    one = article(title="The lower", body="cost of chips")
    assert not matches(parse_query('"lower cost"'), one)
    assert not matches(parse_query('"the lower cost"'), one)
    assert not matches(parse_query('"lower cost"~5'), one)
    assert matches(parse_query('title:"the lower" "cost of chips"'), one)


def test_a_thousand_topics_with_beginnings_take_no_time() -> None:
    """There are no patterns: a ``*`` stands at the end of a word alone, and is looked up."""
    topics, words = Matcher(), ["".join(each) for each in product("bcdfghjklm", repeat=3)]
    for word in words:
        topics.add(word, parse_query(f"pre{word}* chip* OR nvid{word}*"))
    one = article(body=" ".join(f"pre{word}xyz chips" for word in words[::2]))
    took = []
    for _ in range(3):
        before = process_time()
        found = topics.matching(one)
        took.append(process_time() - before)
        assert found == words[::2]
    assert min(took) < 0.05


@pytest.mark.parametrize("query", ['"(a+)+$"', '"/a.*b/"', '"a?b"'])
def test_signs_of_patterns_are_no_patterns(query: str) -> None:
    before = process_time()
    assert not matches(parse_query(query), article(body=f"{'a' * 50_000}b {'ab' * 50_000}"))
    assert process_time() - before < 1


def test_neighbours_in_a_text_of_two_words_take_no_square() -> None:
    text = "chip " * 50_000 + "cost " * 3 + "price " * 50_000
    before = process_time()
    assert matches(Near(("chip", "price"), 3, ""), article(body=text))
    assert not matches(Near(("chip", "price"), 2, ""), article(body=text))
    assert process_time() - before < 2
