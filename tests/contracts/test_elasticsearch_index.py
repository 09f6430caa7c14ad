"""The contract on Elasticsearch, and what only a server promises."""

from collections.abc import Iterator
from typing import ClassVar

import pytest

from tests.contracts.index import IndexContract, OpenIndex
from tests.support.elasticsearch_index import Prompt, own_address

pytestmark = pytest.mark.connected("elasticsearch")


@pytest.fixture
def address() -> Iterator[str]:
    with own_address() as address:
        yield address


class TestElasticsearchIndex(IndexContract):
    lowered: ClassVar = {
        "services.index.elasticsearch_read.WINDOW": 10,
        "services.index.elasticsearch_read.CHUNK": 4,
    }

    @pytest.fixture
    def open_index(self, address: str) -> OpenIndex:
        def opened(*, write: bool = False) -> Prompt:
            return Prompt(address)

        return opened
