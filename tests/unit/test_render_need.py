"""Which pages are rendered: those that are empty without their scripts, and no walls."""

import pytest

from crawlers.rendering.need import page_to_render

URL = "https://paper.example/2025/02/a-price"
WORDS = "The laboratory said on Monday that its model was trained for five million dollars. "
SCRIPT = "<script src='/main.js'></script>"


def needs(html: str, *, obey: bool = False) -> bool:
    body = f"<!doctype html><html><head><title>A price</title></head><body>{html}</body></html>"
    return bool(page_to_render(body.encode(), "text/html", URL, obey=obey))


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<div id='root'></div>{SCRIPT}", id="an empty root"),
        pytest.param(f"<div id=app> </div>{SCRIPT}", id="an empty root of another name"),
        pytest.param(f"<p>Loading…</p>{SCRIPT}", id="hardly a word"),
        pytest.param(
            f"<noscript>You need to enable JavaScript to run this app.</noscript><p>{WORDS}</p>"
            f"{SCRIPT}",
            id="a request for scripts",
        ),
        pytest.param(
            f"<nav>{'<a href=/x>All about chips</a>' * 60}</nav><div id='root'></div>"
            f"<footer>{WORDS * 9}</footer>{SCRIPT}",
            id="an empty root between navigation and footer",
        ),
        pytest.param(f"{SCRIPT}{'<div>' * 300}", id="elements without a word"),
    ],
)
def test_a_page_without_text_of_its_own_is_rendered(html: str) -> None:
    assert needs(html)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<article><p>{WORDS * 6}</p></article>{SCRIPT}", id="an article"),
        pytest.param(
            f"<noscript>Please enable JavaScript.</noscript><p>{WORDS * 6}</p>{SCRIPT}",
            id="an article that would like scripts, too",
        ),
        pytest.param("<div id='root'></div>", id="nothing to run"),
        pytest.param(f"<p>{WORDS}</p>{SCRIPT}", id="a short note"),
        pytest.param(
            "<script type='application/ld+json'>"
            f'{{"@type": "NewsArticle", "articleBody": "{WORDS * 6}"}}</script>'
            "<div id='root'></div>",
            id="the text is in JSON-LD",
        ),
        pytest.param(
            f"<div id='root'></div><p>Please verify you are human; enable JavaScript.</p>{SCRIPT}",
            id="a wall against robots",
        ),
        pytest.param(
            f"<meta name='robots' content='noindex'><div id='root'></div>{SCRIPT}", id="noindex"
        ),
        pytest.param(f"{SCRIPT}{'<div>' * 3000}", id="what no parser is given"),
        pytest.param("", id="nothing at all"),
    ],
)
def test_all_other_pages_are_taken_as_they_are(html: str) -> None:
    assert not needs(html)


def test_what_is_not_to_be_mined_is_let_be_where_that_is_obeyed() -> None:
    html = f"<meta name='tdm-reservation' content='1'><div id='root'></div>{SCRIPT}"
    assert needs(html)
    assert not needs(html, obey=True)


def test_the_browser_is_given_the_page_in_its_own_charset() -> None:
    body = "<meta charset='windows-1251'><title>Цена</title><div id=root></div><script></script>"
    assert "Цена" in page_to_render(body.encode("cp1251"), "text/html", URL, obey=False)
