"""Servers that mean harm, and a crawl as it is started: rows 44 to 48, 52, 60 and 62 of the faults.

Memory is measured against a crawl of one ordinary page by the same process.
"""

import gzip
import socket
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from zstandard import ZstdCompressor

from tests.support.crawling import Crawler
from tests.support.hostile import (
    HTML,
    Answer,
    Reply,
    Request,
    Site,
    article,
    dripping,
    endless,
    endless_headers,
    redirect,
    reset,
    rss,
    silent,
)

MIB = 1024 * 1024
BOMB = 1024
"""MiB that a bomb unpacks to."""
MOST_MORE = 40 * MIB
"""What hostile bodies may cost above an ordinary page (rows 44 and 45)."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def crawl(tmp_path: Path) -> Crawler:
    return Crawler(tmp_path)


def all_of(site: Site, crawl: Crawler, answers: dict[str, Answer], **environ: str) -> list[str]:
    """Crawl a feed of these addresses, and an ordinary page after them; their outcomes in order."""
    feed = rss(*map(site.url, answers), site.url("/good"))
    site.answers = {**answers, "/feed.xml": feed, "/good": article("Good")}
    outcomes = crawl(site.url("/feed.xml"), **environ)
    assert outcomes[site.url("/good")] == "fetched"
    assert crawl.code == 0
    assert crawl.errors == ""
    return [outcomes[site.url(path)] for path in answers]


def ordinary(site: Site, crawl: Crawler) -> int:
    """Bytes that a crawl of one ordinary page takes."""
    site.answers = {"/page": article("Page")}
    crawl(site.url("/page"))
    return crawl.peak


@cache
def bombs() -> dict[str, bytes]:
    """A GiB of one letter, packed by each coding that servers use."""
    chunk = b"x" * MIB
    deflate, packed = zlib.compressobj(9), []
    brotlied, lines = brotli.Compressor(quality=3), []
    zstd = ZstdCompressor(3).compressobj()
    packed_zstd = []
    for _ in range(BOMB):
        packed.append(deflate.compress(chunk))
        lines.append(brotlied.process(chunk))
        packed_zstd.append(zstd.compress(chunk))
    body = b"".join([*packed, deflate.flush()])
    checksum = zlib.crc32(b"")  # never looked at: the limit comes first
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return {
        "deflate": body,
        "gzip": head + body[2:-4] + checksum.to_bytes(8, "little"),
        "br": b"".join([*lines, brotlied.finish()]),
        "zstd": b"".join([*packed_zstd, zstd.flush()]),
    }


def coded(body: bytes, coding: str) -> Reply:
    return Reply(body, headers={"Content-Encoding": coding})


def announced(request: Request) -> None:
    """A GiB, announced and sent."""
    request.send_response(200)
    request.send_header("Content-Type", HTML)
    request.send_header("Content-Length", str(1024 * MIB))
    request.end_headers()
    request.pour(b"x" * MIB)


def test_bodies_without_end_and_bombs_cost_little_and_stop_nobody(
    site: Site, crawl: Crawler
) -> None:
    """Rows 44 and 45."""
    base = ordinary(site, crawl)
    twice = gzip.compress(bombs()["gzip"])
    answers: dict[str, Answer] = {
        "/endless": endless,
        "/announced": announced,
        **{f"/{coding}": coded(body, coding) for coding, body in bombs().items()},
        "/twice": coded(twice, "gzip, gzip"),
        "/twice-unsaid": coded(twice, "gzip"),
        "/plain": coded(article("Plain"), "gzip"),
        "/unknown": coded(article("Unknown"), "snappy"),
    }
    outcomes = dict(zip(answers, all_of(site, crawl, answers), strict=True))
    unpacked = ("/endless", "/announced", "/deflate", "/gzip", "/br", "/zstd", "/twice")
    assert {outcomes.pop(path) for path in unpacked} == {"too-large"}
    assert outcomes.pop("/unknown") == "fetched"  # read as what it is, a page
    assert set(outcomes.values()) == {"unreadable"}
    assert crawl.peak - base < MOST_MORE


def slow_body(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Type", HTML)
    request.end_headers()
    while not request.site.closing.wait(0.25):
        request.wfile.write(b"x")


def test_slow_hosts_end_in_time_and_hold_up_nobody_else(site: Site, crawl: Crawler) -> None:
    """Row 46: everyone else's pages are in before the first of 50 slow hosts is given up."""
    kinds = (slow_body, dripping, silent)
    names = [f"slow{number}.example" for number in range(50)]
    pages = [f"/page{number}" for number in range(100)]
    answers: dict[str, Answer] = {f"/{kind.__name__}": kind for kind in kinds}
    links = [
        site.url(f"/{kinds[number % len(kinds)].__name__}?{number}", name)
        for number, name in enumerate(names)
    ]
    answers |= {link.partition(f":{site.port}")[2]: kinds[number % len(kinds)]
                for number, link in enumerate(links)}  # fmt: skip
    feed = rss(*links, *map(site.url, pages))
    site.answers = {**answers, "/feed.xml": feed, **{page: article(page) for page in pages}}
    hosts = ",".join(f"{name}=127.0.0.1" for name in names)
    outcomes = crawl(site.url("/feed.xml"), BEATWIRE_HOSTS=hosts, BEATWIRE_FETCH_TIMEOUT="15")
    assert {outcomes[link] for link in links} == {"timed-out"}
    assert {outcomes[site.url(page)] for page in pages} == {"fetched"}
    ended = [line["outcome"] for line in crawl.lines if "url" in line]
    assert "fetched" not in ended[ended.index("timed-out") :]


