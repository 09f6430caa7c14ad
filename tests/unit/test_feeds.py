"""Feeds of all formats: what is read of them."""

import json

import pytest

from crawlers.listings.entries import Entry, Listing, Rhythm
from crawlers.listings.read import read_listing

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


NAMES = {
    "as it should be": 'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    "https": 'xmlns:dc="https://purl.org/dc/elements/1.1/"',
    "no slash, capitals": 'xmlns:dc="HTTP://PURL.org/DC/elements/1.1"',
    "wrong address": 'xmlns:dc="http://purl.example/dublin/"',
    "nothing declared": "",
}


@pytest.mark.parametrize("space", NAMES.values(), ids=NAMES)
def test_namespaces_are_known_however_they_are_spelled(space: str) -> None:
    entry = only(
        f'<rss {space} version="2.0"><channel><item><dc:title>One</dc:title>'
        "<dc:creator>Ada</dc:creator><dc:date>2025-02-03</dc:date></item></channel></rss>"
    )
    assert (entry.title, entry.authors, entry.published) == ("One", ("Ada",), "2025-02-03")


@pytest.mark.parametrize("prefix", ["m", "media", "x-y"])
def test_a_namespace_counts_not_its_prefix(prefix: str) -> None:
    entry = only(
        f'<rss xmlns:{prefix}="http://search.yahoo.com/mrss/"><channel><item><{prefix}:group>'
        f"<{prefix}:title>In a group</{prefix}:title></{prefix}:group>"
        f"<{prefix}:content><{prefix}:description>Words</{prefix}:description></{prefix}:content>"
        "</item></channel></rss>"
    )
    assert (entry.title, entry.summary) == ("In a group", "Words")


@pytest.mark.parametrize(
    "root",
    [
        '<rss xmlns="http://backend.userland.com/rss2">{}</rss>',
        '<rss xmlns="http://unknown.example/rss">{}</rss>',
        '<r:rss xmlns:r="http://blogs.law.harvard.edu/tech/rss">{}</r:rss>',
        "<RSS>{}</RSS>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://my.netscape.com/rdf/simple/0.9/">{}</rdf:RDF>',
    ],
)
def test_roots_of_all_ages(root: str) -> None:
    inside = "<channel><title>Paper</title><link>https://paper.example/</link></channel>"
    if "rdf" not in root:
        inside = inside.replace("</channel>", "")
    end = "" if "rdf" in root else "</channel>"
    prefix = "r:" if "r:rss" in root else ""
    item = f"{inside}<item><title>One</title><link>/1</link></item>{end}"
    feed = read(root.format(item.replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}")))
    assert (feed.title, feed.link) == ("Paper", "https://paper.example/")
    assert [(entry.title, entry.link) for entry in feed.entries] == [
        ("One", "https://paper.example/1")
    ]


def test_channel_definition_format() -> None:
    feed = read(
        '<CHANNEL HREF="https://paper.example/"><TITLE>Paper</TITLE>'
        '<ITEM HREF="/1" LASTMOD="2025-02-03T10:00Z"><TITLE>One</TITLE></ITEM></CHANNEL>'
    )
    (entry,) = feed.entries
    assert (feed.form, feed.link) == ("cdf", "https://paper.example/")
    assert (entry.link, entry.updated) == ("https://paper.example/1", "2025-02-03T10:00Z")


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


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ('<link href="/a"/>', "/a"),
        ('<link rel="alternate" type="application/xhtml+xml" href="/a"/>', "/a"),
        ('<link rel="self" href="/s"/><link href="/a"/>', "/a"),
        ('<link href="/a"/><link rel="related" href="/r"/><link rel="edit" href="/e"/>', "/a"),
        ('<link href="/old"/><link href="/new"/>', "/new"),
        ('<link type="application/json" href="/j"/>', ""),
        ('<link type="Text/HTML; charset=utf-8" href="/a"/>', "/a"),
        ('<link type="text/html" href="/a"/><link type="application/json" href="/j"/>', "/a"),
        ('<link rel="enclosure" href="/x.mp3"/>', ""),
        ("<link>/text</link>", "/text"),
        ("<link>/q?a=1&amp;amp;b=2</link>", "/q?a=1&b=2"),
        ("<link>https:///paper.example/slashes</link>", "/slashes"),
        ("<link/><guid>https://paper.example/guid</guid>", "/guid"),
        ('<guid isPermaLink="true">https://paper.example/guid</guid>', "/guid"),
        ('<guid isPermaLink="false">https://paper.example/guid</guid>', ""),
        ("<guid>7</guid>", ""),
        ("<link>/a</link><guid>https://paper.example/guid</guid>", "/a"),
        ("<id>https://paper.example/id</id>", "/id"),
        ("<id>tag:paper.example,2025:1</id>", ""),
    ],
)
def test_the_link_is_the_page(links: str, expected: str) -> None:
    entry = only(f"<rss><channel><item><title>x</title>{links}</item></channel></rss>")
    assert entry.link.removeprefix("https://paper.example") == expected


