"""``beatwire bench extract``: its pages are like real ones, and what it takes and shows."""

import json
from pathlib import Path

import pytest

from processors.extract import extract_article
from services.bench.webpages import SIZES, WebPage, web_pages
from services.cli.bench_extract import read_pages
from services.errors import UserError
from tests.support.processes import beatwire

PAGES = web_pages()


def test_the_pages_are_the_same_each_time_and_of_every_size() -> None:
    assert web_pages() == PAGES
    assert len({page.id for page in PAGES}) == len(PAGES) == 6 * len(SIZES)
    sizes = sorted(len(page.html) for page in PAGES)
    assert sizes[0] < 100_000
    assert sizes[-1] > 300_000


@pytest.mark.parametrize("page", PAGES[:6], ids=lambda page: str(page.id))
def test_a_page_is_read_as_its_article(page: WebPage) -> None:
    found = extract_article(page.html, page.url)

    assert found.outcome == "article"
    assert found.title
    assert "The Paper" not in found.title
    assert 350 < len(found.body.split()) < 2_500
    assert "I do not agree" not in found.body


def test_pages_of_ones_own_give_a_ratio(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    lines = [{"id": page.id, "url": page.url, "html": page.html} for page in PAGES[:3]]
    path.write_text("\n".join(map(json.dumps, lines)))

    found = json.loads(
        beatwire("bench", "extract", "--rounds", "1", "--pages", str(path), "--json")
    )
    assert (found["pages"], found["articles"], found["rounds"]) == (3, 3, 1)
    assert found["ratio"] > 0
    assert found["beatwire"]["page"]["worst"] >= found["beatwire"]["page"]["p50"] > 0
    assert found["trafilatura"]["slowest"] in {page.id for page in PAGES[:3]}


@pytest.mark.parametrize(("text", "says"), [("", "no pages"), ('{"id": 1}', "line 1")])
def test_a_file_without_pages_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(text)

    with pytest.raises(UserError, match=says):
        read_pages(path)
