"""Section pages: which links of a page are articles, with title and date; which pages are lists."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.listings.alternates import feed_of
from crawlers.listings.entries import Listing, Unreadable
from crawlers.listings.read import read_listing, read_seed
from crawlers.listings.sections import is_list, read_section
from crawlers.listings.shapes import address_score, is_article_address, same_site
from processors.stamps import read_stamp

FOLDER = Path(__file__).parent.parent / "golden/sections"
COURIER = "https://www.courier.example/technology/ai"
PAGES = {
    "cards": (COURIER, {
        "lumen-opens-weights-of-its-largest-model":
            ("Lumen opens the weights of its largest model", "2025-03-03"),
        "regulators-ask-what-an-agent-may-buy?utm_source=front":
            ("Regulators ask what an agent may buy", "2025-03-02"),
        "chips": ("Why everybody waits for chips", "2025-03-01"),
        "vertex-buys-a-power-station": ("Vertex buys a power station", "2025-02-28"),
    }),
    "river": ("https://inkwell.example/", {
        "2025/03/on-small-models/": ("On small models", "2025-03-03"),
        "2025/02/benchmarks/": ("Benchmarks", "2025-02-27"),
        "2025/02/who-owns-a-voice/": ("Who owns a voice?", "2025-02-20"),
    }),
    "table": ("https://office.example/press/", {
        "2025/pr-112.html":
            ("Office opens inquiry into cloud contracts of two providers", "2025-03-03"),
        "2025/pr-111.html": ("Statement on the merger of Vertex and Northwind", "2025-02-24"),
        "2025/pr-110.html":
            ("Consultation on foundation models: responses published", "2025-02-19"),
        "2025/pr-109.html": ("Fine of 12 million for late disclosure", "2025-02-02"),
        "2025/pr-108.html": ("New guidance on algorithmic pricing", "2025-01-15"),
    }),
    "wrapped": ("https://lumen.example/news", {
        "lumen-4": ("Introducing Lumen 4", "2025-03-03"),
        "series-e": ("Lumen raises its series E at a valuation of 60 billion", "2025-02-25"),
        "circuits-of-thought": ("Circuits of thought", "2025-02-19"),
        "office-in-zurich": ("We open an office in Zürich", "2025-02-11"),
        "policy": ("What we ask of lawmakers", "2025-02-04"),
    }),
    "front": ("https://www.ledger.example/", {
        "article/4401231": ("Chip makers promise more than the grid can carry", "2025-03-03"),
        "article/4401198": ("A court hears who wrote the machine's novel", "2025-03-02"),
        "article/4401177": ("Search engines count their citations", "2025-03-02"),
        "article/4401150": ("Translators go on strike against their tools", "2025-03-02"),
        "article/4401102": ("Bank replaces its call centre, twice", "2025-03-01"),
        "article/4401090": ("Insurers price the risk of agents", "2025-02-28"),
        "video/4400911": ("Watch: inside a hall of servers", ""),
    }),
    "german": ("https://www.anzeiger.example/netzwelt/", {
        "ki-modell-rechnet-schneller-als-gedacht-a-9001.html":
            ("KI-Modell rechnet schneller als gedacht", "2025-03-03"),
        "kartellamt-prueft-cloud-vertraege-a-9000.html":
            ("Kartellamt prüft Cloud-Verträge", "2025-03-02"),
        "stimmen-aus-der-maschine-a-8997.html": ("Stimmen aus der Maschine", "2025-02-28"),
        "uebersetzer-streiken-gegen-ihre-werkzeuge-a-8990.html":
            ("Übersetzer streiken gegen ihre Werkzeuge", ""),
        "rechenzentrum-am-fluss-a-8981.html": ("Rechenzentrum am Fluss", ""),
    }),
    "japanese": ("https://www.tsushin.example/articles", {
        "20250303-0001": ("国産の言語モデル、自治体で試験導入へ始まる", "2025-03-03"),
        "20250302-0007": ("半導体工場の建設費が想定の二倍に膨らむ", "2025-03-02"),
        "20250301-0003": ("生成AIの著作権をめぐり作家団体が提訴", "2025-03-01"),
        "20250228-0012": ("データセンターの電力需要、夏に過去最大", "2025-02-28"),
        "20250227-0002": ("翻訳機能を備えた補聴器を来春発売", "2025-02-27"),
    }),
    "plainlinks": ("https://group.example/ml/", {
        "notes/attention-is-not-free.html": ("Attention is not free", "2025-03-03"),
        "notes/reward-models-prefer-long-answers.html":
            ("Reward models prefer long answers", "2025-02-21"),
        "notes/a-year-of-failed-experiments.html": ("A year of failed experiments", "2025-01-30"),
        "notes/how-we-clean-a-corpus.html": ("How we clean a corpus", "2024-12-12"),
        "notes/scaling-down-with-grace.html": ("Scaling down, with grace", "2024-11-02"),
    }),
}  # fmt: skip
"""Pages of eight layouts, where they lie, and all that they list, as seen from there."""


def page(name: str) -> bytes:
    return (FOLDER / f"{name}.html").read_bytes()


def section(body: bytes | str, url: str = COURIER) -> Listing:
    found = read_section(body if isinstance(body, bytes) else body.encode(), "", url, 200)
    assert isinstance(found, Listing), found
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_layout_gives_its_articles_and_nothing_else(name: str) -> None:
    url, expected = PAGES[name]
    found = section(page(name), url)
    below = f"{url.rstrip('/')}/"
    assert {entry.link.removeprefix(below): entry.title for entry in found.entries} == {
        link: title for link, (title, _) in expected.items()
    }
    for entry in found.entries:
        stamp = read_stamp(entry.published)
        day = stamp.at.date().isoformat() if stamp else ""
        assert day == expected[entry.link.removeprefix(below)][1], entry
    assert is_list(found)


def test_an_article_with_a_list_beside_it_is_no_list() -> None:
    url = "https://www.courier.example/a/lumen"
    assert not is_list(section(page("article"), url))
    assert read_seed(page("article"), "", url) == "page"


def test_a_page_that_offers_its_own_feed_is_an_index_of_it() -> None:
    found = read_seed(page("river"), "text/html", "https://inkwell.example/")
    assert isinstance(found, Listing)
    assert (found.kind, [each.link for each in found.entries]) == (
        *("index", ["https://inkwell.example/atom.xml"]),
    )


def test_a_section_is_not_the_feed_of_the_whole_site() -> None:
    found = read_seed(page("cards"), "text/html", COURIER)
    assert isinstance(found, Listing)
    assert (found.kind, len(found.entries)) == ("section", 4)
    assert [each.url for each in found.alternates] == ["https://www.courier.example/feed.xml"]


def test_what_is_meant_as_a_section_is_read_as_one_or_says_why_not() -> None:
    few = b"<html><h2><a href='/2025/03/one-thing-that-happened-today'>One thing today</a></h2>"
    assert read_seed(few, "", COURIER) == "page"
    found = read_seed(few, "", COURIER, section=True)
    assert isinstance(found, Listing)
    assert found.total == 1
    assert read_seed(b"<html><p>x</p>", "", COURIER, section=True) == Unreadable(
        "a page without links to articles"
    )


STORY = "<h3><a href='/2025/03/{0}-tells-of-a-model'>{0} tells of a model</a></h3>"


@pytest.mark.parametrize(
    ("before", "listed"),
    [
        ("<div class='layout has-sidebar'>", True),
        ("<div class='elementor-element elementor-widget elementor-widget-posts'>", True),
        ("<div id='page-1' class='no-comments with-ads'>", True),
        ("<div class='menu'><div class='nav-bar'></div>", True),  # which holds all there is
        ("<nav>", False),
        ("<h3>x</h3><h3>y</h3><h3>z</h3><div class='widget'>", False),
        ("<h3>x</h3><h3>y</h3><h3>z</h3><div id='related-1'>", False),
        ("<h3>x</h3><h3>y</h3><h3>z</h3><div class='site-footer'>", False),
        ("<div role='navigation'>", False),
    ],
)
def test_what_stands_on_every_page_is_told_by_its_whole_name(before: str, listed: bool) -> None:
    stories = "".join(STORY.format(name) for name in ("ada", "bo", "cy"))
    assert section(f"<html><body>{before}{stories}").total == (3 if listed else 0)


def test_a_page_that_is_no_seed_is_no_section() -> None:
    assert read_listing(page("front"), "text/html", "https://www.ledger.example/") == "page"


@pytest.mark.parametrize(
    ("links", "offered"),
    [
        ('<link rel="alternate" type="application/feed+json" href="/f.json">', ["/f.json"]),
        ('<LINK REL="Alternate home" TYPE="application/rss+xml; charset=utf-8" HREF="f">', ["/f"]),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x">', []),
        ('<link rel="alternate" type="text/html" hreflang="de" href="/de">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="/f">', []),
        ('<link rel="alternate" type="application/rss+xml" href="/x/comments/feed">', []),
        ('<base href="/b/"><link rel=alternate type=application/atom+xml href=a>', ["/b/a"]),
    ],
)
def test_feeds_that_a_page_offers(links: str, offered: list[str]) -> None:
    found = section(f"<html><head>{links}</head><p>x</p>", "https://a.example/")
    assert [each.url.removeprefix("https://a.example") for each in found.alternates] == offered
    assert bool(feed_of(found.alternates, "https://a.example/")) == bool(offered)


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("/2025/03/02/lumen-opens-weights", True),
        ("/news/lumen-opens-the-weights-of-its-model", True),
        ("/story/12345678", None),
        ("/index.php?id=4711", None),
        ("/technology", False),
        ("/tag/lumen-opens-the-weights-of-its-model", False),
        ("/ai?page=2", False),
        ("/photo-of-a-very-large-server-hall.jpg", False),
        ("/", False),
    ],
)
def test_what_an_address_says(path: str, article: bool | None) -> None:
    score = address_score(f"https://a.example{path}", "https://a.example/ai")
    assert (score >= 4, score > 0) == (article is True, article is not False)


def test_addresses_of_articles_and_of_sections() -> None:
    assert is_article_address("https://a.example/2025/03/02/lumen-opens-weights-at-last")
    assert not is_article_address("https://a.example/technology/artificial-intelligence/")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("www.paper.co.uk", "tech.paper.co.uk", True),
        ("paper.co.uk", "other.co.uk", False),
        ("ada.github.io", "bo.github.io", False),
        ("a.paper.example", "paper.example", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("localhost", "localhost", True),
    ],
)
def test_one_site_is_one_registrable_domain(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


HARM = {
    "deep": "<div>" * 200_000,
    "deep and closed": "<b>" * 100_000 + "</b>" * 100_000,
    "links": "<a href=/2025/03/a-story-of-many-words>a story of many words</a>" * 15_000,
    "long link": f"<h2><a href=/{'a-' * 500_000}>x</a></h2>",
    "long class": f"<div class='{'nav ' * 200_000}'><h2><a href=/a-b-c-d-e>A b c d e</a></h2>",
    "attributes": f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>",
    "menus": "<div class=menu>" * 1900 + "<h2>x</h2>" * 15_000,
    "headers": "<header><article>" * 900 + "<header>x</header>" * 15_000,
    "times": "<time>" * 1900 + "1" * 1_000_000,
    "dates": f"<h2><a href=/a-b-c-d-e>A b c d e f</a></h2><p class=date>{'1 ' * 500_000}",
}


@pytest.mark.parametrize("name", HARM)
def test_harmful_pages_are_refused_or_read_in_time(name: str) -> None:
    began = process_time()
    found = read_section(f"<html><body>{HARM[name]}".encode(), "", COURIER, 200)
    assert process_time() - began < 2
    assert len(repr(found)) < 100_000


TAGS = st.sampled_from(["a", "h2", "div", "li", "nav", "time", "article", "p", "base", "link"])
WORDS = st.text(alphabet="ab-/:?&=<>\"' é中", max_size=20)


@given(st.lists(st.tuples(TAGS, WORDS, WORDS), max_size=30))
def test_whatever_a_page_holds_its_links_are_of_its_site(parts: list[tuple[str, str, str]]) -> None:
    inside = "".join(f'<{tag} href="{href}" class="{text}">{text}' for tag, href, text in parts)
    found = read_section(f"<html>{inside}".encode(), "", COURIER, 20)
    if isinstance(found, Listing):
        links = [entry.link for entry in found.entries]
        assert len(links) == len(set(links)) <= 20
        assert all(link.startswith(("http://", "https://")) for link in links)
        assert all(entry.title and "\n" not in entry.title for entry in found.entries)
