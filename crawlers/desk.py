"""Decides what a response means: notes it, publishes it, and says where to look next.

Knows ports and records only; Scrapy is one room further (``spider.py``), so every rule here is
tested without a network.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from crawlers.again import is_archive, next_check
from crawlers.books import Books, Entry
from crawlers.fetching.caching import fresh_for, retry_after
from crawlers.fetching.conditional import validators
from crawlers.fetching.outcomes import End, of_status
from crawlers.hubs import Hubs
from crawlers.links import as_given, links_of, remarks
from crawlers.listings.entries import Listing, Unreadable
from crawlers.listings.read import MAX_PAGE, not_a_page, read_listing, read_seed
from crawlers.looks import Looks, seed_end
from crawlers.publish import Reply, as_rendered, event_of, page_of
from crawlers.rendering.jobs import Rendering
from crawlers.report import Report
from crawlers.visits import Visit
from processors.ids import bytes_hash, canonical_url
from processors.records import Page
from services.bus import Event
from services.metrics import FETCH_REQUESTS, OTHER, ROBOTS_BLOCKED, source_label
from services.store.crawling import Ended, Task
from services.store.places import Source, Target
from services.store.port import Store
from services.store.watching import Watch

__all__ = ["Desk", "Visit"]

_PUSHED_BACK = frozenset({429, 503})


def _now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """One crawl's memory; used by one thread.

    Args:
        hold: the crawler that looks at once at all that a listing names, which it then holds;
            empty: what is new waits in the queue, for any crawler.
    """

    def __init__(
        self,
        store: Store,
        books: Books,
        report: Report,
        looks: Looks,
        *,
        hold: str = "",
        hubs: Hubs | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._store, self._books, self._report, self._looks = store, books, report, looks
        self._hold, self.hubs, self._now = hold, hubs, now
        self._seen: set[str] = set()
        self._published: dict[str, str] = {}
        """Page to the address that it was published for."""

    def open(self, address: str, source: str, watch: Watch | None = None) -> list[Visit]:
        """The first look at a seed; none when it has been looked at or is no address."""
        try:
            url = canonical_url(address)
        except ValueError as error:
            end = End("bad-url", str(error))
            self._looks.begin(address, source, watch)
            self._say(address, end, source=source, kind="unknown")
            self._end_seed(address, "unknown", end)
            return []
        if url in self._seen:
            return []
        self._looks.begin(address, source, watch)
        self._seen.add(url)
        self._report.found(url, source)
        target = self._store.target(url) or Target(url=url, source=source)
        target = msgspec.structs.replace(target, source=source)
        return [Visit(url=as_given(address, url), target=target, role="seed", seed=address)]

    def open_source(self, source: Source, watch: Watch | None) -> list[Visit]:
        """A look at a source that is due."""
        return self.open(source.url, source.id, watch)

    def open_task(self, task: Task) -> Visit:
        """A look at an address whose turn it is."""
        self._report.found(task.target.url, task.target.source)
        return Visit(
            url=task.target.url,
            target=task.target,
            role="page",
            since=task.since,
            tries=task.tries,
        )

    def forget(self, visit: Visit) -> None:
        """This crawl does not look at it after all; another one will."""
        self._report.left(visit.target.url)

    def fail(self, visit: Visit, end: End, reply: Reply | None = None) -> list[Visit]:
        """The address ended without a response that could be used."""
        asked = _asked(reply, self._now())
        if asked is not None:
            self._looks.retry_after(visit.seed, asked)
        if visit.role == "page":
            self._note(visit, visit.target, end)
        else:
            self._note_now(visit, visit.target, end, "unknown", 0)
        return []

    def is_new_page(self, visit: Visit, reply: Reply) -> bool:
        """Whether ``receive`` would publish this, should it be a page. Raises ValueError."""
        if visit.role == "child" or of_status(reply.status) or reply.status == 304:
            return False
        if len(reply.body) > MAX_PAGE or not_a_page(reply.body):
            return False
        return not self._is_known(visit.target, page_of(visit.target, reply, self._now()))

    def receive(
        self, visit: Visit, reply: Reply, rendering: Rendering | None = None
    ) -> list[Visit]:
        """Deal with a response; the addresses to look at next. Raises TryLater as the bus does.

        ``rendering`` is what a browser made of a page that is empty without its scripts.
        """
        if end := of_status(reply.status):
            return self.fail(visit, end, reply)
        if fresh := fresh_for(reply.headers, self._now()):
            self._looks.fresh(visit.seed, fresh)
        if reply.status == 304:
            return self._unchanged(visit)
        if visit.role == "page":
            return self._page(visit, reply, rendering)
        return self._seed_or_child(visit, reply, rendering)

    def report(self, entries: Iterable[Entry]) -> None:
        """Say of pages that they are done: they are noted."""
        for entry in entries:
            target = entry.ended.target
            self._looks.page_ended(target.source, entry.end.outcome)
            self._say(target.url, entry.end, source=target.source)

    def _seed_or_child(
        self, visit: Visit, reply: Reply, rendering: Rendering | None
    ) -> list[Visit]:
        if visit.target.content_hash == bytes_hash(reply.body) and not visit.target.fetched_at:
            return self._same_listing(visit, reply)
        seed = visit.role == "seed"
        read = read_seed if seed else read_listing
        kind, headers = reply.headers.get("content-type", ""), reply.headers
        found = read(reply.body, kind, reply.url, headers, now=self._now())
        match found:
            case Unreadable(reason=reason):
                return self.fail(visit, End("unreadable", reason))
            case Listing(kind="index"):
                inner = End("unreadable", "an index inside an index of sitemaps")
                return self._index(visit, found) if seed else self.fail(visit, inner)
            case Listing():
                return self._listing(visit, reply, found)
            case "page":
                other = End("unreadable", "not a sitemap")
                return self._page(visit, reply, rendering) if seed else self.fail(visit, other)

    def _unchanged(self, visit: Visit) -> list[Visit]:
        if not visit.target.content_hash:
            return self.fail(visit, End("unreadable", "the server answered 304 to a first request"))
        if visit.target.fetched_at is not None:
            self._note(visit, visit.target, End("unchanged"))
            return []
        listed = self._store.targets(visit.target.url)
        self._note_now(visit, visit.target, End("unchanged"), "listing", len(listed))
        return self._pages(listed, visit, {}) if self._hold else []

    def _same_listing(self, visit: Visit, reply: Reply) -> list[Visit]:
        """A server that always sends 200 sent the listing that it sent last time."""
        etag, last_modified = validators(reply.headers)
        noted = msgspec.structs.replace(visit.target, etag=etag, last_modified=last_modified)
        return self._unchanged(msgspec.structs.replace(visit, target=noted))

    def _page(self, visit: Visit, reply: Reply, rendering: Rendering | None) -> list[Visit]:
        if len(reply.body) > MAX_PAGE:
            return self.fail(visit, End("too-large", "a page of more than 5 MiB"))
        if reason := not_a_page(reply.body):
            return self.fail(visit, End("unreadable", reason))
        target = visit.target
        page = page_of(target, reply, self._now())
        etag, last_modified = validators(reply.headers)
        known = self._is_known(target, page)
        noted = msgspec.structs.replace(
            target,
            etag=etag,
            last_modified=last_modified,
            content_hash=page.content_hash,
            fetched_at=target.fetched_at if known and target.fetched_at else page.fetched_at,
        )
        end = End("unchanged" if known else "fetched")
        if not known:
            self._published[page.url] = target.url
            page, noted, end = _with_rendering(page, noted, end, rendering)
        event = None if known else event_of(page)
        if visit.role == "seed" and not known:
            self._looks.saw(visit.seed, (), new=1)
        self._note(visit, noted, end, event)
        return []

    def _is_known(self, target: Target, page: Page) -> bool:
        """Whether these bytes were published before, under this address or where it leads."""
        before = {target.content_hash} if target.fetched_at else set()
        if page.url != target.url and (other := self._store.target(page.url)):
            before.add(other.content_hash if other.fetched_at else "")
        # Another address led to it a moment ago; what is not noted yet is in no target.
        elsewhere = self._published.get(page.url, target.url) != target.url
        return page.content_hash in before or elsewhere

    def _listing(self, visit: Visit, reply: Reply, listing: Listing) -> list[Visit]:
        etag, last_modified = validators(reply.headers)
        noted = msgspec.structs.replace(
            visit.target,
            etag=etag,
            last_modified=last_modified,
            content_hash=bytes_hash(reply.body),
            fetched_at=None,
            outcome="fetched",
        )
        if self.hubs and visit.role == "seed":
            topic = listing.self_url or visit.target.url
            self.hubs.offer(visit.target.source, topic, listing.hub)
        now = self._now()
        named = links_of(listing, visit.target, visit.depth + 1, now)
        listed = self._store.note_listing(
            noted,
            named.links,
            now=now,
            priority=self._looks.priority(visit.target.source),
            hold=self._hold,
        )
        self._looks.saw(visit.seed, named.times, len(listed.new), listing.rhythm)
        for url, reason in listed.trapped.items():
            self._say(url, End("trap", reason), source=visit.target.source)
        end = End("fetched", remarks(listing, named.unusable, len(listed.trapped)))
        self._close(visit, end, listing.kind, len(named.links))
        if not self._hold:
            return []
        since = {link.target.url: link.since for link in named.links}
        return self._pages(listed.targets, visit, since)

    def _index(self, visit: Visit, listing: Listing) -> list[Visit]:
        """An index keeps no validators: it is small, and its children are asked conditionally."""
        noted = msgspec.structs.replace(visit.target, etag="", last_modified="", content_hash="")
        visits = []
        named = links_of(listing, visit.target, visit.depth + 1, self._now())
        for link in named.links:
            url = link.target.url
            if url in self._seen:
                continue
            self._seen.add(url)
            known = self._store.target(url) or link.target
            self._report.found(url, visit.target.source)
            visits.append(
                Visit(url=url, target=known, role="child", seed=visit.seed, depth=visit.depth + 1)
            )
        self._looks.await_children(visit.seed, len(visits))
        end = End("fetched", remarks(listing, 0, 0))
        self._note_now(visit, noted, end, "index", len(listing.entries))
        return visits

    def _pages(
        self, targets: Iterable[Target], visit: Visit, since: Mapping[str, datetime]
    ) -> list[Visit]:
        fresh = [each for each in targets if each.url not in self._seen and each.outcome != "trap"]
        self._seen.update(target.url for target in fresh)
        now, depth = self._now(), visit.depth + 1
        for target in fresh:
            self._report.found(target.url, target.source)
        return [
            Visit(
                url=each.url,
                target=each,
                role="page",
                since=since.get(each.url, now),
                depth=depth,
            )
            for each in fresh
        ]

    def _note(self, visit: Visit, target: Target, end: End, event: Event | None = None) -> None:
        """A page's end goes into the books, from where it is noted with others."""
        now = self._now()
        since = visit.since or target.fetched_at or now
        due, tries = None, 0
        if self._looks.knows(target.source) and visit.role == "page":
            due, tries = next_check(end.outcome, since, now, visit.tries, passing=end.passing)
        ended = Ended(
            target=msgspec.structs.replace(target, outcome=end.outcome),
            due=due,
            since=since,
            tries=tries,
            archive=is_archive(since, now),
            priority=self._looks.priority(target.source),
            reason=end.reason,
            event_id=event.id if event else "",
        )
        self._books.add(Entry(ended=ended, end=end, event=event))
        if visit.role != "page":
            self._end_seed_or_child(visit, end, "page")

    def _note_now(self, visit: Visit, target: Target, end: End, kind: str, entries: int) -> None:
        noted = msgspec.structs.replace(target, outcome=end.outcome)
        self._store.note_pages([Ended(target=noted, reason=end.reason)], self._now())
        self._close(visit, end, kind, entries)

    def _close(self, visit: Visit, end: End, kind: str, entries: int = 0) -> None:
        target = visit.target
        self._say(target.url, end, source=target.source, kind=kind)
        self._end_seed_or_child(visit, end, kind, entries)

    def _end_seed_or_child(self, visit: Visit, end: End, kind: str, entries: int = 0) -> None:
        if visit.role == "child":
            self._seen.discard(visit.target.url if not self._hold else "")
            self._looks.response_done(visit.seed, None)
            return
        if not self._hold:
            self._seen.discard(visit.target.url)
        self._end_seed(visit.seed, kind, end, entries)

    def _say(self, url: str, end: End, *, source: str, kind: str = "page") -> None:
        """An address is at its end: the report and the figures have it, each once."""
        self._report.address(url, end, source=source, kind=kind)
        label = source_label(source) if self._looks.knows(source) else OTHER
        FETCH_REQUESTS.labels(label, end.outcome).inc()
        if end.outcome == "robots":
            ROBOTS_BLOCKED.inc()

    def _end_seed(self, seed: str, kind: str, end: End, entries: int = 0) -> None:
        ended = seed_end(seed, kind, end, entries)
        self._report.seed(ended)
        self._looks.response_done(seed, ended)


def _with_rendering(
    page: Page, noted: Target, end: End, rendering: Rendering | None
) -> tuple[Page, Target, End]:
    """With what a browser made of it; where it made nothing the page goes as it came.

    When that was the browser's fault, no hash is noted, so that the next look tries again.
    """
    if rendering is None:
        return page, noted, end
    if not rendering.reason:
        return as_rendered(page, rendering.html), noted, end
    if rendering.ours:
        noted = msgspec.structs.replace(noted, content_hash="")
    return page, noted, End("fetched", rendering.reason)


def _asked(reply: Reply | None, now: datetime) -> float | None:
    """Seconds that a server which has enough of us asks for."""
    if reply is None or reply.status not in _PUSHED_BACK:
        return None
    return retry_after(reply.headers.get("retry-after", ""), now)
