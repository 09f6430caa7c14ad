"""Decides what a response means: notes it, publishes it, and says where to look next.

Knows ports and records only; Scrapy is one room further (``spider.py``), so every rule here is
tested without a network.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from crawlers.conditional import validators
from crawlers.entries import Entry, Listing, Unreadable
from crawlers.listings import MAX_PAGE, not_a_page, read_listing
from crawlers.outcomes import End, Outcome, of_status
from crawlers.publish import Reply, page_of, publish
from crawlers.report import Report, SeedEnd
from processors.ids import bytes_hash, canonical_url
from processors.records import FeedHints
from services.bus import Bus
from services.errors import Reject
from services.store.port import Frontier, Source, Target

Role = Literal["seed", "child", "page"]


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One address to look at, and what is known of it."""

    url: str
    """As it is to be asked for; ``target.url`` is its canonical form."""
    target: Target
    role: Role
    """A seed may be anything, a child is a sitemap of an index, a page is an article."""
    seed: str = ""
    """What the person or the schedule asked for, in their words; only for seeds."""


def _now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """One crawl's memory; used by one thread."""

    def __init__(
        self, bus: Bus, store: Frontier, report: Report, now: Callable[[], datetime] = _now
    ) -> None:
        self._bus, self._store, self._report, self._now = bus, store, report, now
        self._seen: set[str] = set()
        self._published: set[str] = set()

    def open(self, address: str, source: str) -> list[Visit]:
        """The first look at a seed; none when it has been looked at or is no address."""
        try:
            url = canonical_url(address)
        except ValueError as error:
            self._report.address(address, End("bad-url", str(error)), kind="unknown")
            self._end_seed(address, source, "unknown", End("bad-url", str(error)))
            return []
        if url in self._seen:
            return []
        self._seen.add(url)
        target = self._store.target(url) or Target(url=url, source=source)
        asked = _as_given(address, url)
        return [Visit(url=asked, target=_of(target, source), role="seed", seed=address)]

    def fail(self, visit: Visit, end: End) -> list[Visit]:
        """The address ended without a response that could be used."""
        self._store.note_fetch(msgspec.structs.replace(visit.target, outcome=end.outcome))
        self._close(visit, end, kind="page" if visit.role == "page" else "unknown")
        return []

    def receive(self, visit: Visit, reply: Reply) -> list[Visit]:
        """Deal with a response; the addresses to look at next. Raises TryLater as the bus does."""
        if end := of_status(reply.status):
            return self.fail(visit, end)
        if reply.status == 304:
            return self._unchanged(visit)
        if visit.role == "page":
            return self._page(visit, reply)
        return self._seed_or_child(visit, reply)

    def _seed_or_child(self, visit: Visit, reply: Reply) -> list[Visit]:
        found = read_listing(reply.body, reply.headers.get("content-type", ""), reply.url)
        seed = visit.role == "seed"
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
                return self._page(visit, reply) if seed else self.fail(visit, other)

    def _unchanged(self, visit: Visit) -> list[Visit]:
        if not visit.target.content_hash:
            return self.fail(visit, End("unreadable", "the server answered 304 to a first request"))
        self._store.note_fetch(msgspec.structs.replace(visit.target, outcome="unchanged"))
        if visit.target.fetched_at is not None:
            self._close(visit, End("unchanged"))
            return []
        listed = self._store.targets(visit.target.url)
        self._close(visit, End("unchanged"), kind="listing", entries=len(listed))
        return self._pages(listed)

    def _page(self, visit: Visit, reply: Reply) -> list[Visit]:
        if len(reply.body) > MAX_PAGE:
            return self.fail(visit, End("too-large", "a page of more than 5 MiB"))
        if reason := not_a_page(reply.body):
            return self.fail(visit, End("unreadable", reason))
        target = visit.target
        page = page_of(target, reply, self._now())
        etag, last_modified = validators(reply.headers)
        before = {target.content_hash} if target.fetched_at else set()
        if page.url != target.url and (other := self._store.target(page.url)):
            before.add(other.content_hash if other.fetched_at else "")
        known = page.content_hash in before or page.url in self._published
        end = End("unchanged") if known else End("fetched")
        if not known:
            try:
                publish(self._bus, page)
            except Reject as error:
                return self.fail(visit, End("too-large", str(error)))
            self._published.add(page.url)
        noted = msgspec.structs.replace(
            target,
            etag=etag,
            last_modified=last_modified,
            content_hash=page.content_hash,
            fetched_at=target.fetched_at if known and target.fetched_at else page.fetched_at,
            outcome=end.outcome,
        )
        self._store.note_fetch(noted)
        self._close(visit, end)
        return []

    def _listing(self, visit: Visit, reply: Reply, listing: Listing) -> list[Visit]:
        etag, last_modified = validators(reply.headers)
        digest = bytes_hash(reply.body)
        outcome: Outcome = "unchanged" if digest == visit.target.content_hash else "fetched"
        noted = msgspec.structs.replace(
            visit.target,
            etag=etag,
            last_modified=last_modified,
            content_hash=digest,
            fetched_at=None,
            outcome=outcome,
        )
        found, unusable = self._targets(visit.target, listing)
        self._store.discover(noted, found)
        end = End(outcome, _remarks(listing, unusable))
        self._close(visit, end, kind=listing.kind, entries=len(found))
        return self._pages(self._store.targets(visit.target.url))

    def _index(self, visit: Visit, listing: Listing) -> list[Visit]:
        """An index keeps no validators: it is small, and its children are asked conditionally."""
        noted = msgspec.structs.replace(
            visit.target, etag="", last_modified="", content_hash="", outcome="fetched"
        )
        self._store.note_fetch(noted)
        end = End("fetched", _remarks(listing, 0))
        self._close(visit, end, kind="index", entries=len(listing.entries))
        visits = []
        for target in self._targets(visit.target, listing)[0]:
            if target.url not in self._seen:
                self._seen.add(target.url)
                known = self._store.target(target.url) or target
                visits.append(Visit(url=target.url, target=known, role="child"))
        return visits

    def _targets(self, listing_target: Target, listing: Listing) -> tuple[list[Target], int]:
        """Each link once, in order; and how many entries have no usable link."""
        found: dict[str, Target] = {}
        unusable = 0
        for entry in listing.entries:
            try:
                url = canonical_url(entry.link)
            except ValueError:
                unusable += 1
                continue
            hints = _hints(entry, listing, listing_target.url)
            found.setdefault(url, Target(url=url, source=listing_target.source, hints=hints))
        return list(found.values()), unusable

    def _pages(self, targets: Iterable[Target]) -> list[Visit]:
        fresh = [target for target in targets if target.url not in self._seen]
        self._seen.update(target.url for target in fresh)
        return [Visit(url=target.url, target=target, role="page") for target in fresh]

    def _close(self, visit: Visit, end: End, *, kind: str = "page", entries: int = 0) -> None:
        self._report.address(visit.target.url, end, kind=kind)
        if visit.role == "seed":
            self._end_seed(visit.seed, visit.target.source, kind, end, entries)

    def _end_seed(self, seed: str, source: str, kind: str, end: End, entries: int = 0) -> None:
        ended = SeedEnd(
            seed=seed, kind=kind, outcome=end.outcome, reason=end.reason, entries=entries
        )
        self._report.seed(ended)
        for known in self._store.sources():
            # Read again at this moment: it may have been paused or removed since the start.
            if known.id == source:
                self._store.put_source(_looked_at(known, ended, self._now()))


