"""The sample newsroom: what it holds, what it serves, and that its ground truth is true."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from difflib import SequenceMatcher
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPMessage
from itertools import groupby
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from services.demo.server import Newsroom
from services.demo.site import break_markup
from services.demo.stories import Story, content_version, load_publishers, load_stories
from tests.support.newsroom import expected_endings, expected_urls, statuses

STORIES = load_stories()
CORRECTED = "ledger/asml-leads-mistral-round"


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(port=0) as newsroom:
        yield newsroom


def get(
    newsroom: Newsroom, host: str, path: str, method: str = "GET", **headers: str
) -> tuple[int, HTTPMessage, bytes]:
    connection = HTTPConnection("127.0.0.1", newsroom.port, timeout=10)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": f"{host}:{newsroom.port}"} | given)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.msg, body


def get_story(newsroom: Newsroom, story: Story, **headers: str) -> tuple[int, HTTPMessage, bytes]:
    return get(newsroom, story.publisher.domain, story.path, **headers)


def story(ref: str, edition: int = 1) -> Story:
    return next(story for story in load_stories(edition) if story.ref == ref)


def test_there_is_enough_to_look_at() -> None:
    stored = [story for story in STORIES if story.front.ending == "stored"]
    assert len(stored) >= 44
    assert len(load_publishers()) == 4
    assert {s.publisher.id for s in stored} == set(load_publishers())
    words = [sum(len(p.split()) for p in s.paragraphs) for s in stored]
    assert min(words) >= 100
    assert max(words) <= 500


def test_every_way_to_end_occurs(newsroom: Newsroom) -> None:
    endings = expected_endings(newsroom)
    assert endings.pop("stored") == len(expected_urls(newsroom))
    assert set(endings) == {
        "not-article",
        "too-short",
        "other-language",
        "unreadable",
        "robots",
        "not-found",
    }


def test_addresses_are_unique(newsroom: Newsroom) -> None:
    urls = [page.url for page in newsroom.expected()]
    assert len(urls) == len(set(urls))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.ref)
def test_every_story_answers_as_its_front_says(newsroom: Newsroom, story: Story) -> None:
    status, headers, body = get_story(newsroom, story)
    if story.front.page == "gone":
        assert status == 404
        return
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    if story.front.page in {"whole", "broken"}:
        page = etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))
        text = " ".join("".join(page.itertext()).split())
        assert " ".join(story.paragraphs[-1].split()) in text
    else:
        assert not any(p.encode() in body for p in story.paragraphs)


def test_a_copy_is_nearly_its_original() -> None:
    copies = [story for story in STORIES if story.front.copy_of]
    assert [len(list(g)) for _, g in groupby(sorted(s.front.copy_of for s in copies))] == [2, 2]
    for copy in copies:
        original = story(copy.front.copy_of)
        theirs, ours = (" ".join(text.paragraphs).split() for text in (original, copy))
        assert 0.85 < SequenceMatcher(None, theirs, ours, autojunk=False).ratio() < 1
        assert copy.publisher != original.publisher
        assert "Meridian Wire" in copy.front.credit


def test_the_broken_page_does_not_nest() -> None:
    text = b'<div class="entry-content"><p>One</p>\n<p>Two</p>'
    broken = break_markup(b"<html>" + text + b'<div class="wp-block-group">x</div></div></html>')
    assert b"One" in broken
    assert b"Two" in broken
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(broken)


def test_one_header_lies_about_the_charset(newsroom: Newsroom) -> None:
    (liar,) = [story for story in STORIES if story.front.charset != "utf-8"]
    _, headers, body = get_story(newsroom, liar)
    assert headers.get_content_charset() == "iso-8859-1"
    assert "€600 million" in body.decode("utf-8")


def test_one_date_stands_in_the_feed_alone(newsroom: Newsroom) -> None:
    (undated,) = [story for story in STORIES if not story.front.dated]
    _, _, body = get_story(newsroom, undated)
    page = body.decode()
    assert undated.front.published.strftime("%Y/%m/%d") not in page
    assert "datePublished" not in page
    assert undated.front.published.strftime("%Y-%m-%d") not in page + undated.path


def listed(newsroom: Newsroom, url: str) -> list[tuple[str, datetime]]:
    """Address and time of every entry of a listing, read with nothing of Beatwire's."""
    host, _, path = url.removeprefix("http://").partition("/")
    _, _, body = get(newsroom, host.partition(":")[0], f"/{path}")
    if path.endswith(".json"):
        items = json.loads(body)["items"]
        return [(i["url"], datetime.fromisoformat(i["date_published"])) for i in items]
    root = etree.fromstring(body)
    for entry, link, time in (
        (
            "item",
            "string(*[local-name()='link'])",
            "string(*[local-name()='pubDate' or local-name()='date'])",
        ),
        ("entry", "string(*[local-name()='link']/@href)", "string(*[local-name()='published'])"),
        ("url", "string(*[local-name()='loc'])", "string(.//*[local-name()='publication_date'])"),
    ):
        if found := root.xpath(f"//*[local-name()='{entry}']"):
            return [(e.xpath(link).partition("?")[0], when(e.xpath(time))) for e in found]
    raise AssertionError(f"no entries in {url}")


