"""Faults that need no server: odd and repeated events, two versions at once, a stop under load."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from processors.ids import article_id, bytes_hash
from processors.query.tree import All
from processors.records import AnyRecord, Article, DeadLetter, Page, decode, encode
from services.bootstrap import open_bus, open_index, open_reader, open_store
from services.bus import Bus, Event, Slice
from services.errors import TryLater
from services.index import Index
from services.settings import Settings, load_settings
from services.stages import Stage, records
from services.stages.alert import AlertStage
from services.stages.flow import FLOW, READ, STEPS, waiting
from services.stages.index import IndexStage
from services.stages.read import ReadStage
from services.stages.runner import run_slice
from services.store import Store
from services.topics import TOPICS
from tests.contracts.alerting import topic
from tests.support.articles import article
from tests.support.hostile import Site, rss
from tests.support.hostile import article as small_page
from tests.support.processes import BEATWIRE, alive, beatwire, family, wait_until

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "golden" / "records"
ROUNDS = int(os.environ.get("TEST_ROUNDS", "1"))


PLAIN = [
    "river",
    "garden",
    "window",
    "kettle",
    "meadow",
    "harbour",
    "candle",
    "lantern",
    "basket",
    "orchard",
]


class Embedded:
    """One process's ports and stages in the home folder of a test."""

    def __init__(self, bus: Bus, store: Store, stages: dict[str, Stage]) -> None:
        self.bus, self.store, self.stages = bus, store, stages

    def run(self) -> Counter[str]:
        """Bring everything to its end, as a dispatcher does; the outcomes of all stages here."""
        counts = Counter[str]()
        for step in (step for step in FLOW if step.stage in self.stages):
            while parts := self.bus.poll(step.stage, step.takes.name, slices=99):
                for part in parts:
                    counts.update(self.run_part(step.stage, part))
                    self.bus.commit(step.stage, part)
        return counts

    def run_part(self, name: str, part: Slice) -> dict[str, int]:
        stage = self.stages[name]
        return run_slice(STEPS[name], stage, part, bus=self.bus, store=self.store, now=lambda: NOW)

    def letters(self) -> list[DeadLetter]:
        found = [
            decode(stored.event.data)
            for part in self.bus.poll("look", "dead", slices=9)
            for stored in self.bus.read(part)
        ]
        assert all(isinstance(letter, DeadLetter) for letter in found)
        return [letter for letter in found if isinstance(letter, DeadLetter)]


@pytest.fixture(scope="module")
def read_stage() -> ReadStage:
    return ReadStage(open_reader(Settings()))


@pytest.fixture
def embedded(read_stage: ReadStage) -> Iterator[Embedded]:
    settings = load_settings()
    with open_bus(settings) as bus, open_store(settings) as store:
        index = IndexStage(open_index(settings, write=True), open_store(settings))
        yield Embedded(bus, store, {"read": read_stage, "index": index})
        index.close()


def page(number: int, *, words: int = 120, host: str = "") -> Page:
    """A page with an article about a number that no other page has."""
    host = host or f"paper{number % 20}.example"
    url = f"https://{host}/story-{number}"
    dice = random.Random(number)
    told = [f"<p>Brightmoor spent ${number + 1} million on chips in 2024, it said.</p>"]
    while 13 * len(told) < words:
        some = dice.choices(PLAIN, k=6)
        told.append("<p>The {} {} saw a {} near the {}, and the {} {} left.</p>".format(*some))
    body = small_page(f"Story {number} of Brightmoor", "").replace(
        b"<p></p>", "".join(told).encode()
    )
    return Page(
        id=article_id(url), url=url, requested_url=url, source=host, fetched_at=NOW, status=200,
        headers={"content-type": "text/html; charset=utf-8"}, body=body,
        content_hash=bytes_hash(body),
    )  # fmt: skip


def event_of(record: Page | Article) -> Event:
    kind = str(type(record).__struct_config__.tag)
    return event(record.id, encode(record), kind, key=record.source, time=record.fetched_at)


def event(
    name: str, data: bytes, kind: str = "page/1", *, key: str = "one", time: datetime = NOW
) -> Event:
    return Event(id=name, type=kind, key=key, time=time, data=data)


