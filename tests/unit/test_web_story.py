"""The page of a story: who was first, how the figures moved, and who else has them."""

from datetime import UTC, datetime

import msgspec
import pytest

from processors.records import Article
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


def _told(slug: str, hour: int, story: str, **more: object) -> Article:
    found = make_article(
        f"https://{slug}.example/1",
        f"As {slug} has it",
        f"The text of {slug}.",
        site_name=slug.title(),
        published=datetime(2026, 3, 2, hour, tzinfo=UTC),
        story=story,
        event="s1",
    )
    return msgspec.structs.replace(found, **more)


@pytest.fixture
def event() -> Browser:
    return Browser(
        LocalIndex(
            [
                _told("wire", 8, "s1"),
                _told("copy", 9, "s1", original=False),
                _told("ledger", 11, "s2"),
                _told("desk", 14, "s3"),
                _told("else", 10, "s4", event="s4"),
            ]
        )
    )


def test_other_stories_of_the_event_are_listed_with_their_distance(event: Browser) -> None:
    tree = event.page("/story/s2")
    (section,) = tree.xpath("//section[h2='The same event elsewhere']")
    said = " ".join(section.text_content().split())
    assert "3 independent origins, copies counted once; first was Wire, " in said
    assert texts(section, ".//td[@data-label='Source']") == ["Wire", "Desk"]
    assert texts(section, ".//td[@data-label='After']") == ["first", "6 h"]
    assert texts(section, ".//td[@data-label='Copies']") == ["1", "–"]
    assert section.xpath(".//td/a/@href") == ["/story/s1", "/story/s3"]
    assert "this story was first" in event.page("/story/s1").text_content()


def test_a_story_that_nobody_else_tells_has_no_event(event: Browser) -> None:
    assert not event.page("/story/s4").xpath("//section[h2='The same event elsewhere']")


def test_the_page_of_an_article_says_how_many_origins_its_event_has(event: Browser) -> None:
    copy = _told("copy", 9, "s1").id
    (section,) = event.page(f"/article/{copy}").xpath("//section[h2='The same event elsewhere']")
    assert "3 independent origins, first Wire" in " ".join(section.text_content().split())
    assert section.xpath(".//a/@href") == ["/?q=event%3As1"]
    alone = _told("else", 10, "s4").id
    assert not event.page(f"/article/{alone}").xpath("//h2[.='The same event elsewhere']")
