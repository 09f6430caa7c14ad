"""The page of a story: who was first, how the figures moved, and who else has them."""

import pytest

from services.errors import TryLater
from services.index import Results
from tests.support.coverage import make_article
from tests.support.disputed import disputed_articles, disputed_index
from tests.support.local_index import LocalIndex
from tests.support.web import Browser, texts


@pytest.fixture
def browser() -> Browser:
    return Browser(disputed_index())


def test_coverage_stands_in_order_with_its_distance(browser: Browser) -> None:
    tree = browser.page("/story/s1")
    assert texts(tree, "//h1") == ["Q2 for a song"]
    assert texts(tree, "//section[1]//td[@data-label='Source']") == [
        "Meridian Wire", "The Ledger", "Chip Desk",
    ]  # fmt: skip
    assert texts(tree, "//section[1]//td[@data-label='After']") == ["first", "1 h", "1 day"]
    assert "3 articles of one text, the last 1 day after the first: one origin" in " ".join(
        tree.text_content().split()
    )


def test_the_id_of_a_copy_leads_to_the_story_that_it_joined(browser: Browser) -> None:
    copy = disputed_articles()[2].id
    assert texts(browser.page(f"/story/{copy}"), "//h1") == ["Q2 for a song"]


def test_the_figures_that_moved_are_shown(browser: Browser) -> None:
    tree = browser.page("/story/s1")
    first, copy, rounded = texts(tree, "//section[1]//td[@data-label='Figures']")
    assert first == "–"
    assert copy.startswith("corrected, as fetched")
    assert copy.endswith("training cost · Quillon AI · Q2: $56M → $5.6M")
    assert rounded == "training cost · Quillon AI · Q2: $5.6M → $6M"


def test_other_stories_are_counted_for_and_against(browser: Browser) -> None:
    (row,) = browser.page("/story/s1").xpath("//section[2]//tbody/tr")
    assert texts(row, "td") == ["training cost · Quillon AI · Q2", "$5.6M", "none", "2 ($1.3B)"]
    own = disputed_articles()[3].id
    (row,) = browser.page(f"/story/{own}").xpath("//section[2]//tbody/tr")
    assert texts(row, "td") == ["training cost · Quillon AI · Q2", "$1.3B", "1", "1 ($5.6M)"]


def test_a_story_of_one_article_has_no_copies_and_no_figures() -> None:
    alone = make_article("https://a.example/1", "Alone", "Nothing was counted.")
    tree = Browser(LocalIndex([alone])).page(f"/story/{alone.id}?q=nothing")
    said = " ".join(tree.text_content().split())
    assert "One article, no copies: one origin" in said
    assert "states no figure that others could agree with" in said
    assert tree.xpath("//p[@class='back']/a/@href") == ["/?q=nothing"]


@pytest.mark.parametrize("story", ["none", "x" * 400, "%00", "%ed%a0%80"])
def test_a_story_that_is_not_there(browser: Browser, story: str) -> None:
    said = browser.page(f"/story/{story}", 404).text_content()
    assert "There is no such" in said


class _Away(LocalIndex):
    def search(self, *_: object, **__: object) -> Results:
        raise TryLater("the index is being rebuilt")


def test_an_index_that_is_away_is_said() -> None:
    for address in ("/story/s1", "/entity/nvidia"):
        assert "cannot be read now" in Browser(_Away()).page(address, 503).text_content()
