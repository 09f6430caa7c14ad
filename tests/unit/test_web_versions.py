"""The versions of an article, as pages, the command line and the API show them."""

import time
from collections.abc import Sequence

import msgspec
import pytest

from processors.records import Article
from services.answers.history import history
from services.answers.revision_shapes import AROUND, told_revisions
from services.web.versions_view import MOST_BLOCKS, version_list, version_view
from tests.support.articles import article, claim, entity
from tests.support.coverage import NOW, all_stories, corrected_story
from tests.support.local_index import LocalIndex, stories_index
from tests.support.web import Browser, texts

TEXT = "Deep Harbour trained a model.\n\nIt cost {}, and the board was told.\n\nMore follows."


def versions(*bodies: str) -> list[Article]:
    """In the order of their fetches."""
    return [article(body=body, hours=at) for at, body in enumerate(bodies)]


def edited() -> list[Article]:
    """Five versions: wording, a figure, a headline, and a text that takes the figure back."""
    first, worded, dearer, withdrawn = versions(
        TEXT.format("$5.6 million"),
        TEXT.format("$5.6 million").replace("was told", "knew"),
        TEXT.format("$6.1 million").replace("was told", "knew"),
        "Deep Harbour trained a model.",
    )
    retitled = article(body=dearer.body, title="Another headline", hours=2.5)
    costs = [claim("training_cost", low, subject="Deep Harbour") for low in (5.6e6, 6.1e6)]
    return [
        *(msgspec.structs.replace(it, claims=(costs[0],)) for it in (first, worded)),
        *(msgspec.structs.replace(it, claims=(costs[1],)) for it in (dearer, retitled)),
        msgspec.structs.replace(withdrawn, entities=(entity("Ada Ames"),)),
    ]


def numbered(kept: Sequence[Article], edits: int) -> list[tuple[int, int]]:
    newest, *older = reversed(kept)
    return [(it.number, it.before_number) for it in history(newest, older, edits).versions]


def test_versions_count_from_the_first() -> None:
    kept = versions("A", "B", "C")
    assert numbered(kept, 2) == [(3, 2), (2, 1), (1, 0)]
    assert numbered(kept, 40) == [(41, 40), (40, 1), (1, 0)]
    assert numbered(kept, 0) == [(3, 2), (2, 1), (1, 0)]  # counted before the last one was there
    assert numbered(kept[:1], 0) == [(1, 0)]


def test_a_list_says_what_each_version_changed() -> None:
    *older, newest = edited()
    found = version_list(history(newest, older[::-1], 4), NOW)
    assert found is not None
    assert [(line.number, line.weight) for line in found.lines] == [
        *((5, "claims"), (4, "title"), (3, "figures"), (2, "wording"), (1, "")),
    ]
    said = [line.says for line in found.lines]
    assert said[2].startswith("figure changed: training cost · Deep Harbour: $5.6M → $6.1M")
    assert said[3:] == ["a few words changed", "first seen"]
    assert version_list(history(newest, [], 0), NOW) is None


def test_of_many_huge_versions_some_are_compared_by_claims_alone() -> None:
    bodies = [f"Sentence {n}. " + "It is so. " * 30_000 for n in range(4)]
    *older, newest = versions(*bodies)
    found = version_list(history(newest, older[::-1], 3), NOW)
    assert found is not None
    assert [line.says for line in found.lines][1:] == ["text changed", "text changed", "first seen"]


def test_a_version_shows_the_changed_paragraphs() -> None:
    *older, newest = edited()
    found = history(newest, older[::-1], 4)
    third = found.find("3")
    assert third is not None
    view = version_view(found, third, NOW, whole=False)
    assert [block.skipped for block in view.blocks] == [1, 0, 1]
    said = [(it.kind, it.text) for it in view.blocks[1].stretches]
    assert ("gone", "$5.6") in said
    assert ("come", "$6.1") in said
    (pair,) = view.claims
    assert pair.what == "figure changed"
    assert pair.before is not None
    assert pair.after is not None
    assert (pair.before.figure, pair.after.figure) == ("$5.6M", "$6.1M")
    assert (view.older, view.newer) == (older[1].content_hash, older[3].content_hash)
    whole = version_view(found, third, NOW, whole=True)
    assert [block.skipped for block in whole.blocks] == [0, 0, 0]


def test_the_first_version_is_its_text() -> None:
    *older, newest = edited()
    found = history(newest, older[::-1], 4)
    view = version_view(found, found.versions[-1], NOW, whole=False)
    assert (view.against, view.older, view.says) == (0, "", ())
    assert {it.kind for block in view.blocks for it in block.stretches} == {"same"}


def test_much_that_changed_is_cut_and_counted() -> None:
    old, new = versions("\n".join(f"Old {n}" for n in range(999)), "\n".join("xyz" * 999))
    found = history(new, [old], 1)
    view = version_view(found, found.versions[0], NOW, whole=False)
    assert len(view.blocks) == MOST_BLOCKS
    assert view.more_blocks > 0
    long, longer = versions("word " * 9_000, "word " * 4_500 + "new " + "word " * 4_500)
    found = history(longer, [long], 1)
    (block,) = version_view(found, found.versions[0], NOW, whole=False).blocks
    assert [it.kind for it in block.stretches] == [
        *("same", "more", "same", "come", "same", "more", "same"),
    ]


# --- pages ---


@pytest.fixture(scope="module")
def browser() -> Browser:
    return Browser(LocalIndex([*all_stories(), *edited()]))


