"""Saved searches beside a search: kept from its page, listed for who asks, and for nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.errors import TryLater
from services.web.saved_links import LISTED, saved_links
from services.web.who import become, local
from tests.support.visitor import Newsroom, newsroom
from tests.support.web import texts

SEARCH = "/?q=chips+entity:nvidia&after=2025-01-01&fold=0"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        for name in ("ada", "ben"):
            made.add_user(name)
        yield made


@pytest.mark.parametrize("page", [SEARCH, "/claims?q=claim:loss", "/disagreements?q=meta"])
def test_a_search_is_saved_from_its_page_as_it_is(room: Newsroom, page: str) -> None:
    ada = room.logged_in("ada")
    (form,) = ada.page(page).xpath("//form[@action='/saved']")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert fields["address"] == page
    assert ada.send("/saved", {**fields, "name": "Nvidia, all copies"}).status_code == 303
    beside = ada.page("/?q=other").xpath("//details[@id='saved']//li/a")
    assert [link.text_content() for link in beside] == ["Nvidia, all copies", "All saved searches"]
    assert beside[0].get("href") == page
    assert ada.page(page).xpath("//details[@id='saved']//a[@aria-current]/@href") == [page]
    assert "Nvidia, all copies" not in room.logged_in("ben").get("/?q=other").text


def test_the_first_page_of_a_search_is_what_is_saved(room: Newsroom) -> None:
    tree = room.logged_in("ada").page("/?q=chips&page=1&read=x&sort=oldest")
    assert tree.xpath("//input[@name='address']/@value") == ["/?q=chips&sort=oldest"]
    assert tree.xpath("//input[@id='save-name']/@value") == ["chips"]


def test_more_than_are_listed_are_counted(room: Newsroom) -> None:
    ada = room.logged_in("ada")
    for number in range(LISTED + 3):
        ada.page("/")
        ada.send("/saved", {"name": f"n{number}", "address": "/?q=x"})
    tree = ada.page("/")
    assert texts(tree, "//details[@id='saved']/summary") == [f"Saved searches {LISTED + 3}"]
    assert len(tree.xpath("//details[@id='saved']//li")) == LISTED + 1


def test_a_store_that_is_away_takes_the_list_and_not_the_page() -> None:
    def away() -> object:
        raise TryLater("the store is away")

    links = saved_links(away)  # type: ignore[arg-type]
    assert links() == (), "nobody asks"
    become(local("x"))
    assert links() == ()
