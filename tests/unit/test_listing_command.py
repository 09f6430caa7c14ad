"""``beatwire listing``: documents in, what they list out."""

import base64
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crawlers.reading import answers
from services.cli.commands import app
from tests.support.tree import ROOT

FEED = (
    "<rss><channel><title>Paper</title><link>https://paper.example/</link><ttl>30</ttl><item>"
    "<title>One</title><link>/1</link><guid>7</guid><pubDate>Mon, 03 Feb 2025 10:00 +0100</pubDate>"
    "</item></channel></rss>"
)
SITEMAP = (
    "<urlset><url><loc>https://paper.example/1</loc><lastmod>2025-02-03T10:00:00+01:00</lastmod>"
    "<n:news xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><n:title>One</n:title>"
    "<n:publication_date>2025-02-03</n:publication_date></n:news></url></urlset>"
)


def answer(**line: Any) -> dict[str, Any]:
    (said,) = answers([json.dumps({"id": 1, **line}).encode()])
    return said


def test_a_feed() -> None:
    said = answer(body=FEED, url="https://paper.example/feed")
    (entry,) = said["entries"]
    assert (said["id"], said["kind"], said["type"], said["error"]) == (1, "feed", None, None)
    assert (entry["title"], entry["link"], entry["id"]) == ("One", "https://paper.example/1", "7")
    assert entry["published"] == entry["updated"] == "2025-02-03T09:00:00Z"
    assert (said["feed"]["title"], said["rhythm"]["ttl"]) == ("Paper", 30)


@pytest.mark.parametrize(
    ("body", "kind", "listed"),
    [
        (SITEMAP, "sitemap", "urlset"),
        ("<sitemapindex><sitemap><loc>https://a.example/x</loc></sitemap></sitemapindex>", "index",
         "sitemapindex"),
        ("https://a.example/1\\nhttps://a.example/2\\n".replace("\\\\n", "\\n"), "sitemap", "text"),
    ],
)  # fmt: skip
def test_sitemaps(body: str, kind: str, listed: str) -> None:
    said = answer(body=body)
    assert (said["kind"], said["type"], said["error"]) == (kind, listed, None)
    assert said["urls"]
    assert not said["entries"]


def test_what_a_sitemap_says_of_an_address() -> None:
    packed = base64.b64encode(gzip.compress(SITEMAP.encode())).decode()
    assert answer(base64=packed)["urls"] == [
        {
            "loc": "https://paper.example/1",
            "lastmod": "2025-02-03T09:00:00Z",
            "news_title": "One",
            "news_publication_date": "2025-02-03T00:00:00Z",
        }
    ]


def test_a_page_is_a_section_only_where_that_is_asked() -> None:
    page = str(ROOT / "tests/golden/sections/front.html")
    url = "https://www.ledger.example/"
    assert (answer(file=page, url=url)["kind"], answer(file=page, url=url)["entries"]) == (
        "page",
        [],
    )
    said = answer(file=page, url=url, section=True)
    assert (said["kind"], len(said["entries"])) == ("section", 7)


def test_headers_count_as_they_would_in_a_crawl() -> None:
    body = "<feed><title>x</title><link href='y'/></feed>"
    said = answer(body=body, headers={"Content-Location": "https://a.example/b/"})
    assert said["feed"]["link"] == "https://a.example/b/y"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"no json", "line 1: "),
        (b'{"id": 1}', 'line 1: there is no document; give "file", "body" or "base64"'),
        (b'{"id": 1, "base64": "!"}', "line 1: base64: "),
        (b'{"id": 1, "file": "/nowhere/x"}', "line 1: /nowhere/x: No such file or directory"),
        (b'{"id": 1, "file": "\\u0000"}', "line 1: "),
    ],
)
def test_a_line_that_cannot_be_answered_says_why(line: bytes, error: str) -> None:
    said = list(answers([line, b"", b'{"id": 2, "body": "<rss/>"}']))
    assert said[0]["error"].startswith(error)
    assert said[1]["id"] == 2


def test_a_document_that_lists_nothing_is_answered_with_the_reason() -> None:
    assert answer(body="words") == {
        "id": 1, "kind": None, "type": None, "entries": [], "feed": {}, "urls": [],
        "error": "not HTML",
    }  # fmt: skip


def test_files_for_people_and_for_machines(tmp_path: Path) -> None:
    feed, missing = tmp_path / "feed.xml", tmp_path / "missing.xml"
    feed.write_text(FEED)
    shown = CliRunner().invoke(app, ["listing", str(feed), "--url", "https://paper.example/"])
    assert shown.exit_code == 0
    assert "feed (rss), 1 entry: Paper" in shown.stdout
    assert "2025-02-03T09:00  One" in shown.stdout
    told = CliRunner().invoke(app, ["listing", str(feed), "--json", "--content-type="])
    assert json.loads(told.stdout)["entries"][0]["title"] == "One"
    failed = CliRunner().invoke(app, ["listing", str(missing)])
    assert failed.exit_code == 1
    assert "No such file" in failed.stdout


def test_lines_on_standard_input() -> None:
    lines = b'{"id": "a", "body": "<rss><channel><title>T</title></channel></rss>"}\nx\n'
    done = subprocess.run(
        [sys.executable, "-P", "-m", "services.cli", "listing"],
        input=lines,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["feed"]["title"], done.returncode) == ("a", "T", 1)
    assert second["error"].startswith("line 2: ")
