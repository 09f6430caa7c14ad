"""The index made again from the log holds what the stage ``index`` had put into it."""

from pathlib import Path

from processors.query.tree import All
from processors.records import encode
from services.bootstrap import fresh_index, open_bus, open_index
from services.bus import Event
from services.settings import load_settings
from services.stages import rebuild as stage
from tests.support.articles import article


def publish(*events: Event) -> None:
    with open_bus(load_settings()) as bus:
        bus.publish("articles", events)


def event(slug: str, hours: float = 0, data: bytes = b"") -> Event:
    made = article(slug, f"Text of {hours}.", hours=hours)
    return Event(
        id=f"{made.id}-{hours}",
        type="article/1",
        key=made.id,
        time=made.fetched_at,
        data=data or encode(made),
    )


def test_everything_in_the_log_is_indexed_again(home: str) -> None:
    publish(*(event(f"s{n}") for n in range(300)), event("s7", hours=2), event("bad", data=b"{"))
    settings = load_settings()
    told: list[tuple[int, int]] = []
    for _ in range(2):
        with fresh_index(settings) as index, open_bus(settings) as bus:
            ends = stage.rebuild(bus, index, lambda *at: told.append(at))
        assert ends == {"stored": 301, "rejected": 1}
    assert told[-1] == (302, 302)
    with open_index(settings) as index:
        assert index.search(All(), limit=0).total == 300
        assert index.stats().revisions == 1
    with open_bus(settings) as bus:
        assert sum(lag.records for lag in bus.lag("index", "articles")) == 302
    assert sorted(path.name for path in Path(home).iterdir() if path.is_dir()) == ["index"]
