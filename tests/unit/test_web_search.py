"""The search page over a real index: copies, paging, exclusion, wider searches, reading beside."""

import shlex
from datetime import timedelta
from time import perf_counter
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from processors.query.syntax import parse_query
from services.web.spelling import replaced
from services.web.state import LAST_PAGE, SearchState
from services.web.take_along import command, dated_query, take_along
from tests.support.coverage import NOW, chip_story, make_article, model_story
from tests.support.local_index import LocalIndex, stories_index
from tests.support.web import Browser, texts

HOUR = timedelta(hours=1)


@pytest.fixture
def browser() -> Browser:
    return Browser(stories_index())


@pytest.fixture(scope="module")
def copied() -> Browser:
    """45 stories on chips, of which the last was told three times."""
    stories = [
        make_article(
            f"https://a.example/{n}",
            f"Story {n}",
            "Chips.",
            published=NOW - n * HOUR,
            story=f"s{n}",
        )
        for n in range(45)
    ]
    copies = [
        make_article(
            f"https://{name}.example/x",
            "Told again",
            "Chips.",
            published=NOW - wait * HOUR,
            story="s0",
            original=False,
        )
        for name, wait in (("wire", -1), ("desk", -26))
    ]
    return Browser(LocalIndex([*stories, *copies]))


def test_copies_are_one_result_that_leads_to_its_story(copied: Browser) -> None:
    tree = copied.page("/?q=chips&sort=newest")
    assert texts(tree, "//*[@role='status']") == ["47 articles"]
    (story,) = tree.xpath("//a[starts-with(@href,'/story/')]")
    assert story.text_content() == "+2 copies"
    assert story.get("href") == "/story/s0"
    (switch,) = tree.xpath("//li[@class='fold']/a")
    assert switch.text_content() == "show all copies"
    shown = copied.page(switch.get("href"))
    assert not shown.xpath("//a[starts-with(@href,'/story/')]")
    assert texts(shown, "//article//h2")[:3] == ["Told again", "Told again", "Story 0"]
    assert shown.xpath("//li[@class='fold']/a/@href") == ["/?q=chips&sort=newest"]


