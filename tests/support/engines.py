"""Both engines, for what must hold of each: tantivy in a folder, Elasticsearch on its server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.index import Index
from services.index.tantivy import TantivyIndex
from tests.support.elasticsearch_index import Prompt, own_address

ENGINES = ["tantivy", pytest.param("elasticsearch", marks=pytest.mark.connected("elasticsearch"))]


@contextmanager
def opened(engine: str, folder: Path) -> Iterator[Index]:
    """An empty index of an engine."""
    if engine == "tantivy":
        with TantivyIndex(folder, write=True) as index:
            yield index
    else:
        with own_address() as address, Prompt(address) as prompt:
            yield prompt
