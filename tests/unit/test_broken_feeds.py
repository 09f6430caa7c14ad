"""Feeds that are broken, in the wrong charset, or written to do harm; what is no feed at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawlers.listings.charsets import decode
from crawlers.listings.entries import Listing, Unreadable
from crawlers.listings.markup import GUARDED, flaw_of, mend
from crawlers.listings.read import MAX_ENTRIES, not_a_page, read_listing, root_name
from crawlers.listings.repair import repair
from crawlers.listings.wording import plain
from tests.unit.test_feeds import URL, only, read, rss

PIECES = ("<item>", "</item>", "<title>", "</title>", "<a b=c d='e' d=\"f\">", "<b/>", "<",
          ">", "&", "]]>", "<![CDATA[", "<!--", "-->", "<?x", "?>", "</x:y>", "<x:y z", "/", "'",
          '"', "text", "\ufffe", "<!DOCTYPE", "</rss>", "&#38;")  # fmt: skip


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
        ('<?xml version="1.0" encoding="utf-16"?><rss>é – “”</rss>'.encode(), "text/xml"),
        ("<rss>é – “”</rss>".encode("utf-32-le"), ""),
        ("<rss>é – “”</rss>".encode("utf-32-be"), "text/xml; charset=utf-8"),
        ("<rss>é – “”</rss>".encode("utf-32"), ""),
        ("<rss>é – “”</rss>".encode("windows-1252"), ""),
    ],
)
def test_the_charset_is_found_whoever_declares_it_wrongly(body: bytes, content_type: str) -> None:
    assert decode(body, content_type).endswith("<rss>é – “”</rss>")


@pytest.mark.parametrize(
    "charset",
    ["cp037", "koi8-r", "windows-1251", "iso-8859-7", "euc-jp", "shift_jis", "iso-2022-jp",
     "gb2312", "big5", "euc-kr", "windows-1255", "tis-620"],
)  # fmt: skip
def test_a_declared_charset_is_read(charset: str) -> None:
    words = {"cp037": "cafe", "koi8-r": "Слово", "windows-1251": "Слово", "iso-8859-7": "Λόγος",
             "windows-1255": "מילה", "tis-620": "คำ", "euc-kr": "년", "gb2312": "词"}  # fmt: skip
    word = words.get(charset, "日本")
    text = f'<?xml version="1.0" encoding="{charset}"?><rss><title>{word}</title></rss>'
    assert word in decode(text.encode(charset))
    if charset != "cp037":
        body = f"<rss><title>{word}</title></rss>".encode(charset)
        assert word in decode(body, f'application/xml; Charset="{charset}"')


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    feed = read(
        "<rss><channel><item><title>A & B &eacute; &bogus;</title>"
        "<link>https://paper.example/?a=1&b=2</link></item>\n<item><title>Cut"
    )
    assert feed.entries[0].title == "A & B é &bogus;"
    assert feed.entries[0].link == "https://paper.example/?a=1&b=2"
    assert feed.flaw == "XML broken at line 2"


BROKEN = {
    "a bracket in text": ("<title>1 < 2</title><link>/1</link>", "1 < 2", "/1"),
    "no quotes": ("<title>A</title><link rel=alternate href=/1?a=b/>", "A", "/1?a=b/"),
    "an attribute twice": ('<title type="text" type="html">A</title><link>/1</link>', "A", "/1"),
    "no end of a title": ("<title>A<link>/1</link>", "A", "/1"),
    "ends in the wrong order": ("<author><name>B</author></name><title>A</title>", "A", ""),
    "one end too many": ("<title>A</title></b></p><link>/1</link>", "A", "/1"),
    "an end that is another's": ("<title>A</title></channel-x><link>/1</link>", "A", "/1"),
    "CDATA without an end": (
        "<title><![CDATA[A & B</title><link><![CDATA[/1]]></link>", "A & B", "/1",
    ),
    "a name that is none": ("<title>A</title><2x>y</2x><link>/1</link>", "A", "/1"),
    "a comment in a comment": ("<!-- a -- b <!-- --><title>A</title><link>/1</link>", "A", "/1"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_xml_is_read_as_people_would(name: str) -> None:
    item, title, link = BROKEN[name]
    feed = read(
        f"<rss><channel><item>{item}</item><item><title>Next</title></item></channel></rss>"
    )
    assert [entry.title for entry in feed.entries] == [title, "Next"]
    assert feed.entries[0].link.removeprefix("https://paper.example") == link


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("</channel></rss", None),
        ("<item", "not a feed: XML broken at line 1"),
        ("<item><title>hal", "not a feed: XML broken at line 1"),
    ],
)
def test_an_empty_feed_is_not_one_that_breaks_off(rest: str, reason: str | None) -> None:
    found = read_listing(f"<rss><channel><title>T</title>{rest}".encode(), "", URL)
    assert (found.reason if isinstance(found, Unreadable) else None) == reason


def test_half_an_address_is_none() -> None:
    feed = read("<rss><channel><item><title>A</title><link>https://paper.example/half-of")
    assert [(entry.title, entry.link) for entry in feed.entries] == [("A", "")]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_repaired_markup_is_xml(inside: str) -> None:
    parser = etree.XMLParser(**GUARDED)
    root = etree.fromstring(mend(repair(mend(f"<rss>{inside}"))).encode(), parser)
    assert (root.tag, flaw_of(parser.error_log)) == ("rss", "")


@pytest.mark.parametrize(
    "before",
    ["", " \n\ufeff", "Warning: x in y.php on line 3\n", "<br />\n<b>Notice</b>: x<br />\n"],
)
def test_what_a_server_prints_before_a_feed_does_not_count(before: str) -> None:
    body = f'{before}<?xml version="1.0"?><rss><channel><title>T</title></channel></rss>'
    assert read(body).title == "T"


def test_entities_of_its_own_are_read_where_they_are_plain_text() -> None:
    doctype = (
        '<!DOCTYPE rss [<!ENTITY firm "Ada &#38; Co"><!ENTITY twice "&firm;&firm;">'
        '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    )
    feed = read(f"{doctype}<rss><channel><title>&firm; &twice; &file;</title></channel></rss>")
    assert feed.title == "Ada & Co &twice; &file;"


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
