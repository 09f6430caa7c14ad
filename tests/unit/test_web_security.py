"""What a page must never do: run foreign script, follow a foreign host, reach out."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from lxml import html

from processors.records import Claim, Entity, Mood, Span
from services.web import app
from services.web.security import CONTENT_SECURITY_POLICY, HEADERS, is_local_host
from tests.support.coverage import MODEL_BODY, NOW, all_stories, make_article
from tests.support.local_index import LocalIndex, articles_of, stories_index
from tests.support.web import Browser, texts

WEB = Path(app.__file__).parent
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
STATIC = sorted((WEB / "static").iterdir())
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "</title><script>alert(1)</script>",
    "</textarea></style></pre><svg/onload=alert(1)>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext></p><style><img src=x onerror=alert(1)>",
    "]]><iframe srcdoc='<script>alert(1)</script>'>",
    "\u2028<base href=//evil.example>\x00",
)


def hostile(payload: str) -> LocalIndex:
    """An index where every field that a page shows holds the payload, marks included."""
    body = f"{payload} {MODEL_BODY} {payload}"
    whole = Span(start=0, end=len(body))
    part = Span(start=len(payload) // 2, end=len(payload) + 9)
    article = make_article(
        "https://ledger.example/hostile",
        payload,
        body,
        source=payload,
        site_name=payload,
        authors=(payload,),
        language=payload,
        entities=(Entity(id=payload, name=payload, type="lab", mentions=(part, whole)),),
        claims=(
            Claim(
                kind="loss", subject=payload, object=payload, amount_low=1e6, currency=payload,
                unit=payload, period=payload, speaker=payload, evidence=payload, start=part.start,
                end=part.end, sentence=whole, rule=payload,
            ),
        ),
        moods=(Mood(entity=payload, polarity="negative", score=-1, evidence=(part,)),),
        made_by={payload: payload},
    )  # fmt: skip
    before = NOW - timedelta(days=1)
    earlier = msgspec.structs.replace(
        article, title="Before", body="Before.", content_hash="before", fetched_at=before
    )
    later = msgspec.structs.replace(article, url=payload)
    return LocalIndex([earlier, later])


def elements(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return (one for one in tree.iter() if isinstance(one.tag, str))


def shape(tree: html.HtmlElement) -> set[tuple[str, str]]:
    """Every pair of an element and an attribute on the page, and every element by itself."""
    pairs = {(str(one.tag), name) for one in elements(tree) for name in one.attrib}
    return pairs | {(str(one.tag), "") for one in elements(tree)}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_adds_no_element_and_no_attribute(payload: str) -> None:
    known: set[tuple[str, str]] = set()
    friendly = Browser(stories_index())
    addresses = ["/", "/?q=chips+entity:nvidia", "/?q=%22x", "/?q=a+zebra+chips", "/claims",
                 "/?after=2025-01-01&fold=0", "/?q=chisp", "/nope", "/status"]  # fmt: skip
    for story in all_stories():
        addresses += [f"/article/{story.id}?q=chips", f"/?q=chips&read={story.id}"]
    for address in addresses:
        known |= shape(html.document_fromstring(friendly.get(address).text))
    index = hostile(payload)
    browser = Browser(index)
    (article,) = articles_of(index)
    reading = f"/?read={article.id}"
    for address in ("/", "/claims", f"/article/{article.id}", reading):
        for params in (
            {},
            {
                "q": payload,
                "cursor": payload,
                "read": payload,
                "after": payload,
                "sort": payload,
                "page": payload,
            },
        ):
            answer = browser.get(address, **({"params": params} if params else {}))
            tree = html.document_fromstring(answer.text.replace("\x00", ""))
            assert shape(tree) <= known
            check_links(tree)
            if not params:
                assert "Before" not in texts(tree, "//h1 | //h2")
                assert payload.partition("\x00")[0] in tree.text_content()


def check_links(tree: html.HtmlElement) -> None:
    """Scripts and styles are ours; every link stays here or is the web address of an article."""
    for one in elements(tree):
        for name in ("href", "src", "action"):
            value = one.get(name)
            if value is None:
                continue
            local = value.startswith(("#", "/", "?")) and not value.startswith("//")
            assert local or value.startswith("https://ledger.example/"), value
    scripts = {one.get("src", "").split("?")[0] for one in tree.xpath("//script")}
    assert scripts <= {"/static/keys.js", "/static/live.js", "/static/news.js", "/static/alerts.js"}
    assert tree.xpath("//script/text()") == []


def test_a_foreign_scheme_is_text_and_never_a_link() -> None:
    index = hostile("javascript:alert(1)")
    (article,) = articles_of(index)
    tree = Browser(index).page(f"/article/{article.id}")
    assert "Source address: javascript:alert(1)" in tree.text_content()
    assert not tree.xpath("//a[contains(@href,'javascript')][not(starts-with(@href,'/'))]")


def test_templates_escape_everything_and_quote_every_attribute() -> None:
    assert len(TEMPLATES) > 5
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"\|\s*safe|autoescape|Markup", text), path
        assert not re.search(r"=\{\{", text), path
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src)", text), path


def test_nothing_that_is_served_names_another_host() -> None:
    for path in (*TEMPLATES, *STATIC):
        text = path.read_text().replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|[\"'(]//|@import|url\(", text), path


@pytest.mark.parametrize("address", ["/", "/claims", "/nope", "/?q=%22", "/static/style.css"])
def test_every_answer_carries_the_guard(address: str) -> None:
    headers = Browser(stories_index()).get(address).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8321", "localhost:1", "LOCALHOST", "[::1]:80"]
)
def test_this_machine_is_answered(host: str) -> None:
    assert is_local_host(host)
    assert Browser(LocalIndex()).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", "",
     "127.0.0.1@evil.example", "127.0.0.1:80:80", "localhost:", "::1", "0.0.0.0", "127.0.0.1\t"],
)  # fmt: skip
def test_another_host_is_refused(host: str) -> None:
    assert not is_local_host(host)
    answer = Browser(stories_index()).get(
        "/", headers={"host": host, "x-forwarded-host": "localhost"}
    )
    assert answer.status_code == 421
    assert "Quillon" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_pages_only_read(method: str) -> None:
    answer = Browser(LocalIndex()).request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_head_request_is_answered() -> None:
    assert Browser(LocalIndex()).request("HEAD", "/claims").status_code == 200


def test_static_files_are_kept_by_content_and_asked_for_by_etag() -> None:
    browser = Browser(LocalIndex())
    sheet, *_ = browser.page("/").xpath("//link[@rel='stylesheet']/@href")
    kept = browser.get(sheet)
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["content-type"].startswith("text/css")
    plain = browser.get("/static/style.css")
    assert plain.headers["cache-control"] == "no-cache"
    again = browser.get(
        "/static/style.css", headers={"if-none-match": f"W/{plain.headers['etag']}"}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("address", ["/", "/?q=chips", "/claims", "/keys"])
def test_pages_are_not_kept_by_others_and_not_sent_twice(address: str) -> None:
    browser = Browser(stories_index())
    page = browser.get(address)
    assert page.headers["cache-control"] == "private, no-cache"
    assert {"Cookie", "Accept"} <= set(page.headers["vary"].split(", "))
    again = browser.get(address, headers={"if-none-match": f'"x", W/{page.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert HEADERS.items() <= again.headers.items()
    assert again.headers["etag"] == page.headers["etag"]
    other = browser.get("/status", headers={"if-none-match": page.headers["etag"]})
    assert other.status_code == 200


def test_an_address_is_a_whole_page_whoever_asks() -> None:
    """Scripts take parts out of whole pages, so that no part of one is ever kept as the page."""
    browser = Browser(stories_index())
    usual = browser.get("/?q=chips")
    for headers in ({"hx-request": "true"}, {"x-requested-with": "fetch"}, {"accept": "*/*"}):
        assert browser.get("/?q=chips", headers=headers).text == usual.text


@pytest.mark.parametrize("address", ["/nope", "/?q=%22"])
def test_errors_have_no_etag(address: str) -> None:
    assert "etag" not in Browser(stories_index()).get(address).headers
