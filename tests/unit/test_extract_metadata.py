"""JSON-LD as publishers break it, titles, names, and addresses that pages claim."""

import pytest

from processors.extract import jsonld
from processors.extract.authors import read_authors
from processors.extract.metadata import read_title, without_site_name
from processors.extract.page import ParsedPage, parse_page
from processors.records import FeedHints

URL = "https://www.gazette.example/tech/story"


def parsed(head: str = "", body: str = "<p>Text.</p>", url: str = URL) -> ParsedPage:
    page = parse_page(f"<html><head>{head}</head><body>{body}</body></html>", url)
    assert page is not None
    return page


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "text",
    [
        '{"@type":"NewsArticle","headline":"Lumen pays less"}',
        '[[{"@type":["Thing","NewsArticle"],"headline":"Lumen pays less"}]]',
        '{"@graph":[{"@type":"WebPage"},{"@type":"BlogPosting","headline":"Lumen pays less"}]}',
        '<!-- {"@type":"NewsArticle","headline":"Lumen pays less"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Lumen pays less",}\n//]]>',
        '{"@type":"NewsArticle","headline":"Lumen pays\tless"};',
        '{"@type":"NewsArticle","headline":"Lumen pays less","text":"a "broken" quote"}',
        '{"@type":"http://schema.org/NewsArticle","headline":"Lumen &amp;#112;ays <b>less</b>"}',
        '{"@type":"WebPage","mainEntity":{"@type":"Article","headline":"Lumen pays less"}}',
    ],
)
def test_a_headline_is_found_in_json_ld(text: str) -> None:
    assert read_title(parsed(ld(text)), None) == "Lumen pays less"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 100_000,
        '{"@type":' * 5_000,
        '{"a":' + "9" * 10_000 + "}",
        '"text"',
        "null",
        "\\" * 500,
    ],
)
def test_json_ld_that_says_nothing_is_no_harm(text: str) -> None:
    assert jsonld.article_node(jsonld.read_nodes(parsed(ld(text)).tree), frozenset()) == {}


def test_of_several_articles_the_one_at_this_address_is_read() -> None:
    other = '{"@type":"NewsArticle","headline":"Another","url":"https://www.gazette.example/x"}'
    this = f'{{"@type":"NewsArticle","headline":"This one","mainEntityOfPage":{{"@id":"{URL}"}}}}'

    assert read_title(parsed(ld(f"[{other},{this}]")), None) == "This one"


def test_the_order_of_trust_of_titles() -> None:
    article = ld('{"@type":"NewsArticle","headline":"From JSON-LD"}')
    shared = '<meta property="og:title" content="From Open Graph">'
    heading = "<h1>From the heading</h1>"
    bird = '<meta name="twitter:title" content="From the card">'
    title = "<title>From the title - Gazette</title>"
    hints = FeedHints(feed="https://www.gazette.example/feed", title="From the feed")

    found = [
        read_title(parsed(article + shared + bird + title, heading), hints),
        read_title(parsed(shared + bird + title, heading), hints),
        read_title(parsed(bird + title, heading), hints),
        read_title(parsed(bird + title), hints),
        read_title(parsed(title), hints),
        read_title(parsed(), hints),
    ]

    sources = ("JSON-LD", "Open Graph", "the heading", "the card", "the title", "the feed")
    assert found == [f"From {name}" for name in sources]


def test_a_headline_cut_short_gives_way_to_the_whole() -> None:
    head = ld('{"@type":"NewsArticle","headline":"Lumen pays far..."}')

    assert read_title(parsed(head, "<h1>Lumen pays far less</h1>"), None) == "Lumen pays far less"


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Chips fall | Tech | The Gazette", "Chips fall"),
        ("Chips fall - Gazette", "Chips fall"),
        ("Gazette: Chips fall", "Chips fall"),
        ("Chips fall – and rise again", "Chips fall – and rise again"),
        ("Opinion | Chips fall", "Chips fall"),
        ("Nvidia: a history", "Nvidia: a history"),
        ("Gazette", "Gazette"),
    ],
)
def test_the_sites_name_is_cut_off(title: str, bare: str) -> None:
    assert without_site_name(title, frozenset({"gazette"})) == bare


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("By Ann Poe and Bo Lee", ("Ann Poe", "Bo Lee")),
        ("Ann Poe, Bo Lee & Cy Moe", ("Ann Poe", "Bo Lee", "Cy Moe")),
        ("Ann Poe, Senior Reporter", ("Ann Poe",)),
        ("Ann Poe (ann@gazette.example) @annpoe", ("Ann Poe",)),
        ("Harbour Wire", ("Harbour Wire",)),
        ("ann poe; Ann Poe", ("ann poe",)),
        ("https://www.gazette.example/by/ann", ()),
        ("@annpoe", ()),
        ("admin", ()),
    ],
)
def test_names_in_a_statement(stated: str, names: tuple[str, ...]) -> None:
    assert read_authors(parsed(f'<meta name="author" content="{stated}">'), None) == names


def test_a_person_goes_before_the_publisher() -> None:
    head = ld('{"@type":"NewsArticle","author":{"name":"Gazette"},"publisher":{"name":"Gazette"}}')
    byline = '<p class="byline">By <a rel="author" href="/ann">Ann Poe</a></p>'

    assert read_authors(parsed(head, byline), None) == ("Ann Poe",)
    assert read_authors(parsed(head), None) == ("Gazette",)


def test_the_feed_names_the_author_when_the_page_does_not() -> None:
    hints = FeedHints(feed="https://www.gazette.example/feed", authors=("Ann Poe",))

    assert read_authors(parsed(), hints) == ("Ann Poe",)


@pytest.mark.parametrize(
    ("stated", "canonical"),
    [
        ("/tech/other?utm_source=x", "https://www.gazette.example/tech/other"),
        ("https://gazette.example/tech/other", "https://gazette.example/tech/other"),
        ("https://evil.example/tech/story", URL),
        ("https://www.gazette.example/", URL),
        ("javascript:alert(1)", URL),
        ("http://[", URL),
        ("", URL),
    ],
)
def test_a_page_may_rename_itself_only_at_home(stated: str, canonical: str) -> None:
    assert parsed(f'<link rel="canonical" href="{stated}">').canonical_url == canonical
