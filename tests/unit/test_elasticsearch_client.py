"""Addresses, and what the answers of a bad server mean; the server here is ours and lies."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from processors.query.syntax import parse_query
from services.errors import SettingsError, TryLater, UserError
from services.index.documents import fingerprint
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_names import Names, parse_address
from tests.support.hostile import Reply, Request, Site

PRODUCT = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}


def said(body: object, status: int = 200) -> Reply:
    return Reply(json.dumps(body).encode(), status, PRODUCT)


def failed(kind: str, status: int) -> Reply:
    cause = {"type": kind, "reason": f"{kind} happened"}
    return said({"error": {**cause, "root_cause": [cause]}, "status": status}, status)


def cut(request: Request) -> None:
    """Half of an answer, then nothing."""
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n"
    request.wfile.write(f"{head}X-Elastic-Product: Elasticsearch\r\n\r\n{{".encode())


def post(request: Request) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))
    request.do_GET()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(Request, "do_POST", post, raising=False)
    with Site() as site:
        yield site


def index_of(site: Site, prefix: str = "news") -> ElasticsearchIndex:
    mapping = {"mappings": {"_meta": {"fingerprint": fingerprint()}}}
    names = [f"{prefix}-{kind}" for kind in ("articles", "claims", "revisions")]
    site.answers[f"/{','.join(names)}/_mapping"] = said(dict.fromkeys(names, mapping))
    return ElasticsearchIndex(site.url(f"/{prefix}").replace("//", "//me:secret@"))


SEARCH = "/news-articles/_search?allow_partial_search_results=false"
WHOLE = {"timed_out": False, "_shards": {"failed": 0}, "hits": {"total": {"value": 0}, "hits": []}}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (failed("circuit_breaking_exception", 429), "429 circuit_breaking_exception happened"),
        (failed("no_shard_available_action_exception", 503), "503 no_shard"),
        (Reply(b"<h1>Bad gateway</h1>", 502), "502 <h1>Bad gateway</h1>"),
        (Reply(b"<h1>Welcome</h1>", 200), "none to the question"),
        (said({}), "none to the question"),
        (Reply(b"{half", 200, PRODUCT), "broken off or no JSON"),
        (cut, "does not answer"),
        (said({**WHOLE, "timed_out": True}), "more than 3 seconds"),
        (said({**WHOLE, "_shards": {"failed": 1}}), "all of its parts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_server_in_trouble_is_tried_later(
    site: Site, answer: Reply | Callable[[Request], object], reason: str
) -> None:
    site.answers[SEARCH] = answer
    with index_of(site) as index, pytest.raises(TryLater, match=reason) as caught:
        index.search(parse_query("chips"))
    assert "secret" not in str(caught.value)
    assert site.count()[SEARCH] == 1, "what is tried again is decided elsewhere"


def test_something_else_that_answers(site: Site) -> None:
    with index_of(site) as index, pytest.raises(TryLater, match="none to the question"):
        index.get("1")
    with ElasticsearchIndex(site.url("/other")) as index:
        site.answers["/other-articles,other-claims,other-revisions/_mapping"] = Reply(
            b"<h1>Hi</h1>"
        )
        with pytest.raises(TryLater, match="no Elasticsearch"):
            index.stats()


def test_no_server_at_all() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://me:secret@127.0.0.1:{free.getsockname()[1]}"
        with ElasticsearchIndex(address) as index, pytest.raises(TryLater) as caught:
            index.stats()
    assert "does not answer" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_server_that_never_ends_its_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.index.elasticsearch_client.READ_SECONDS", 0.3)
    site.answers[SEARCH] = lambda request: request.site.closing.wait(5)
    with index_of(site) as index, pytest.raises(TryLater, match="ConnectionTimeout"):
        index.search(parse_query("chips"))


@pytest.mark.parametrize("status", [401, 403])
def test_a_user_that_is_refused(site: Site, status: int) -> None:
    site.answers[SEARCH] = failed("security_exception", status)
    with index_of(site) as index, pytest.raises(UserError, match="set BEATWIRE_INDEX"):
        index.search(parse_query("chips"))


def test_what_is_missing_is_empty(site: Site) -> None:
    with ElasticsearchIndex(site.url("/news")) as index:
        site.answers["/news-articles,news-claims,news-revisions/_mapping"] = failed(
            "index_not_found_exception", 404
        )
        assert index.search(parse_query("chips")).total == 0
        assert index.get("0" * 32) is None
        assert index.stats().articles == 0


def test_what_another_version_wrote_is_not_read(site: Site) -> None:
    with index_of(site) as index:
        mapping = {"mappings": {"_meta": {"fingerprint": "older"}}}
        site.answers["/news-articles,news-claims,news-revisions/_mapping"] = said({"a": mapping})
        for _ in range(2):
            with pytest.raises(UserError, match=r"another version of Beatwire.*beatwire rebuild"):
                index.search(parse_query("chips"))


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://h", "the port is missing"),
        ("http://:9200", "the host is missing"),
        ("http://h:92000", "cannot be read"),
        ("http://h:port", "cannot be read"),
        ("ftp://h:9200", "begins with neither"),
        ("http://me:secret@h:9200/News", "small letters"),
        ("http://me:secret@h:9200/a/b", "small letters"),
        ("http://me:secret@h:9200/-a", "no hyphen"),
        ("http://me:secret@h:9200/a?b=c", "more than a prefix"),
        ("http://me@h:9200", "a name and a password"),
        ("http://:secret@h:9200", "a name and a password"),
        ("http://me:secret@h[:9200", "cannot be read"),
    ],
)
def test_bad_addresses(address: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as caught:
        parse_address(address)
    assert str(caught.value).startswith("BEATWIRE_INDEX: ")
    assert "secret" not in str(caught.value)


def test_good_addresses() -> None:
    plain = parse_address("http://h:9200")
    assert (plain.url, plain.user, plain.names) == ("http://h:9200", None, Names("beatwire"))
    full = parse_address("https://me:s%40cret@[::1]:9200/news-2/")
    assert (full.url, full.user, full.names) == (
        "https://[::1]:9200", ("me", "s@cret"), Names("news-2"),
    )  # fmt: skip
    assert "cret" not in f"{full} {full!r}"
