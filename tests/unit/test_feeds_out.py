"""Feeds of any search: valid, the same for the same search, and readable by our own crawler."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from crawlers.listings.entries import Entry, Listing
from crawlers.listings.feeds import parse_feed
from crawlers.listings.jsonfeed import parse_json_feed
from processors.records import Article
from services.answers import feeds
from services.answers.clean import one_line
from services.index import Hit, Marked
from services.index.tantivy import TantivyIndex
from services.web.app import create_app
from services.web.entrance import Entrance
from tests.support.api import Api, newsroom_index
from tests.support.articles import article
from tests.support.coverage import model_story
from tests.support.payloads import ODD, SCRIPTS
from tests.unit.test_exports import hostile_article

ADDRESSES = ("/feed.atom", "/feed.rss", "/feed.json")
ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "http://127.0.0.1:8321"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
STRICT = etree.XMLParser(recover=False, resolve_entities=False, no_network=True)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with newsroom_index(tmp_path_factory.mktemp("feeds")) as index:
        yield Api(index)


def read(address: str, body: bytes) -> Listing:
    """A feed as our crawler reads it."""
    parse = parse_json_feed if ".json" in address else parse_feed
    found = parse(body.decode(), BASE + address, 1000)
    assert isinstance(found, Listing)
    assert not found.flaw
    return found


def valid_atom(body: bytes) -> etree._Element:
    """RFC 4287, sections 4.1 and 4.2: what a feed and each entry must and may have."""
    root = etree.fromstring(body, STRICT)
    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.iter(f"{ATOM}entry")):
        names = [etree.QName(child).localname for child in one]
        for name in ("id", "title", "updated"):
            assert names.count(name) == 1, name
        assert names.count("summary") <= 1
        assert re.match(r"[a-z][a-z0-9+.-]*:\S+$", one.findtext(f"{ATOM}id") or "")
        for when in (*one.findall(f"{ATOM}updated"), *one.findall(f"{ATOM}published")):
            assert RFC3339.fullmatch(when.text or "")
        links = [(each.get("rel"), each.get("type")) for each in one.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert ("alternate", "text/html") in links
        assert one.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [each.text for each in root.iterfind(f"{ATOM}entry/{ATOM}id")]
    assert len(ids) == len(set(ids))
    return root


def valid_rss(body: bytes) -> etree._Element:
    """RSS 2.0: what a channel and each item must have, and how their dates are written."""
    root = etree.fromstring(body, STRICT)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    assert channel.tag == "channel"
    for name in ("title", "link", "description"):
        assert channel.findtext(name)
    for item in channel.iterfind("item"):
        assert item.findtext("title")
        assert (item.findtext("link") or "").startswith("http")
        assert item.find("guid").get("isPermaLink") == "false"  # type: ignore[union-attr]
        assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo
    return root


def valid_json(body: bytes) -> dict[str, Any]:
    """JSON Feed 1.1: what the feed and each item must have, and the types of what they may."""
    feed: dict[str, Any] = msgspec.json.decode(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        assert {"id", "url", "title", "content_text", "date_published"} <= set(item)
        assert all(isinstance(each, str) for name, each in item.items() if name[0] not in "a_")
        assert RFC3339.fullmatch(item["date_published"])
        assert item["authors"][0]["name"]
    return feed


VALID = dict(zip(ADDRESSES, (valid_atom, valid_rss, valid_json), strict=True))


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_is_valid_and_our_crawler_reads_it(api: Api, address: str) -> None:
    answer = api.get(f"{address}?q=Tallinn")
    VALID[address](answer.content)
    found = read(address, answer.content)
    (entry,) = found.entries
    story = model_story()
    assert found.title == "Beatwire: Tallinn"
    assert (entry.link, entry.title) == (story.url, story.title)
    assert entry.id == f"urn:beatwire:article:{story.id}"
    assert entry.authors[0].startswith("Ada Pryce")
    assert "Tallinn" in entry.summary
    assert "training cost · Quillon AI · $5.6M" in entry.summary
    when = entry.published
    parsed = parsedate_to_datetime(when) if "rss" in address else datetime.fromisoformat(when)
    assert parsed == story.published


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_of_everything_is_newest_first_and_folds_copies(api: Api, address: str) -> None:
    VALID[address](api.get(address).content)
    folded = read(address, api.get(address).content).entries
    every = read(address, api.get(f"{address}?fold=0").content).entries
    told = api.get("/api/v1/articles?sort=newest&limit=100").json()["hits"]
    assert [entry.link for entry in every] == [hit["url"] for hit in told]
    assert len(folded) == len(every) - 1


def test_a_feed_has_fifty_entries(tmp_path: Path) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([article(f"s{n}", hours=n) for n in range(60)])
        found = read("/feed.atom", Api(index).get("/feed.atom").content)
    assert len(found.entries) == feeds.ENTRIES == 50
    assert found.entries[0].link.endswith("/s59")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_search_that_finds_nothing_has_a_valid_feed(api: Api, address: str) -> None:
    answer = api.get(f"{address}?q=zebra")
    VALID[address](answer.content)
    assert "last-modified" not in answer.headers


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_it_gets_304(api: Api, address: str) -> None:
    first = api.get(f"{address}?q=chips")
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"if-none-match": tag},
        {"if-none-match": f'"other", W/{tag}'},
        {"if-modified-since": changed},
        {"if-none-match": tag, "if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        again = api.get(f"{address}?q=chips", headers=headers)
        assert (again.status_code, again.content) == (304, b""), headers
        assert again.headers["etag"] == tag
    earlier = parsedate_to_datetime(changed) - timedelta(seconds=1)
    for headers in (
        {"if-none-match": '"other"'},
        {"if-none-match": '"other"', "if-modified-since": changed},
        {"if-modified-since": f"{earlier:%a, %d %b %Y %H:%M:%S} GMT"},
        {"if-modified-since": "yesterday"},
        {"if-modified-since": "Mon, 01 Jan 2001 00:00:00"},
    ):
        assert api.get(f"{address}?q=chips", headers=headers).status_code == 200, headers


def test_a_feed_is_the_same_after_a_restart_and_a_rebuild(tmp_path: Path) -> None:
    stories = [article("a", hours=1), article("b", hours=2), model_story()]
    bodies: list[dict[str, httpx.Response]] = []
    for name, order in (("one", stories), ("two", stories[::-1])):
        with TantivyIndex(tmp_path / name, write=True) as index:
            for story in order:
                index.put([story])
        for _ in range(2):
            with TantivyIndex(tmp_path / name) as index:
                bodies.append({address: Api(index).get(address) for address in ADDRESSES})
    for address in ADDRESSES:
        assert len({each[address].content for each in bodies}) == 1
        assert len({each[address].headers["etag"] for each in bodies}) == 1


def test_an_article_that_is_fetched_anew_keeps_its_id(tmp_path: Path) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        api = Api(index)
        seen: list[tuple[Entry, str]] = []
        for title in ("Before", "After"):
            index.put([article("a", title, title=title, hours=len(seen))])
            answer = api.get("/feed.atom")
            seen.append((read("/feed.atom", answer.content).entries[0], answer.headers["etag"]))
    (before, first), (after, second) = seen
    assert before.id == after.id
    assert before.updated < after.updated
    assert first != second


@pytest.mark.parametrize("text", [*SCRIPTS, *ODD])
def test_hostile_text_stays_text(tmp_path: Path, text: str) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([hostile_article(text)])
        api = Api(index)
        for address in ADDRESSES:
            answer = api.get(address, params={"q": "chips"})
            VALID[address](answer.content)
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", answer.text)
            assert answer.headers["x-content-type-options"] == "nosniff"
        root = valid_atom(api.get("/feed.atom").content)
        assert {etree.QName(each).namespace for each in root.iter()} == {ATOM[1:-1]}
        titles = [each.text for each in root.iterfind(f"{ATOM}entry/{ATOM}title")]
        assert titles == [one_line(text) or "https://ledger.example/0"]
        for described in valid_rss(api.get("/feed.rss").content).iterfind("channel/item"):
            shown = html.fragment_fromstring(described.findtext("description") or "", "div")
            assert {each.tag for each in shown.iter()} <= {"div", "br"}


@pytest.mark.parametrize("query", ["%3Cscript%3E", "%22a%22%26b", "]]%3E", "%00x", "a%0d%0ab"])
def test_a_hostile_query_stays_in_the_title(api: Api, query: str) -> None:
    for address in ADDRESSES:
        answer = api.get(f"{address}?q={query}")
        assert answer.status_code in (200, 400)
        if answer.status_code == 200:
            VALID[address](answer.content)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_a_foreign_scheme_is_no_link(tmp_path: Path, url: str) -> None:
    bad = msgspec.structs.replace(article("a"), url=url)
    for address in ADDRESSES:
        with TantivyIndex(tmp_path / address[1:], write=True) as index:
            index.put([bad])
            (entry,) = read(address, Api(index).get(address).content).entries
        assert entry.link == f"{BASE}/article/{bad.id}"


@given(st.text(st.characters(), max_size=80))
def test_any_text_makes_a_valid_feed(text: str) -> None:
    """Lone surrogates too, which no index holds."""
    hit = Hit(article=_told(text), score=0, title=Marked(text), snippet=Marked(text))
    made = feeds.Feed(
        title=one_line(text) or "x", page=BASE, address=BASE, entries=(feeds.entry(hit, BASE),)
    )
    valid_atom(feeds.atom(made))
    valid_rss(feeds.rss(made))
    valid_json(feeds.json_feed(made))


def _told(text: str) -> Article:
    told = article("a", source="ledger")
    return msgspec.structs.replace(
        told, title=text, body=text, url=text, authors=(text,), site_name=text, id=text or "x"
    )


def test_links_begin_with_the_address_that_others_use(tmp_path: Path) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([article("a")])
        api = Api(index)
        api._app = create_app(index, entrance=Entrance(address="https://news.example"))
        body = api.get("/feed.atom?q=nothing", headers={"x-forwarded-host": "evil.example"}).text
    assert "https://news.example/feed.atom?q=nothing" in body
    assert "127.0.0.1" not in body
    assert "evil.example" not in body
