"""Exports of any search: tables and lines that hold all of it, and no formula."""

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.query.tree import All
from processors.records import Article, Claim
from services.answers.clean import cell, clean, file_name, one_line
from services.answers.export import all_articles
from services.answers.rows import ARTICLE_COLUMNS, CLAIM_COLUMNS, csv_lines
from services.answers.shapes import ArticleRow, ClaimRow
from services.errors import TryLater
from services.index import Results
from services.index.tantivy import TantivyIndex
from services.web.app import create_app
from tests.support.api import Api, check, newsroom_index
from tests.support.articles import article, claim, entity
from tests.support.payloads import FORMULAS, ODD, SCRIPTS

FIRST = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with newsroom_index(tmp_path_factory.mktemp("exports")) as index:
        yield Api(index)


def table(body: bytes) -> list[dict[str, str]]:
    """Rows of a table as a spreadsheet reads it; fails when one has more or fewer cells."""
    text = body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def hostile_article(text: str, number: int = 0) -> Article:
    """An article where everything that a publisher can write is this text."""
    return article(
        f"hostile-{number}",
        f"{text} chips {text}",
        title=text,
        source=text[:40] or "x",
        url=f"https://ledger.example/{number}",
        site_name=text,
        authors=(text, "Ada"),
        section=text,
        language="en",
        entities=(entity(text, id=text),),
        claims=(
            claim(
                "loss", 1e6, subject=text, object=text, speaker=text, evidence=text, period=text,
                unit=text,
            ),
        ),
    )  # fmt: skip


def test_a_table_has_its_columns_and_all_rows(api: Api) -> None:
    answer = api.get("/articles.csv?q=chips")
    rows = table(answer.content)
    assert answer.content.startswith(b"\xef\xbb\xbfid,url,")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="beatwire-articles-chips.csv"'
    )
    assert tuple(rows[0]) == ARTICLE_COLUMNS
    assert len(rows) == api.get("/api/v1/articles?q=chips").json()["total"]
    claims = table(api.get("/claims.csv?q=claim:training_cost&sort=largest").content)
    assert tuple(claims[0]) == CLAIM_COLUMNS
    assert claims[0]["figure"] == "$1.3B"
    assert (claims[0]["usd_low"], claims[0]["bound"]) == ("1300000000", "exact")


def test_columns_are_fields() -> None:
    assert set(ARTICLE_COLUMNS) < set(ArticleRow.__struct_fields__)
    assert set(CLAIM_COLUMNS) < set(ClaimRow.__struct_fields__)


@pytest.mark.parametrize(("path", "shape"), [("/articles", "ArticleRow"), ("/claims", "ClaimRow")])
def test_each_line_is_what_the_api_answers(api: Api, path: str, shape: str) -> None:
    lines = api.get(f"{path}.jsonl?sort=newest").content.splitlines()
    found = [msgspec.json.decode(line) for line in lines]
    for each in found:
        check(each, {"$ref": f"#/components/schemas/{shape}"})
    told = api.get(f"/api/v1{path}?sort=newest&limit=100").json()
    assert found == told["hits" if path == "/articles" else "claims"]


def test_the_address_of_a_page_is_exported_as_it_is(api: Api) -> None:
    days = "q=&page=3&read=x&after=2025-01-28&before=2025-02-01"
    rows = table(api.get(f"/articles.csv?{days}").content)
    assert [row["published"][:7] for row in rows] == ["2025-01"]
    assert table(api.get("/articles.csv?after=2030-01-01").content) == []


def test_a_day_that_is_none_and_a_wrong_query_are_problems(api: Api) -> None:
    assert "'soon' is no day" in api.problem("/articles.csv?after=soon", 422)["detail"]
    assert api.problem("/claims.jsonl?q=%22open", 400)["position"] == 0
    assert api.problem("/articles.jsonl?sort=_score", 422)["type"] == "/api#parameter"