GOOD: dict[str, Page | Article] = {
    "read": page(1),
    "index": article("good", "Chips are good."),
}
NEWER = {"read": "page/2", "index": "article/7"}
ODD = {
    "no JSON": (b"\x00\xff<html>", "not a record: "),
    "JSON that is cut off": (b'{"schema":"page/1","id":"a', "not a record: "),
    "another type of JSON": (b"[1, 2]", "not a record: Expected `object`, got `array`"),
    "fields missing": (b'{"schema":"article/1","id":"a"}', "not a record: Object missing required"),
    "a wrong type": (b'{"schema":"page/1","id":7}', "not a record: Expected `str`, got `int`"),
    "another record": (encode(DeadLetter(
        stage="read", topic="pages", partition=0, offset=0, key="", event_id="", error_class="",
        reason="", attempts=1, failed_at=NOW, code_version="", data=b"")), "got DeadLetter"),
    "no schema": (b"{}", "not a record: "),
    "unknown schema": (b'{"schema":"brew/1"}', "not a record: unknown schema 'brew/1'"),
    "unknown version": (b'{"schema":"page/x"}', "not a record: unknown schema 'page/x'"),
    "a null value": (b"", "not a record: the event is empty"),
    "2 MB of letters": (b"x" * 2_000_000, "not a record: "),
    "2 MB of JSON": (
        json.dumps({"schema": "page/0", "id": ["word"] * 250_000}).encode(),
        "not a record: unknown schema 'page/0'",
    ),
    "nested deeply": (b'{"schema":"page/1","id":' + b"[" * 100_000, "not a record: "),
}  # fmt: skip


@pytest.mark.parametrize("stage", GOOD)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_event_is_a_dead_letter_at_once_and_stops_no_others(
    embedded: Embedded, stage: str, odd: str
) -> None:
    """Row 31."""
    data, reason = ODD[odd]
    topic = STEPS[stage].takes.name
    good = event_of(GOOD[stage])
    after = msgspec.structs.replace(good, id="after", key="one")
    embedded.run_part(stage, Slice(topic, 0, 0, -1))  # what is loaded at first use is loaded
    embedded.bus.publish(topic, [event("odd", data), after])
    (part,) = embedded.bus.poll(stage, topic)
    began = time.monotonic()
    outcomes = embedded.run_part(stage, part)
    assert time.monotonic() - began < 1
    assert outcomes["rejected"] == 1
    assert sum(outcomes.values()) == 2
    (letter,) = embedded.letters()
    assert letter.event_id == "odd"
    assert reason in letter.reason
    assert len(letter.reason) <= 500
    assert letter.data == data
    assert (letter.stage, letter.topic, letter.attempts) == (stage, topic, 1)


CRAWL = """
import sys, msgspec
from services import topics
topics.TOPICS["pages"] = msgspec.structs.replace(topics.PAGES, max_event_bytes=20_000)
from crawlers.run import main
code = main(sys.argv[1:])
from services.probing.exposition import exposition
text = exposition()[0].decode()
print([line for line in text.splitlines() if line.startswith("beatwire_bus_refused")],
      file=sys.stderr)
sys.exit(code)
"""


def test_a_page_too_large_for_the_log_is_named_and_the_crawl_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Row 32, from the crawl to its figures."""
    monkeypatch.setenv("BEATWIRE_ALLOW_NETWORKS", "127.0.0.1/32")
    monkeypatch.setenv("BEATWIRE_HOSTS", "one.example=127.0.0.1")
    monkeypatch.setenv("BEATWIRE_CRAWL_DELAY", "0")
    with Site() as site:
        names = [f"/{number}" for number in range(6)]
        site.answers = {name: small_page(name) for name in names}
        site.answers["/2"] = small_page("Too large", "Words about chips. " * 2000)
        site.answers["/feed.xml"] = rss(*(site.url(name) for name in names))
        done = subprocess.run(
            [sys.executable, "-c", CRAWL, site.url("/feed.xml")],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        ends = {line["url"]: line for line in lines if "url" in line}
        large = ends[site.url("/2")]
        assert large["outcome"] == "too-large"
        assert "is over the 20,000 of topic pages" in large["reason"]
        assert {ends[site.url(name)]["outcome"] for name in names if name != "/2"} == {"fetched"}
        assert lines[-1]["summary"]["outcomes"] == {"fetched": 5, "too-large": 1}
        assert 'reason="too-large",topic="pages"} 1.0' in done.stderr
    with open_store(load_settings()) as store, open_bus(load_settings()) as bus:
        assert store.fetch_outcomes() == {"fetched": 6, "too-large": 1}
        assert sum(lag.records for lag in bus.lag("read", "pages")) == 5


def test_an_article_too_large_for_the_log_is_a_dead_letter(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 32, between the stages: nothing is dropped without a word, nothing stops."""
    small = msgspec.structs.replace(TOPICS["articles"], max_event_bytes=20_000)
    monkeypatch.setitem(TOPICS, "articles", small)
    embedded.bus.publish("pages", [event_of(page(1)), event_of(page(2, words=6000))])
    assert embedded.run() == {"read": 1, "rejected": 1, "stored": 1}
    (letter,) = embedded.letters()
    assert "is over the 20,000 of topic articles" in letter.reason
    assert isinstance(decode(letter.data), Page)