def test_a_counter_of_clicks_is_no_address_of_a_page() -> None:
    entry = only(
        '<rss xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
        "<link>https://count.example/~r/1</link>"
        "<fb:origLink>https://paper.example/1</fb:origLink></item></channel></rss>"
    )
    assert (entry.link, entry.address) == ("https://count.example/~r/1", "https://paper.example/1")


@pytest.mark.parametrize(
    ("feed", "item", "expected"),
    [
        ("", "", "https://paper.example/feeds/one"),
        ("https://a.example/x/", "", "https://a.example/x/one"),
        ("/b/", "c/", "https://paper.example/b/c/one"),
        ("https://a.example/", "https://b.example/y", "https://b.example/one"),
        ("javascript:alert(1)", "", "https://paper.example/feeds/one"),
        ("file:///etc/", "", "https://paper.example/feeds/one"),
    ],
)
def test_relative_links_start_from_the_base(feed: str, item: str, expected: str) -> None:
    entry = only(
        f'<feed xml:base="{feed}"><entry xml:base="{item}"><link href="one"/></entry></feed>'
    )
    assert entry.link == expected


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("<id>n</id>", "https://b.example/x/n"),
        ("<guid>n</guid>", "https://b.example/x/n"),
        ('<guid isPermaLink="false">n</guid>', "n"),
        ("<id>tag:b.example,2025:n</id>", "tag:b.example,2025:n"),
        ("<id>HTTP://B.example/n</id>", "HTTP://B.example/n"),
    ],
)
def test_ids_stay_as_they_are_unless_a_base_is_given_for_them(identity: str, expected: str) -> None:
    assert (
        only(f'<feed xml:base="https://b.example/x/"><entry>{identity}</entry></feed>').id
        == expected
    )
    assert only("<feed><entry><id>n</id></entry></feed>").id == "n"


def test_what_the_headers_say_of_a_feed() -> None:
    headers = {
        "content-location": "https://mirror.example/x/",
        "content-language": "de",
        "link": '<https://hub.example/>; rel="hub", <all>; rel=self; title="a, b"',
    }
    body = b'<feed><link href="."/><entry><title>x</title><link href="one"/></entry></feed>'
    found = read_listing(body, "", URL, headers)
    assert isinstance(found, Listing)
    assert (found.link, found.language) == ("https://mirror.example/x/", "de")
    assert found.entries[0].link == "https://mirror.example/x/one"
    assert (found.hub, found.self_url) == (
        "https://hub.example/",
        "https://paper.example/feeds/all",
    )
    headers["content-location"] = "javascript:alert(1)"
    found = read_listing(body, "", URL, headers)
    assert isinstance(found, Listing)
    assert found.link == "https://paper.example/feeds/"


