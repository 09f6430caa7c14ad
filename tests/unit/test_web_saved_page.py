"""Saved searches: kept whole, one's own, and leading nowhere but to our pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.web.saved import MOST
from tests.support.visitor import Newsroom, newsroom
from tests.support.web import texts


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        made.add_user("ada")
        yield made


def test_a_search_is_saved_found_and_removed(room: Newsroom) -> None:
    ada = room.logged_in("ada")
    assert "None yet" in ada.page("/saved").text_content()
    address = "/claims?q=%22export+chips%22~5&after=2025-01-01&sort=oldest"
    answer = ada.send("/saved", {"name": "  my   chips ", "address": address})
    assert (answer.status_code, answer.headers["location"]) == (303, "/saved")
    tree = ada.page("/saved")
    assert texts(tree, "//ul[@class='kept']//a") == ["my chips"]
    assert tree.xpath("//ul[@class='kept']//a/@href") == [address]
    (remove,) = tree.xpath("//form[contains(@action,'/remove')]/@action")
    assert ada.send(remove).status_code == 303
    assert "None yet" in ada.page("/saved").text_content()


def test_a_name_is_used_once(room: Newsroom) -> None:
    ada = room.logged_in("ada")
    assert ada.send("/saved", {"name": "chips", "address": "/?q=chips"}).status_code == 303
    answer = ada.send("/saved", {"name": "chips", "address": "/?q=other"})
    assert (answer.status_code, "there already" in answer.text) == (400, True)
    assert [each.address for each in room.store.saved_searches("ada")] == ["/?q=chips"]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("", "/?q=x"),
        ("   ", "/?q=x"),
        ("x" * 101, "/?q=x"),
        ("x\x07", "/?q=x"),
        ("x", ""),
        ("x", "//evil.example/"),
        ("x", "https://evil.example/"),
        ("x", "javascript:alert(1)"),
        ("x", "/\\evil.example"),
        ("x", "/" + "y" * 5000),
    ],
)
def test_what_leads_elsewhere_or_has_no_name_is_not_saved(
    room: Newsroom, name: str, address: str
) -> None:
    answer = room.logged_in("ada").send("/saved", {"name": name, "address": address})
    assert (answer.status_code, "was not saved" in answer.text) == (400, True)
    assert room.store.saved_searches("ada") == []


def test_hostile_names_are_text(room: Newsroom) -> None:
    ada = room.logged_in("ada")
    name = "<script>alert(1)</script>\"' onx=1"
    ada.send("/saved", {"name": name, "address": "/?q=\"'><script>"})
    tree = ada.page("/saved")
    assert texts(tree, "//ul[@class='kept']//a") == [name]
    assert tree.xpath("//ul[@class='kept']//script") == []
    assert tree.xpath("//ul[@class='kept']//a/@href") == ["/?q=\"'><script>"]


def test_there_is_an_end_to_them(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.web.saved.MOST", 2)
    ada = room.logged_in("ada")
    for number in range(3):
        answer = ada.send("/saved", {"name": f"{number}", "address": "/?q=x"})
    assert (answer.status_code, "2 searches are saved already" in answer.text) == (400, True)
    assert MOST >= 100
