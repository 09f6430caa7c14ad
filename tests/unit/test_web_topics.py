"""The pages of topics: made, tried, changed, muted and removed, by whom they belong to."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from services.alerts.topics import MOST_TOPICS
from services.store.alerting import Again, AlertTopic, Failed, Sent
from services.web.alerts.found_view import PAGE
from tests.support.articles import article
from tests.support.coverage import NOW, all_stories, model_story
from tests.support.told import followed, tell
from tests.support.visitor import Newsroom, Visitor, newsroom
from tests.support.web import texts

COST = "claim:training_cost"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        made.add_user("ada", "analyst")
        made.add_user("ben", "analyst")
        made.add_user("olga", "operator")
        made.add_user("rea", "reader")
        yield made


@pytest.fixture
def ada(room: Newsroom) -> Visitor:
    return room.logged_in("ada")


def only(room: Newsroom, owner: str = "ada") -> AlertTopic:
    (topic,) = room.store.topics(owner)
    return topic


def hook(room: Newsroom, ada: Visitor) -> str:
    ada.send(
        "/channels", {"kind": "webhook", "address": "https://hooks.example/in", "name": "desk"}
    )
    return room.store.channels("ada")[0].id


def test_a_search_becomes_a_topic_in_two_steps(room: Newsroom, ada: Visitor) -> None:
    search = ada.page("/?q=claim%3Atraining_cost&after=2025-01-01")
    (address,) = search.xpath("//p[@id='alerting']/a/@href")
    assert address == "/topics/new?q=claim%3Atraining_cost"
    form = ada.page(address)
    assert form.xpath("//input[@name='q']/@value") == [COST]
    assert texts(form, "//p[@class='verdict']")[0].startswith("Would have told you ")
    answer = ada.send("/topics", {"q": COST, "name": "Costs", "when": "any"})
    topic = only(room)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/topics/{topic.id}")
    assert (topic.name, topic.query, topic.since) == ("Costs", COST, room.now)
    assert texts(ada.page("/topics"), "//td[1]/a") == ["Costs"]
    assert "Nothing yet" in texts(ada.page(f"/topics/{topic.id}"), "//main")[0]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("/?q=chips", "chips"),
        ("/claims?q=claim%3Aloss", "claim:loss"),
        ("/disagreements?q=meta", "meta"),
        (f"/entity/{model_story().entities[0].id}", "entity:quillon-ai"),
        (f"/story/{model_story().id}", f"story:{model_story().id}"),
    ],
)
def test_every_page_of_results_offers_to_tell(room: Newsroom, page: str, query: str) -> None:
    link = "//a[text()='Alert me']/@href"
    ada = room.logged_in("ada")
    (address,) = ada.page(page).xpath(link)
    assert ada.page(address).xpath("//input[@name='q']/@value") == [query]
    assert room.logged_in("rea").page(page).xpath(link) == []


def test_a_topic_is_tried_before_it_is_saved(room: Newsroom, ada: Visitor) -> None:
    room.now = model_story().published.replace(day=30)  # type: ignore[union-attr]
    tried = ada.page(f"/topics/new?q={COST}")
    assert texts(tried, "//p[@class='verdict']") == ["Would have told you once in 30 days."]
    (line,) = tried.xpath("//ol[@class='hits']//a[@class='result']")
    assert line.get("href") == f"/article/{model_story().id}"
    assert "Not tried: cadence, cap and mutes" in texts(tried, "//main")[0]
    fields = {"q": COST, "name": "Costs", "when": "first", "copies": "1", "hour": "7", "days": "90"}
    again = ada.send("/topics/preview", fields)
    assert again.status_code == 200
    assert "in 90 days" in again.text
    assert 'value="first" checked' in again.text
    assert 'name="hour" value="7"' in again.text
    assert room.store.topics("ada") == []


def test_nothing_found_is_told_apart(ada: Visitor) -> None:
    never = ada.page("/topics/new?q=quilon+chips")
    assert "This never occurs in what was indexed, at any time: quilon." in never.text_content()
    never = ada.page("/topics/new?q=entity%3Aquilon")
    assert "never occurs" in never.text_content()
    apart = ada.page("/topics/new?q=entity%3Ah100+entity%3Aquillon-ai")
    assert "Every part of the query occurs" in apart.text_content()
    assert texts(apart, "//p[@class='verdict']") == ["Would have told you nothing in 30 days."]


def test_a_query_that_cannot_be_read_keeps_the_form(room: Newsroom, ada: Visitor) -> None:
    for answer in (
        ada.get("/topics/new?q=nvidia+(chips"),
        ada.send("/topics/preview", {"q": "nvidia (chips", "name": "x"}),
        ada.send("/topics", {"q": "nvidia (chips", "name": "x"}),
    ):
        assert answer.status_code == 400
        assert "nvidia (chips\n       ^" in answer.text
        assert 'value="nvidia (chips"' in answer.text
    assert room.store.topics("ada") == []


def test_names_are_used_once_and_there_is_an_end(room: Newsroom, ada: Visitor) -> None:
    assert ada.send("/topics", {"q": "a", "name": "n"}).status_code == 303
    answer = ada.send("/topics", {"q": "b", "name": "n"})
    assert (answer.status_code, "there already" in answer.text) == (400, True)
    assert room.logged_in("ben").send("/topics", {"q": "b", "name": "n"}).status_code == 303
    assert MOST_TOPICS >= 100


def test_there_is_a_most(room: Newsroom, ada: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.web.alerts.topics.MOST_TOPICS", 1)
    ada.send("/topics", {"q": "a"})
    assert "1 topics are there already" in ada.send("/topics", {"q": "b"}).text


def test_a_topic_is_changed_whole(room: Newsroom, ada: Visitor) -> None:
    channel = hook(room, ada)
    topic = followed(room.store, "ada", "chips", NOW, name="Chips", when="changed", percent="30")
    address = f"/topics/{topic.id}"
    form = ada.page(address).xpath("//details[@id='edit']//form")[0]
    given = {
        field.name: field.value for field in form.xpath(".//input[not(@type='radio') or @checked]")
    }
    given |= {each.get("name"): each.get("value") for each in form.xpath(".//input[@checked]")}
    assert (given["q"], given["percent"], given["when"]) == ("chips", "30", "changed")
    room.wait(timedelta(hours=1))
    wish = {
        "q": "chips gpus",
        "name": "More",
        "when": "any",
        "channel": channel,
        "cadence": "daily",
    }
    assert ada.send(address, {**wish, "hour": "7", "zone": "Europe/Berlin"}).status_code == 303
    changed = only(room)
    assert (changed.query, changed.name, changed.channels) == ("chips gpus", "More", (channel,))
    assert (changed.cadence, changed.hour, changed.zone) == ("daily", 7, "Europe/Berlin")
    assert (changed.version, changed.since) == (2, room.now)
    ada.send(address, {**wish, "channel": []})
    assert only(room).channels == ()
    wrong = ada.send(address, {"q": "usd:>", "name": "More"})
    assert (wrong.status_code, 'value="usd:&gt;"' in wrong.text) == (400, True)
    assert '<details id="edit" open>' in wrong.text
    assert only(room).query == "chips gpus"


def test_mute_notes_and_counts(room: Newsroom, ada: Visitor) -> None:
    topic = followed(room.store, "ada", COST, NOW)
    address = f"/topics/{topic.id}"
    assert ada.send(f"{address}/mute", {"until": "1h"}).status_code == 303
    tell(room.store, [model_story()], room.now)
    page = ada.page(address)
    said = texts(page, "//section[@aria-labelledby='mute']")[0]
    assert "Mute until " in said
    assert "muted 1 in 30 days" in said
    assert texts(page, "//span[@class='tag']") == ["muted, not sent"]
    assert ada.send(f"{address}/unmute").status_code == 303
    assert only(room).muted_until is None
    for fields, fits in (
        ({"until": "today"}, True),
        ({"until": "1w"}, True),
        ({"until": "day", "day": "2099-01-01"}, False),
        ({"until": "day", "day": f"{NOW + timedelta(days=9):%Y-%m-%d}"}, True),
        ({"until": "day", "day": ""}, False),
        ({}, False),
    ):
        assert ada.send(f"{address}/mute", fields).status_code == (303 if fits else 400)


def test_what_it_found_with_copies_and_corrections(room: Newsroom, ada: Visitor) -> None:
    topic = followed(room.store, "ada", COST, NOW)
    first = model_story()
    copy = msgspec.structs.replace(first, id="copy", url="https://wire.example/copy")
    edited = msgspec.structs.replace(
        first, claims=(), content_hash="other", fetched_at=first.fetched_at + timedelta(hours=1)
    )
    for each in (first, copy, edited):
        tell(room.store, [each], room.now)
    page = ada.page(f"/topics/{topic.id}")
    lines = texts(page, "//ol[@class='hits']//p[@class='byline']")
    assert len(lines) == 2
    assert "correction" in lines[0]
    assert "+1 copy" in lines[1]
    assert texts(page, "//ol[@class='hits']//a[@class='result']")[0].startswith("Corrected: ")


def test_lists_go_on_as_far_as_there_is_something(room: Newsroom, ada: Visitor) -> None:
    topic = followed(room.store, "ada", "nothing", NOW)
    many = [article(f"n{number}", f"Nothing {number}.") for number in range(PAGE + 3)]
    assert len(tell(room.store, many, room.now)) == PAGE + 3
    seen: list[str] = []
    following = [f"/topics/{topic.id}"]
    while following:
        page = ada.page(following[0])
        seen += page.xpath("//ol[@class='hits']//a[@class='result']/@href")
        following = page.xpath("//a[@rel='next']/@href")
    assert len(seen) == len(set(seen)) == PAGE + 3


def test_deliveries_are_shown_and_sent_again(room: Newsroom, ada: Visitor) -> None:
    channel = hook(room, ada)
    topic = followed(room.store, "ada", COST, NOW, channels=(channel,))
    tell(room.store, [model_story()], room.now)
    address = f"/topics/{topic.id}"
    assert "desk" in texts(ada.page(address), "//section[@aria-labelledby='deliveries']//td[1]")
    later = room.now + timedelta(hours=1)
    (parcel,) = room.store.take(later, later + timedelta(minutes=1))
    room.store.end(parcel.message.id, Again(later, "no answer"), later)
    assert "tried 1 time" in ada.page(address).text_content()
    (parcel,) = room.store.take(later, later + timedelta(minutes=1))
    room.store.end(parcel.message.id, Failed("gone <b>"), later)
    page = ada.page(address)
    assert "gone <b>" in page.text_content()
    assert texts(page, "//button[@name='message']") == [f"Send it again {parcel.message.id}"]
    ada.send(f"{address}/replay", {"message": "msg_of_somebody_else"})
    assert room.store.messages(topic=topic.id)[0].state == "failed"
    assert ada.send(f"{address}/replay", {"message": parcel.message.id}).status_code == 303
    assert room.store.messages(topic=topic.id)[0].state == "open"
    (parcel,) = room.store.take(later, later + timedelta(minutes=1))
    room.store.end(parcel.message.id, Sent(), later)
    assert "sent" in texts(ada.page(address), "//td[2]")[0]


def test_a_topic_that_is_not_looked_at_says_why(room: Newsroom, ada: Visitor) -> None:
    topic = followed(room.store, "ada", COST, NOW)
    why = "its query cannot be read: <script>"
    room.store.change_topic(msgspec.structs.replace(topic, query="usd:>", disabled=why))
    for page in (ada.page("/topics"), ada.page(f"/topics/{topic.id}")):
        assert f"not looked at: {why}" in page.text_content()
    assert ada.send(f"/topics/{topic.id}", {"q": COST, "name": "x"}).status_code == 303
    assert only(room).disabled == ""


def test_it_is_removed_with_what_it_found(room: Newsroom, ada: Visitor) -> None:
    topic = followed(room.store, "ada", COST, NOW)
    (noted,) = tell(room.store, [model_story()], room.now)
    answer = ada.send(f"/topics/{topic.id}/remove")
    assert (answer.status_code, answer.headers["location"]) == (303, "/topics")
    assert ada.get(f"/topics/{topic.id}").status_code == 404
    assert ada.get(f"/alerts/{noted.alert.id}").status_code == 404
    assert ada.send(f"/topics/{topic.id}/remove").status_code == 404


def test_topics_are_their_owner_s_and_operators(room: Newsroom) -> None:
    topic = followed(room.store, "ada", COST, NOW, name="Ada's own")
    tell(room.store, all_stories(), room.now)
    address = f"/topics/{topic.id}"
    actions = ["", "/mute", "/unmute", "/feed", "/replay", "/remove"]
    ben, olga, rea = (room.logged_in(name) for name in ("ben", "olga", "rea"))
    never = ben.get("/topics/0123456789abcdef")
    assert (ben.get(address).status_code, ben.get(address).text) == (404, never.text)
    assert [ben.send(address + each).status_code for each in actions] == [404] * 6
    assert "Ada's own" not in ben.get("/topics?owner=all").text
    assert [rea.send(address + each).status_code for each in actions] == [403] * 6
    assert only(room) == topic
    assert "Ada's own" not in olga.get("/topics").text
    assert texts(olga.page("/topics?owner=all"), "//td[1]/span") == ["ada"]
    assert texts(olga.page("/topics?owner=ada"), "//h1") == ["Alert topics of ada"]
    assert olga.send(f"{address}/mute", {"until": "1h"}).status_code == 303
    assert only(room).muted_until is not None


def test_an_operator_s_change_knows_the_owner_s_channels(room: Newsroom, ada: Visitor) -> None:
    channel = hook(room, ada)
    topic = followed(room.store, "ada", COST, NOW, channels=(channel,))
    olga = room.logged_in("olga")
    page = olga.page(f"/topics/{topic.id}")
    assert page.xpath("//input[@name='channel']/@value") == [channel]
    olga.send(f"/topics/{topic.id}", {"q": COST, "name": "x", "channel": channel})
    assert (only(room).owner, only(room).channels) == ("ada", (channel,))


def test_hostile_words_are_text(room: Newsroom, ada: Visitor) -> None:
    name = "<script>alert(1)</script>\"' onx=1"
    ada.send("/topics", {"q": f'"{name[:20]}"', "name": name})
    topic = only(room)
    for address in ("/topics", f"/topics/{topic.id}", f"/topics/new?q={name[:8]}"):
        page = ada.page(address)
        assert page.xpath("//main//script") == []
    assert texts(ada.page("/topics"), "//td[1]/a") == [name]