def test_a_server_that_stalls_in_its_handshake_ends_in_time(crawl: Crawler) -> None:
    """Row 46: it takes the connection and never shows a certificate."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        seed = f"https://127.0.0.1:{mute.getsockname()[1]}/page"
        assert crawl(seed, BEATWIRE_FETCH_TIMEOUT="2") == {seed: "timed-out"}


def many_headers(number: int, size: int) -> Callable[[Request], None]:
    def answer(request: Request) -> None:
        lines = b"".join(b"X-%d: %s\r\n" % (n, b"y" * size) for n in range(number))
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + lines + b"\r\nhi")

    return answer


def test_headers_without_measure_are_refused_and_no_cookie_goes_back(
    site: Site, crawl: Crawler
) -> None:
    """Row 47."""
    base = ordinary(site, crawl)
    cookies = Reply(article("Jar"), headers={"Set-Cookie": "a=b", "Set-Cookie2": "c=d"})
    answers: dict[str, Answer] = {
        "/many": many_headers(20_000, 1),
        "/wide": many_headers(4, MIB),
        "/endless": endless_headers,
        "/cut": reset,
        "/jar": cookies,
    }
    found = all_of(site, crawl, answers)
    assert found == ["too-large", "too-large", "too-large", "unreachable", "fetched"]
    assert crawl.peak - base < MOST_MORE
    assert all("cookie" not in asked.headers for asked in site.asked)


def test_a_redirect_leads_to_no_other_kind_of_address(site: Site, crawl: Crawler) -> None:
    """Row 48, as the process does it; the rule itself is in ``test_politeness.py``."""
    schemes = ("file", "ftp", "data", "javascript", "gopher")
    answers: dict[str, Answer] = {
        f"/{scheme}": redirect(f"{scheme}://127.0.0.1/etc/passwd") for scheme in schemes
    }
    assert set(all_of(site, crawl, answers)) == {"redirect-loop"}
    assert sorted(site.paths) == sorted([*answers, "/feed.xml", "/good"])


def test_no_hop_and_no_list_leads_to_a_private_address(site: Site, crawl: Crawler) -> None:
    """Row 62. Only 127.0.0.1 may be reached; a second server at 127.0.0.2 counts what comes."""
    with Site(host="127.0.0.2") as private:
        inside = f"http://127.0.0.2:{private.port}"
        hops = {f"/hop{n}": redirect(f"/hop{n - 1}") for n in range(1, 5)}
        sitemap = f"<sitemapindex><sitemap><loc>{inside}/s.xml</loc></sitemap></sitemapindex>"
        page = f"<link rel=canonical href={inside}/canonical><img src={inside}/image>"
        site.answers = {
            "/hop0": redirect(f"{inside}/admin"),
            **hops,
            "/feed.xml": rss(f"{inside}/listed"),
            "/index.xml": sitemap.encode(),
            "/page": article("Page").replace(b"<title>", page.encode() + b"<title>"),
        }
        seeds = [*(f"/hop{n}" for n in range(5)), "/feed.xml", "/index.xml", "/page"]
        outcomes = crawl(*map(site.url, seeds))
        assert {outcomes[site.url(f"/hop{n}")] for n in range(5)} == {"refused-address"}
        assert outcomes[f"{inside}/listed"] == "refused-address"
        assert outcomes[f"{inside}/s.xml"] == "refused-address"
        assert outcomes[site.url("/page")] == "fetched"
        assert private.asked == []


def compares_letters(etag: bytes) -> Callable[[Request], None]:
    """Answers 304 to those who bring the very letters of its ETag along."""

    def answer(request: Request) -> None:
        same = request.headers.get("If-None-Match", "").encode("latin-1") == etag
        body = b"" if same else article("A")
        status = b"304 Not Modified" if same else b"200 OK"
        request.wfile.write(
            b"HTTP/1.1 %s\r\nETag: %s\r\nVary: Accept-Encoding\r\nContent-Type: text/html\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (status, etag, len(body), body)
        )

    return answer


def test_validators_go_back_as_the_server_spelled_them(site: Site, crawl: Crawler) -> None:
    """Row 52: weak, bare and broken ones."""
    etags = (b'W/"weak"', b'"plain"', b"unquoted", b'"with, comma"', '"ünïcode"'.encode(), b'""')
    answers: dict[str, Answer] = {
        f"/{number}": compares_letters(etag) for number, etag in enumerate(etags)
    }
    assert set(all_of(site, crawl, answers)) == {"fetched"}
    outcomes = crawl(site.url("/feed.xml"))
    assert {outcomes[site.url(path)] for path in answers} == {"unchanged"}
    assert len(crawl.pages()) == len(etags) + 1


def test_no_spelling_of_an_address_gets_past_the_guard(site: Site, crawl: Crawler) -> None:
    """Row 60: what browsers, libraries and people read differently; nothing may arrive."""
    port = site.port
    spelled = [
        f"http://127.0.0.1:{port}\\@good.example/",
        f"http://good.example#@127.0.0.1:{port}/",
        f"http://good.example@127.0.0.1:{port}/",
        f"http://%31%32%37.0.0.1:{port}/",
        f"http://127。0。0。1:{port}/",
        f"http://ⓛocalhost:{port}/",
        f"http://127.0.0\t.1:{port}/",
        f"http://127.0.0\n.1:{port}/",
        f"http://017700000001:{port}/",
        f"http://[::ffff:7f00:1]:{port}/",
        f"http://[::127.0.0.1]:{port}/",
        f"http://loсalhost:{port}/",
        f"//127.0.0.1:{port}/",
        f"http:127.0.0.1:{port}/",
        f"http:///127.0.0.1:{port}/",
    ]
    crawl(*spelled, BEATWIRE_ALLOW_NETWORKS="", BEATWIRE_HOSTS="good.example=10.0.0.1")
    outcomes = {line["outcome"] for line in crawl.lines if "url" in line}
    assert outcomes <= {"refused-address", "bad-url", "unreachable"}
    assert site.asked == []
