"""The operations page and its address: for operators alone, escaped, and able to retry."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.bus import Bus, Event
from services.bus.sqlite import SqliteBus
from services.dead import retrying
from services.errors import TryLater
from services.operations import retry as retry_page
from services.store.letters import Wanted
from services.store.port import Finished
from services.store.watching import Watch
from services.topics import PAGES
from services.web.operations_view import coded, fresh_words
from tests.contracts.letters import letter
from tests.support.api import Api, check
from tests.support.bus import on_the_log
from tests.support.coverage import NOW
from tests.support.payloads import SCRIPTS
from tests.support.visitor import LOCAL, Newsroom, Visitor, newsroom
from tests.support.web import texts
from tests.unit.test_dead_letters import fail, put_letter
from tests.unit.test_web_sources import LAB

GROUP = {"stage": "read", "class": "Reject"}


@pytest.fixture
def open_bus(tmp_path: Path) -> Callable[[], Bus]:
    return lambda: SqliteBus(tmp_path / "bus.sqlite")


@pytest.fixture
def room(tmp_path: Path, open_bus: Callable[[], Bus]) -> Iterator[Newsroom]:
    with newsroom(tmp_path, open_bus=open_bus) as made:
        made.add_user("ada", "analyst")
        made.add_user("olga", "operator")
        yield made


@pytest.fixture
def bus(open_bus: Callable[[], Bus]) -> Iterator[Bus]:
    with open_bus() as found:
        yield found


@pytest.fixture
def olga(room: Newsroom) -> Visitor:
    return room.logged_in("olga")


def open_letters(room: Newsroom) -> int:
    return len(room.store.letters(Wanted(states=("open",)), limit=5000))


def cells(olga: Visitor, section: str) -> list[str]:
    return texts(
        olga.page("/operations"), f"//section[@id='{section}']//tbody//*[self::td or self::th]"
    )


def test_only_operators_find_it_and_see_it(room: Newsroom, olga: Visitor) -> None:
    named = "//nav[@aria-label='Pages']/a[text()='Operations']"
    assert olga.page("/operations").xpath(f"{named}/@aria-current") == ["page"]
    ada = room.logged_in("ada")
    assert ada.page("/").xpath(named) == []
    assert ada.get("/operations").status_code == 403
    told = ada.get("/api/v1/operations")
    assert (told.status_code, told.headers["content-type"]) == (403, "application/problem+json")


def test_before_anything_ran_it_says_what_to_do(olga: Visitor) -> None:
    page = olga.page("/operations")
    assert texts(page, "//*[@id='verdict']") == ["Nothing has run here yet"]
    assert "beatwire sources import catalogue" in page.text_content()
    assert "None: every event came to its end." in page.text_content()


def test_a_stage_that_stands_is_told_with_its_remedy(
    room: Newsroom, olga: Visitor, bus: Bus
) -> None:
    made = [Event(id=f"e{at}", type="page/1", key="a", time=NOW, data=b"{") for at in range(3)]
    bus.publish(PAGES.name, made)
    assert cells(olga, "stages")[7] == "waits: 3 events wait, the oldest for 0 seconds"
    room.wait(timedelta(hours=1))
    put_letter(bus, "e0", part=0, offset=0)
    page = olga.page("/operations")
    assert texts(page, "//*[@id='verdict']/a") == ["read stands", "1 dead letter"]
    assert page.xpath("//*[@id='verdict']/a/@href") == ["#stages", "#letters"]
    state = cells(olga, "stages")[7]
    assert state.startswith("stands: 3 events wait, the oldest for 1 hour; nothing came to its end")
    assert "What to do: see that beatwire up runs" in state
    assert texts(page, "//section[@id='stages']//code")[:2] == ["beatwire up", "beatwire work"]


def test_what_was_done_is_shown_by_stage(room: Newsroom, olga: Visitor) -> None:
    ends = [
        Finished(
            stage="index", topic="articles", partition=0, offset=number, event_id=f"e{number}",
            outcome="stored", at=NOW - timedelta(seconds=30), fetched=NOW - timedelta(seconds=50),
        )
        for number in range(60)
    ]  # fmt: skip
    room.store.finish(ends)
    page = olga.page("/operations")
    index = cells(olga, "stages")[12:18]
    assert index == ["index", "idle", "0", "12 · 1.0", "30 s ago", "60 stored"]
    assert texts(page, "//*[@id='verdict']") == ["All is well"]
    said = "19 of 20 of 60 articles of the last hour could be searched within 20 seconds"
    assert said in page.text_content()


def test_sources_in_trouble_lead_to_their_page(room: Newsroom, olga: Visitor) -> None:
    room.store.put_source(LAB)
    watch = Watch(
        source="lab", next_look=NOW + timedelta(hours=1), looked_at=NOW, failures=9,
        failing_since=NOW - timedelta(hours=3), reason="it did not answer in time",
    )  # fmt: skip
    room.store.note_look(watch, NOW)
    page = olga.page("/operations")
    assert cells(olga, "sources") == [
        *("The <i>Lab</i>", "late for 3 hours", "it did not answer in time"),
    ]
    links = page.xpath("//section[@id='sources']//a/@href")
    assert links == ["/sources?state=late", "/sources#source-lab"]


def test_a_log_that_is_away_leaves_the_rest(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        room.add_user("olga", "operator")
        room.store.note_letters([letter(1)], 1)
        page = room.logged_in("olga").page("/operations")
        assert "log: these pages were started without a log" in texts(
            page, "//section[@id='missing']/p"
        )[0]  # fmt: skip
        assert texts(page, "//section[@id='letters']//tbody/tr/td[2]") == ["1"]
        assert "not all could be looked at" in texts(page, "//*[@id='verdict']")[0]


def test_a_store_that_is_away_leaves_the_rest(
    tmp_path: Path, open_bus: Callable[[], Bus], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise TryLater("the store is <b>busy</b>")

    with newsroom(tmp_path, open_bus=open_bus) as room:
        room.add_user("olga", "operator")
        olga = room.logged_in("olga")
        for name in ("tallies", "count_letters", "source_states"):
            monkeypatch.setattr(type(room.store), name, away)
        page = olga.page("/operations")
        assert texts(page, "//section[@id='missing']/p/b") == ["store", "dead letters, sources"]
        assert "the store is <b>busy</b>" in page.text_content()
        assert page.text_content().count("Not known now.") == 3


# A retry


def test_a_retry_is_asked_about_made_and_told(room: Newsroom, olga: Visitor, bus: Bus) -> None:
    names = fail(bus, 3)
    page = olga.page("/operations")
    (form,) = page.xpath("//section[@id='letters']//form")
    assert (form.get("method"), form.get("action")) == ("get", "/operations/retry")
    asked = olga.page("/operations/retry?stage=read&class=Reject")
    assert texts(asked, "//h1 | //form//button[text()]")[0] == "Retry 3 dead letters?"
    assert sum(on_the_log(bus, PAGES.name).values()) == 3, "nothing is done by asking"
    fields = {one.get("name"): one.get("value") for one in asked.xpath("//main//form//input")}
    answer = olga.send("/operations/retry", fields)
    where = answer.headers["location"]
    assert (answer.status_code, where) == (303, "/operations?retried=3&gone=0&left=0#letters")
    assert set(on_the_log(bus, PAGES.name)) == set(names)
    assert sum(on_the_log(bus, PAGES.name).values()) == 6
    told = olga.page(where)
    assert texts(told, "//p[@role='status']")[0] == "3 letters retried."
    assert "Earlier ones: 3 retried." in told.text_content()
    assert {each.changed_by for each in room.store.letters(Wanted(), limit=9)} == {"olga"}


def test_a_long_retry_is_made_in_parts(
    room: Newsroom, olga: Visitor, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry_page, "AT_ONCE", 2)
    fail(bus, 3)
    olga.page("/operations")
    answer = olga.send("/operations/retry", GROUP)
    assert answer.headers["location"] == "/operations?retried=2&gone=0&left=1#letters"
    told = olga.page(answer.headers["location"])
    assert texts(told, "//p[@role='status']")[0] == "2 letters retried; 1 left: retry again."


def test_what_nobody_meant_is_not_done(room: Newsroom, olga: Visitor, bus: Bus) -> None:
    fail(bus, 1)
    olga.page("/operations")
    forged = olga.send("/operations/retry", {**GROUP, "csrf": "x"})
    foreign = olga.send("/operations/retry", GROUP, headers={"sec-fetch-site": "cross-site"})
    ada = room.logged_in("ada").send("/operations/retry", GROUP)
    assert [each.status_code for each in (forged, foreign, ada)] == [403, 403, 403]
    assert olga.get("/operations/retry?stage=read&class=Reject").status_code == 200
    assert (open_letters(room), sum(on_the_log(bus, PAGES.name).values())) == (1, 1)


@pytest.mark.parametrize("group", [{}, {"stage": "read", "class": "Nope"}, {"stage": "x" * 5000}])
def test_a_group_without_letters_is_told(olga: Visitor, group: dict[str, str]) -> None:
    olga.page("/operations")
    answer = olga.send("/operations/retry", group)
    assert (answer.status_code, "No dead letter is open there" in answer.text) == (404, True)
    assert olga.request("GET", "/operations/retry", params=group).status_code == 404


def test_a_log_that_goes_away_in_a_retry_is_told_with_what_to_do(
    room: Newsroom, olga: Visitor, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(bus, 2)
    olga.page("/operations")

    def away(*_: object) -> None:
        raise TryLater("the log does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteBus, "publish", away)
        answer = olga.send("/operations/retry", GROUP)
    assert answer.status_code == 503
    assert "retry again: it goes on where it stopped" in answer.text
    assert texts(olga.page("/operations"), "//section[@id='letters']//tbody/tr/td[2]") == [
        "22 in a retry"
    ]
    room.wait(retrying.TAKE_OVER + timedelta(seconds=1))
    done = olga.send("/operations/retry", GROUP)
    assert done.headers["location"] == "/operations?retried=2&gone=0&left=0#letters"


@pytest.mark.parametrize(
    "numbers", ["retried=%3Cb%3E&gone=0&left=0", "retried=1", "retried=9999999999&gone=0&left=0"]
)
def test_what_an_address_says_is_shown_when_it_is_numbers(olga: Visitor, numbers: str) -> None:
    told = olga.page(f"/operations?{numbers}")
    assert "letters retried" not in told.text_content()


# Words of strangers


def test_reasons_names_and_classes_are_text(room: Newsroom, olga: Visitor) -> None:
    made = [
        letter(at, id=f"l{at}", reason=text, error_class=text, stage=text)
        for at, text in enumerate(SCRIPTS)
    ]
    room.store.note_letters(made, len(made))
    page = olga.page("/operations")
    shown = page.xpath("//section[@id='letters']//tbody/tr/th/text()")
    assert len(shown) == 20
    assert {*shown} <= {*SCRIPTS}
    alone = "//script[not(starts-with(@src,'/static/'))] | //iframe | //svg | //img | //base"
    assert page.xpath(alone) == []
    for text in SCRIPTS[::7]:
        asked = olga.request("GET", "/operations/retry", params={"stage": text, "class": text})
        assert text not in asked.text or "<" not in text


# For programs


def test_programs_are_told_the_same(room: Newsroom, olga: Visitor, bus: Bus) -> None:
    fail(bus, 2)
    answer = olga.get("/api/v1/operations")
    found = answer.json()
    check(found, {"$ref": "#/components/schemas/Operations"})
    assert "/api/v1/operations" in Api.described["paths"]
    assert found["dead_letters"]["states"] == {"open": 2}
    assert found["stages"][1]["waiting"] == 2
    key = room.visitor(LOCAL, key=room.key("olga", "metrics"))
    assert key.get("/api/v1/operations").status_code == 200
    assert room.visitor(LOCAL, key=room.key("olga", "search")).get(
        "/api/v1/operations"
    ).status_code == 403  # fmt: skip


def test_words_between_backticks_are_code() -> None:
    assert coded("see `beatwire up`, then") == (
        *(("see ", False), ("beatwire up", True), (", then", False)),
    )
    assert coded("") == ()
    assert fresh_words(None) == ""
