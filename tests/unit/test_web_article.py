"""The article page: what stands beside the text, and the search that led there."""

from datetime import timedelta

import pytest

from processors.records import Article
from services.web.moments import age_words
from services.web.related_view import related, story_view
from tests.support.coverage import NOW, chip_story, make_article, model_story
from tests.support.local_index import LocalIndex, stories_index
from tests.support.web import Browser, texts

HOUR = timedelta(hours=1)


def told(name: str, hours: float | None) -> Article:
    published = None if hours is None else NOW + hours * HOUR
    return make_article(
        f"https://{name}.example/x", f"Told by {name}", f"Chips, says {name}.", source=name,
        site_name=name.title(), published=published, story="s",
    )  # fmt: skip


def test_copies_stand_in_order_with_the_time_that_each_took() -> None:
    copies = [told("wire", 0), told("desk", 3.5), told("late", 49), told("undated", None)]
    index = LocalIndex([*copies, model_story()])
    view = story_view(index, copies[1], NOW)
    assert view is not None
    shown = {copy.source: (copy.later, copy.here) for copy in view.copies}
    assert shown["Wire"] == ("", False)
    assert shown["Desk"] == ("3 h later", True)
    assert shown["Late"] == ("2 days later", False)
    assert shown["Undated"] == ("", False)
    tree = Browser(index).page(f"/article/{copies[1].id}?q=chips")
    section = tree.xpath("//section[@aria-labelledby='story']")[0]
    assert texts(section, ".//h2") == ["4 copies of this story"]
    assert texts(section, ".//li/b") == ["Told by desk"]
    assert section.xpath(".//li/a/@href")[0].endswith("?q=chips")
    assert section.xpath(".//p/a/@href") == ["/story/s"]


def test_an_article_that_nobody_copied_has_no_story() -> None:
    assert story_view(stories_index(), model_story(), NOW) is None
    alone = told("wire", 0)
    assert story_view(LocalIndex([alone]), alone, NOW) is None


def test_many_copies_are_counted_and_not_dropped_silently() -> None:
    copies = [told(f"s{n}", n) for n in range(13)]
    browser = Browser(LocalIndex(copies))
    (link,) = texts(browser.page(f"/article/{copies[0].id}"), "//a[@href='/story/s']")
    assert link == "The whole story, with 3 more"


def test_related_articles_make_a_like_claim_or_name_the_same() -> None:
    story = model_story()
    twin = make_article(
        "https://other.example/twin", "Twin", story.body, claims=story.claims[:1],
        entities=story.entities[:1],
    )  # fmt: skip
    index = LocalIndex([story, twin, chip_story()])
    shown = {one.title: one.because for one in related(index, story, NOW)}
    assert shown["Twin"] == "training cost: Quillon AI"
    assert story.title not in shown
    tree = Browser(index).page(f"/article/{story.id}?q=lab")
    links = tree.xpath("//section[@aria-labelledby='related']//a/@href")
    assert f"/article/{twin.id}?q=lab" in links


def test_copies_of_its_own_story_are_not_related() -> None:
    story = model_story()
    one, other = (
        make_article(f"https://{name}.example/", name, story.body, story="s", claims=story.claims)
        for name in "ab"
    )
    others = [
        make_article(f"https://c.example/{n}", f"C{n}", story.body, claims=story.claims)
        for n in range(9)
    ]
    shown = related(LocalIndex([one, other, *others]), one, NOW)
    assert len(shown) == 5
    assert "b" not in {each.title for each in shown}


def test_what_the_search_looks_for_is_marked_in_the_text() -> None:
    story = model_story()
    browser = Browser(stories_index())
    tree = browser.page(f"/article/{story.id}?q=nvidia")
    assert texts(tree, "//article//mark") == ["Nvidia"]
    assert " ".join(texts(tree, "//article/p")) == " ".join(story.body.split())
    assert not browser.page(f"/article/{story.id}?q=%22open").xpath("//article//mark")


def test_names_lead_to_the_pages_of_their_entities() -> None:
    tree = Browser(stories_index()).page(f"/article/{model_story().id}")
    assert "/entity/quillon-ai" in tree.xpath("//td[@data-label='Name']/a/@href")


@pytest.mark.parametrize(
    ("gap", "words"),
    [(timedelta(), "0 s"), (timedelta(seconds=90), "1 min"), (timedelta(days=1), "1 day")],
)
def test_a_gap_in_words(gap: timedelta, words: str) -> None:
    assert age_words(gap) == words