def when(text: str) -> datetime:
    return datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)


def test_listings_name_every_page_with_its_time_and_zone(newsroom: Newsroom) -> None:
    times = {(story.publisher.domain, story.path): story.front.published for story in STORIES}
    expected = {(page.source, page.url) for page in newsroom.expected()}
    found = set()
    for source, _, url in newsroom.sources:
        for address, time in listed(newsroom, url):
            found.add((source, address))
            host, _, path = address.removeprefix("http://").partition("/")
            published = times[host.partition(":")[0], f"/{path}"]
            assert time == published
            assert time.utcoffset() == published.utcoffset()
    assert found == expected


@pytest.mark.parametrize("domain", [p.domain for p in load_publishers().values()])
def test_every_publisher_has_pages_to_walk(newsroom: Newsroom, domain: str) -> None:
    for path in ("/", "/about/", "/sitemap.xml", "/robots.txt"):
        assert get(newsroom, domain, path)[0] == 200
    front = etree.fromstring(get(newsroom, domain, "/")[2], etree.HTMLParser())
    links = {href for href in front.xpath("//a/@href") if href.startswith("/")}
    assert len(links) > 15
    # A browser is not told of the members' area's closure to robots, so every link must answer.
    assert {get(newsroom, domain, link.partition("#")[0])[0] for link in links} == {200}


def test_robots_forbid_what_the_ground_truth_says(newsroom: Newsroom) -> None:
    for page in newsroom.expected():
        host = page.url.removeprefix("http://").partition(":")[0]
        rules = RobotFileParser()
        rules.parse(get(newsroom, host, "/robots.txt")[2].decode().splitlines())
        assert rules.can_fetch("Beatwire", page.url) == (page.ending != "robots"), page.url


def test_an_unchanged_page_costs_a_304(newsroom: Newsroom) -> None:
    asked = story("wire/stargate-500-billion")
    url = f"http://wire.example:{newsroom.port}{asked.path}"
    _, first, _ = get_story(newsroom, asked)
    before = statuses(newsroom, url)
    for headers in (
        {"If_None_Match": first["ETag"]},
        {"If_None_Match": f'"other", {first["ETag"].removeprefix("W/")}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": first["Last-Modified"]},
    ):
        status, _, body = get_story(newsroom, asked, **headers)
        assert (status, body) == (304, b"")
    assert statuses(newsroom, url) - before == {304: 4}


@pytest.mark.parametrize(
    "headers",
    [
        {"If_None_Match": '"other"', "If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"If_Modified_Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"If_Modified_Since": "yesterday"},
    ],
)
def test_anything_else_is_sent_again(newsroom: Newsroom, headers: dict[str, str]) -> None:
    assert get_story(newsroom, story("wire/stargate-500-billion"), **headers)[0] == 200


def test_pages_are_compressed_for_those_who_take_it(newsroom: Newsroom) -> None:
    asked = story("circuit/gpt-5-pricing")
    _, _, plain = get_story(newsroom, asked)
    _, headers, packed = get_story(newsroom, asked, Accept_Encoding="br, gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert len(packed) < len(plain)
    assert gzip.decompress(packed) == plain


def test_head_sends_no_body(newsroom: Newsroom) -> None:
    asked = story("circuit/gpt-5-pricing")
    status, headers, body = get(newsroom, "circuit.example", asked.path, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 1000


def test_hosts_do_not_mix(newsroom: Newsroom) -> None:
    path = story("ledger/capex-2026").path
    assert get(newsroom, "ledger.example", path)[0] == 200
    assert get(newsroom, "LEDGER.localhost", path)[0] == 200
    assert get(newsroom, "wire.example", path)[0] == 404
    assert get(newsroom, "127.0.0.1", path)[0] == 404


def test_the_second_edition_changes_one_page_and_what_lists_it() -> None:
    with Newsroom(port=0) as newsroom:
        first = newsroom.site
        newsroom.edition = 2
        changed = {
            (domain, path)
            for domain, pages in newsroom.site.items()
            for path, page in pages.items()
            if page != first[domain][path]
        }
        corrected = story(CORRECTED)
        assert changed == {
            ("ledger.example", path) for path in ("/", "/business/", "/sitemap.xml", corrected.path)
        }
        etag = first["ledger.example"][corrected.path].etag
        status, _, body = get_story(newsroom, corrected, If_None_Match=etag)
        assert status == 200
        assert "An earlier version of this article" in body.decode()


def test_the_correction_changes_the_figure_and_the_headline() -> None:
    first, second = story(CORRECTED), story(CORRECTED, edition=2)
    assert "€1.7 billion" in first.title
    assert "€1.3 billion" in second.title
    assert "€1.3 billion" not in " ".join(first.paragraphs)
    assert "will invest €1.3 billion" in second.paragraphs[0]
    assert second.updated > first.updated == first.front.published


def test_content_has_one_version() -> None:
    assert content_version() == content_version()
    assert len(content_version()) == 16


def test_a_taken_port_is_said_so(newsroom: Newsroom) -> None:
    with pytest.raises(OSError, match="in use"):
        Newsroom(port=newsroom.port)
