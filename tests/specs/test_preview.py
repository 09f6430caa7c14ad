"""A preview lists what the live matcher would have told (faults, row 88)."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import get_args

import msgspec
import pytest

from processors.query.printed import printed
from processors.records import Article, encode
from services.alerts.preview import preview
from services.bus import Event
from services.index.tantivy import TantivyIndex
from services.stages.alert import AlertStage
from services.stages.stories import put_joined
from services.store.alerting import AlertTopic, When
from services.store.store import open_sql_store
from tests.contracts.alerting import LONG_AGO, topic
from tests.specs.chance import random_article, random_node
from tests.support.articles import article, at, claim
from tests.support.engines import ENGINES, opened

DAYS = 30
ARTICLES = 150
TOPICS = 200
WHENS: tuple[When, ...] = get_args(When)


def random_topic(random: Random, number: int) -> AlertTopic:
    when = WHENS[number % len(WHENS)]
    query = random_query(random) if random.random() < 0.7 else "claim:any OR cost"
    percent = 150 if when == "spike" else 20
    return topic(f"t{number}", query=query, when=when, percent=percent)


def random_query(random: Random) -> str:
    """Some trees that are drawn have no text."""
    while True:
        with suppress(ValueError):
            return printed(random_node(random))


def newsroom(random: Random) -> list[Article]:
    """A month of articles, each fetched when it was published, in order."""
    made = []
    for number in range(ARTICLES):
        hours = 24 * DAYS * number / ARTICLES
        drawn = random_article(random, number)
        when = at(hours)
        made.append(
            msgspec.structs.replace(drawn, published=when, fetched_at=when, story="", original=True)
        )
    return made


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_preview_is_what_the_live_matcher_tells(engine: str, tmp_path: Path) -> None:
    random = Random(88)
    topics = [random_topic(random, number) for number in range(TOPICS)]
    articles = newsroom(random)
    now = at(24 * DAYS)
    with (
        open_sql_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store,
        opened(engine, tmp_path / "index") as index,
    ):
        for each in topics:
            assert store.add_topic(each)
        put_joined(index, store, articles)
        clock = [now]
        stage = AlertStage(store, lambda: clock[0])
        for one in articles:
            clock[0] = one.fetched_at
            when, data = one.fetched_at, encode(one)
            stage.handle([Event(id=one.id, type="article/1", key=one.id, time=when, data=data)])
        told = 0
        for each in topics:
            live = [noted.alert for noted in store.alerts(topic=each.id, limit=1000)]
            found = preview(each, index, now)
            assert not found.cut
            assert [alert.id for alert in found.alerts] == [alert.id for alert in live], each.query
            assert [alert.news for alert in found.alerts] == [alert.news for alert in live]
            assert sum(number for _, number in found.days) == len(live)
            told += len(live)
        assert told > 10 * TOPICS, "the topics are met often enough to tell"


def test_nothing_matched_is_told_apart_from_a_name_that_never_occurs(tmp_path: Path) -> None:
    with TantivyIndex(tmp_path, write=True) as index:
        index.put([article("a", "DeepSeek fell.", hours=1), article("b", "Nvidia rose.", hours=2)])
        now = at(24)
        both = preview(topic(query="deepseek nvidia"), index, now)
        assert (both.articles, both.missing) == (0, ())
        typo = preview(topic(query="deepseek AND (nvidai OR entity:nobody) -nvidia"), index, now)
        assert typo.missing == ("nvidai", "entity:nobody")
        old = preview(topic(query="deepseek"), index, now + timedelta(days=DAYS))
        assert (old.articles, old.missing) == (0, ())


def test_what_was_known_before_the_days_counts(tmp_path: Path) -> None:
    with TantivyIndex(tmp_path, write=True) as index:
        cost = (claim("training_cost", 5.6e6, subject="DeepSeek"),)
        index.put(
            [
                article("old", "DeepSeek spent it.", hours=0, claims=cost),
                article("new", "DeepSeek paid it.", hours=24 * 40, claims=cost, source="wire"),
            ]
        )
        now = at(24 * 41)
        first = topic(query="claim:training_cost", when="first", since=LONG_AGO)
        second = msgspec.structs.replace(first, when="second-origin")
        assert preview(first, index, now).alerts == ()
        [alert] = preview(second, index, now).alerts
        assert alert.news == "$5.6M: told by 2 stories so far, first by ledger"