def versions(name: str) -> list[Article]:
    """One article as it was fetched three times, an hour apart."""
    return [article(name, f"Version {n}.", title=f"Title {n}", hours=n) for n in range(3)]


def test_repeated_and_reordered_versions_are_one_article(embedded: Embedded) -> None:
    """Row 35: every order of three versions, each of which comes five times."""
    orders = list(itertools.permutations(range(3)))
    for number, order in enumerate(orders):
        told = versions(f"story-{number}")
        if number % 2:  # five times each, then the next; or the whole order five times
            sent = [told[n] for n in order for _ in range(5)]
        else:
            sent = [told[n] for n in order] * 5
        for each in sent:
            embedded.bus.publish("articles", [event_of(each)])
        embedded.run()  # one slice holds several, and the next has more of them
    with open_index(load_settings()) as index:
        hits = index.search(All(), limit=100).hits
        assert len(hits) == len(orders) == index.stats().articles
        for hit in hits:
            assert hit.article.title == "Title 2"
            older = [each.title for each in index.revisions(hit.article.id)]
            assert older == ["Title 1", "Title 0"]
        assert index.stats().revisions == 2 * len(orders)
    assert embedded.letters() == []


def test_repeated_and_reordered_versions_are_told_once(embedded: Embedded) -> None:
    """Row 35: whatever comes again, or late, makes no second alert."""
    embedded.stages = {"alert": AlertStage(open_store(load_settings()))}
    embedded.store.add_topic(topic(query="version", copies=True))
    orders = list(itertools.permutations(range(3)))
    for number, order in enumerate(orders):
        told = versions(f"story-{number}")
        for each in [told[n] for n in order] * 5:
            embedded.bus.publish("articles", [event_of(each)])
        embedded.run()
    assert len({noted.alert.article_id for noted in embedded.store.alerts()}) == len(orders)
    assert len(embedded.store.alerts()) == len(orders)
    embedded.stages["alert"].close()


def test_one_delivery_at_a_time_gives_the_same(embedded: Embedded) -> None:
    """Row 35, with each event in a slice of its own, and the slice run five times."""
    for each in reversed(versions("story")):
        embedded.bus.publish("articles", [event_of(each)])
    for part in embedded.bus.poll("index", "articles", most=1, slices=9):
        for _ in range(5):
            embedded.run_part("index", part)
    with open_index(load_settings()) as index:
        (hit,) = index.search(All()).hits
        assert hit.article.title == "Title 2"
        assert [each.title for each in index.revisions(hit.article.id)] == ["Title 1", "Title 0"]
    assert sum(embedded.store.outcomes()["index"].values()) == 3


def golden(name: str) -> bytes:
    return (GOLDEN / f"{name}-1.json").read_bytes()


def later(data: bytes) -> bytes:
    """The record as a later release of the same version writes it: with a field more."""
    return json.dumps({**json.loads(data), "added_later": {"deep": [1, None]}}).encode()


def test_records_of_two_versions_pass_side_by_side(embedded: Embedded) -> None:
    """Row 91: every version that was ever published, as it was written, between today's."""
    old = {"pages": golden("page"), "articles": golden("article")}
    now: dict[str, AnyRecord] = {"pages": page(1), "articles": article()}
    sent = 0
    for name, data in old.items():
        written = [data, encode(decode(data)), later(data), encode(now[name])]
        written += [later(encode(now[name])), encode(now[name])]
        for number in range(4 * ROUNDS):
            embedded.bus.publish(
                name, [event(f"{name}-{number}-{n}", each) for n, each in enumerate(written)]
            )
            sent += len(written)
    outcomes = embedded.run()
    assert embedded.letters() == []
    assert outcomes["rejected"] == 0
    read = outcomes["read"]  # these came to the second stage too
    assert sum(outcomes.values()) == sent + read


