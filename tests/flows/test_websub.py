"""WebSub the whole way: a feed names a hub, a crawl asks it, the pages confirm and hear it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.bootstrap import open_store
from services.store.port import Source
from services.store.watching import Watch
from tests.support.crawling import Crawler
from tests.support.hostile import Site, article
from tests.support.hub import Hub
from tests.support.processes import BEATWIRE, free_port, wait_until

ADDED = datetime(2025, 2, 3, 10, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
FEED = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Paper</title>
<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{self}"/>
<item><title>One</title><link>{item}</link></item></channel></rss>"""


@contextmanager
def pages(crawl: Crawler, port: int) -> Iterator[None]:
    """The pages, at an address that hubs reach."""
    with subprocess.Popen(
        [*BEATWIRE, "serve", "--port", str(port)],
        env={**os.environ, **crawl.environ, "BEATWIRE_LOGIN": "never"},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            assert "http://" in server.stdout.readline()
            yield
        finally:
            server.terminate()


@pytest.mark.slow
def test_a_hub_is_asked_confirmed_and_heard(tmp_path: Path) -> None:
    hub, crawl, port = Hub(), Crawler(tmp_path), free_port()
    crawl.environ["BEATWIRE_ADDRESS"] = f"http://127.0.0.1:{port}"
    with Site() as site, pages(crawl, port), open_store(crawl.settings) as store:
        feed = site.url("/feed.xml")
        text = FEED.format(hub=site.url("/hub"), self=feed, item=site.url("/one"))
        site.answers = {
            "/feed.xml": text.encode(),
            "/one": article("One"),
            "/hub": hub.ask,
            "/robots.txt": b"User-agent: *\nDisallow: /hub",
        }
        store.put_source(Source(id="paper", url=feed, added_at=ADDED))
        crawl("paper")
        wait_until(lambda: bool(hub.confirmed), 10, "for the hub to confirm")
        assert hub.confirmed == {hub.forms[0]["hub.callback"]: feed}
        [known] = store.subscriptions()
        assert (known.state, known.topic, known.hub) == ("active", feed, site.url("/hub"))
        assert "hub.secret" not in hub.forms[0], "a secret travels encrypted only"

        store.note_look(Watch(source="paper", next_look=LATER), datetime.now(UTC))
        assert hub.tell(b"<rss>forged or not</rss>") == [202]
        next_look = store.watches()["paper"].next_look
        assert next_look is not None
        assert next_look <= datetime.now(UTC)
        assert len(crawl.pages()) == 1, "what a hub sends is not what is read"

        # Another crawl within the lease asks nothing; one without the source says farewell.
        crawl("paper")
        assert len(hub.forms) == 1
        store.put_source(Source(id="paper", url=feed, added_at=ADDED, paused=True))
        crawl(site.url("/one"))
        wait_until(lambda: not hub.confirmed, 10, "for the farewell")
        assert (store.subscriptions(), hub.refused) == ([], [])


@pytest.mark.slow
def test_a_hub_in_a_private_network_is_not_asked(tmp_path: Path) -> None:
    """Rows 59 and 63: the addresses that a feed names are as little believed as any."""
    crawl = Crawler(tmp_path)
    crawl.environ["BEATWIRE_ADDRESS"] = "http://127.0.0.1:8321"
    with Site() as site, open_store(crawl.settings) as store:
        for number, hub in enumerate(
            ("http://10.0.0.7/", "http://169.254.169.254/latest", "http://0x7f000001:22/")
        ):
            feed = site.url(f"/{number}.xml")
            text = FEED.format(hub=hub, self=feed, item=site.url("/one"))
            site.answers[f"/{number}.xml"] = text.encode()
            store.put_source(Source(id=f"s{number}", url=feed, added_at=ADDED))
        site.answers["/one"] = article("One")
        crawl("s0", "s1", "s2")
        assert crawl.code == 0
        assert {each.reason for each in store.subscriptions()} == {"the hub could not be asked"}


@pytest.mark.slow
def test_a_source_is_looked_at_as_soon_as_its_hub_tells(tmp_path: Path) -> None:
    hub, crawl, port = Hub(), Crawler(tmp_path), free_port()
    crawl.environ["BEATWIRE_ADDRESS"] = f"http://127.0.0.1:{port}"
    with Site() as site, pages(crawl, port), open_store(crawl.settings) as store:
        feed = site.url("/feed.xml")
        text = FEED.format(hub=site.url("/hub"), self=feed, item=site.url("/one"))
        site.answers = {"/feed.xml": text.encode(), "/one": article("One"), "/hub": hub.ask}
        store.put_source(Source(id="paper", url=feed, added_at=ADDED))
        with crawl.start("--every", "600") as crawling:
            try:
                wait_until(lambda: bool(hub.confirmed), 60, "for the hub to confirm")
                wait_until(lambda: "/one" in site.paths, 60, "for the page")
                wait_until(lambda: "paper" in store.watches(), 60, "for the look to be noted")
                site.answers["/feed.xml"] = text.replace("/one", "/two").encode()
                site.answers["/two"] = article("Two")
                began = time.monotonic()
                assert hub.tell(b"new") == [202]
                wait_until(lambda: "/two" in site.paths, 30, "for what is new")
                seconds = time.monotonic() - began
            finally:
                crawling.terminate()
                crawling.communicate(timeout=60)
    print(f"what a hub told of was fetched after {seconds:.1f} s")
    assert seconds < 20
