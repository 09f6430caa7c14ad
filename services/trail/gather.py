"""Asks the store, the log and the index what they know of one address, and judges nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

import msgspec

from processors.ids import article_id
from processors.records import Page, decode
from services.bus import Bus, Slice
from services.dead.reading import catch_up
from services.errors import TryLater, UserError
from services.index import Index
from services.stages.elsewhere import elsewhere
from services.stages.flow import waiting
from services.store import Store
from services.store.letters import Letter, Wanted
from services.store.places import Source
from services.store.port import Finished
from services.store.trails import Way
from services.trail.asked import Asked
from services.trail.facts import READS, Alerted, Facts, Kept, PageSeen

MOST_PAGES = 5
"""Events whose bytes are looked at on the log, the newest."""
MOST_LETTERS = 50


def gather(
    given: Asked, store: Store, open_bus: Callable[[], Bus], open_index: Callable[[], Index]
) -> Facts:
    """Raises TryLater while the store is away; ``away`` says what else is, or cannot be used."""
    with _opened(open_bus) as bus, _opened(open_index) as index:
        return _gather(given, _Asking(store, bus, index))


def _gather(given: Asked, asking: "_Asking") -> Facts:
    store = asking.store
    asked = asking.of_letter(given)
    ways = asking.ways(asked)
    ids = dict.fromkeys([asked.article, *(_of_event(way.event_id) for way in ways)])
    ends = asking.ends([each for each in ids if each], asked.event)
    articles = _articles(asked, ends)
    kept = asking.kept(articles)
    return Facts(
        asked=asked,
        article=kept.article.id if kept.article else next(iter(articles), ""),
        ways=tuple(ways),
        sources=tuple(_sources(store, asked, ways)),
        robots={way.target.url: text for way in ways if (text := store.robots(_site(way)))},
        pages=tuple(asking.pages(ends)),
        ends=tuple(ends),
        letters=tuple(asking.letters(asked, ways, ends)),
        kept=kept,
        alerted=_alerted(store, articles),
        behind=asking.bus.ask(waiting, {}),
        away=tuple(dict.fromkeys((*asking.bus.away, *asking.index.away))),
        index_away=bool(asking.index.away),
    )


class _Spared[Port: (Bus, Index)]:
    """A port that may be away: then it is not asked again, and the rest is told all the same."""

    def __init__(self, port: Port | None, away: Sequence[str] = ()) -> None:
        self._port: Port | None = port
        self.away = list(away)

    def ask[T](self, question: Callable[[Port], T], instead: T) -> T:
        if self._port is None:
            return instead
        try:
            return question(self._port)
        except (TryLater, UserError) as error:
            self._port = None
            self.away.append(str(error))
            return instead


@contextmanager
def _opened[Port: (Bus, Index)](open_port: Callable[[], Port]) -> Iterator[_Spared[Port]]:
    try:
        port = open_port()
    except (TryLater, UserError) as error:
        yield _Spared(None, [str(error)])
    else:
        with port:
            yield _Spared(port)


class _Asking:
    """The questions that need more than one of the ports."""

    def __init__(self, store: Store, bus: _Spared[Bus], index: _Spared[Index]) -> None:
        self.store, self.bus, self.index = store, bus, index

    def of_letter(self, asked: Asked) -> Asked:
        """The event of a letter, where its id was given; letters are read from the log before."""
        self.bus.ask(lambda bus: catch_up(bus, self.store), 0)
        if asked.url or asked.article:
            return asked
        letters = self.store.letters(Wanted(ids=(asked.event,)), limit=1)
        event = letters[0].event_id if letters else asked.event
        return Asked(given=asked.given, event=event, article=_of_event(event))

    def ways(self, asked: Asked) -> Sequence[Way]:
        """By the address, or back from the article or the page that came of it."""
        if found := self.store.ways(asked.urls):
            return found
        if not asked.article:
            return []
        article = self.index.ask(lambda index: index.get(asked.article), None)
        if article:
            back = self.store.ways_of_fetch(article.source, article.fetched_at)
            if found := [way for way in back if self._led_to(way, article.id)]:
                return found
        pages = self.pages(self._ends_of(asked.article))
        return self.store.ways({seen.page.requested_url for seen in pages})

    def _led_to(self, way: Way, article: str) -> bool:
        """Whether the article came of this address, as far as the store knows."""
        if not way.event_id or _of_event(way.event_id) == article:
            return True
        reasons = [end.reason for end in self.store.ends(event=way.event_id)]
        return any(article_id(url) == article for each in reasons if (url := elsewhere(each)))

    def ends(self, ids: Sequence[str], event: str) -> list[Finished]:
        """Those of all events of these pages, and of the articles that came of them."""
        found = [end for each in ids for end in self._ends_of(each)]
        if not ids:
            found = self.store.ends(event=event)
        others = {article_id(url) for end in found if (url := elsewhere(end.reason))}
        found += [end for each in sorted(others - set(ids)) for end in self._ends_of(each)]
        return sorted(found, key=lambda end: (end.at, end.stage))

    def _ends_of(self, article: str) -> list[Finished]:
        return self.store.ends(article=article)

    def pages(self, ends: Iterable[Finished]) -> list[PageSeen]:
        """The newest pages, the oldest of them first."""
        read = [end for end in ends if end.stage in READS][-MOST_PAGES:]
        return self.bus.ask(lambda bus: [seen for end in read for seen in _seen(bus, end)], [])

    def letters(self, asked: Asked, ways: Sequence[Way], ends: Sequence[Finished]) -> list[Letter]:
        events = {end.event_id for end in ends if end.outcome == "rejected"}
        events |= {way.event_id for way in ways} | {asked.event}
        found = [
            letter
            for event in sorted(events - {""})
            for letter in self.store.letters(Wanted(event_id=event), limit=MOST_LETTERS)
        ]
        return sorted(found, key=lambda letter: (letter.failed_at, letter.at))

    def kept(self, articles: Sequence[str]) -> Kept:
        """Of the first of these that there is."""
        stories = self.store.stories(articles)
        own = next((each for each in articles if each in stories), "")
        copies = self.store.copies(own) if own else []
        first = next(
            (each for each, told in self.store.stories(copies).items() if told.original), ""
        )
        kept = Kept(told=stories.get(own), copies=tuple(copies))

        def of_index(index: Index) -> Kept:
            found = (article for each in articles if (article := index.get(each)))
            article = next(found, None)
            return msgspec.structs.replace(
                kept,
                article=article,
                revisions=index.edits([article])[0] if article else 0,
                first=index.get(first) if first and first != own else None,
            )

        return self.index.ask(of_index, kept)


def _seen(bus: Bus, end: Finished) -> list[PageSeen]:
    """The page that ended so, as the log has it."""
    part = Slice(end.topic, end.partition, end.offset, end.offset)
    return [
        PageSeen(
            event=stored.event.id,
            topic=end.topic,
            partition=stored.partition,
            offset=stored.offset,
            page=page,
        )
        for stored in bus.read(part)
        if (page := _page(stored.event.data))
    ]


def _alerted(store: Store, articles: Sequence[str]) -> Alerted:
    found = {noted.alert.id: noted for each in articles for noted in store.alerts_about(each)}
    messages = store.messages_with(list(found))
    ids = sorted({message.channel for each in messages.values() for message in each})
    channels = {each: channel for each in ids if (channel := store.channel(each))}
    return Alerted(alerts=tuple(found.values()), messages=messages, channels=channels)


def _sources(store: Store, asked: Asked, ways: Sequence[Way]) -> list[Source]:
    named = {way.target.source for way in ways}
    host = urlsplit(asked.url).hostname
    return [
        source
        for source in store.sources()
        if (source.id in named if ways else host and urlsplit(source.url).hostname == host)
    ]


def _articles(asked: Asked, ends: Sequence[Finished]) -> list[str]:
    """Ids under which its article may be kept, the likeliest first."""
    named = [article_id(url) for end in reversed(ends) if (url := elsewhere(end.reason))]
    made = [_of_event(end.event_id) for end in reversed(ends) if end.stage not in READS]
    seen = [_of_event(end.event_id) for end in reversed(ends)]
    return [each for each in dict.fromkeys([*named, *made, *seen, asked.article]) if each]


def _of_event(event_id: str) -> str:
    """What an event is of, by its id; empty for the id of another program's event."""
    name, mark, _ = event_id.rpartition("-")
    return name if mark and len(name) == len(article_id("http://a.example/")) else ""


def _site(way: Way) -> str:
    parts = urlsplit(way.target.url)
    return f"{parts.scheme}://{parts.netloc}"


def _page(data: bytes) -> Page | None:
    try:
        record = decode(data)
    except ValueError:
        return None
    return record if isinstance(record, Page) else None