@pytest.mark.parametrize("stage", NEWER)
def test_a_newer_version_waits_for_the_upgrade_and_is_no_dead_letter(
    embedded: Embedded, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 91: an old worker puts its slice off and says why; a newer worker takes it."""
    step, newer = STEPS[stage], NEWER[stage]
    own = event_of(GOOD[stage])
    data = own.data.replace(f"{newer[:-2]}/1".encode(), newer.encode())
    sent = msgspec.structs.replace(own, id="newer", type=newer, data=data)
    embedded.bus.publish(step.takes.name, [own, sent])
    with pytest.raises(TryLater, match=rf"{newer} is newer than {newer[:-2]}/1, .*upgraded"):
        embedded.run()
    assert embedded.letters() == []
    assert embedded.store.outcomes() == {}

    def upgraded(data: bytes) -> AnyRecord:
        return decode(data.replace(newer.encode(), f"{newer[:-2]}/1".encode()))

    monkeypatch.setattr(records, "decode", upgraded)
    embedded.bus.close()
    with open_bus(load_settings()) as embedded.bus:
        assert embedded.run()["rejected"] == 0
        assert embedded.letters() == []
    with open_index(load_settings()) as index:
        assert index.stats().articles == 1


def test_a_version_that_is_ahead_of_any_upgrade_is_foreign(embedded: Embedded) -> None:
    """So that nobody holds up a partition with a number."""
    for ahead in (b"page/11", b"page/99999999", b"page/999999999999"):
        embedded.bus.publish("pages", [event("far", b'{"schema":"%s"}' % ahead)])
        assert embedded.run() == {"rejected": 1}
        assert embedded.letters()[-1].reason == f"not a record: unknown schema {ahead.decode()!r}"


@contextmanager
def working(log: Path, workers: int) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as out:
        env = {**os.environ, "BEATWIRE_WORKERS": str(workers)}
        process = subprocess.Popen([*BEATWIRE, "work"], stdout=out, stderr=out, env=env)
    try:
        yield process
    finally:
        for member in family(process.pid):
            os.kill(member, signal.SIGKILL)
        process.wait()


def ends(stage: str) -> int:
    with open_store(load_settings()) as store:
        return sum(store.outcomes().get(stage, {}).values())


def behind() -> dict[str, int]:
    with open_bus(load_settings()) as bus:
        return waiting(bus)


def indexed(index: Index) -> list[str]:
    return sorted(hit.article.url for hit in index.search(All(), limit=10_000).hits)


def everything_arrives(pages: list[Page]) -> None:
    """Work off what is left: every page is there once, and ended once in each stage."""
    beatwire("work", "--drain")
    with open_index(load_settings()) as index:
        assert indexed(index) == sorted(page.url for page in pages)
    with open_store(load_settings()) as store:
        assert store.outcomes()["read"] == {"read": len(pages)}
    with open_bus(load_settings()) as bus:
        assert sum(lag.end for lag in bus.lag("look", "dead")) == 0


def publish(pages: list[Page]) -> None:
    load_settings().home.mkdir(parents=True, exist_ok=True)
    with open_bus(load_settings()) as bus:
        bus.publish("pages", [event_of(page) for page in pages])


@pytest.mark.slow
def test_sigterm_under_load_ends_well_and_loses_nothing(tmp_path: Path) -> None:
    """Row 8."""
    pages = [page(number) for number in range(96 * ROUNDS)]
    publish(pages)
    with working(tmp_path / "log", workers=2) as process:
        wait_until(lambda: ends("index") > 0, 60, "for the first articles")
        before = behind()
        members = family(process.pid)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, (tmp_path / "log").read_text()
        assert time.monotonic() - began < 30
        assert not any(map(alive, members))
    after = behind()
    assert before["read"] > 0, "there was no load"
    assert after["read"] <= before["read"]
    everything_arrives(pages)


@pytest.mark.slow
def test_a_second_sigterm_ends_at_once(tmp_path: Path) -> None:
    """Row 8: in the middle of slices that take seconds; nothing is lost by it either."""
    first = [page(number, host="one.example") for number in range(READ.slice_events)]
    heavy = [
        page(number, words=1500, host="one.example")
        for number in range(READ.slice_events, 2 * READ.slice_events)
    ]
    publish([*first, *heavy])
    with working(tmp_path / "log", workers=1) as process:
        wait_until(lambda: ends("read") >= len(first), 60, "for the first slice")
        members = family(process.pid)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert process.poll() is None, "the work was too light for a second signal"
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(2) == -signal.SIGTERM
        wait_until(lambda: not any(map(alive, members)), 2, "for the end of all members")
        assert time.monotonic() - began < 2
    everything_arrives([*first, *heavy])
