"""Indices of a test's own on the real server, removed afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from processors.records import Article
from services.index import PutOutcome
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_names import KINDS
from services.index.elasticsearch_trial import trial_index
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
    with trial_index(required_server("elasticsearch")) as address:
        yield address
