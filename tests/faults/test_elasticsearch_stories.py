"""Stories on a server: several index stages and a rebuild at the same time, and all agree."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import batched, cycle

import pytest

from processors.records import Article
from services.bootstrap import open_bus, open_store
from services.errors import TryLater
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_shelf import ElasticsearchShelf
from services.settings import load_settings
from services.stages.index import IndexStage
from services.stages.rebuild import Rebuild
from services.store.port import Told
from tests.support.articles import article
from tests.support.elasticsearch_index import own_address
from tests.support.index_faults import event, publish
from tests.support.shelf import fresh_index

pytestmark = pytest.mark.connected("elasticsearch")

WORKERS, BATCH = 3, 5
TEXTS, COPIES = 6, 20


@pytest.fixture
def address() -> Iterator[str]:
    with own_address() as address:
        yield address


def copies() -> list[Article]:
    """Each later in the list was published earlier; every text is told under many addresses."""
    found = []
    for number, text in zip(range(TEXTS * COPIES), cycle(range(TEXTS)), strict=False):
        body = " ".join(f"word{text}x{n}" for n in range(80))
        found.append(article(f"copy-{number}", body, published_hours=500 - number))
    return found


def told_by(index: ElasticsearchIndex, articles: list[Article]) -> dict[str, Told]:
    found = [index.get(each.id) for each in articles]
    there = [each for each in found if each is not None]
    return {each.id: Told(each.story, each.original, each.event) for each in there}


def test_stages_and_a_rebuild_at_once(address: str) -> None:
    articles = copies()
    half = len(articles) // 2

    def work(number: int) -> None:
        stage = IndexStage(ElasticsearchIndex(address), open_store(load_settings()))
        mine = list(batched(articles, BATCH))[number::WORKERS]
        for batch in mine:
            while True:
                try:
                    stage.handle([event(each) for each in batch])
                    break
                except TryLater:
                    continue
        stage.close()

    publish(articles[:half])
    with (
        open_bus(load_settings()) as bus,
        open_store(load_settings()) as store,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        working = pool.map(work, range(WORKERS))
        rebuild = Rebuild(bus, store, lambda done, of: None)
        with fresh_index(ElasticsearchShelf(address)) as new:
            rebuild.fill(new)
            publish(articles[half:])
        with ElasticsearchIndex(address) as index:
            list(working)
            rebuild.catch_up(index)
            told = told_by(index, articles)
        assert told == store.stories([each.id for each in articles])
    assert len(told) == len(articles)
    assert len({each.story for each in told.values()}) == TEXTS
    assert sum(each.original for each in told.values()) == TEXTS
    assert all(told[each.id].original for each in articles[-TEXTS:])
