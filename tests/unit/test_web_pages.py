"""The pages over a real index: what they show, in every state."""

import re

import pytest
from lxml import html

from processors.query.fields import FIELDS
from processors.records import Article
from services.errors import TryLater
from services.index import Stats
from services.web.pages import EXAMPLES
from tests.support.coverage import all_stories, chip_story, model_story
from tests.support.local_index import LocalIndex, stories_index
from tests.support.web import Browser, texts


@pytest.fixture
def browser() -> Browser:
    return Browser(stories_index())


def test_results_show_what_a_reporter_needs(browser: Browser) -> None:
    tree = browser.page("/?q=Tallinn")
    assert texts(tree, "//*[@role='status']") == ["1 article"]
    assert texts(tree, "//article//h2") == ["A small lab trains a large model for a small sum"]
    assert texts(tree, "//article//mark") == ["Tallinn"]
    (time,) = tree.xpath("//article//time")
    assert time.get("datetime") == "2025-01-28T09:15:00+01:00"
    assert time.text == "28 Jan 2025, 09:15 UTC+01:00"
    assert texts(tree, "//article//*[contains(@class,'chip ')]")[0] == (
        "training cost · Quillon AI · $5.6M · Q2 · reported"
    )
    assert texts(tree, "//ul[@class='moods']/li")[1:] == ["Nvidia −0.71", "Quillon AI +0.42"]


def test_every_link_of_a_result_keeps_the_search(browser: Browser) -> None:
    tree = browser.page("/?q=chips&sort=oldest")
    (link, *_) = tree.xpath("//article//h2/a/@href")
    back = browser.page(link).xpath("//p[@class='back']/a/@href")
    assert back == ["/?q=chips&sort=oldest"]


def test_a_facet_narrows_and_its_chip_widens_again(browser: Browser) -> None:
    tree = browser.page("/?q=chips")
    (nvidia,) = [
        link for link in tree.xpath("//details//li/a") if link.text_content().startswith("Nvidia")
    ]
    narrowed = browser.page(nvidia.get("href"))
    assert texts(narrowed, "//*[@role='status']") == ["2 articles"]
    (chip,) = narrowed.xpath("//ul[@class='filters']//a")
    assert " ".join(chip.text_content().split()) == "entity:nvidia ×, remove"
    assert chip.get("href") == "/?q=chips"


def test_a_month_is_a_range_of_days(browser: Browser) -> None:
    tree = browser.page("/?after=2025-01-01&before=2025-02-01")
    assert texts(tree, "//article//h2") == ["A small lab trains a large model for a small sum"]


def test_the_article_page_marks_the_text_and_links_its_tables(browser: Browser) -> None:
    story = model_story()
    tree = browser.page(f"/article/{story.id}")
    assert " ".join(texts(tree, "//article/p")) == " ".join(story.body.split())
    for href in tree.xpath("//a/@href"):
        if href.startswith("#"):
            assert len(tree.xpath(f"//*[@id='{href[1:]}']")) == 1, href
    (row,) = texts(tree, "//tr[@id='c2']")
    assert row == "investment Metaat least $65 billion this year ≥ $65B planned – this year"
    (source,) = tree.xpath("//a[contains(@rel,'noopener')]")
    assert source.get("href") == story.url
    assert source.get("rel") == "noopener noreferrer nofollow"
    assert texts(tree, "//dl/div")[0] == "claims.rules7"


def test_the_ids_of_an_article_page_are_unique(browser: Browser) -> None:
    ids = browser.page(f"/article/{model_story().id}").xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_corrected_article_tells_what_changed(browser: Browser) -> None:
    newest = all_stories()[-1]
    tree = browser.page(f"/article/{newest.id}")
    (line, first) = texts(tree, "//ol[@class='versions']/li")
    assert line.endswith("headline changed; 2 sentences rewritten")
    assert first.endswith("first seen")
    tree = browser.page(tree.xpath("//ol[@class='versions']//a/@href")[0])
    assert "[removed: 20,000]" in texts(tree, "//del")
    assert "[added: 2,000]" in texts(tree, "//ins")


def test_the_claims_page_is_a_table_with_the_sentences(browser: Browser) -> None:
    tree = browser.page("/claims?q=claim:fine")
    assert texts(tree, "//*[@role='status']") == ["1 claim"]
    assert texts(tree, "//tbody//td[@data-label='Figure']") == ["€200M"]
    assert texts(tree, "//tbody//mark") == ["€200 million"]


def test_an_empty_index_says_how_to_fill_it() -> None:
    browser = Browser(LocalIndex())
    for address in ("/", "/?q=chips", "/claims"):
        said = browser.page(address).text_content()
        assert "beatwire demo" in said
        assert "beatwire crawl URL" in said


def test_no_hits_count_each_part_and_lead_to_wider_searches(browser: Browser) -> None:
    tree = browser.page("/?q=chips+zebra+entity:nvidia")
    assert texts(tree, "//ul[@class='widen']/li") == [
        "chips alone: 3 · without it: 0",
        "zebra alone: 0 · without it: 2",
        "entity:nvidia alone: 2 · without it: 0",
    ]
    assert "/?q=chips+entity:nvidia" in tree.xpath("//ul[@class='widen']//a/@href")


