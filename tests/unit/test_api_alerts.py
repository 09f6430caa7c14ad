"""``/api/v1/topics`` and ``/api/v1/alerts``: one's own, whole, and followed without a gap."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.api import check, read_problem
from tests.support.articles import article
from tests.support.coverage import NOW, model_story
from tests.support.told import followed, tell
from tests.support.visitor import Newsroom, Visitor, newsroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        made.add_user("ada", "analyst")
        made.add_user("olga", "operator")
        yield made


@pytest.fixture
def ada(room: Newsroom) -> Visitor:
    return room.visitor(key=room.key("ada", "alerts"))


def answer(asks: Visitor, address: str) -> dict[str, Any]:
    got = asks.get(address)
    assert got.status_code == 200, got.text
    found: dict[str, Any] = got.json()
    name = "Topics" if "topics" in address else "Alerts"
    check(found, {"$ref": f"#/components/schemas/{name}"})
    return found


def seqs(found: dict[str, Any]) -> list[int]:
    return [each["seq"] for each in found["alerts"]]


def test_topics_are_paged_by_name_whatever_goes_meanwhile(room: Newsroom, ada: Visitor) -> None:
    made = [followed(room.store, "ada", "x", NOW, name=f"t{number}") for number in range(5)]
    followed(room.store, "olga", "x", NOW, name="other")
    first = answer(ada, "/api/v1/topics?limit=2")
    assert (first["total"], [each["name"] for each in first["topics"]]) == (5, ["t0", "t1"])
    assert "feed_token" not in first["topics"][0]
    room.store.remove_topic(made[1].id)
    second = answer(ada, f"/api/v1/topics?limit=2&after={first['next']}")
    assert [each["name"] for each in second["topics"]] == ["t2", "t3"]
    last = answer(ada, f"/api/v1/topics?limit=2&after={second['next']}")
    assert ([each["name"] for each in last["topics"]], last["next"]) == (["t4"], "")


def test_alerts_say_why(room: Newsroom, ada: Visitor) -> None:
    topic = followed(room.store, "ada", "claim:training_cost", NOW)
    (noted,) = tell(room.store, [model_story()], room.now)
    (alert,) = answer(ada, "/api/v1/alerts")["alerts"]
    assert (alert["id"], alert["seq"], alert["articles"]) == (noted.alert.id, noted.seq, 1)
    assert (alert["topic"], alert["query"]) == (topic.id, topic.query)
    assert alert["reasons"][0]["claim"]["figure"] == "$5.6M"
    assert alert["claims"][0]["figure"] == "$5.6M"


def test_who_polls_misses_nothing_and_gets_nothing_twice(room: Newsroom, ada: Visitor) -> None:
    topic = followed(room.store, "ada", "nothing", NOW)
    followed(room.store, "ada", "title:n3", NOW)
    many = [article(f"n{number}", f"Nothing {number}.", title=f"n{number}") for number in range(7)]
    all_of = [each.seq for each in tell(room.store, many, room.now)]
    newest = answer(ada, "/api/v1/alerts?limit=3")
    assert seqs(newest) == all_of[:-4:-1]
    older = answer(ada, f"/api/v1/alerts?limit=9&after={newest['next']}")
    assert (seqs(older), older["next"]) == (all_of[-4::-1], "")
    seen: list[int] = []
    page = answer(ada, "/api/v1/alerts?since=0&limit=3")
    while True:
        seen += seqs(page)
        if not page["next"]:
            break
        page = answer(ada, f"/api/v1/alerts?since=0&limit=3&after={page['next']}")
    assert seen == all_of
    assert answer(ada, f"/api/v1/alerts?since={seen[-1]}")["alerts"] == []
    one = answer(ada, f"/api/v1/alerts?topic={topic.id}&limit=100")
    assert len(one["alerts"]) == 7


def test_the_next_page_is_linked(room: Newsroom, ada: Visitor) -> None:
    followed(room.store, "ada", "nothing", NOW)
    tell(room.store, [article(f"n{each}", f"Nothing {each}.") for each in range(3)], room.now)
    got = ada.get("/api/v1/alerts?limit=2&since=0")
    address = got.headers["link"].partition(">")[0][1:]
    assert len(answer(ada, address)["alerts"]) == 1


def test_everybody_s_are_for_operators(room: Newsroom, ada: Visitor) -> None:
    own = followed(room.store, "ada", "claim:training_cost", NOW)
    followed(room.store, "olga", "claim:training_cost", NOW)
    tell(room.store, [model_story()], room.now)
    olga = room.visitor(key=room.key("olga", "alerts"))
    assert len(answer(olga, "/api/v1/alerts")["alerts"]) == 1
    assert len(answer(olga, "/api/v1/alerts?everybody=true")["alerts"]) == 2
    assert answer(olga, "/api/v1/topics?everybody=true")["total"] == 2
    for address in ("/api/v1/alerts?everybody=true", "/api/v1/topics?everybody=true"):
        refused = ada.get(address)
        assert (refused.status_code, "for operators" in refused.text) == (422, True)
        read_problem(refused)
    assert "is no topic of yours" in olga.get(f"/api/v1/alerts?topic={own.id}").text
    answer(olga, f"/api/v1/alerts?topic={own.id}&everybody=true")


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/topics?after=x",
        "/api/v1/topics?after=%C3%A9",
        "/api/v1/topics?after=" + "A" * 400,
        "/api/v1/alerts?after=x",
        "/api/v1/alerts?after=-1",
        "/api/v1/alerts?since=-1",
        "/api/v1/alerts?since=" + "9" * 40,
        "/api/v1/alerts?topic=nobody",
        "/api/v1/alerts?q=chips",
    ],
)
def test_what_cannot_be_asked_is_a_problem(ada: Visitor, address: str) -> None:
    refused = ada.get(address)
    assert refused.status_code == 422
    read_problem(refused)


def test_a_key_must_be_for_it(room: Newsroom) -> None:
    for scope in ("search", "export", "saved"):
        asks = room.visitor(key=room.key("ada", scope))
        assert asks.get("/api/v1/alerts").status_code == 403
        assert asks.get("/api/v1/topics").status_code == 403
        assert asks.get("/live/alerts").status_code == 403
