"""The robots policy at work, on an engine that answers from memory."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError, StopDownload
from scrapy.http import Headers, Response

from crawlers.fetching.limits import scrapy_settings, user_agent
from crawlers.fetching.outcomes import REFUSED, EndedError
from crawlers.fetching.policy import RobotsPolicy
from crawlers.fetching.resolver import JOB
from crawlers.fetching.robots import MAX_BYTES
from services.settings import Settings
from services.store.crawling import RobotsText

PAGE = "https://paper.example/page"


class Crawler:
    """As much of Scrapy's crawler as the policy touches."""

    def __init__(self, answer: bytes | Exception, delay: float = 1.0) -> None:
        self.asked: list[str] = []
        self.slot = SimpleNamespace(delay=delay)
        self._answer = answer
        downloader = SimpleNamespace(
            slots={"paper.example": self.slot}, get_slot_key=lambda _: "paper.example"
        )
        self.engine = SimpleNamespace(downloader=downloader, download_async=self.download)
        self.settings = {JOB: Settings()}
        self.kept: dict[str, RobotsText] = {}
        store = SimpleNamespace(robots=self.kept.get, put_robots=self.keep)
        budget = SimpleNamespace(delay=lambda _, asked: max(delay, asked))
        self.spider = SimpleNamespace(store=store, budget=budget)
        self.signals = SimpleNamespace(connect=lambda *_: None)

    def keep(self, text: RobotsText) -> None:
        self.kept[text.site] = text

    async def download(self, request: Request) -> Response:
        self.asked.append(request.url)
        if isinstance(self._answer, Exception):
            raise self._answer
        return Response(request.url, body=self._answer)


def pass_through(policy: Any, *urls: str) -> None:
    async def together() -> None:
        await asyncio.gather(*(policy.process_request(Request(url)) for url in urls))

    asyncio.run(together())


def test_a_site_is_asked_once_for_all_its_pages() -> None:
    crawler = Crawler(b"")
    policy = RobotsPolicy(crawler)
    pass_through(policy, PAGE, PAGE + "/2", "https://paper.example:443/3", PAGE)
    assert sorted(set(crawler.asked)) == sorted(crawler.asked)
    assert "https://paper.example/robots.txt" in crawler.asked


def test_what_another_crawler_fetched_is_not_fetched_again() -> None:
    first = Crawler(b"User-agent: *\nDisallow: /page")
    for _ in range(2):
        with pytest.raises(EndedError):
            pass_through(RobotsPolicy(first), PAGE)
    assert len(first.asked) == 1
    (text,) = first.kept.values()
    first.keep(msgspec.structs.replace(text, fetched=text.fetched - timedelta(hours=25)))
    with pytest.raises(EndedError):
        pass_through(RobotsPolicy(first), PAGE)
    assert len(first.asked) == 2


@pytest.mark.parametrize(("asked", "kept"), [(b"3", 3.0), (b"3600", 60.0), (b"0.1", 1.0)])
def test_a_site_may_ask_for_more_time_but_not_for_less(
    asked: bytes, kept: float, caplog: pytest.LogCaptureFixture
) -> None:
    crawler = Crawler(b"User-agent: *\nCrawl-delay: " + asked + b"\n")
    pass_through(RobotsPolicy(crawler), PAGE)
    assert crawler.slot.delay == kept
    assert ("asks for 3600 s" in caplog.text) == (kept == 60.0)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"User-agent: *\nDisallow: /page", "robots"),
        (DownloadTimeoutError(), "timed-out"),
        (DownloadConnectionRefusedError(), "unreachable"),
        (EndedError(REFUSED), "refused-address"),
    ],
)
def test_what_ends_at_robots_txt(answer: bytes | Exception, outcome: str) -> None:
    with pytest.raises(EndedError) as caught:
        pass_through(RobotsPolicy(Crawler(answer)), PAGE)
    assert caught.value.end.outcome == outcome


def test_redirects_that_lead_nowhere_mean_no_rules() -> None:
    from crawlers.fetching.outcomes import End

    pass_through(RobotsPolicy(Crawler(EndedError(End("redirect-loop")))), PAGE)


def test_long_robots_files_are_cut_and_long_headers_refused() -> None:
    policy = RobotsPolicy(Crawler(b""))
    request = Request("https://paper.example/robots.txt", meta={"robots": True})
    policy.check_body(request, b"x" * MAX_BYTES)
    with pytest.raises(StopDownload) as cut:
        policy.check_body(request, b"x")
    assert cut.value.fail is False
    policy.check_head(Headers({"X": "y" * 60_000}))
    with pytest.raises(StopDownload) as refused:
        policy.check_head(Headers({"X": ["y" * 1000] * 70}))
    assert refused.value.fail is True


def test_what_scrapy_leaves_open_is_closed() -> None:
    settings = scrapy_settings(Settings(crawl_delay=2, fetch_timeout=7))
    off = (
        "REMOTE_CONTROL_ENABLED",
        "TELNETCONSOLE_ENABLED",
        "COOKIES_ENABLED",
        "HTTPPROXY_ENABLED",
    )
    assert {name: settings[name] for name in off} == dict.fromkeys(off, False)
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    handlers = settings["DOWNLOAD_HANDLERS"]
    assert {name for name, handler in handlers.items() if handler} == {"http", "https"}
    assert (settings["DOWNLOAD_DELAY"], settings["DOWNLOAD_TIMEOUT"]) == (2, 7)
    assert user_agent(Settings()).startswith("Beatwire/")
