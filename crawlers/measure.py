"""``python -m crawlers.measure KNOWN ROUNDS``: what the decision on a feed of 100 links takes.

In the store of the home folder, which is filled with so many known addresses first.
"""

import io
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from crawlers.books import Books
from crawlers.desk import Desk
from crawlers.looks import Looks
from crawlers.publish import Reply
from crawlers.report import Report
from services.bootstrap import open_bus, open_store
from services.settings import load_settings
from services.store.crawling import HostState
from services.store.places import Source, Target
from services.store.port import Store
from services.store.trial import fill_frontier

FEED = "https://paper.example/feed.xml"
LINKS = 100
NEW = 10


def main(known: int, rounds: int) -> dict[str, object]:
    """Figures in milliseconds; see ``services.bench.crawl.DecisionBench``."""
    settings = load_settings()
    with open_store(settings) as store, open_bus(settings) as bus:
        began = time.perf_counter()
        fill_frontier(store, _targets(known))
        built = time.perf_counter() - began
        dice = random.Random(7)  # noqa: S311 - no secret
        source = Source(id="paper", url=FEED, added_at=datetime.now(UTC))
        store.put_source(source)
        ways: dict[str, list[tuple[float, float]]] = {"unchanged": [], "changed": []}
        links: Sequence[str] = ()
        for number in range(2 * rounds + 1):
            way = ("unchanged", "changed")[number % 2]
            if not links or way == "changed":
                fresh = [f"{_address(known)}-{number}-{n}" for n in range(NEW)] if links else []
                links = [*fresh, *(links or _some(known, dice))][:LINKS]
            taken = _decide(store, Desk(
                store, Books(bus, store, _now), Report(io.StringIO()),
                Looks(store, 600.0, _now),
            ), links)  # fmt: skip
            if number:
                ways[way].append(taken)
        return {"build_seconds": round(built, 1), **{k: _figures(v) for k, v in ways.items()}}


def _decide(store: Store, desk: Desk, links: Sequence[str]) -> tuple[float, float]:
    """Seconds from a response to its decision, noted: by the clock, and of CPU time."""
    store.make_due("paper", _now())
    [(source, watch)] = store.claim_sources("bench", _now(), 1).due
    (visit,) = desk.open_source(source, watch)
    body = _feed(links)
    began, worked = time.perf_counter(), time.process_time()
    desk.receive(visit, Reply(url=FEED, status=200, headers={}, body=body))
    taken = time.perf_counter() - began, time.process_time() - worked
    store.release_hosts("bench", [HostState(host="paper.example")])
    return taken


def _feed(links: Sequence[str]) -> bytes:
    """Never the same bytes twice, as many feeds are."""
    written = format_datetime(datetime(2026, 3, 1, tzinfo=UTC), usegmt=True)
    summary = "What was said, by whom, and with which figure. " * 4
    built = f"<lastBuildDate>{time.perf_counter_ns()}</lastBuildDate>"
    items = "".join(
        f"<item><title>{link[-30:]}</title><link>{link}</link><pubDate>{written}</pubDate>"
        f"<description>{summary}</description></item>"
        for link in links
    )
    return (
        f"<rss version='2.0'><channel><title>Paper</title>{built}{items}</channel></rss>".encode()
    )


def _targets(known: int) -> Iterator[Target]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(known):
        yield Target(
            url=_address(number), source=f"paper{number % 300}", etag=f'"{number:x}"',
            content_hash=f"{number:032x}", fetched_at=at + timedelta(seconds=number),
            outcome="fetched",
        )  # fmt: skip


def _address(number: int) -> str:
    # As real ones: near in time is not near in the order of the alphabet.
    return f"https://paper{number % 300}.example/{(number * 2654435761) % 2**32:08x}/some-words"


def _some(known: int, dice: random.Random) -> list[str]:
    return [_address(dice.randrange(known)) for _ in range(LINKS)]


def _figures(taken: Sequence[tuple[float, float]]) -> dict[str, float]:
    ordered = sorted(seconds for seconds, _ in taken)
    worked = sorted(seconds for _, seconds in taken)
    at = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    last = len(ordered) - 1
    found = {"cpu": round(1000 * worked[last // 2], 2)}
    return found | {
        name: round(1000 * ordered[min(last, int(share * len(ordered)))], 2)
        for name, share in at.items()
    }


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
