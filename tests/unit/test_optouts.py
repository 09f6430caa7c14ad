"""What publishers reserve, read from everywhere that they say it."""

import time

import pytest

from processors.optouts import (
    NOTED,
    OptOut,
    as_header,
    in_ai_txt,
    in_headers,
    in_page,
    in_robots,
    in_tdmrep,
    refusal,
)


def purposes(found: tuple[OptOut, ...]) -> list[str]:
    return [each.purpose for each in found]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, []),
        ({"x-robots-tag": "noindex"}, ["index"]),
        ({"x-robots-tag": "NONE"}, ["index"]),
        ({"x-robots-tag": "noai, noimageai"}, ["training"]),
        ({"x-robots-tag": "nofollow, max-snippet: -1"}, []),
        ({"x-robots-tag": "googlebot: noindex, noai"}, []),
        ({"x-robots-tag": "beatwire: noindex"}, ["index"]),
        ({"x-robots-tag": "googlebot: nofollow, *: noai"}, ["training"]),
        ({"x-robots-tag": "unavailable_after: 25 Jun 2030 15:00:00 PST, noindex"}, ["index"]),
        ({"tdm-reservation": "1"}, ["mining"]),
        ({"tdm-reservation": "0"}, []),
        ({"content-usage": "train-ai=n"}, ["training"]),
        ({"content-usage": "train-ai=y, search=n;q=1"}, ["index"]),
        ({"content-usage": "odd=n, train-ai"}, []),
        ({"x-robots-tag": "noindex," * 1_000_000}, ["index"]),
    ],
)
def test_headers(headers: dict[str, str], expected: list[str]) -> None:
    assert purposes(in_headers(headers)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<meta name="robots" content="noindex, follow">', ["index"]),
        ("<META CONTENT='noai' NAME=robots />", ["training"]),
        ("<meta name=beatwire content=noindex>", ["index"]),
        ('<meta name="googlebot" content="noindex">', []),
        ('<meta name="tdm-reservation" content="1">', ["mining"]),
        ('<meta name="tdm-reservation" content="0">', []),
        ('<!-- <meta name="robots" content="noindex"> -->', []),
        ('<!-- a --><meta name="robots" content="none"><!--', ["index"]),
        ('<meta name="robots" content="index, max-image-preview:large">', []),
        ('<meta property="og:title" content="noindex">', []),
    ],
)
def test_pages(html: str, expected: list[str]) -> None:
    page = f"<!doctype html><html><head>{html}</head><body><p>Text</p></body></html>"
    assert purposes(in_page(page.encode())) == expected


ROBOTS = """
User-agent: otherbot
Content-Usage: search=n

User-agent: *
Allow: /
Content-Usage: train-ai=n
Content-Usage: /open/ train-ai=y
Content-Usage: /open/not/ search=n
"""


@pytest.mark.parametrize(
    ("robots", "path", "expected"),
    [
        (ROBOTS, "/news", ["training"]),
        (ROBOTS, "/open/a", []),
        (ROBOTS, "/open/not/a", ["index"]),
        ("User-agent: a\nUser-agent: Beatwire\nContent-Usage: search=n", "/", ["index"]),
        ("User-agent: beatwire\nAllow: /\n\nUser-agent: *\nContent-Usage: search=n", "/", []),
        ("Content-Signal: search=yes, ai-input=no, ai-train=no", "/", ["mining", "training"]),
        ("User-Agent: *\nContent-signal: ai-train=no # so\nAllow: /", "/", ["training"]),
        ("User-agent: *\nDisallow: /", "/", []),
        ("", "/", []),
        ("\0\n:\n::\nContent-Usage\nContent-Usage: /\n" * 100, "/", []),
    ],
)
def test_robots(robots: str, path: str, expected: list[str]) -> None:
    assert purposes(in_robots(robots, path)) == expected


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        (b'[{"location": "/", "tdm-reservation": 1}]', "/news/a", ["mining"]),
        (b'[{"location": "/news/*", "tdm-reservation": 1}]', "/sport", []),
        (
            b'[{"location": "/open/*", "tdm-reservation": 0},'
            b' {"location": "*", "tdm-reservation": "1"}]',
            "/open/a",
            [],
        ),
        (b'[{"location": "*.html$", "tdm-reservation": 1}]', "/a.html", ["mining"]),
        (b'[{"location": "*.html$", "tdm-reservation": 1}]', "/a.html?b", []),
        (b'{"location": "/"}', "/", []),
        (b'[7, {"location": 7}, {"tdm-reservation": 1}]', "/", []),
        (b"[" * 100_000, "/", []),
        (b"<html>", "/", []),
    ],
)
def test_tdmrep(data: bytes, path: str, expected: list[str]) -> None:
    assert purposes(in_tdmrep(data, path)) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("User-Agent: *\nDisallow: /", "/a", ["training"]),
        ("User-Agent: *\nDisallow: *.html\nAllow: *.jpg", "/a", ["training"]),
        ("User-Agent: *\nDisallow: *.jpg\nAllow: *.txt", "/a", []),
        ("User-Agent: *\nDisallow: /\nAllow: /open/", "/open/a", []),
        ("User-Agent: otherbot\nDisallow: /", "/a", []),
        ("Spec-Version: 1.0\nTraining: deny", "/a", ["training"]),
        ("Training: allow", "/a", []),
        ("<html>not found</html>", "/a", []),
    ],
)
def test_ai_txt(text: str, path: str, expected: list[str]) -> None:
    assert purposes(in_ai_txt(text, path)) == expected


def test_what_a_crawl_noted_is_read_back() -> None:
    found = (OptOut("mining", "tdmrep.json: /"), OptOut("training", "ai.txt: training"))
    assert in_headers({NOTED: as_header(found)}) == found
    assert in_headers({NOTED: "odd"}) == ()


def test_what_counts() -> None:
    found = in_headers({"x-robots-tag": "noai", "tdm-reservation": "1"})
    assert refusal(found, obey=False) == ""
    assert refusal(found, obey=True) == "X-Robots-Tag: noai; tdm-reservation: 1"
    assert refusal(in_headers({"x-robots-tag": "noindex"}), obey=False) == "X-Robots-Tag: noindex"


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 100_000,
        "<meta " * 100_000,
        "<meta " + "a=" * 200_000,
        "*" * 500_000,
        ":," * 200_000,
    ],
)
def test_hostile_texts_are_read_quickly(text: str) -> None:
    """Row 55."""
    began = time.process_time()
    in_page(text.encode())
    in_headers({"x-robots-tag": text, "content-usage": text, NOTED: text})
    in_robots(f"User-agent: *\nContent-Usage: /{text} search=n", "/" + "a" * 2000)
    in_ai_txt(f"Disallow: /{text}a$", "/" + "a" * 2000)
    in_tdmrep(f'[{{"location": "{"*a" * 9000}", "tdm-reservation": 1}}]'.encode(), "/" + "a" * 2000)
    assert time.process_time() - began < 1
