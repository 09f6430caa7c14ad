"""Ports in memory, for tests of what stands above them; adapters have contracts of their own."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Self

import msgspec

from services.bus import Event, Lag, Slice, Stored
from services.store.port import Copy, Joined, Retold, Source, Target, Told


class MemoryBus:
    """Keeps what is published; it has no groups. ``broken`` is raised by the next publish."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.broken: Exception | None = None

    def publish(self, topic: str, events: Sequence[Event]) -> None:
        if self.broken:
            raise self.broken
        self.events.extend(events)

    def poll(
        self, group: str, topic: str, *, most: int = 32, slices: int = 1, evenly: bool = False
    ) -> list[Slice]:
        return []

    def open_to(self, group: str, topic: str) -> set[int]:
        return set()

    def read(self, part: Slice) -> list[Stored]:
        return []

    def commit(self, group: str, part: Slice) -> None: ...

    def give_back(self, group: str, part: Slice) -> None: ...

    def offsets_for(self, topic: str, time: datetime) -> dict[int, int]:
        return {}

    def lag(self, group: str, topic: str) -> list[Lag]:
        return []

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None: ...


class MemoryStore:
    """The promises of ``Frontier`` and ``Stories`` on dictionaries; no article has a copy."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._targets: dict[str, Target] = {}
        self._listed: dict[str, list[str]] = {}

    def put_source(self, source: Source) -> None:
        self._sources[source.id] = source

    def sources(self) -> list[Source]:
        return [self._sources[key] for key in sorted(self._sources)]

    def remove_source(self, source_id: str) -> bool:
        return self._sources.pop(source_id, None) is not None

    def discover(self, listing: Target, found: Sequence[Target]) -> None:
        self._targets[listing.url] = listing
        for target in found:
            known = self._targets.get(target.url, target)
            self._targets[target.url] = msgspec.structs.replace(known, hints=target.hints)
        self._listed[listing.url] = [target.url for target in found]

    def targets(self, listing_url: str) -> list[Target]:
        return [self._targets[url] for url in self._listed.get(listing_url, [])]

    def target(self, url: str) -> Target | None:
        return self._targets.get(url)

    def note_fetch(self, target: Target) -> None:
        self._targets[target.url] = target

    def fetch_outcomes(self) -> dict[str, int]:
        return dict(Counter(target.outcome or "pending" for target in self._targets.values()))

    def join_stories(self, batch: Sequence[Copy]) -> list[Joined]:
        return [Joined(copy.article_id, original=True) for copy in batch]

    def stories(self, article_ids: Collection[str]) -> dict[str, Told]:
        return {article_id: Told(article_id, original=True) for article_id in article_ids}

    def copies(self, article_id: str) -> list[str]:
        return []

    def note_told(self, told: Mapping[str, Told]) -> None: ...

    def retold(self, since: int = 0) -> Retold:
        return Retold(0)

    def close(self) -> None: ...
