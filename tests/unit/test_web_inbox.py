"""The inbox, and the page that says why somebody was told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from processors.records import Reason, Span
from services.web.alerts.why_view import marks_in
from tests.support.api import told_twice
from tests.support.coverage import NOW, all_stories, model_story
from tests.support.told import followed, tell
from tests.support.visitor import Newsroom, Visitor, newsroom
from tests.support.web import texts

COST = "claim:training_cost(usd<10M)"


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


def test_an_empty_inbox_says_what_to_do(room: Newsroom, ada: Visitor) -> None:
    assert "You follow no topic yet" in ada.page("/alerts").text_content()
    followed(room.store, "ada", COST, NOW)
    assert "Nothing was found yet" in ada.page("/alerts").text_content()
    assert "Nothing older" in ada.page("/alerts?before=1").text_content()
    rea = room.logged_in("rea").page("/alerts")
    assert "beatwire users role rea analyst" in rea.text_content()
    assert rea.xpath("//a[@href='/topics']") == []


def test_the_inbox_has_all_topics_of_one_person(room: Newsroom, ada: Visitor) -> None:
    followed(room.store, "ada", COST, NOW, name="Costs")
    followed(room.store, "ada", "entity:nvidia", NOW, name="Nvidia")
    followed(room.store, "ben", "entity:meta", NOW, name="Meta of ben")
    found = tell(room.store, all_stories(), room.now)
    assert len(found) > 3
    page = ada.page("/alerts")
    assert set(texts(page, "//p[@class='byline']/a[1]")) == {"Costs", "Nvidia"}
    newest = page.xpath("//ol[@class='hits']/li[1]//a[@class='result']/@href")[0]
    own = [each for each in found if each.alert.owner == "ada"]
    assert newest == f"/alerts/{own[-1].alert.id}"
    assert page.xpath("//main/@data-newest") == [str(own[-1].seq)]
    assert "Meta of ben" not in page.text_content()


def test_an_alert_says_why(room: Newsroom, ada: Visitor) -> None:
    topic = followed(room.store, "ada", f"{COST} entity:meta", NOW, name="Costs")
    (noted,) = tell(room.store, [model_story()], room.now)
    page = ada.page(f"/alerts/{noted.alert.id}")
    said = page.text_content()
    reasons = texts(page, "//ol[@class='reasons']/li")
    assert any("a claim of training cost" in each for each in reasons)
    assert any("names meta" in each.lower() for each in reasons)
    marks = texts(page, "//p[@class='quote']/mark")
    assert "Meta" in marks
    assert any("$5.6 million" in each for each in marks)
    assert "Quillon AI" in said
    assert "Checked again now, from this alert and the article alone: true." in " ".join(
        said.split()
    )
    assert noted.alert.event_id in said
    assert f"{topic.id}, version 1" in said
    assert page.xpath(f"//a[@href='/topics/{topic.id}']")


def test_mood_and_what_was_known_before_are_shown(room: Newsroom, ada: Visitor) -> None:
    followed(room.store, "ada", "mood:nvidia<-0.2", NOW)
    (noted, *_) = tell(room.store, [model_story()], room.now)
    page = ada.page(f"/alerts/{noted.alert.id}")
    assert "−0.71" in texts(page, "//span[@class='mood']")[0]
    followed(room.store, "ada", "claim:training_cost", NOW, when="changed")
    for each in told_twice():
        tell(room.store, [each], room.now)
    (moved,) = [each for each in room.store.alerts(owner="ada") if each.alert.when == "changed"]
    page = ada.page(f"/alerts/{moved.alert.id}")
    assert "$5.6M" in texts(page, "//section[@aria-labelledby='before']")[0]
    assert "$1.3B" in texts(page, "//section[@aria-labelledby='claimed']")[0]
    assert moved.alert.news
    assert moved.alert.news in page.text_content()


def test_a_text_that_is_no_longer_there_is_not_checked(room: Newsroom, ada: Visitor) -> None:
    followed(room.store, "ada", COST, NOW)
    gone = msgspec.structs.replace(model_story(), id="gone", url="javascript:alert(1)")
    (noted,) = tell(room.store, [gone], room.now)
    page = ada.page(f"/alerts/{noted.alert.id}")
    assert "was edited or removed since" in page.text_content()
    assert page.xpath("//a[starts-with(@href, 'javascript')]") == []


def test_a_correction_leads_to_what_it_corrects(room: Newsroom, ada: Visitor) -> None:
    followed(room.store, "ada", COST, NOW)
    first = model_story()
    (told,) = tell(room.store, [first], room.now)
    edited = msgspec.structs.replace(
        first, claims=(), content_hash="x", fetched_at=first.fetched_at + timedelta(hours=1)
    )
    (correction,) = tell(room.store, [edited], room.now)
    page = ada.page(f"/alerts/{correction.alert.id}")
    assert texts(page, "//h1")[0].startswith("Corrected: ")
    assert page.xpath(f"//a[@href='/alerts/{told.alert.id}']")
    assert page.xpath(f"//a[@href='/article/{first.id}/versions/x']")


def test_alerts_are_their_owner_s_and_operators(room: Newsroom, ada: Visitor) -> None:
    followed(room.store, "ada", COST, NOW)
    (noted,) = tell(room.store, [model_story()], room.now)
    address = f"/alerts/{noted.alert.id}"
    assert ada.get(address).status_code == room.logged_in("olga").get(address).status_code == 200
    ben = room.logged_in("ben")
    assert ben.get(address).status_code == 404
    assert ben.get(address).text == ben.get("/alerts/0123456789abcdef").text
    room.store.set_role("ada", "reader")
    page = ada.page(address)
    assert page.xpath("//a[starts-with(@href, '/topics')]") == []


@pytest.mark.parametrize(
    ("reason", "marked"),
    [
        ({}, ()),
        ({"span": Span(start=12, end=16), "sentence": Span(start=10, end=30)}, ("2", "6")),
        ({"span": Span(start=0, end=4)}, ("0", "4")),
        ({"span": Span(start=14, end=900), "sentence": Span(start=10, end=30)}, ("4", "8")),
        ({"span": Span(start=2, end=4), "sentence": Span(start=10, end=30)}, ()),
    ],
)
def test_marks_stay_in_the_quote(reason: dict[str, Span], marked: tuple[str, ...]) -> None:
    plain = Reason(clause="x", says="x", field="body", quote="12345678")
    made = msgspec.structs.replace(plain, **reason)
    found = tuple(str(each) for span in marks_in(made) for each in (span.start, span.end))
    assert found == marked