def test_where_to_subscribe() -> None:
    feed = read(
        '<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title>'
        '<atom:link rel="hub" href="file:///x"/><atom:link rel="hub" href="https://hub.example/"/>'
        '<atom:link rel="self" href="https://paper.example/rss"/></channel></rss>'
    )
    assert (feed.hub, feed.self_url) == ("https://hub.example/", "https://paper.example/rss")
    said = {
        "items": [],
        "feed_url": "/f.json",
        "hubs": [{"type": "WebSub", "url": "https://h.example"}],
    }
    feed = read(json.dumps(said))
    assert (feed.hub, feed.self_url) == ("https://h.example", "https://paper.example/f.json")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", Rhythm()),
        ("<ttl>60</ttl>", Rhythm(ttl=60)),
        ("<ttl>often</ttl><ttl>60</ttl>", Rhythm()),
        ("<ttl>99999999999</ttl>", Rhythm()),
        ("<ttl>9999999</ttl>", Rhythm(ttl=525_600)),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
            "<sy:updateBase>2000-01-01T12:00+00:00</sy:updateBase>",
            Rhythm(every=30, base="2000-01-01T12:00+00:00"),
        ),
        ("<sy:updatePeriod>\n daily </sy:updatePeriod>", Rhythm(every=1440)),
        ("<sy:updatePeriod>always</sy:updatePeriod>", Rhythm()),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            Rhythm(),
        ),
        (
            "<skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>-1</hour></skipHours>"
            "<skipDays><day>Saturday</day><day>sun</day><day>x</day></skipDays>",
            Rhythm(skip_hours=frozenset({0, 23}), skip_days=frozenset({5, 6})),
        ),
    ],
)
def test_the_rhythm_that_a_feed_states(head: str, expected: Rhythm) -> None:
    space = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    assert read(f"<rss {space}><channel><title>x</title>{head}</channel></rss>").rhythm == expected


@pytest.mark.parametrize(
    ("fields", "published", "updated"),
    [
        ("<pubDate>a1</pubDate><dc:date>b1</dc:date>", "a1", "b1"),
        ("<dc:date>b1</dc:date>", "b1", ""),
        ("<dcterms:issued>a1</dcterms:issued><dcterms:modified>b1</dcterms:modified>", "a1", "b1"),
        ("<published>a1</published><updated>b1</updated><updated>c1</updated>", "a1", "c1"),
        ("<issued>a1</issued><modified>b1</modified><created>c1</created>", "a1", "b1"),
        ("<source><updated>x</updated></source><updated>b1</updated>", "", "b1"),
    ],
)
def test_which_times_count(fields: str, published: str, updated: str) -> None:
    entry = only(f"<rss><channel><item><title>x</title>{fields}</item></channel></rss>")
    assert (entry.published, entry.updated) == (published, updated)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ('<title mode="base64">PGI+VXA8L2I+</title>', "Up"),
        ('<title type="application/octet-stream">PGI+VXA8L2I+</title>', "Up"),
        ('<title mode="base64">no base64!</title>', "no base64!"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A<b>B</b></div></title>',
            "AB",
        ),
        ("<title> \n </title><title>Second</title>", "Second"),
        ("<title>1 &lt; 2 &amp; 3 > 2</title>", "1 < 2 & 3 > 2"),
        ("<title>Vec&lt;T&gt; explained</title>", "Vec<T> explained"),
        ("<title>It&amp;#8217;s &#146;on&#146;</title>", "It\u2019s \u2019on\u2019"),
        ("<title>&lt;!-- x -->A&lt;style>p{}&lt;/style> B</title>", "A B"),
        ("<title>caf\u00c3\u00a9</title>", "café"),
        ("<image><title>Logo</title></image><title>Words</title>", "Words"),
        ("<media:title>Picture</media:title><title>Words</title>", "Words"),
    ],
)
def test_a_title_is_what_a_reader_would_see(title: str, expected: str) -> None:
    assert (
        only(f"<rss><channel><item>{title}<link>/x</link></item></channel></rss>").title == expected
    )


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("<author>desk@paper.example (Ada Writer)</author>", ("Ada Writer",)),
        ("<author>Ada Writer &lt;ada@paper.example&gt;</author>", ("Ada Writer",)),
        ("<author>desk@paper.example</author>", ("desk@paper.example",)),
        ("<author>desk@paper.example</author><dc:creator>Ada</dc:creator>", ("Ada",)),
        ("<author><name>Ada</name><email>a@b.example</email></author>", ("Ada",)),
        (
            "<dc:creator><foaf:Person><foaf:name>Ada</foaf:name></foaf:Person></dc:creator>",
            ("Ada",),
        ),
        ("<itunes:author>The Show</itunes:author>", ("The Show",)),
        ("<itunes:author>The Show</itunes:author><author>Ada</author>", ("Ada",)),
    ],
)
def test_authors_are_names_of_people(author: str, expected: tuple[str, ...]) -> None:
    assert (
        only(f"<rss><channel><item><title>x</title>{author}</item></channel></rss>").authors
        == expected
    )


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
