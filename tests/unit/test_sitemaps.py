"""Sitemaps, indexes, news sitemaps, compressed and hostile ones."""

import gzip
from datetime import UTC, datetime
from time import process_time

import pytest

from crawlers.listings.entries import Listing, Unreadable
from crawlers.listings.read import MAX_CHILDREN, MAX_ENTRIES, read_listing

URL = "https://paper.example/sitemap.xml"
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def urlset(*entries: str, root: str = "urlset") -> bytes:
    inside = "".join(entries)
    return f'<{root} xmlns="{SPACE}" xmlns:news="{NEWS}">{inside}</{root}>'.encode()


def read(body: bytes) -> Listing:
    found = read_listing(body, "application/xml", URL)
    assert isinstance(found, Listing), found
    return found


def test_the_news_extension_gives_what_a_feed_would() -> None:
    (entry,) = read(
        urlset(
            "<url><loc> https://paper.example/1?a=1&amp;b=2 </loc><lastmod>2025-02-04</lastmod>"
            '<image:image xmlns:image="urn:image"><image:title>A photo</image:title>'
            "<image:loc>https://paper.example/photo.jpg</image:loc></image:image>"
            "<news:news><news:publication><news:name>The Paper</news:name>"
            "<news:language>en</news:language></news:publication>"
            "<news:publication_date>2025-02-03T10:00:00+01:00</news:publication_date>"
            "<news:title>Chips &amp; models</news:title></news:news></url>"
        )
    ).entries
    assert entry.link == "https://paper.example/1?a=1&b=2"
    assert (entry.title, entry.site_name, entry.language) == ("Chips & models", "The Paper", "en")
    assert (entry.published, entry.updated) == ("2025-02-03T10:00:00+01:00", "2025-02-04")


def test_the_newest_are_kept_when_there_are_too_many() -> None:
    entry = "<url><loc>https://paper.example/{}</loc><lastmod>20{:02}-01-01</lastmod></url>"
    found = read(urlset(*(entry.format(n, n % 100) for n in range(20_000))))
    assert (found.total, len(found.entries)) == (20_000, MAX_ENTRIES)
    assert {entry.updated for entry in found.entries} == {"2099-01-01"}


def test_a_date_in_the_future_is_none() -> None:
    entry = "<url><loc>https://paper.example/{}</loc><lastmod>{}</lastmod></url>"
    old = [entry.format(n, "2025-02-03") for n in range(MAX_ENTRIES)]
    body = urlset(*(entry.format(f"x{n}", "2099-01-01") for n in range(1000)), *old)
    found = read_listing(body, "", URL, now=datetime(2025, 2, 4, tzinfo=UTC))
    assert isinstance(found, Listing)
    assert {entry.updated for entry in found.entries} == {"2025-02-03"}


def test_each_address_counts_once() -> None:
    links = ["https://paper.example/1", "https://paper.example/2"] * 10_000
    found = read(urlset(*(f"<url><loc>{link}</loc></url>" for link in links)))
    assert (found.total, [entry.link for entry in found.entries]) == (2, links[:2])
    assert read("\n".join(links).encode()).total == 2


def test_an_index_of_itself_is_one_address() -> None:
    itself = f"<sitemap><loc>{URL}</loc></sitemap>"
    found = read(urlset(itself, itself, root="sitemapindex"))
    assert (found.kind, found.form, found.total) == ("index", "sitemapindex", 1)


def test_what_a_sitemap_may_hold_is_read_in_time() -> None:
    entry = "<url><loc>https://paper.example/{}</loc><lastmod>2025-01-01</lastmod></url>"
    body = gzip.compress(urlset(*(entry.format(n) for n in range(50_000))), mtime=0)
    began = process_time()
    assert read(body).total == 50_000
    assert process_time() - began < 2


def test_without_dates_the_order_of_the_file_counts() -> None:
    links = [f"https://paper.example/{n}" for n in (3, 1, 2)]
    found = read(urlset(*(f"<url><loc>{link}</loc></url>" for link in links)))
    assert [entry.link for entry in found.entries] == links


def test_an_index_is_cut_too() -> None:
    children = [f"<sitemap><loc>https://paper.example/{n}.xml</loc></sitemap>" for n in range(100)]
    found = read(urlset(*children, root="sitemapindex"))
    assert (found.kind, found.total, len(found.entries)) == ("index", 100, MAX_CHILDREN)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_compressed_and_wide_files(charset: str, packed: bool) -> None:
    text = urlset("<url><loc>https://paper.example/?a=1&b=2</loc></url>").decode()
    body = text.encode(charset)
    (entry,) = read(gzip.compress(body, mtime=0) if packed else body).entries
    assert entry.link == "https://paper.example/?a=1&b=2"


def test_a_list_of_links_is_a_sitemap() -> None:
    found = read(b"https://paper.example/1\n\n# words\nhttps://paper.example/2\n")
    assert [entry.link[-1] for entry in found.entries] == ["1", "2"]


@pytest.mark.parametrize(
    ("entry", "links"),
    [
        ("<url><loc><![CDATA[https://paper.example/1?a=1&b=2]]></loc></url>", ["/1?a=1&b=2"]),
        ("<url><loc>\n/1\n</loc></url>", ["/1"]),
        ("<url><loc/></url><url/><url><loc>https://paper.example/1</loc></url>", ["/1"]),
        ("<url><loc>https://paper.<!-- x -->example/1</loc></url>", ["/1"]),
        ("<url><loc>ftp://paper.example/1</loc></url>", []),
        ("<URL><LOC>https://paper.example/1</LOC></URL>", ["/1"]),
    ],
)
def test_locations(entry: str, links: list[str]) -> None:
    found = read(urlset(entry))
    assert [each.link.removeprefix("https://paper.example") for each in found.entries] == links


@pytest.mark.parametrize("rest", ["<url><loc>https://pa", "<url><lo", "junk", "</urlset> junk"])
def test_half_an_address_is_none(rest: str) -> None:
    (entry,) = read(
        urlset("<url><loc>https://paper.example/1</loc></url>")[:-9] + rest.encode()
    ).entries
    assert entry.link == "https://paper.example/1"


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"<urlset>" + b"<url><loc>x</loc></url>" * 3_000_000, mtime=0),
        gzip.compress(gzip.compress(urlset(), mtime=0), mtime=0),
        gzip.compress(urlset(), mtime=0)[:-9],
        b"\x1f\x8b no gzip",
    ],
)
def test_bombs_and_broken_archives_are_refused(body: bytes) -> None:
    assert isinstance(read_listing(body, "", URL), Unreadable)


def test_entities_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE urlset [<!ENTITY l0 "lol">{entities}]>'.encode()
    found = read_listing(bomb + urlset("<url><loc>&l9;</loc></url>"), "", URL)
    assert len(repr(found)) < 1000
