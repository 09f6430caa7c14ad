"""The page of sources: states and filters for everybody, changes for operators alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from services.sources.lists import read_list
from services.sources.read import Problem
from services.store.port import Source
from services.store.watching import Watch
from tests.support.coverage import NOW
from tests.support.visitor import Newsroom, Visitor, newsroom
from tests.support.web import texts

FEED = "https://paper.example/feed.xml"
LAB = Source(
    id="lab",
    url="https://lab.example/feed",
    name="The <i>Lab</i>",
    added_at=NOW,
    kind="lab",
    language="en",
    home="https://lab.example/",
    every=3600.0,
)
TRADE = Source(id="trade", url="https://trade.example/feed", added_at=NOW, kind="trade")
STATES = "//table//tbody/tr/td[2]/b"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        made.add_user("ada", "analyst")
        made.add_user("olga", "operator")
        for source in (LAB, TRADE):
            made.store.put_source(source)
        yield made


@pytest.fixture
def ada(room: Newsroom) -> Visitor:
    return room.logged_in("ada")


@pytest.fixture
def olga(room: Newsroom) -> Visitor:
    return room.logged_in("olga")


def ids(room: Newsroom) -> list[str]:
    return [source.id for source in room.store.sources()]


def test_everybody_sees_sources_with_their_state(ada: Visitor) -> None:
    page = ada.page("/sources")
    assert texts(page, "//table//tbody/tr/td[1]/a") == ["The <i>Lab</i>", "trade"]
    assert texts(page, STATES) == ["new", "new"]
    assert "one every hour" in page.text_content()
    assert "0 today" in page.text_content()
    assert page.xpath("//nav[@aria-label='Pages']/a[@aria-current]/@href") == ["/sources"]
    assert page.xpath("//main//form") == []


def test_they_are_filtered_by_state_and_kind(room: Newsroom, ada: Visitor) -> None:
    room.store.put_source(msgspec.structs.replace(TRADE, paused=True))
    assert texts(ada.page("/sources?state=paused"), "//tbody/tr/td[1]/a") == ["trade"]
    assert texts(ada.page("/sources?kind=lab"), "//tbody/tr/td[1]/a") == ["The <i>Lab</i>"]
    none = ada.page("/sources?kind=lab&state=paused")
    assert "None in this state and of this kind" in none.text_content()
    filters = texts(ada.page("/sources?state=paused"), "//nav[@aria-label='Filters']//a")
    assert filters == ["all 2", "paused 1", "new 1", "all 1", "lab 0", "trade 1"]
    # What no filter is called is none.
    assert len(texts(ada.page("/sources?state=%3Cx%3E&kind=guild"), "//tbody/tr")) == 2


def test_a_source_that_fell_silent_is_told_within_three_times_its_interval(
    room: Newsroom, ada: Visitor
) -> None:
    """From the moment of its last article on, by the clock of the page alone."""
    room.store.put_source(msgspec.structs.replace(LAB, every=7200.0))
    looked_at(room, "lab", news=NOW - timedelta(hours=5, minutes=55))
    assert texts(ada.page("/sources?kind=lab"), STATES) == ["fine"]
    room.wait(timedelta(minutes=6))
    page = ada.page("/sources?kind=lab")
    assert texts(page, STATES) == ["silent"]
    assert "nothing new for three times its usual interval" in page.text_content()


def looked_at(room: Newsroom, source: str, *, news: datetime) -> None:
    """Note a look that ended well, and when the newest article was published."""
    watch = Watch(
        source=source,
        next_look=NOW + timedelta(hours=12),
        looked_at=NOW,
        news_at=news,
        newest=news,
    )
    room.store.note_look(watch, NOW)


def test_an_operator_adds_pauses_and_removes(room: Newsroom, olga: Visitor) -> None:
    fields = {"url": FEED, "name": "The Paper", "kind": "newsroom", "language": "en", "every": "6h"}
    answer = olga.send("/sources/add", fields)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sources#source-paper.example",
    )
    (made,) = (source for source in room.store.sources() if source.url == FEED)
    assert (made.name, made.kind, made.language, made.every) == (
        "The Paper",
        "newsroom",
        "en",
        21600,
    )
    olga.send("/sources/paper.example/state", {"state": "paused"})
    assert "Resume The Paper" in texts(olga.page("/sources"), "//tbody//button")
    olga.send("/sources/paper.example/state", {"state": "resumed"})
    assert not any(source.paused for source in room.store.sources())
    olga.send("/sources/paper.example/remove")
    assert ids(room) == ["lab", "trade"]
    assert olga.send("/sources/paper.example/remove").status_code == 404
    assert olga.send("/sources/nope/state").status_code == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"url": "javascript:alert(1)"}, "absolute http or https address"),
        ({"url": LAB.url}, "is there already, as lab"),
        ({"url": FEED, "every": "often"}, "write 90m, 6h or 3d"),
        ({"url": FEED, "kind": "guild"}, "is no kind of source"),
        ({}, "absolute http or https address"),
    ],
)
def test_what_cannot_be_added_is_told_and_kept(
    room: Newsroom, olga: Visitor, fields: dict[str, str], says: str
) -> None:
    answer = olga.send("/sources/add", fields)
    assert (answer.status_code, says in answer.text) == (400, True)
    assert ids(room) == ["lab", "trade"]
    if fields.get("url") == FEED:
        assert f'value="{FEED}"' in answer.text


def test_a_list_is_imported_and_its_bad_lines_are_told(room: Newsroom, olga: Visitor) -> None:
    pasted = f"{FEED} The Paper\n<b>no</b>\nhttp://127.0.0.1/feed\n{LAB.url}\n"
    answer = olga.send("/sources/import", {"list": pasted})
    assert answer.status_code == 200
    assert "1 source added, 1 there already, 2 lines left out" in answer.text
    assert "&#39;&lt;b&gt;no&lt;/b&gt;&#39; is no address" in answer.text
    assert "private or reserved" in answer.text
    assert ids(room) == ["lab", "paper.example", "trade"]
    refused = olga.send("/sources/import", {"list": "<html/>"})
    assert (refused.status_code, "Nothing was imported" in refused.text) == (400, True)
    assert olga.send("/sources/import", {"list": ""}).status_code == 400


def test_the_catalogue_is_taken_by_kind(room: Newsroom, olga: Visitor) -> None:
    assert "wire: 4 that you do not have" in olga.get("/sources").text
    olga.send("/sources/import", {"catalogue": "wire"})
    assert {"prnewswire", "globenewswire"} <= set(ids(room))
    assert "wire: 4 that" not in olga.get("/sources").text
    assert olga.send("/sources/import", {"catalogue": "guild"}).status_code == 400
    olga.send("/sources/import", {"catalogue": "all"})
    assert len(ids(room)) > 100
    assert "Everything in the catalogue is here" in olga.get("/sources").text


@pytest.mark.parametrize(
    "address", ["/sources/add", "/sources/import", "/sources/lab/state", "/sources/lab/remove"]
)
def test_others_change_nothing(room: Newsroom, ada: Visitor, address: str) -> None:
    before = room.store.sources()
    assert ada.send(address, {"url": FEED, "list": FEED, "state": "paused"}).status_code == 403
    assert room.store.sources() == before


def test_all_sources_go_out_as_opml(ada: Visitor) -> None:
    answer = ada.get("/sources/list.opml")
    assert answer.headers["content-type"].startswith("text/x-opml")
    assert "attachment" in answer.headers["content-disposition"]
    back = [read[0].id for read in read_list(answer.content) if not isinstance(read, Problem)]
    assert sorted(back) == ["lab", "trade"]


def test_a_page_without_sources_says_what_to_do(
    room: Newsroom, ada: Visitor, olga: Visitor
) -> None:
    for source in room.store.sources():
        room.store.remove_source(source.id)
    assert "beatwire sources import catalogue" in ada.get("/sources").text
    assert "from the catalogue below" in olga.get("/sources").text


def test_programs_are_told_the_same(room: Newsroom, ada: Visitor) -> None:
    room.store.put_source(msgspec.structs.replace(TRADE, paused=True))
    told = ada.get("/api/v1/sources").json()
    assert told["total"] == 2
    assert [each["state"] for each in told["sources"]] == ["new", "paused"]
    assert told["sources"][0]["usual"] == 3600.0
    assert ada.get("/api/v1/sources?state=paused&kind=trade").json()["total"] == 1
    assert ada.get("/api/v1/sources?state=silent").json()["total"] == 0
    wrong = ada.get("/api/v1/sources?state=asleep")
    assert wrong.status_code == 422
    assert "state may be fine, late, silent" in wrong.text
