"""What the read stage notes of each page, and what ``beatwire status`` says of a broken source."""

from datetime import UTC, datetime, timedelta

from processors.ids import content_hash
from processors.layout import PageRead
from processors.records import Page, encode
from services.bootstrap import open_bus, open_index, open_store
from services.bus import Event
from services.cli.report import render_status, take_status
from services.settings import load_settings
from services.stages.read import ReadStage
from services.store.port import Finished, Target
from tests.support.reading import shared_reader

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SENTENCE = "The laboratory said that the model had cost a tenth of what its rivals pay. "
ARTICLE = f"<html><body><article><h1>A price</h1><p>{SENTENCE * 8}</p></article></body></html>"


def event(number: int, html: str) -> Event:
    url = f"https://ledger.example/{number}"
    page = Page(
        id=f"page {number}",
        url=url,
        requested_url=url,
        source="ledger",
        fetched_at=NOON,
        status=200,
        headers={},
        body=html.encode(),
        content_hash=content_hash("", html),
    )
    return Event(id=page.id, type="page/1", key="ledger.example", time=NOON, data=encode(page))


def test_the_read_stage_tells_what_each_page_gave() -> None:
    stage = ReadStage(shared_reader())
    read, stub = stage.handle([event(1, ARTICLE), event(2, "<html><p>Too short.</p></html>")])

    expected = PageRead(
        source="ledger", page="page 1", at=NOON, outcome="article", words=120, title=True
    )
    assert read.read == expected
    assert stub.read is not None
    assert (stub.read.outcome, stub.read.words, stub.read.title) == ("too-short", 2, False)


def test_status_says_which_source_broke_and_since_when() -> None:
    settings = load_settings()
    outcomes = ["article"] * 30 + ["not-article"] * 10
    pages = [
        PageRead(source="ledger", page=f"{n}", at=NOON + timedelta(hours=n), outcome=o, words=400)
        for n, o in enumerate(outcomes)
    ]
    end = Finished(
        stage="read", topic="pages", partition=0, offset=0, event_id="1", outcome="read", at=NOON
    )
    with open_bus(settings) as bus, open_store(settings) as store:
        store.finish([end], pages)
        store.note_fetch(Target(url="https://ledger.example/1", source="ledger", outcome="fetched"))
        told = render_status(take_status(bus, store, lambda: open_index(settings, write=True)))

    assert "broken  ledger, since 2026-03-02 18:00:00 UTC: 10 of the last 10 pages" in told
