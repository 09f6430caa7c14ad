"""An import: outcomes that add up, pages as a crawl makes them, and going on after a stop."""

import gzip
import json
import os
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner

from crawlers.publish import Reply, page_of
from processors.records import Page, decode
from services.bootstrap import open_bus, open_store
from services.bus import Bus, Event, Lag
from services.cli.commands import app
from services.errors import Reject, TryLater, UserError
from services.importing import run
from services.importing.judge import judge
from services.importing.records import Fetched, Left
from services.importing.run import Imported, Importing
from services.pages import event_of
from services.settings import load_settings
from services.stages import backlog
from services.stages.backlog import Waiting
from services.store.intake import Intake
from services.store.port import Target
from tests.support.archives import FETCHED, http, line, packed, page, record, warcinfo
from tests.support.memory import MemoryBus

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AT = datetime.fromisoformat(FETCHED)


class Progresses:
    """As much of a store as an import needs."""

    def __init__(self) -> None:
        self.done: dict[str, int] = {}

    def imported(self, file: str) -> int:
        return self.done.get(file, 0)

    def note_imported(self, file: str, records: int, now: datetime) -> None:
        self.done[file] = records


class Log(MemoryBus):
    """Some events are refused, and some of what was appended is read at each look."""

    def __init__(self, reads: int = 0) -> None:
        super().__init__()
        self.reads = reads
        self.read_so_far = 0
        self.refused = ""
        self.away = 0

    def publish(self, topic: str, events: Sequence[Event]) -> None:
        assert topic == "pages.backfill"
        if self.away:
            self.away -= 1
            raise TryLater("the log is away")
        if any(event.id.startswith(self.refused) for event in events if self.refused):
            raise Reject("an event of 9 MiB; 8 MiB are taken")
        super().publish(topic, events)

    def lag(self, group: str, topic: str) -> list[Lag]:
        assert (group, topic) == ("read-backfill", "pages.backfill")
        self.read_so_far = min(self.read_so_far + self.reads, len(self.events))
        return [Lag(topic, 0, self.read_so_far, len(self.events))]


class Place:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bus = Log()
        self.store = Progresses()

    def file(self, data: bytes, name: str = "archive") -> Path:
        path = self.folder / name
        path.write_bytes(data)
        os.utime(path, (AT.timestamp(), AT.timestamp()))
        return path

    def run(self, path: Path, **options: object) -> Imported:
        given = {"now": lambda: NOW, "sleep": lambda _: None} | options
        result = Imported(str(path), outcomes={}, problems=[])
        bus, store = cast(Bus, self.bus), cast(Intake, self.store)
        Importing(bus, store, **given).run(path, result)  # type: ignore[arg-type]
        assert result.records == sum(result.outcomes.values())
        return result

    def pages(self) -> list[Page]:
        found = [decode(event.data) for event in self.bus.events]
        return [each for each in found if isinstance(each, Page)]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


MIXED = packed(
    warcinfo(),
    record(),
    record("https://ledger.example/robots.txt", http(b"User-agent: *", content_type="text/plain")),
    record("https://ledger.example/a", http(b"", "301 Moved", Location="/b")),
    record("https://ledger.example/b", http(page(), "404 Not Found")),
    record("https://ledger.example/b", http(page(), "410 Gone")),
    record("https://ledger.example/b", http(page(), "503 Away")),
    record("https://ledger.example/c.png", http(b"\x89PNG\r\n", content_type="image/png")),
    record("https://ledger.example/d", http(b"\0\1\2<", content_type="")),
    record("dns:ledger.example"),
    record("https://ledger.example/e", WARC_Date="2031-01-01T00:00:00Z"),
    record(block=b"no HTTP"),
    record(kind="revisit"),
    record("https://circuit.example/2"),
)
COUNTS = {
    "not-a-response": 1, "imported": 2, "robots-txt": 1, "redirect": 1, "not-found": 2,
    "error-status": 1, "not-html": 2, "bad-url": 1, "bad-time": 1, "unreadable": 1, "revisit": 1,
}  # fmt: skip


def test_every_record_ends_in_one_outcome(place: Place) -> None:
    result = place.run(place.file(MIXED))
    assert (result.format, result.outcomes) == ("warc", COUNTS)
    assert [(each.record, each.outcome) for each in result.problems] == [
        (10, "bad-url"),
        (11, "bad-time"),
        (12, "unreadable"),
    ]
    assert [each.source for each in place.pages()] == ["ledger.example", "circuit.example"]


def test_a_page_is_what_a_crawl_would_have_made_of_it(place: Place) -> None:
    headers = {"Content_Language": "en", "X_Robots_Tag": "noai", "Set_Cookie": "a=b"}
    url = "https://Ledger.example/r1?utm_source=x#top"
    place.run(place.file(record(url, http(page(), **headers))), source="ledger")
    target = Target(url="https://ledger.example/r1", source="ledger")
    given = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    reply = Reply(url=url, status=200, headers={"content-type": "text/html"} | given, body=page())
    assert place.pages() == [page_of(target, reply, AT)]
    assert place.bus.events == [event_of(page_of(target, reply, AT))]


