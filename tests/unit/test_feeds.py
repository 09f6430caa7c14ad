"""Feeds of all formats, broken ones, and those that were written to do harm."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.entries import Entry, Listing, Unreadable
from crawlers.listings import MAX_ENTRIES, not_a_page, read_listing, root_name
from crawlers.markup import decode, plain

URL = "https://paper.example/feeds/all.xml"


def read(body: str | bytes, content_type: str = "") -> Listing:
    found = read_listing(body if isinstance(body, bytes) else body.encode(), content_type, URL)
    assert isinstance(found, Listing), found
    return found


def only(body: str | bytes, content_type: str = "") -> Entry:
    (entry,) = read(body, content_type).entries
    return entry


def rss(item: str, head: str = "") -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel><title>The Paper</title>{head}<item>{item}</item></channel></rss>"
    )


def test_rss_2_with_its_extensions() -> None:
    feed = read(
        rss(
            "<title>Chips &amp; models</title><link>/2025/chips</link><guid>7</guid>"
            "<pubDate>Mon, 03 Feb 2025 10:00:00 GMT</pubDate><dc:creator>Ada Writer</dc:creator>"
            "<author>desk@paper.example (Bo Editor)</author>"
            "<description>&lt;p&gt;What it &lt;b&gt;costs&lt;/b&gt;&lt;/p&gt;</description>",
            "<language>en-GB</language><link>https://paper.example/</link>"
            '<atom:link rel="self" href="https://paper.example/feeds/all.xml"/>',
        )
    )
    assert (feed.kind, feed.title, feed.link, feed.language, feed.flaw) == (
        *("feed", "The Paper", "https://paper.example/", "en-GB", ""),
    )
    assert feed.entries == (
        Entry(
            link="https://paper.example/2025/chips",
            id="7",
            title="Chips & models",
            authors=("Bo Editor", "Ada Writer"),
            published="Mon, 03 Feb 2025 10:00:00 GMT",
            summary="What it costs",
        ),
    )


def test_rss_1() -> None:
    entry = only(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel><title>T</title></channel><item rdf:about="urn:7"><title>One</title>'
        "<link>https://paper.example/1</link><dc:date>2025-02-03</dc:date></item></rdf:RDF>"
    )
    assert (entry.link, entry.id, entry.published) == (
        *("https://paper.example/1", "urn:7", "2025-02-03"),
    )


def test_atom_takes_the_page_not_its_companions() -> None:
    entry = only(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/a/"'
        ' xml:lang="de"><entry><title type="html">&lt;i&gt;One&lt;/i&gt;</title>'
        '<link rel="enclosure" href="x.mp3"/><link type="application/json" href="x.json"/>'
        '<link rel="alternate" type="text/html" href="one"/><id>tag:1</id>'
        "<author><name>Ada</name><uri>https://ada.example</uri></author>"
        "<updated>2025-02-03T10:00:00Z</updated></entry></feed>"
    )
    assert (entry.link, entry.title, entry.authors) == (
        *("https://paper.example/a/one", "One", ("Ada",)),
    )
    assert (entry.published, entry.updated) == ("", "2025-02-03T10:00:00Z")


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Wire",
        "items": [
            {"id": 7, "url": "/1", "title": "One", "authors": [{"name": "Ada"}, {}, "x"]},
            "no item",
        ],
    }
    entry = only(json.dumps(feed))
    assert (entry.link, entry.id, entry.authors) == ("https://paper.example/1", "7", ("Ada",))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<rss>é – “”</rss>".encode(), ""),
        ("\ufeff<rss>é – “”</rss>".encode(), "text/xml; charset=iso-8859-1"),
        ("<rss>é – “”</rss>".encode("utf-16"), ""),
        ("<rss>é – “”</rss>".encode("utf-16-be"), ""),
        ("<rss>é – “”</rss>".encode("windows-1252"), "text/xml; charset=windows-1252"),
        ("<rss>é – “”</rss>".encode("windows-1252"), "text/xml; charset=iso-8859-1"),
        ("<rss>é – “”</rss>".encode("windows-1252"), "text/xml; charset=no-such"),
        ('<?xml version="1.0" encoding="gb18030"?><rss>é – “”</rss>'.encode("gb18030"), ""),
        ('<?xml version="1.0" encoding="latin1"?><rss>é – “”</rss>'.encode(), ""),
    ],
)
def test_the_charset_is_found_whoever_declares_it_wrongly(body: bytes, content_type: str) -> None:
    assert decode(body, content_type).endswith("<rss>é – “”</rss>")


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    feed = read(
        "<rss><channel><item><title>A & B &eacute; &bogus;</title>"
        "<link>https://paper.example/?a=1&b=2</link></item>\n<item><title>Cut"
    )
    assert feed.entries[0].title == "A & B é &bogus;"
    assert feed.entries[0].link == "https://paper.example/?a=1&b=2"
    assert feed.flaw == "XML broken at line 2"


def test_cdata_and_markup_in_titles_are_plain_text() -> None:
    entry = only(rss("<title><![CDATA[R&D <script>alert(1)</script><b>up</b>]]></title>"))
    assert entry.title == "R&D up"
    assert plain("a\x1b[31m &lt;b&gt;x&lt;/b&gt;\n y") == "a[31m x y"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://[bad"]
)
def test_links_that_no_browser_should_follow_are_dropped(link: str) -> None:
    assert only(rss(f"<title>x</title><link>{link}</link>")).link == ""


def test_at_most_so_many_entries_and_the_count_of_all() -> None:
    items = "".join(f"<item><link>https://paper.example/{n}</link></item>" for n in range(5000))
    feed = read(f"<rss><channel>{items}</channel></rss>")
    assert (len(feed.entries), feed.total) == (MAX_ENTRIES, 5000)
    assert feed.entries[0].link == "https://paper.example/0"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HARM = {
    "laughs": f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>' + rss("<title>&l9;</title>")[21:],
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>'
    + rss(f"<title>{'&a;' * 5_000}</title>")[21:],
    "file": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + rss("<title>&x;</title>")[21:],
    "parameter": '<!DOCTYPE rss [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'
    + rss("<title>t</title>")[21:],
    "dtd": '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/evil.dtd">' + rss("<title>t</title>")[21:],
    "include": rss(
        '<title><x:include xmlns:x="http://www.w3.org/2001/XInclude" parse="text" '
        'href="file:///etc/passwd"/></title>'
    ),
    "deep": "<rss>" + "<a>" * 100_000,
    "attributes": f"<rss {' '.join(f'a{n}=' + chr(34) * 2 for n in range(100_000))}></rss>",
    "unclosed": rss("<title>" + "&lt;script " * 900_000 + "</title>"),
    "unclosed data": rss("<title>" + "<![CDATA[" * 1_000_000),
    "brackets": "<!DOCTYPE rss [" + "] " * 500_000 + "<rss>",
    "mailboxes": rss(("<author>" + "@" * 600 + "</author>") * 200),
    "nested": "<rss>" + "<item><title>x" * 125 + "y" * 1_000_000,
    "children": "<rss><channel>" + "<item/>" * 300_000,
    "tags": "<rss>" + "<a/>" * 2_000_000,
    "deep json": '{"items": ' + "[" * 100_000,
    "huge number": '{"items": [{"id": ' + "9" * 100_000 + "}]}",
}


@pytest.mark.parametrize("name", HARM)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_harmful_bodies_expand_open_and_break_nothing(name: str, charset: str) -> None:
    found = read_listing(HARM[name].encode(charset), "text/xml", URL)
    text = repr(found)
    assert "root:" not in text
    assert len(text) < 200_000
    assert isinstance(found, Listing | Unreadable)


@given(st.binary(max_size=400), st.text(max_size=40))
def test_no_body_makes_the_reader_fail(body: bytes, content_type: str) -> None:
    for start in (b"", b"<rss>", b"<urlset><url><loc>", b"{", b"\x1f\x8b", b"<feed><entry>"):
        read_listing(start + body, content_type, URL)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"  ", "empty"),
        (b"%PDF-1.7", "not HTML but a PDF file"),
        (b"PK\x03\x04<html>", "not HTML but a zip file"),
        (b"<rss><channel/></rss>", "not HTML but a feed or a sitemap"),
        (b"just words", "not HTML"),
        (b'{"a": "<p>"}', None),
        (b"<!-- x --><!DOCTYPE html><title>x</title>", None),
        ("<html><p>x</p></html>".encode("utf-16"), None),
    ],
)
def test_a_page_is_told_by_its_bytes(body: bytes, reason: str | None) -> None:
    assert not_a_page(body) == reason


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<?xml version='1.0'?><!-- <html> --><rdf:RDF>", "rdf"),
        ('<!DOCTYPE rss [ <!ENTITY a "<feed>"> ]><rss>', "rss"),
        ("<a:feed xmlns:a='x'>", "feed"),
        ("words <rss>", ""),
    ],
)
def test_the_root_is_found_behind_all_that_may_stand_before_it(head: str, name: str) -> None:
    assert root_name(head) == name
