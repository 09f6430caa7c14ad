"""``/api/v1``: what it answers, page after page, and how it says what is wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from processors.records import Article, Claim
from services.answers.shapes import plain, told_article
from services.errors import TryLater
from services.index import FACETS, Stats
from services.index.tantivy import TantivyIndex
from tests.specs.queries import NEWSROOM
from tests.support.api import Api, newsroom_index, read_problem, told_twice
from tests.support.articles import article, claim, entity
from tests.support.coverage import all_stories, model_story
from tests.support.web import Browser

ARTICLES, CLAIMS = "/api/v1/articles", "/api/v1/claims"
TOTAL = len(NEWSROOM) + 3 + 3  # the corrected story is there once


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with newsroom_index(tmp_path_factory.mktemp("api")) as index:
        yield Api(index)


def test_a_search_answers_with_hits_and_their_claims(api: Api) -> None:
    found = api.json(f"{ARTICLES}?q=Tallinn&facets=true", ARTICLES)
    (hit,) = found["hits"]
    assert found["total"] == 1
    assert hit["id"] == model_story().id
    assert hit["published"] == "2025-01-28T09:15:00+01:00"
    assert hit["claims"][0]["figure"] == "$5.6M"
    (mark,) = hit["snippet_marks"]
    assert hit["snippet"][mark["start"] : mark["end"]] == "Tallinn"
    assert set(found["facets"]) == set(FACETS)
    assert found["days"] == [{"day": "2025-01-28", "count": 1}]


def test_a_shape_has_every_field_of_its_record(api: Api) -> None:
    claim_fields = {*Claim.__struct_fields__, "figure"}
    (hit,) = api.json(f"{ARTICLES}?q=Tallinn", ARTICLES)["hits"]
    assert set(hit["claims"][0]) == claim_fields
    got = api.json(f"{ARTICLES}/{model_story().id}", f"{ARTICLES}/{{id}}")
    assert set(got) == set(Article.__struct_fields__)
    assert got["claims"] == hit["claims"]
    assert got["body"] == model_story().body
    row = api.json(f"{CLAIMS}?limit=1", CLAIMS)["claims"][0]
    assert claim_fields < set(row)
    assert isinstance(row["sentence"], str)


def test_pages_are_followed_to_the_last_by_link_or_by_next(api: Api) -> None:
    address: str | None = f"{ARTICLES}?limit=4&sort=oldest"
    seen: list[str] = []
    while address:
        answer = api.get(address)
        found = answer.json()
        seen += [hit["id"] for hit in found["hits"]]
        link = answer.headers.get("link", "")
        assert bool(link) == bool(found["next"])
        address = link.removeprefix("<").partition(">")[0] or None
        if link:
            assert link.endswith('; rel="next"')
            assert found["next"] in link
    assert len(seen) == len(set(seen)) == TOTAL
    times = [hit["published"] or hit["fetched_at"] for hit in all_hits(api)]
    assert times == sorted(times, key=datetime.fromisoformat)


def all_hits(api: Api) -> list[dict[str, Any]]:
    hits: list[dict[str, Any]] = api.json(f"{ARTICLES}?limit=100&sort=oldest", ARTICLES)["hits"]
    return hits


def test_ten_thousand_hits_are_no_ceiling(tmp_path: Any) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([article(f"s{n}", f"Chip {n}.", hours=n / 60) for n in range(10_300)])
        api, seen, cursor = Api(index), 0, ""
        while True:
            answer = api.get(ARTICLES, params={"limit": 100, "sort": "newest", "after": cursor})
            found = answer.json()
            seen, cursor = seen + len(found["hits"]), found["next"]
            if not cursor:
                break
    assert seen == found["total"] == 10_300


@pytest.mark.parametrize(
    ("given", "shown"), [("1", 1), ("0", 1), ("-3", 1), ("1000000000", TOTAL), ("+2", 2)]
)
def test_a_limit_beyond_the_ends_is_the_nearer_end(api: Api, given: str, shown: int) -> None:
    assert len(api.get(ARTICLES, params={"limit": given}).json()["hits"]) == shown


@pytest.mark.parametrize(
    "asked",
    ["limit=ten", "limit=1.5", "limit=", "sort=;drop", "sort=_score", "fold=maybe", "facets=2",
     "srot=newest", "q=a&q=b", "offset=20", "__proto__=1"],
)  # fmt: skip
def test_what_cannot_be_used_is_named(api: Api, asked: str) -> None:
    told = api.problem(f"{ARTICLES}?{asked}", 422)
    assert told["type"] == "/api#parameter"
    assert asked.partition("=")[0] in told["detail"]


def test_a_near_name_is_suggested(api: Api) -> None:
    assert "did you mean sort?" in api.problem(f"{ARTICLES}?srot=newest", 422)["detail"]


@pytest.mark.parametrize("cursor", ["x", "WyJvbGRlc3QiLDRd", "%00", "a" * 5000, "W10"])
def test_a_cursor_of_another_search_is_refused(api: Api, cursor: str) -> None:
    told = api.problem(f"{ARTICLES}?sort=newest&after={cursor}", 422)
    assert told["type"] == "/api#cursor"


def test_a_query_error_has_its_place_and_a_hint(api: Api) -> None:
    told = api.problem(f"{CLAIMS}?q=chips+claim:traning_cost", 400)
    assert (told["type"], told["position"]) == ("/api#query", 12)
    assert "training_cost" in told["hint"]


def test_copies_fold(api: Api) -> None:
    found = api.json(f"{ARTICLES}?q=tern+cost&fold=1", ARTICLES)
    copies = {hit["title"]: hit["copies"] for hit in found["hits"] if hit["story"] == "tern"}
    assert list(copies.values()) == [1]
    assert found["total"] == api.json(f"{ARTICLES}?q=tern+cost", ARTICLES)["total"]


def test_claims_come_in_the_order_asked_for(api: Api) -> None:
    found = api.json(f"{CLAIMS}?q=claim:training_cost&sort=largest&limit=2", CLAIMS)
    assert [row["figure"] for row in found["claims"]] == ["$1.3B", "~$78M"]
    rest = api.get(CLAIMS, params={"q": "claim:training_cost", "sort": "largest",
                                   "after": found["next"]}).json()  # fmt: skip
    assert len(rest["claims"]) == found["total"] - 2


def test_a_dispute_has_positions_and_counts_copies_once(api: Api) -> None:
    found = api.json("/api/v1/disagreements?q=tern", "/api/v1/disagreements")
    (one,) = found["disagreements"]
    assert one["about"] == "training cost · Deep Harbour · Tern R1"
    assert one["total"] == 3
    assert [(each["figure"], each["origins"]) for each in one["positions"]] == [
        ("$5.6M", 1),
        ("$1.3B", 1),
    ]
    assert sum(len(each["claims"]) for each in one["positions"]) == 3
    assert one["changes"][0]["before"] is None


def test_a_story_has_all_its_copies_in_order(api: Api) -> None:
    found = api.json("/api/v1/stories/tern", "/api/v1/stories/{id}")
    assert [hit["title"] for hit in found["hits"]] == ["What tern cost", "What tern-copy cost"]
    assert found["sources"] == [{"value": "ledger", "label": "ledger", "count": 2, "about": False}]
    alone = model_story().id
    assert api.json(f"/api/v1/stories/{alone}", "/api/v1/stories/{id}")["total"] == 1
    assert api.json(f"{ARTICLES}?q=Tallinn", ARTICLES)["hits"][0]["story"] == alone


def test_an_entity_knows_its_name_and_its_company(api: Api) -> None:
    found = api.json("/api/v1/entities/nvidia", "/api/v1/entities/{id}")
    assert (found["name"], found["type"], found["articles"]) == ("Nvidia", "company", 2)
    assert "nvidia" not in {each["value"] for each in found["mentioned_with"]}
    assert {"value": "meta", "label": "Meta", "count": 2, "about": False} in found["mentioned_with"]
    assert found["claims"] == 1


def test_revisions_are_what_was_said_before(api: Api) -> None:
    newest = all_stories()[-1]
    found = api.json(f"{ARTICLES}/{newest.id}/revisions", f"{ARTICLES}/{{id}}/revisions")
    assert [old["title"] for old in found["revisions"]] == ["Brightmoor orders 20,000 chips"]


def test_a_query_is_explained_and_its_slips_found(api: Api) -> None:
    found = api.json("/api/v1/explain?q=chps+claim:fine", "/api/v1/explain")
    assert found["meaning"] == "“chps” and a claim of fine"
    assert found["suggestions"] == {"chps": "chips"}


def test_stats_count(api: Api) -> None:
    assert api.json("/api/v1/stats", "/api/v1/stats")["articles"] == TOTAL


@pytest.mark.parametrize(
    "address",
    ["articles/none", "articles/" + "x" * 500, "articles/none/revisions", "stories/none",
     "entities/none", "entities/altmann", "entities/%2e%2e", "nothing", "articles/a/b/c", ""],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(api: Api, address: str) -> None:
    assert api.problem(f"/api/v1/{address}", 404)["type"] == "/api#not-found"


@pytest.mark.parametrize("address", [ARTICLES, "/articles.csv", "/feed.atom"])
def test_nothing_can_be_changed(api: Api, address: str) -> None:
    answer = api.request("POST", address, content=b"{}")
    assert answer.status_code == 405
    assert read_problem(answer)["type"] == "/api#method"
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("address", [ARTICLES, "/claims.jsonl", "/feed.rss"])
def test_another_host_is_a_problem_too(api: Api, address: str) -> None:
    told = api.problem(address, 421, headers={"host": "evil.example"})
    assert "127.0.0.1" in told["detail"]


def test_head_answers_as_get_does(api: Api) -> None:
    for address in (ARTICLES, "/articles.csv", "/feed.json", "/api/v1/openapi.json"):
        answer = api.request("HEAD", address)
        assert answer.status_code == 200, address


class _Broken(TantivyIndex):
    def stats(self) -> Stats:
        raise RuntimeError("secret detail /home/someone")


class _Away(TantivyIndex):
    def stats(self) -> Stats:
        raise TryLater("http://user:secret@search.example:9200 is away")


def test_a_bug_is_a_problem_without_its_details(tmp_path: Any, caplog: Any) -> None:
    with _Broken(tmp_path / "index") as index:
        answer = Browser(index).get("/api/v1/stats")
    assert answer.status_code == 500
    assert read_problem(answer)["type"] == "/api#broken"
    assert "secret" not in answer.text
    assert "secret detail" in caplog.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_index_that_is_away_says_when_to_come_back(tmp_path: Any) -> None:
    with _Away(tmp_path / "index") as index:
        answer = Browser(index).get("/api/v1/stats")
    assert answer.status_code == 503
    assert read_problem(answer)["type"] == "/api#away"
    assert "secret" not in answer.text


def test_times_without_a_zone_and_nothing_at_all_are_told(tmp_path: Any) -> None:
    bare = article("bare", entities=(entity("Bare"),), claims=(claim(),))
    with TantivyIndex(tmp_path / "index", write=True) as index:
        api = Api(index)
        assert api.json(ARTICLES, ARTICLES)["hits"] == []
        assert api.json("/api/v1/stats", "/api/v1/stats")["newest"] is None
        index.put([bare])
        (hit,) = api.json(ARTICLES, ARTICLES)["hits"]
    assert hit["published"] is None
    assert datetime.fromisoformat(hit["fetched_at"]).tzinfo == UTC


def test_command_line_and_api_tell_the_same(api: Api) -> None:
    told = msgspec.json.decode(msgspec.json.encode(plain(told_article(told_twice()[0]))))
    assert api.get(f"{ARTICLES}/{told_twice()[0].id}").json() == told
