"""Pages that are empty without their scripts, rendered: the crawl, a Chromium, hostile pages."""

import json
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from processors.extract import extract_article
from processors.records import Page
from tests.support.chromium import chromium
from tests.support.crawling import Crawler
from tests.support.hostile import Reply, Site, rss

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = "The laboratory said on Monday that it trained its model for five million dollars. " * 12
SHELL = "<!doctype html><html><head><title>Paper</title></head><body><div id='root'></div>{}</body>"
FILLS = SHELL.format(
    """<script>
    fetch('/story.json').then(reply => reply.json()).then(story => {
      document.title = story.title;
      const add = (tag, text) => {
        const made = document.createElement(tag);
        made.textContent = text;
        article.append(made);
      };
      const article = document.createElement('article');
      add('h1', story.title);
      add('p', story.text);
      document.getElementById('root').append(article);
    });
    </script>"""
).encode()
STORY = Reply(
    json.dumps({"title": "A price is named", "text": TEXT}).encode(),
    headers={"Content-Type": "application/json"},
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def crawl(tmp_path: Path) -> Crawler:
    crawler = Crawler(tmp_path)
    crawler.environ["BEATWIRE_RENDER"] = chromium() or "chromium"
    return crawler


def the_page(crawl: Crawler, url: str) -> Page:
    [page] = [page for page in crawl.pages() if page.url == url]
    return page


def kind_of(page: Page) -> str:
    kind = page.headers["content-type"]
    found = extract_article(page.body, page.url, content_type=kind, fetched_at=page.fetched_at)
    return found.kind or found.outcome


def test_a_page_that_fills_itself_becomes_an_article_once(site: Site, crawl: Crawler) -> None:
    site.answers = {"/feed.xml": rss(site.url("/a")), "/a": FILLS, "/story.json": STORY}
    assert crawl(site.url("/feed.xml"))[site.url("/a")] == "fetched"
    page = the_page(crawl, site.url("/a"))
    assert page.rendered
    assert kind_of(page) == "article"
    assert b"trained its model" in page.body
    # The browser was given what the crawl had fetched, and asked for the rest as who we are.
    assert site.count() == {"/robots.txt": 1, "/feed.xml": 1, "/a": 1, "/story.json": 1}
    agents = {asked.headers["user-agent"] for asked in site.asked}
    assert len(agents) == 1
    site.asked.clear()
    assert crawl(site.url("/feed.xml"))[site.url("/a")] == "unchanged"
    assert "/story.json" not in site.paths
    assert len(crawl.pages()) == 1


ONE, TWO = "127.0.0.1", "127.0.0.2"
HOSTILE = """<script>
  const there = '{url}', socket = there.replace('http', 'ws');
  const page = document.getElementById('root');
  const log = text => {{ page.append(text + ' ') }};
  fetch(there + '/fetch', {{mode: 'no-cors'}})
    .then(() => log('reached')).catch(() => log('fetch-refused'));
  navigator.sendBeacon(there + '/beacon');
  const image = new Image(); image.src = there + '/image'; page.append(image);
  for (const name of ['iframe', 'embed', 'script', 'video', 'audio']) {{
    const made = document.createElement(name);
    made.src = there + '/' + name; document.body.append(made);
  }}
  const frame = document.createElement('iframe'); frame.src = 'file:///etc/passwd';
  document.body.append(frame);
  const links = ['stylesheet', 'prefetch', 'preconnect', 'dns-prefetch', 'prerender', 'icon'];
  for (const rel of links) {{
    const link = document.createElement('link');
    link.rel = rel; link.href = there + '/' + rel; document.head.append(link);
  }}
  new WebSocket(socket + '/socket').onerror = () => log('socket-refused');
  new EventSource(there + '/events');
  try {{ new Worker(URL.createObjectURL(new Blob(
    [`fetch('${{there}}/worker'); importScripts('${{there}}/imported')`]))); }} catch {{ }}
  navigator.serviceWorker?.register(there + '/service');
  const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{host}:{udp}'}}]}});
  peer.createDataChannel('x');
  peer.createOffer().then(offer => peer.setLocalDescription(offer));
  try {{ const way = new WebTransport('https://{host}:{udp}/way'); way.ready.catch(() => 0); }}
  catch {{ }}
  window.open(there + '/opened');
  const down = document.createElement('a');
  down.href = there + '/down'; down.download = 'x'; document.body.append(down); down.click();
  navigator.geolocation?.getCurrentPosition(() => log('located'), () => 0);
  setTimeout(() => {{ location = there + '/away' }}, 300);
</script>"""


@pytest.mark.parametrize(("own", "target"), [(ONE, TWO), (TWO, ONE)])
def test_a_hostile_page_reaches_nothing_that_the_guard_refuses(
    crawl: Crawler, own: str, target: str
) -> None:
    with (
        Site(None, own) as site,
        Site(None, target) as other,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind((target, 0))
        udp.setblocking(False)
        attack = HOSTILE.format(
            url=other.url(host=target).rstrip("/"), host=target, udp=udp.getsockname()[1]
        )
        site.answers = {"/a": SHELL.format(attack).encode()}
        url = site.url("/a", host=own)
        allowed = {"BEATWIRE_ALLOW_NETWORKS": f"{own}/32", "BEATWIRE_FETCH_TIMEOUT": "8"}
        assert crawl(url, **allowed)[url] == "fetched"
        assert other.asked == []
        with pytest.raises(BlockingIOError):
            udp.recv(1)
    page = the_page(crawl, url)
    assert page.rendered, crawl.reason(url)
    for said in (b"fetch-refused ", b"socket-refused "):
        assert said in page.body
    for said in (b"reached ", b"located ", b"root:"):
        assert said not in page.body


ENDLESS = {"loop": "for (;;) {}", "dialogs": "for (;;) alert('x')"}
LARGE = {
    "memory": (
        "const a = []; for (;;) a.push(new Uint8Array(1 << 24).fill(7))",
        "it takes more than 1024 MiB",
    ),
    "text": (
        "document.body.textContent = 'x'.repeat(6 << 20)",
        "it makes more than 5 MiB of itself",
    ),
}


@pytest.mark.parametrize(
    ("seconds", "bad"),
    [
        (4, {name: (script, "not be rendered in 4 s") for name, script in ENDLESS.items()}),
        (40, LARGE),  # A busy machine needs its time to come to the limit.
    ],
    ids=["endless", "large"],
)
def test_pages_that_would_hold_the_browser_end_in_time_and_the_crawl_goes_on(
    site: Site, crawl: Crawler, seconds: int, bad: dict[str, tuple[str, str]]
) -> None:
    site.answers = {
        "/feed.xml": rss(*(site.url(f"/{name}") for name in (*bad, "good"))),
        **{
            f"/{name}": SHELL.format(f"<script>{script}</script>").encode()
            for name, (script, _) in bad.items()
        },
        "/good": FILLS,
        "/story.json": STORY,
    }
    began = time.monotonic()
    outcomes = crawl(site.url("/feed.xml"), BEATWIRE_FETCH_TIMEOUT=str(seconds))
    assert time.monotonic() - began < 100
    assert set(outcomes.values()) == {"fetched"}
    for name, (_, reason) in bad.items():
        page = the_page(crawl, site.url(f"/{name}"))
        assert (page.rendered, kind_of(page)) == (False, "script")
        assert reason in crawl.reason(page.url)
    assert the_page(crawl, site.url("/good")).rendered, crawl.reason(site.url("/good"))


def test_the_browser_ends_with_a_crawl_that_is_killed(site: Site, crawl: Crawler) -> None:
    site.answers = {"/a": SHELL.format("<script>for (;;) {}</script>").encode()}
    # A socket of Chromium's lies there, whose path may not be long.
    with tempfile.TemporaryDirectory(prefix="own-", dir="/tmp") as name:
        own = Path(name)
        with crawl.start(site.url("/a"), TMPDIR=name) as process:
            until(lambda: any("--type=renderer" in each for each in browsers(own)))
            process.kill()
        until(lambda: not browsers(own))
        until(lambda: not list(own.glob("beatwire-render-*")))


def test_without_the_setting_nothing_is_started(site: Site, crawl: Crawler, tmp_path: Path) -> None:
    site.answers = {"/a": FILLS, "/story.json": STORY}
    crawl(site.url("/a"), BEATWIRE_RENDER="", TMPDIR=str(tmp_path))
    page = the_page(crawl, site.url("/a"))
    assert (page.body, page.rendered, kind_of(page)) == (FILLS, False, "script")
    assert site.paths == ["/a"]


def test_a_browser_that_does_not_start_costs_no_page(
    site: Site, crawl: Crawler, tmp_path: Path
) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o700)
    site.answers = {"/a": FILLS, "/story.json": STORY}
    assert crawl(site.url("/a"), BEATWIRE_RENDER=str(program))[site.url("/a")] == "fetched"
    assert "the browser could not be started" in crawl.errors
    # It is tried again, once there is one that does.
    assert crawl(site.url("/a"))[site.url("/a")] == "fetched"
    assert [page.rendered for page in crawl.pages()] == [False, True]


@pytest.mark.parametrize("command", [("--every", "600"), ("https://paper.example/",)])
def test_a_browser_that_is_not_there_stops_the_start(
    crawl: Crawler, command: tuple[str, ...]
) -> None:
    with crawl.start(*command, BEATWIRE_RENDER="no-such-browser") as process:
        errors = process.communicate(timeout=60)[1]
    assert process.returncode == 78
    assert errors == (
        "beatwire: BEATWIRE_RENDER=no-such-browser: there is no such program; install a Chromium, "
        "as with: apt-get install chromium, and name it or its path\n"
    )


def browsers(folder: Path) -> list[str]:
    """The command lines of browser processes whose profile is in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode().replace("\0", " ")
        except OSError:
            continue
        if f"--user-data-dir={folder}" in words:
            found.append(words)
    return found


def until(there: Callable[[], bool]) -> None:
    """Wait for something, not for ever."""
    ends = time.monotonic() + 60
    while not there():
        assert time.monotonic() < ends
        time.sleep(0.05)
