"""Stages run slice by slice in this process, each with the CPU seconds that it took."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from processors.ids import article_id, bytes_hash
from processors.records import Article, Page
from services.bench.fitted import Slices
from services.bench.webpages import mixed_page
from services.bus import Bus, Event, Slice
from services.errors import UserError
from services.pages import event_of
from services.sqlite import driver
from services.stages import Stage
from services.stages.flow import Step
from services.stages.records import record_of
from services.stages.runner import run_slice
from services.store import Store

READABLE = ("read", "stored", "no-alert", "alerted")


def page_events(numbers: range) -> Iterator[Event]:
    """Pages of the bench as a crawl puts them into the log, a second apart until now."""
    now = datetime.now(UTC) - timedelta(seconds=len(numbers))
    for number in numbers:
        made = mixed_page(number)
        body = str(made.html).encode()
        yield event_of(
            Page(
                id=article_id(made.url),
                url=made.url,
                requested_url=made.url,
                source="bench",
                fetched_at=now + timedelta(seconds=number - numbers.start),
                status=200,
                headers={"content-type": "text/html; charset=utf-8"},
                body=body,
                content_hash=bytes_hash(body),
            )
        )


def timed(
    step: Step, stage: Stage, *, bus: Bus, store: Store, events: int, most: int = 0
) -> list[Slices]:
    """Bring so many events to their ends, in slices of ``most`` at the most, or the step's.

    Polling, reading, noting and committing are counted. Raises UserError when one ends badly,
    because then no figure is true.
    """
    found: list[Slices] = []
    left = events
    while left > 0:
        start = process_time()
        parts = bus.poll(step.stage, step.takes.name, most=min(most or step.slice_events, left))
        for part in parts:
            ends = run_slice(step, stage, part, bus=bus, store=store, now=lambda: datetime.now(UTC))
            bus.commit(step.stage, part)
            if bad := [f"{count} {name}" for name, count in ends.items() if name not in READABLE]:
                raise UserError(f"bench stages: {', '.join(bad)} in stage {step.stage}")
            left -= len(part)
            found.append(Slices(len(part), process_time() - start))
        if not parts:
            raise UserError(f"bench stages: {left} events for stage {step.stage} did not come")
    return found


def articles_of(bus: Bus, step: Step) -> list[Article]:
    """All articles of the log."""
    return [
        record_of(stored.event, Article)
        for lag in bus.lag(step.stage, step.takes.name)
        if lag.end
        for stored in bus.read(Slice(step.takes.name, lag.partition, 0, lag.end - 1))
    ]


def size(path: Path) -> int:
    """Bytes that an SQLite file has in use, its journal read; or of all files of a folder."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    with closing(driver.connect(path)) as connection:
        pages, unused, each = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - unused) * each)
