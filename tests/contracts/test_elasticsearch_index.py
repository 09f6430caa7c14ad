"""The contract on Elasticsearch, and what only a server promises."""

from collections.abc import Iterator
from contextlib import suppress
from time import sleep
from typing import Any, ClassVar

import pytest
from elasticsearch import BadRequestError

from processors.query.syntax import MAX_DEPTH, parse_query
from services.errors import TryLater, UserError
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_client import connect
from services.index.elasticsearch_names import parse_address
from services.index.elasticsearch_shelf import ElasticsearchShelf
from services.index.elasticsearch_trial import remove
from tests.contracts.index import IndexContract
from tests.contracts.shelf import OpenShelf, ShelfContract
from tests.support.articles import article, claim, entity
from tests.support.elasticsearch_index import Prompt, own_address
from tests.support.index import OpenIndex, found
from tests.support.shelf import fresh_index

pytestmark = pytest.mark.connected("elasticsearch")


@pytest.fixture
def address() -> Iterator[str]:
    with own_address() as address:
        yield address


class TestElasticsearchIndex(IndexContract):
    lowered: ClassVar = {
        "services.index.elasticsearch_read.WINDOW": 10,
        "services.index.elasticsearch_read.CHUNK": 4,
        "services.index.elasticsearch_ask.WINDOW": 10,
        "services.index.elasticsearch_ask.CHUNK": 4,
    }

    @pytest.fixture
    def open_index(self, address: str) -> OpenIndex:
        def opened(*, write: bool = False) -> Prompt:
            return Prompt(address)

        return opened


class TestElasticsearchShelf(ShelfContract):
    @pytest.fixture
    def open_index(self, address: str) -> OpenIndex:
        def opened(*, write: bool = False) -> Prompt:
            return Prompt(address)

        return opened

    @pytest.fixture
    def open_shelf(self, address: str, monkeypatch: pytest.MonkeyPatch) -> OpenShelf:
        monkeypatch.setattr("services.index.elasticsearch_shelf.GRACE_SECONDS", 0)
        return lambda: ElasticsearchShelf(address)


def test_what_was_put_is_searchable_within_a_second(address: str) -> None:
    with ElasticsearchIndex(address) as writer, ElasticsearchIndex(address) as reader:
        assert found(reader) == []
        for n in range(3):
            writer.put([article(f"s{n}", hours=n)])
            assert reader.get(article(f"s{n}").id) is not None
            sleep(1)
            assert found(reader, sort="oldest") == [f"s{m}" for m in range(n + 1)]


def test_a_rebuild_is_seen_only_when_it_is_whole(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.index.elasticsearch_shelf.GRACE_SECONDS", 0)
    with Prompt(address) as index:
        index.put([article("old")])
        with suppress(KeyboardInterrupt), fresh_index(ElasticsearchShelf(address)) as fresh:
            fresh.put([article("new")])
            raise KeyboardInterrupt
        assert found(index) == ["old"]
        with fresh_index(ElasticsearchShelf(address)) as fresh:
            fresh.put([article("new")])
            assert found(index) == ["old"]
        assert found(index) == ["new"]
        assert index.put([article("more"), article("new")]) == ["stored", "unchanged"]
        assert sorted(found(index)) == ["more", "new"]


def test_what_another_version_wrote_is_not_read(address: str) -> None:
    with Prompt(address) as index:
        index.put([article("old")])
    where = parse_address(address)
    with connect(where) as client:
        client.indices.put_mapping(
            index=where.names.read("articles"), meta={"fingerprint": "older"}
        )
    with Prompt(address) as index:
        with pytest.raises(UserError, match="another version of Beatwire; rebuild it"):
            index.search(parse_query(""))
        with pytest.raises(UserError, match="another version of Beatwire; rebuild it"):
            index.put([article("new")])


def test_an_index_that_was_removed_is_made_again(address: str) -> None:
    where = parse_address(address)
    with Prompt(address) as index, connect(where, timeout=30) as client:
        index.put([article("old")])
        remove(client, where.names)
        assert found(index) == []
        assert index.stats().articles == 0
        with suppress(TryLater):
            index.put([article("new")])
        assert index.put([article("new")]) in (["stored"], ["unchanged"])
        assert found(index) == ["new"]


def test_what_other_tools_see(address: str) -> None:
    """Plain fields, as a dashboard asks for them."""
    told = article(
        "a",
        "Deep Harbour paid for chips.",
        title="Chips for Sale",
        published_hours=1,
        entities=(entity("Deep Harbour"),),
        claims=(claim("fine", 5e6),),
    )
    questions: list[dict[str, Any]] = [
        {"match": {"record.body": "PAID"}},
        {"match_phrase": {"record.title": "for sale"}},
        {"term": {"record.url": told.url}},
        {"term": {"record.entities.name": "Deep Harbour"}},
        {"range": {"record.claims.usd_low": {"gt": 4e6}}},
        {"range": {"published": {"gte": "2025-01-01T13:00:00Z", "lt": "2025-01-01T13:01:00Z"}}},
    ]
    where = parse_address(address)
    with Prompt(address) as index, connect(where) as client:
        index.put([told, article("b", source="wire")])
        for question in questions:
            hits = client.search(index=where.names.read("articles"), query=question)["hits"]
            assert [hit["_id"] for hit in hits["hits"]] == [told.id], question
        claims = client.search(
            index=where.names.read("claims"), query={"term": {"record.claim.kind": "fine"}}
        )["hits"]["hits"]
        assert claims[0]["_source"]["record"]["claim"]["usd_low"] == 5e6
        with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
            client.index(index=where.names.write("articles"), document={"unknown": 1})


def test_the_deepest_query_is_answered(address: str) -> None:
    """Beyond the 30 levels that the server allows in one request."""
    text = "old"
    for level in range(MAX_DEPTH - 1):
        text = f"(no{level} OR story {text})"
    with Prompt(address) as index:
        index.put([article("old", "An old story."), article("new", "A new story.")])
        assert found(index, text) == ["old"]
        assert found(index, f"-{text}") == ["new"]