def test_pages_lead_on_and_back_to_the_end(copied: Browser) -> None:
    seen: list[str] = []
    address = "/?q=chips&sort=newest"
    while address:
        tree = copied.page(address)
        seen += texts(tree, "//article//h2")
        address = next(iter(tree.xpath("//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == 45
    assert tree.xpath("//a[@rel='prev']/@href") == ["/?q=chips&sort=newest&page=2"]
    assert "page 3" in tree.text_content()


def test_pages_beyond_the_numbered_ones_go_on_by_cursor(copied: Browser) -> None:
    tree = copied.page(f"/?q=chips&page={LAST_PAGE}")
    assert "The results end before this page" in tree.text_content()
    cursor = copied.index.search(parse_query("chips"), fold=True, limit=20).next
    deep = copied.page("/?" + urlencode({"q": "chips", "page": 501, "cursor": cursor}))
    assert len(deep.xpath("//article")) == 20
    assert deep.xpath("//a[@rel='prev']/@href") == ["/?q=chips&page=500"]
    (following,) = deep.xpath("//a[@rel='next']/@href")
    asked = parse_qs(urlsplit(following).query)
    assert asked["page"] == ["502"]
    assert asked["cursor"] != [cursor]
    assert len(copied.page(following).xpath("//article")) == 5


def test_a_cursor_that_nobody_gave_is_said(copied: Browser) -> None:
    tree = copied.page("/?q=chips&page=501&cursor=made-up", 400)
    assert "This search cannot be made" in tree.text_content()
    assert tree.xpath("//input[@id='q']/@value") == ["chips"]


def test_a_facet_rules_out(browser: Browser) -> None:
    tree = browser.page("/?q=chips")
    (out,) = tree.xpath("//a[@class='out'][@aria-label='without The Ledger']/@href")
    without = browser.page(out)
    assert texts(without, "//article//h2") == ["Washington tightens the rules for AI chips"]
    (chip,) = without.xpath("//ul[@class='filters']//a")
    assert chip.get("class") == "out"
    assert chip.get("href") == "/?q=chips"


def test_the_query_is_said_in_words(browser: Browser) -> None:
    tree = browser.page("/?q=claim:loss(usd>1B)+-source:ledger")
    said = texts(tree, "//p[@class='explained']")
    assert said == ["Looks for a claim of loss over $1B and does not come from ledger"]
    for plain in ("/", "/?q=chips", "/?q=%22ai+chips%22+nvidia"):
        assert not texts(browser.page(plain), "//p[@class='explained']")
    for telling in ("chips OR nvidia", "chip*", "title:chips", "us"):
        assert texts(browser.page(f"/?q={telling}"), "//p[@class='explained']")


def test_a_slip_is_put_right_by_a_link(browser: Browser) -> None:
    tree = browser.page("/?q=nvidia+chisp&sort=oldest")
    (meant,) = tree.xpath("//p[@class='meant']/a")
    assert meant.text_content() == "nvidia chips"
    assert meant.get("href") == "/?q=nvidia+chips&sort=oldest"
    assert not browser.page("/?q=nvidia+chips").xpath("//p[@class='meant']")


@pytest.mark.parametrize(
    ("query", "better"),
    [
        ("chisp", "chips"),
        ("(chisp OR x) -chisp", "(chips OR x) -chips"),
        ('"chisp war" title:chisp', '"chips war" title:chips'),
        ("chisps chisp:x chisp's", "chisps chisp:x chisp's"),
    ],
)
def test_words_are_put_right_where_they_are_words(query: str, better: str) -> None:
    assert replaced(query, {"chisp": "chips"}) == better


def test_a_search_by_date_without_hits_counts_longer_times(browser: Browser) -> None:
    tree = browser.page("/?q=nvidia+after:3d")
    wider = tree.xpath("//ul[contains(@class,'spans')]//a")
    assert [" ".join(one.text_content().split()) for one in wider] == [
        "1 in 30 days",
        "2 in 90 days",
    ]
    assert wider[1].get("href") == "/?q=nvidia&after=2024-12-01"
    assert len(browser.page(wider[1].get("href")).xpath("//article")) == 2


def test_days_of_the_form_are_widened_too(browser: Browser) -> None:
    tree = browser.page("/?q=nvidia&before=2025-01-01&after=2024-12-31")
    assert texts(tree, "//ul[contains(@class,'spans')]//a") == ["2 in 90 days"]


def test_a_bar_of_the_histogram_is_a_search_in_its_days(copied: Browser) -> None:
    tree = copied.page("/?q=chips&fold=0")
    total = 0
    for link in tree.xpath("//figure//tbody//a"):
        count = int(link.getparent().getnext().text_content())
        narrowed = copied.page(link.get("href"))
        assert texts(narrowed, "//*[@role='status']")[0].split()[0] == str(count)
        total += count
    assert total == 47


def test_a_mood_is_a_filter(browser: Browser) -> None:
    tree = browser.page("/?sort=oldest")
    (link, *_) = tree.xpath("//ul[@class='moods']//a[.='Nvidia']/@href")
    narrowed = browser.page(link)
    assert texts(narrowed, "//ul[@class='filters']//code") == ["mood:nvidia<0"]
    assert len(narrowed.xpath("//article")) == 2


def test_an_article_is_read_beside_the_results(browser: Browser) -> None:
    story = model_story()
    tree = browser.page("/?q=Tallinn")
    (beside,) = tree.xpath("//a[@class='beside']/@href")
    assert beside == f"/?q=Tallinn&read={story.id}#pane"
    opened = browser.page(beside)
    (pane,) = opened.xpath("//aside[@id='pane']")
    assert texts(pane, ".//h2") == [story.title]
    assert " ".join(texts(pane, ".//article/p")) == " ".join(story.body.split())
    assert texts(pane, ".//article//mark") == ["Tallinn"]
    assert len(pane.xpath(".//ol[@class='said']/li")) == len(story.claims)
    assert pane.xpath(".//a[.='Close']/@href") == ["/?q=Tallinn"]
    ids = opened.xpath("//@id")
    assert len(ids) == len(set(ids))
    for href in opened.xpath("//aside[@id='pane']//@href"):
        if href.startswith("#"):
            assert len(opened.xpath(f"//*[@id='{href[1:]}']")) == 1, href
    assert len(opened.xpath("//h2/a[@aria-current='true']")) == 1


def test_an_article_of_another_page_is_read_beside_and_one_that_is_gone_is_not(
    browser: Browser,
) -> None:
    tree = browser.page(f"/?q=Tallinn&read={chip_story().id}")
    assert texts(tree, "//aside[@id='pane']//h2") == [chip_story().title]
    assert not browser.page("/?q=Tallinn&read=gone").xpath("//aside[@id='pane']//h2")


def test_a_search_is_taken_along_as_it_is(browser: Browser) -> None:
    tree = browser.page("/?q=it%27s+%22a+b%22&after=2025-01-01&sort=oldest&page=2&fold=0")
    command_line, request = texts(tree, "//details[@class='take']/pre")
    assert shlex.split(command_line) == [
        "beatwire", "search", "it's \"a b\" after:2025-01-01", "--sort", "oldest",
    ]  # fmt: skip
    curl, _, address = shlex.split(request)
    assert curl == "curl"
    parts = urlsplit(address)
    assert (parts.netloc, parts.path) == ("127.0.0.1:8321", "/api/v1/articles")
    words = 'it\'s "a b"'
    assert parse_qs(parts.query) == {"q": [f"{words} after:2025-01-01"], "sort": ["oldest"]}
    asked = {"q": [words], "after": ["2025-01-01"], "sort": ["oldest"], "fold": ["0"]}
    for link in tree.xpath("//details[@class='take']//a/@href"):
        assert parse_qs(urlsplit(link).query) == asked


@pytest.mark.parametrize("query", ["$(rm -r x)", "a'; b `c`", "-wire", "a\nb", 'é \\ " ! #'])
def test_what_goes_to_a_shell_is_one_word(query: str) -> None:
    words = shlex.split(command(SearchState(q=query)))
    assert words == ["beatwire", "search", " ".join(query.split()), "--fold"]
    *_, address = shlex.split(take_along(SearchState(q=query), "http://h").curl)
    assert parse_qs(urlsplit(address).query) == {"q": [" ".join(query.split())], "fold": ["1"]}


def test_days_go_into_the_query_of_a_command() -> None:
    state = SearchState(q="a OR b", after="2025-01-01", before="2025-02-01")
    assert dated_query(state) == "(a OR b) after:2025-01-01 before:2025-02-01"


def test_the_box_keeps_what_was_asked_for(browser: Browser) -> None:
    tree = browser.page("/?q=chips&fold=0&sort=oldest&after=2025-01-01")
    kept = {
        field.get("name"): field.get("value")
        for field in tree.xpath(
            "//*[@form='search' or @id='search']//input | //input[@form='search']"
        )
    }
    assert kept == {
        "q": "chips", "sort": "oldest", "fold": "0", "after": "2025-01-01", "before": "",
    }  # fmt: skip


def test_a_full_page_is_small_and_quick() -> None:
    story = model_story()
    stories = [
        make_article(
            f"https://s{n % 30}.example/{n}",
            f"{story.title} {n}",
            story.body,
            source=f"s{n % 30}",
            published=NOW - n * 30 * HOUR,
            entities=story.entities,
            claims=story.claims,
            moods=story.moods,
            section=f"Section {n % 7}",
        )
        for n in range(120)
    ]
    browser = Browser(LocalIndex(stories))
    address = f"/?q=chips+entity:nvidia&read={model_story().id}"
    usual = browser.get(address)
    assert len(usual.content) < 100_000
    long = browser.get("/?q=" + "+".join(["(chips+OR+lab)"] * 20 + ["x" * 900 + "+OR+chips"]))
    assert long.status_code == 200
    assert len(long.content) < 600_000
    took = []
    for _ in range(5):
        began = perf_counter()
        browser.get(address)
        took.append(perf_counter() - began)
    assert min(took) < 0.2, "a search, its page and the way there"
