"""``python -m crawlers.check ADDRESS…``: looks at sources as a crawl would, and changes nothing.

The same guard, robots policy, limits and readers as in a crawl; no bus, and a store that is thrown
away. Standard output holds one JSON line an address (``services.sources.findings``).
"""

import argparse
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import msgspec
from scrapy import Request, Spider
from scrapy.http import Response

from crawlers.fetching.budget import Budget
from crawlers.fetching.limits import scrapy_settings
from crawlers.fetching.outcomes import End, of_error
from crawlers.fetching.policy import RobotsPolicy
from crawlers.listings.entries import Entry, Listing, Unreadable
from crawlers.listings.read import MAX_PAGE, MAX_SITEMAP
from crawlers.looking import (
    answered,
    end_of,
    page_failed,
    page_found,
    read,
    size_limit,
    usable_entries,
    with_listing,
)
from processors.ids import canonical_url
from services.bootstrap import open_store
from services.errors import UserError
from services.settings import Settings, load_settings
from services.sources.findings import Look, PageFound, RobotsFound
from services.store.port import Store

ARTICLES = 3
"""Articles of a source that are fetched."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 when every address was looked at, whatever came of it."""
    parser = argparse.ArgumentParser(prog="python -m crawlers.check", description=__doc__)
    parser.add_argument("addresses", nargs="+", metavar="ADDRESS")
    parser.add_argument("--articles", type=int, default=ARTICLES, metavar="N")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings()
    except UserError as error:
        sys.stderr.write(f"beatwire: {error}\n")
        return error.exit_code
    with tempfile.TemporaryDirectory(prefix="beatwire-check-") as folder:
        # Hosts and robots.txt are this look's own: it waits for no crawl and leaves no trace. Nor
        # has it to do with the workers of a broker, with whom a store that is a file is refused.
        own = settings.model_copy(update={"home": Path(folder), "store": "", "broker": ""})
        with open_store(own) as store:
            _check(settings, store, given)
    return 0


def _check(settings: Settings, store: Store, given: argparse.Namespace) -> None:
    from scrapy.crawler import AsyncCrawlerProcess

    process = AsyncCrawlerProcess(scrapy_settings(settings))
    budget = Budget(store, Checker.name, settings.crawl_delay, lambda: datetime.now(UTC))
    process.crawl(
        Checker,
        seeds=given.addresses,
        articles=given.articles,
        out=sys.stdout,
        store=store,
        budget=budget,
    )
    process.start()


class Checker(Spider):
    """Looks at each address once, and at the first articles that it names."""

    name = "beatwire-check"

    def __init__(
        self,
        seeds: Sequence[str],
        articles: int,
        out: TextIO,
        store: Store,
        budget: Budget,
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self._seeds, self._articles, self._out = seeds, articles, out
        self.store, self.budget = store, budget

    async def start(self) -> AsyncIterator[Any]:
        for seed in dict.fromkeys(self._seeds):
            look = Look(seed=seed, outcome="fetched")
            try:
                canonical_url(seed)
                yield self._request(seed, size_limit(seed), look, self.on_seed)
            except ValueError as error:
                self._say(look, End("bad-url", str(error)))

    def on_seed(self, response: Response, look: Look) -> Iterator[Request]:
        """The source itself, or the first sitemap of an index."""
        look = answered(look, response)
        if end := end_of(response):
            self._say(look, end)
            return
        match read(response, seed=not look.followed):
            case Unreadable(reason=reason):
                self._say(look, End("unreadable", reason))
            case Listing(kind="index", entries=inner) if look.followed or not inner:
                self._say(look, End("unreadable", "an index that leads to no list of articles"))
            case Listing(kind="index") as found:
                look = with_listing(look, found, [])
                first = found.entries[0].address
                look = msgspec.structs.replace(look, followed=first)
                yield self._request(first, MAX_SITEMAP, look, self.on_seed)
            case Listing() as found:
                entries = usable_entries(found)
                look = with_listing(look, found, entries)
                yield from self._pages(look, entries[: self._articles])
            case "page":
                look = msgspec.structs.replace(look, kind="page")
                entry = Entry(link=response.url)
                self._say(look, None, [page_found(entry, response)])

    def _pages(self, look: Look, entries: Sequence[Entry]) -> Iterator[Request]:
        if not entries:
            self._say(look, None)
        batch = _Batch(look, entries)
        for place, entry in enumerate(entries):
            try:
                yield self._request(
                    entry.address, MAX_PAGE, look, self.on_page, batch=batch, place=place
                )
            except ValueError as error:
                self._done(batch, place, page_failed(entry, End("bad-url", str(error))))

    def on_page(self, response: Response, look: Look, batch: "_Batch", place: int) -> None:
        """One article."""
        del look
        self._done(batch, place, page_found(batch.entries[place], response))

    def on_error(self, failure: Any) -> None:
        """An address ended without a response."""
        given, end = failure.request.cb_kwargs, of_error(failure.value)
        if batch := given.get("batch"):
            self._done(batch, given["place"], page_failed(batch.entries[given["place"]], end))
        else:
            self._say(given["look"], end)

    def _done(self, batch: "_Batch", place: int, page: PageFound) -> None:
        batch.pages[place] = page
        if len(batch.pages) == len(batch.entries):
            self._say(batch.look, None, [batch.pages[at] for at in range(len(batch.entries))])

    def _request(
        self,
        url: str,
        most: int,
        look: Look,
        callback: Any,
        *,
        batch: "_Batch | None" = None,
        place: int = 0,
    ) -> Request:
        more = {"batch": batch, "place": place} if batch else {}
        return Request(
            url,
            callback=callback,
            errback=self.on_error,
            dont_filter=True,
            meta={"download_maxsize": most},
            cb_kwargs={"look": look, **more},
        )

    def _say(self, look: Look, end: End | None, pages: Sequence[PageFound] = ()) -> None:
        if end is not None:
            look = msgspec.structs.replace(look, outcome=end.outcome, reason=end.reason)
        look = msgspec.structs.replace(look, robots=self._robots(look.seed), articles=tuple(pages))
        self._out.write(msgspec.json.encode(look).decode() + "\n")
        self._out.flush()

    def _robots(self, seed: str) -> RobotsFound | None:
        """What the policy learnt of the seed's site; None when it was not asked, or not reached."""
        found = self.crawler.engine.downloader.middleware.middlewares
        policy = next(each for each in found if isinstance(each, RobotsPolicy))
        rules = policy.known(seed)
        if rules is None:
            return None
        return RobotsFound(
            status=rules.status,
            allowed=rules.allow(seed),
            delay=rules.asked_delay,
            sitemaps=rules.sitemaps,
            reason=rules.closed,
        )


class _Batch:
    """The articles of one source on their way."""

    def __init__(self, look: Look, entries: Sequence[Entry]) -> None:
        self.look, self.entries = look, entries
        self.pages: dict[int, PageFound] = {}


if __name__ == "__main__":
    sys.exit(main())