def _of(target: Target, source: str) -> Target:
    return msgspec.structs.replace(target, source=source)


def _looked_at(source: Source, ended: SeedEnd, now: datetime) -> Source:
    listed = ended.kind not in {"page", "unknown"}
    plural = "entry" if ended.entries == 1 else "entries"
    what = f"{ended.entries:,} {plural}" if listed else ended.kind
    failed = ended.outcome not in {"fetched", "unchanged"}
    note = ended.outcome if failed else what
    note = f"{note}: {ended.reason}" if ended.reason else note
    return msgspec.structs.replace(source, checked_at=now, note=note)


def _remarks(listing: Listing, unusable: int) -> str:
    remarks = [listing.flaw] if listing.flaw else []
    if listing.total > len(listing.entries):
        remarks.append(f"{len(listing.entries)} of {listing.total:,} entries taken")
    if unusable:
        remarks.append(f"{unusable} without a usable link")
    return "; ".join(remarks)


def _hints(entry: Entry, listing: Listing, feed: str) -> FeedHints:
    return FeedHints(
        feed=feed,
        title=entry.title,
        authors=entry.authors,
        published=entry.published,
        updated=entry.updated,
        summary=entry.summary,
        site_name=entry.site_name or listing.title,
        language=entry.language or listing.language,
    )


def _as_given(address: str, canonical: str) -> str:
    """A seed is asked for with the query it was given: a feed may need what pages do not."""
    host = urlsplit(canonical).netloc
    return urlsplit(address.strip())._replace(netloc=host, fragment="").geturl()