def test_what_was_stopped_goes_on_and_repeats_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "LOOK_EVERY", 1)
    path = place.file(packed(*(record(f"https://ledger.example/{n}") for n in range(100))))

    def stop() -> str:
        return "the disk is full" if len(place.bus.events) > 40 else ""

    with pytest.raises(Waiting, match="the disk is full"):
        place.run(path, room=stop)
    before = len(place.bus.events)
    assert 40 < before < 100
    result = place.run(path)
    assert result.outcomes == {"done-before": before, "imported": 100 - before}
    assert len({each.url for each in place.pages()}) == len(place.bus.events) == 100
    assert place.run(path).outcomes == {"done-before": 100}
    assert place.run(path, source="other").outcomes == {"imported": 100}
    assert place.run(path, again=True).outcomes == {"imported": 100}


def test_a_dry_run_changes_nothing(place: Place) -> None:
    result = place.run(place.file(MIXED), dry=True)
    assert result.outcomes == COUNTS
    assert (place.bus.events, place.store.done) == ([], {})


def test_json_lines_without_a_time_are_of_the_files_time(place: Place) -> None:
    data = line(fetched_at=None) + b"{\n" + line("https://ledger.example/2", source="wire")
    result = place.run(place.file(data))
    assert (result.format, result.outcomes) == ("json-lines", {"imported": 2, "broken": 1})
    assert [(each.fetched_at, each.source) for each in place.pages()] == [
        (AT, "ledger.example"),
        (AT, "wire"),
    ]


def test_a_page_that_the_log_refuses_is_left_out_alone(place: Place) -> None:
    urls = [f"https://ledger.example/{n}" for n in range(5)]
    refused = judge(Fetched(url=urls[2], fetched_at=AT, headers={}, body=page()), "", NOW)
    assert isinstance(refused, Page)
    place.bus.refused = refused.id
    place.bus.away = 3
    result = place.run(place.file(packed(*(record(url) for url in urls))))
    assert result.outcomes == {"imported": 4, "too-large": 1}


def test_it_waits_while_pages_wait_and_ends_when_nobody_reads(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MOST_WAITING", 64)
    monkeypatch.setattr(backlog, "LOOK_EVERY", 32)
    path = place.file(packed(*(record(f"https://ledger.example/{n}") for n in range(300))))
    with pytest.raises(Waiting, match="nobody reads them: start `beatwire up`"):
        place.run(path)
    assert 64 <= len(place.bus.events) <= 64 + 2 * run.BATCH
    place.bus.reads = 3
    result = place.run(path)
    assert result.outcomes["imported"] + result.outcomes["done-before"] == 300


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "neither WARC nor"), (b"PK\x03\x04", "neither WARC nor"), (b"\x1f\x8bx", "neither")],
)
def test_a_file_of_no_known_format(place: Place, data: bytes, says: str) -> None:
    with pytest.raises(UserError, match=says):
        place.run(place.file(data))


def test_links_pipes_and_folders_are_not_read(place: Place) -> None:
    """Row 78."""
    place.file(record(), "own")
    (place.folder / "link").symlink_to("own")
    os.mkfifo(place.folder / "pipe")
    for name, says in (
        ("link", "it is a link"),
        ("pipe", "no file"),
        (".", "no file"),
        ("no", "No"),
    ):
        with pytest.raises(UserError, match=says):
            place.run(place.folder / name)


def test_a_packed_line_without_an_end_is_passed_over(place: Place) -> None:
    """Row 78: a bomb of 128 MiB in 128 KiB."""
    good = line("https://ledger.example/a"), line("https://ledger.example/b")
    path = place.file(gzip.compress(b"\n".join([good[0], bytes(128 << 20), good[1]]), 9))
    tracemalloc.start()
    try:
        result = place.run(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert result.outcomes == {"imported": 2, "too-large": 1}
    assert peak < 64 << 20


@pytest.mark.parametrize("url", ["../../etc/passwd", "file:///etc/passwd", "ftp://a.example/", ""])
def test_an_address_is_nothing_but_an_address(url: str) -> None:
    found = judge(Fetched(url=url, fetched_at=AT, headers={}, body=page()), "", NOW)
    assert isinstance(found, Left)
    assert found.outcome == "bad-url"


def test_the_command_tells_people_and_machines(place: Place) -> None:
    path = place.file(MIXED)
    done = CliRunner().invoke(app, ["import", str(path), "--dry-run"])
    assert done.exit_code == 1
    assert f"{path}: 2 of 14 records would be imported" in done.stdout
    assert "record 12: unreadable: it holds no HTTP response" in done.stderr
    done = CliRunner().invoke(app, ["import", str(path), str(place.folder / "no"), "--json"])
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert (said["records"], said["outcomes"]) == (14, COUNTS)
    with open_bus(load_settings()) as bus, open_store(load_settings()) as store:
        assert sum(lag.records for lag in bus.lag("read-backfill", "pages.backfill")) == 2
        assert store.outcomes() == {}
    done = CliRunner().invoke(app, ["import", str(path), "--json"])
    assert json.loads(done.stdout)["outcomes"] == {"done-before": 14}
    assert done.exit_code == 0