@pytest.mark.parametrize("text", [*SCRIPTS, *ODD, *FORMULAS])
def test_hostile_text_stays_in_its_cell_and_its_line(tmp_path: Path, text: str) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([hostile_article(text)])
        api = Api(index)
        for path in ("/articles.csv", "/claims.csv"):
            answer = api.get(path)
            (row,) = table(answer.content)
            assert not any(FIRST.match(value) for value in row.values()), row
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", answer.text)
            assert answer.headers["x-content-type-options"] == "nosniff"
        for path in ("/articles.jsonl", "/claims.jsonl"):
            (line,) = api.get(path).content.split(b"\n")[:-1]
            assert msgspec.json.decode(line)["title"] == text
        answer = api.get("/api/v1/articles")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["hits"][0]["title"] == text


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_a_harmless_cell(text: str) -> None:
    written = b"".join(csv_lines(("text",), [_Text(text)]))
    ((name,), (value,)) = csv.reader(io.StringIO(written.decode(), newline=""), strict=True)
    assert name == "text"
    assert not FIRST.match(value)
    assert value in (clean(text), f"'{clean(text)}")
    assert value.isprintable() or re.search(r"[\t\r\n\s]|[^\x00-\x7f]", value)


class _Text(msgspec.Struct):
    text: str


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00"])
def test_what_is_no_character_is_a_space(text: str) -> None:
    cell(text).encode()
    assert set(one_line(f"a{text}b")) == set("a b")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_gets_an_apostrophe(formula: str) -> None:
    assert not FIRST.match(cell(formula))


@pytest.mark.parametrize(
    "query",
    [
        'x"; filename="evil.exe',
        "a\r\nset-cookie: x=1",
        "../../etc/passwd",
        "\x00",
        "é中文",
        "a" * 500,
    ],
)
def test_a_file_name_is_plain(query: str) -> None:
    name = file_name("articles", query, "csv")
    assert re.fullmatch(r"beatwire-articles(-[a-z0-9]+)*\.csv", name)
    assert len(name) <= 70


def test_a_hostile_query_writes_no_header(api: Api) -> None:
    answer = api.get("/articles.csv", params={"q": 'x\r\nset-cookie: a=b "y'})
    assert answer.status_code == 400
    answer = api.get("/articles.csv", params={"q": 'chips\r\n"set cookie"'})
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"].endswith('.csv"')


class _Leaves(TantivyIndex):
    """Goes away in the middle of an export, once."""

    gone = False

    def search(self, *args: Any, **options: Any) -> Results:
        if options.get("after") and not self.gone:
            self.gone = True
            raise TryLater("away")
        return super().search(*args, **options)


def test_an_export_waits_for_an_index_that_went_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.answers.export.WAITS", (0.0,))
    with _Leaves(tmp_path / "index", write=True) as index:
        index.put([article(f"s{n}") for n in range(450)])
        told: list[int] = []
        ids = [row.id for row in all_articles(index, All(), told=told.append)]
        assert index.gone
    assert len(ids) == len(set(ids)) == 450
    assert told == [450]


def test_so_many_exports_at_once_and_no_more(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, TantivyIndex(tmp_path / "index") as index:
        patched.setattr("services.web.api.downloads.AT_ONCE", 0)
        assert Api(index).problem("/articles.csv", 503)["type"] == "/api#busy"
    for _ in range(10):  # each gives its place back, also when it is refused
        api.get("/claims.csv?q=%22")
        assert api.get("/claims.csv").status_code == 200


def _anonymous_kib() -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"RssAnon:\s+(\d+)", status)[0])


@pytest.mark.slow
def test_many_rows_need_little_memory(tmp_path: Path) -> None:
    count = 20_000
    with TantivyIndex(tmp_path / "index", write=True) as index:
        for first in range(0, count, 5_000):
            index.put([_row(n) for n in range(first, first + 5_000)])
    with TantivyIndex(tmp_path / "index") as index:
        app = create_app(index)
        lines, most = 0, 0
        asyncio.run(_drain(app, "/claims.csv", "q=nothing"))  # everything is imported now
        before = _anonymous_kib()

        def take(body: bytes) -> None:
            nonlocal lines, most
            lines += body.count(b"\r\n")
            most = max(most, _anonymous_kib())

        asyncio.run(_drain(app, "/articles.csv", "", take))
    assert lines == count + 1
    assert most - before < 20 * 1024


def _row(n: int) -> Article:
    made: Claim = claim(low=float(n + 1), evidence="a figure")
    return article(f"s{n}", f"Story {n} of chips. " * 20, hours=n / 60, claims=(made,))


async def _drain(app: Any, path: str, query: str, take: Any = bytes) -> None:
    """Ask the application without a client that would keep the body."""
    headers = [(b"host", b"127.0.0.1")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "root_path": "", "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
    }  # fmt: skip
    ended = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            take(message.get("body", b""))

    await app(scope, receive, send)
