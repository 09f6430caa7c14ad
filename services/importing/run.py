"""An import: each record to its outcome, pages onto the log, and how far it is into the store."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import msgspec

from processors.records import Page
from services.bus import Bus, Event
from services.errors import Reject, UserError
from services.importing.jsonlines import read_lines
from services.importing.judge import judge
from services.importing.records import BAD, Left, Record
from services.importing.stream import Stream, open_regular
from services.importing.warc import MAGIC, read_warc
from services.pages import event_of
from services.stages.backlog import Backlog, patiently
from services.stages.flow import READ_BACKFILL
from services.store.intake import Intake

BATCH = 32
BATCH_BYTES = 4 * 1024 * 1024
MOST_TOLD = 100
"""Bad records of a file that are told one by one."""
_SAMPLE = 1024 * 1024


class Problem(msgspec.Struct, frozen=True):
    """A record that is not as it should be."""

    record: int
    outcome: str
    reason: str


class Imported(msgspec.Struct):
    """What came of a file; ``records`` is the sum of the outcomes."""

    file: str
    format: str = ""
    records: int = 0
    outcomes: dict[str, int] = {}
    problems: list[Problem] = []
    """The first ``MOST_TOLD``."""


class Progress(msgspec.Struct, frozen=True):
    """How far a file is: bytes of it, and pages that wait to be read while it waits for them."""

    done: int
    of: int
    records: int
    waiting: int = 0


class Importing:
    """Imports file after file. ``tell`` is called now and then."""

    def __init__(
        self,
        bus: Bus,
        store: Intake,
        *,
        source: str = "",
        dry: bool = False,
        again: bool = False,
        tell: Callable[[Progress], None] = lambda _: None,
        room: Callable[[], str] = lambda: "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``room`` says why the log can take no more; empty: it can."""
        self._bus, self._store = bus, store
        self._source, self._dry, self._again = source, dry, again
        self._tell, self._now, self._sleep = tell, now, sleep
        self._backlog = Backlog(
            bus,
            READ_BACKFILL,
            again="import again",
            room=room,
            tell=lambda waiting: tell(Progress(0, 0, 0, waiting)),
            sleep=sleep,
        )

    def run(self, path: Path, result: Imported) -> None:
        """Import a file into ``result``, which tells how far it is whatever ends it.

        Raises UserError when it cannot be read or is of no known format, Waiting when nobody reads
        what was imported or there is no room for more; what ``Bus`` and ``Store`` raise.
        """
        with open_regular(path) as file:
            stream, size = Stream(file), path.stat().st_size
            made_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            result.format, records = _reader(stream, path, made_at)
            key = self._key(path, size)
            done = 0 if self._again or self._dry else self._store.imported(key)
            batch = _Batch(self, key, result)
            for number, record in enumerate(records, 1):
                if number <= done:
                    _count(result, Left("done-before"))
                else:
                    batch.add(number, record)
                if not number % BATCH:
                    self._tell(Progress(stream.tell(), size, number))
            batch.give()
            self._tell(Progress(size, size, result.records))

    def judged(self, record: Record) -> Page | Left:
        return record if isinstance(record, Left) else judge(record, self._source, self._now())

    def publish(self, events: list[Event]) -> None:
        """Append to the log, when there is room. Raises Reject, Waiting."""
        self._backlog.admit(len(events))
        patiently(lambda: self._bus.publish(READ_BACKFILL.takes.name, events), self._sleep)

    def note(self, key: str, records: int) -> None:
        if not self._dry:
            patiently(lambda: self._store.note_imported(key, records, self._now()), self._sleep)

    @property
    def dry(self) -> bool:
        return self._dry

    def _key(self, path: Path, size: int) -> str:
        """What tells this file from others, and from itself before it grew."""
        with open_regular(path) as file:
            digest = blake2b(file.read(_SAMPLE), digest_size=16)
            file.seek(max(0, size - _SAMPLE // 16))
            digest.update(file.read(_SAMPLE // 16))
        digest.update(f"\0{size}\0{self._source}".encode("utf-8", "replace"))
        return digest.hexdigest()


class _Batch:
    """Pages that are not on the log yet; their records count once they are."""

    def __init__(self, importing: Importing, key: str, result: Imported) -> None:
        self._importing, self._key, self._result = importing, key, result
        self._pages: list[tuple[int, Event]] = []
        self._size = 0
        self._last = 0

    def add(self, number: int, record: Record) -> None:
        page = self._importing.judged(record)
        self._last = number
        if isinstance(page, Left):
            _count(self._result, page, number)
            return
        event = event_of(page)
        self._pages.append((number, event))
        self._size += len(event.data)
        if len(self._pages) >= BATCH or self._size >= BATCH_BYTES:
            self.give()

    def give(self) -> None:
        """Publish, count, note; in this order, so that what stops in between comes again."""
        if self._pages and not self._importing.dry:
            try:
                self._importing.publish([event for _, event in self._pages])
            except Reject:
                for number, event in self._pages:
                    self._give_one(number, event)
                self._pages = []
        for number, _ in self._pages:
            _count(self._result, Left("imported"), number)
        self._pages, self._size = [], 0
        if self._last:
            self._importing.note(self._key, self._last)

    def _give_one(self, number: int, event: Event) -> None:
        try:
            self._importing.publish([event])
        except Reject as error:
            _count(self._result, Left("too-large", str(error)), number)
        else:
            _count(self._result, Left("imported"), number)


def _count(result: Imported, end: Left, number: int = 0) -> None:
    result.records += 1
    result.outcomes[end.outcome] = result.outcomes.get(end.outcome, 0) + 1
    if end.outcome in BAD and len(result.problems) < MOST_TOLD:
        result.problems.append(Problem(number, end.outcome, end.reason))


def _reader(stream: Stream, path: Path, made_at: datetime) -> tuple[str, Iterator[Record]]:
    head = stream.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(MAGIC):
        return "warc", read_warc(stream)
    if head.startswith(b"{"):
        return "json-lines", read_lines(stream, made_at)
    raise UserError(
        f"{path}: neither WARC nor JSON lines; a WARC file begins with WARC/1.0 or WARC/1.1, "
        'JSON lines with {"url": …}; both may be packed with gzip'
    )


def summed(results: list[Imported]) -> dict[str, int]:
    """All outcomes of all files."""
    total = Counter[str]()
    for result in results:
        total.update(result.outcomes)
    return dict(total)