def test_an_article_lists_its_versions_and_each_has_a_page(browser: Browser) -> None:
    newest = edited()[-1]
    tree = browser.page(f"/article/{newest.id}")
    assert texts(tree, "//h2[@id='versions']") == ["5 versions"]
    links = tree.xpath("//ol[@class='versions']//a/@href")
    assert len(links) == 5
    for link in links:
        assert browser.page(link).xpath("//h1")
    page = browser.page(links[2])
    assert texts(page, "//del[ancestor::div]") == ["[removed: $5.6]"]
    assert texts(page, "//ins[ancestor::div]") == ["[added: $6.1]"]
    (row,) = texts(page, "//tbody/tr")
    assert "figure changed" in row
    assert page.xpath("//a[@rel='next']/@href") == [links[1]]
    assert "Newly named" in browser.page(links[0]).text_content()


def test_a_version_has_a_number_and_a_lasting_name(browser: Browser) -> None:
    second = edited()[1]
    by_number = browser.get(f"/article/{second.id}/versions/2")
    by_name = browser.get(f"/article/{second.id}/versions/{second.content_hash}")
    assert by_number.text == by_name.text
    whole = browser.page(f"/article/{second.id}/versions/2?whole=1")
    assert not whole.xpath("//*[contains(@class,'skipped')]")


@pytest.mark.parametrize("which", ["0", "6", "-1", "x" * 300, "1e3", "%2e%2e"])
def test_a_version_that_is_not_there(browser: Browser, which: str) -> None:
    tree = browser.page(f"/article/{edited()[0].id}/versions/{which}", 404)
    assert "There are the versions 1 to 5." in tree.text_content()


def test_a_version_of_nothing(browser: Browser) -> None:
    assert browser.get("/article/none/versions/1").status_code == 404
    assert browser.get(f"/article/{'x' * 999}/versions/1").status_code == 404


def test_versions_that_are_not_kept_are_told() -> None:
    many = versions(*(f"Text {n}." for n in range(30)))
    room = Browser(LocalIndex(many))
    tree = room.page(f"/article/{many[0].id}")
    assert texts(tree, "//h2[@id='versions']") == ["30 versions"]
    assert "8 versions in between are not kept" in tree.text_content()
    page = room.page(f"/article/{many[0].id}/versions/10")
    assert page.xpath("//h1")
    missing = room.page(f"/article/{many[0].id}/versions/5", 404)
    assert "those from 10 to 30" in missing.text_content()
    assert "those in between are not kept" in page.text_content()


def test_a_result_says_that_it_was_edited(browser: Browser) -> None:
    tree = browser.page("/?q=harbour")
    assert texts(tree, "//article//a[@class='changed']")[0].startswith("edited 4 times, seen ")
    once = browser.page("/?q=brightmoor")
    assert texts(once, "//article//a[@class='changed']")[0].startswith("edited, seen ")
    never = browser.page("/?q=Tallinn")
    assert not texts(never, "//article//a[@class='changed']")


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;{{ 7*7 }}\u202e"


def test_hostile_texts_are_shown_as_they_are() -> None:
    old = article(title=f"Old {HOSTILE}", body=f"One {HOSTILE} two.", hours=0)
    new = article(
        title=f"New {HOSTILE}",
        body=f"One {HOSTILE} three. {HOSTILE}",
        hours=1,
        claims=(claim(low=1e6, subject=HOSTILE, speaker=HOSTILE),),
        entities=(entity(HOSTILE, id="x/../<b>"),),
    )
    room = Browser(LocalIndex([old, new]))
    for address in (f"/article/{new.id}", f"/article/{new.id}/versions/2", "/?q=one"):
        answer = room.get(address)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert "49" not in room.page(address).text_content().partition("Old")[2][:40]
    ins = room.page(f"/article/{new.id}/versions/2").xpath("//ins")
    assert any(HOSTILE[:25] in each.text_content() for each in ins)


# --- the shape ---


def test_the_shape_has_every_version_and_its_changes() -> None:
    *older, newest = edited()
    found = told_revisions(history(newest, older[::-1], 4), 100, text=True)
    assert (found.total, found.left_out) == (4, 0)
    assert [it.body for it in found.revisions] == [it.body for it in older[::-1]]
    assert [(it.number, it.against) for it in found.changes] == [(5, 4), (4, 3), (3, 2), (2, 1)]
    third = found.changes[2]
    assert (third.weight, third.claims[0].aspects) == ("figures", ("figure",))
    assert [it.text for it in third.text if it.kind != "same"] == ["$5.6", "$6.1"]
    assert told_revisions(history(newest, older[::-1], 4), 2).changes[0].text == ()


def test_long_stretches_of_a_shape_are_cut_and_counted() -> None:
    old, new = versions("word " * 900, "word " * 900 + "x" * 5_000)
    (change,) = told_revisions(history(new, [old], 1), 5, text=True).changes
    same, come = change.text
    assert same.left_out == 4_500 - 2 * AROUND
    assert (len(come.text), come.left_out) == (2_000, 3_000)


def test_the_index_of_the_samples_has_a_correction() -> None:
    old, new = corrected_story()
    assert stories_index().edits([new, old]) == [1, 0]


def test_texts_of_a_million_characters_make_a_small_page_soon() -> None:
    """What is longest of all: every sentence is another one, and in another order."""
    old, new = versions(
        "\n".join(f"Line {n} of it is so." for n in range(45_000)),
        "\n".join(f"Line {n} of it was so." for n in range(45_000, 0, -1)),
    )
    room = Browser(LocalIndex([old, new]))
    start = time.process_time()
    answer = room.get(f"/article/{new.id}/versions/2")
    spent = time.process_time() - start
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert spent < 8, f"{spent:.1f} s"
