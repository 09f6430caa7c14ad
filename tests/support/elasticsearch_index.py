"""Indices of a test's own on the real server, removed afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex

from elasticsearch import Elasticsearch

from processors.records import Article
from services.index import PutOutcome
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_client import connect
from services.index.elasticsearch_names import KINDS, Names, parse_address
from tests.support.servers import required_server


class Prompt(ElasticsearchIndex):
    """What was put is searchable at once, without the wait of up to a second."""

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        outcomes = super().put(articles)
        if articles:
            names = [self._names.read(kind) for kind in KINDS]
            self._client.indices.refresh(index=names, ignore_unavailable=True)
        return outcomes


@contextmanager
def own_address() -> Iterator[str]:
    """The server's address with a prefix that nobody else has."""
    address = f"{required_server('elasticsearch')}/test-{token_hex(6)}"
    where = parse_address(address)
    try:
        yield address
    finally:
        with connect(where, timeout=30) as client:
            remove(client, where.names)


def remove(client: Elasticsearch, names: Names) -> None:
    there = client.indices.get(
        index=[names.pattern(kind) for kind in KINDS], expand_wildcards="all"
    ).body
    if there:
        client.indices.delete(index=sorted(there))
    for kind in KINDS:
        client.options(ignore_status=404).indices.delete_index_template(name=names.template(kind))
