"""``python -m crawlers.bare FOLDER``: a plain Scrapy spider, which ours is measured against.

It fetches the addresses of its input, saves bodies and does nothing else: no robots.txt, no
frontier, no log. It asks as many at a time as our crawl, and finds names as it does.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from crawlers.fetching.limits import ALL_HOSTS, PER_HOST
from crawlers.fetching.resolver import JOB
from services.settings import load_settings


class BareSpider(Spider):
    """Saves what it gets."""

    name = "bare"

    def __init__(self, folder: Path, urls: list[str], **given: Any) -> None:
        super().__init__(**given)
        self._folder, self._urls = folder, urls

    async def start(self) -> AsyncIterator[Any]:
        for number, url in enumerate(self._urls):
            yield Request(url, callback=self.save, cb_kwargs={"number": number})

    def save(self, response: Response, number: int) -> None:
        (self._folder / f"{number}.html").write_bytes(response.body)


def main(folder: Path, urls: list[str]) -> None:
    """Fetch all of ``urls`` into ``folder``."""
    process = AsyncCrawlerProcess(
        {
            JOB: load_settings(),
            "TWISTED_DNS_RESOLVER": "crawlers.fetching.resolver.GuardedResolver",
            "CONCURRENT_REQUESTS": ALL_HOSTS,
            "CONCURRENT_REQUESTS_PER_DOMAIN": PER_HOST,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(BareSpider, folder=folder, urls=urls)
    process.start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdin.read().split())