def test_a_query_error_shows_its_place(browser: Browser) -> None:
    tree = browser.page("/?q=openai+%22lower+cost", 400)
    (shown,) = tree.xpath("//pre")
    line, caret = shown.text_content().split("\n")
    assert line == 'openai "lower cost'
    assert caret.index("^") == line.index('"')
    assert tree.xpath("//input[@id='q']/@value") == ['openai "lower cost']
    assert "This quote is not closed." in tree.text_content()


@pytest.mark.parametrize(
    "query",
    ["(" * 1900, "NOT " * 400, "a*" * 900, "\x00", "usd:>1e400", "__proto__:x", "a " * 900,
     "' OR 1=1--", '{"script": 1}', "source:", "\ud83d", "x:\u202e", ")"],
)  # fmt: skip
def test_an_odd_query_is_answered_on_a_page(browser: Browser, query: str) -> None:
    answer = browser.get("/", params={"q": query.encode("utf-8", "surrogatepass")})
    assert answer.status_code in (200, 400)
    assert 'id="q"' in answer.text


def test_a_query_that_is_too_long_is_not_shown_again(browser: Browser) -> None:
    answer = browser.get("/", params={"q": "chips " * 2000})
    assert answer.status_code == 400
    assert "too long" in answer.text
    assert len(answer.text) < 20_000


def test_a_day_that_is_none_is_said(browser: Browser) -> None:
    tree = browser.page("/?q=chips&after=yesterday", 400)
    assert "'yesterday', which is no day" in tree.text_content()


@pytest.mark.parametrize(
    "address",
    [
        "/nope",
        "/article/none",
        "/article/" + "x" * 500,
        "/static/nope.css",
        "/static/..%2fapp.py",
        "/docs",
        "/openapi.json",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(browser: Browser, address: str) -> None:
    assert "There is no such page" in browser.page(address, 404).text_content()


class _Broken(LocalIndex):
    def stats(self) -> Stats:
        raise RuntimeError("secret detail /home/someone")


class _Away(LocalIndex):
    def stats(self) -> Stats:
        raise TryLater("the index is being rebuilt")

    def get(self, article_id: str) -> Article | None:
        raise TryLater("the index is being rebuilt")


def test_a_bug_shows_a_page_without_its_details() -> None:
    browser = Browser(_Broken())
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/claims"])
def test_an_index_that_is_away_is_a_page_that_says_when_to_come_back(path: str) -> None:
    tree = Browser(_Away()).page(f"{path}?q=zebra&sort=oldest", 503)
    assert "Load this page again in a moment" in tree.text_content()
    assert tree.xpath("//input[@id='q']/@value") == ["zebra"]
    assert tree.xpath("//input[@name='sort']/@value") == ["oldest"]


def test_an_article_of_an_index_that_is_away() -> None:
    assert "Load this page again" in Browser(_Away()).get("/article/x").text


def test_the_status_page_counts(browser: Browser) -> None:
    said = " ".join(browser.page("/status").text_content().split())
    assert "articles3 claims7 replaced versions kept1" in said
    assert "(14 s ago)" in said


def test_freshness_is_on_every_page(browser: Browser) -> None:
    for address in ("/", "/claims", "/status", f"/article/{chip_story().id}", "/?q=%22"):
        tree = html.document_fromstring(browser.get(address).text)
        assert texts(tree, "//*[@class='fresh']") == ["newest 14 s ago"], address


def test_the_first_page_offers_the_examples(browser: Browser) -> None:
    shown = texts(browser.page("/"), "//ul[@class='examples']//code")
    assert shown == [query for query, _ in EXAMPLES]
    assert len(shown) == 6


def test_every_page_works_by_landmark_label_and_heading(browser: Browser) -> None:
    story = model_story().id
    pages = ("/", "/claims", "/status", "/keys", "/nope", f"/article/{story}", f"/?read={story}")
    for address in pages:
        tree = html.document_fromstring(browser.get(address).text)
        assert tree.get("lang") == "en"
        assert len(tree.xpath("//main[@id='main']")) == 1
        assert tree.xpath("//body/a[1]/@href") == ["#main"]
        assert len(tree.xpath("//h1 | //*[@role='alert']/h2")) == 1, address
        labelled = set(tree.xpath("//label/@for"))
        for field in tree.xpath("//input[@type!='hidden']"):
            assert field.get("id") in labelled or field.xpath("ancestor::label"), address
        for table in tree.xpath("//table"):
            assert table.xpath("caption")
            assert table.xpath(".//th[@scope='col']")


def test_keys_and_language_are_a_page_and_a_dialog(browser: Browser) -> None:
    tree = browser.page("/keys")
    for place in ("//main", "//dialog"):
        said = texts(tree, f"{place}//dt")
        assert said[:4] == ["/", "j k", "o", "s"]
        assert {"g a", "g c", "g d", "g s", "?"} <= set(said)
    fields = texts(tree, "//main//td[@data-label='Field']")
    assert fields == [f"{name}:" for name in FIELDS]
    letters = tree.xpath("//*[@data-go]/@data-go")
    assert len(letters) == len(set(letters))
    assert [f"g {letter}" for letter in letters] == [key for key in said if key[:2] == "g "]


def test_a_page_is_small(browser: Browser) -> None:
    assert len(browser.get("/").content) < 20_000
    assert not re.search(r"\n\s*\n\s*\n", browser.get("/").text)
