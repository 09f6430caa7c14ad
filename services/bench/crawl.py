"""``beatwire bench crawl``: pages a second of a crawl, what a decision of the frontier takes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import msgspec

from services.bench.crawl_server import ADDRESS, host
from services.bench.machine import Machine, this_machine
from services.errors import UserError

CALM_HOSTS = 20
_PYTHON = (sys.executable, "-P", "-m")


class CrawlRun(msgspec.Struct, frozen=True):
    """One crawl of all pages."""

    seconds: float
    """From the first page that was asked for to the last, as the server saw it."""
    cpu_seconds: float
    """Of the crawl's process, its start and end included."""


class CrawlBench(msgspec.Struct, frozen=True, kw_only=True):
    machine: Machine
    pages: int
    hosts: int
    beatwire: tuple[CrawlRun, ...]
    bare: tuple[CrawlRun, ...]
    beatwire_pages_per_second: float
    bare_pages_per_second: float
    ratio: float
    """Ours by the bare spider's pages a second, round by round; the median."""
    cpu_ratio: float
    """The bare spider's CPU time by ours: what is left where others use the machine, too."""


class DecisionBench(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds from the answer with a feed of 100 links to what is to be fetched, noted."""

    machine: Machine
    known: int
    build_seconds: float
    unchanged: Mapping[str, float]
    """p50, p95 and max where all links are known, and CPU time as median."""
    changed: Mapping[str, float]
    """The same where ten of them are new."""


def bench_crawl(pages: int, hosts: int, rounds: int, tell: Callable[[str], None]) -> CrawlBench:
    """Crawl ``pages`` pages of ``hosts`` host names, by ours and a bare Scrapy spider in turns.

    Raises UserError when a crawl fails or does not ask for every page: then no figure is true.
    """
    ours, bare = [], []
    with _server(pages, hosts) as server:
        for number in range(1, rounds + 1):
            tell(f"round {number} of {rounds}: beatwire")
            ours.append(_ours(server, pages, hosts))
            tell(f"round {number} of {rounds}: bare Scrapy")
            bare.append(_bare(server, pages, hosts))
    pairs = list(zip(ours, bare, strict=True))
    return CrawlBench(
        machine=this_machine(),
        pages=pages,
        hosts=hosts,
        beatwire=tuple(ours),
        bare=tuple(bare),
        beatwire_pages_per_second=round(pages / median(run.seconds for run in ours), 1),
        bare_pages_per_second=round(pages / median(run.seconds for run in bare), 1),
        ratio=round(median(theirs.seconds / mine.seconds for mine, theirs in pairs), 2),
        cpu_ratio=round(median(theirs.cpu_seconds / mine.cpu_seconds for mine, theirs in pairs), 2),
    )


def crawl_seconds(pages: int) -> float:
    """CPU seconds that a page takes of a crawl's process, its start and end left out.

    Raises as ``bench_crawl``.
    """
    few = pages // 5
    with _server(few, CALM_HOSTS) as server:
        start = _ours(server, few, CALM_HOSTS).cpu_seconds
    with _server(pages, CALM_HOSTS) as server:
        return max((_ours(server, pages, CALM_HOSTS).cpu_seconds - start) / (pages - few), 0.0)


def bench_decision(known: int, rounds: int, tell: Callable[[str], None]) -> DecisionBench:
    """Fill a store with ``known`` addresses and decide on a feed, ``rounds`` times each way."""
    tell(f"a store of {known:,} addresses")
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as home:
        done = subprocess.run(
            [*_PYTHON, "crawlers.measure", str(known), str(rounds)],
            env=_environ(home, 0),
            stdout=subprocess.PIPE,
            check=False,
        )
    if done.returncode:
        raise UserError(f"bench crawl: the decision failed, with {done.returncode}")
    return DecisionBench(machine=this_machine(), known=known, **json.loads(done.stdout))


class _Server:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        self.port = int(self._out.readline())

    def asked(self) -> tuple[int, float]:
        """How many pages were asked for since the last time, within how many seconds."""
        self._in.write("\n")
        self._in.flush()
        said = json.loads(self._out.readline())
        return said["pages"], said["seconds"]


@contextmanager
def _server(pages: int, hosts: int) -> Iterator[_Server]:
    command = [*_PYTHON, "services.bench.crawl_server", str(pages), str(hosts)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield _Server(process)
        finally:
            process.kill()


def _ours(server: _Server, pages: int, hosts: int) -> CrawlRun:
    feeds = [f"http://{host(number)}:{server.port}/feed/{number}" for number in range(hosts)]
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as home:
        return _timed(["crawlers", *feeds], "", _environ(home, hosts), server, pages)


def _bare(server: _Server, pages: int, hosts: int) -> CrawlRun:
    urls = "\n".join(
        f"http://{host(page % hosts)}:{server.port}/page/{page}" for page in range(pages)
    )
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as home:
        folder = Path(home, "bodies")
        folder.mkdir()
        return _timed(["crawlers.bare", str(folder)], urls, _environ(home, hosts), server, pages)


def _timed(
    args: list[str], given: str, env: Mapping[str, str], server: _Server, pages: int
) -> CrawlRun:
    before = os.times()
    done = subprocess.run(
        [*_PYTHON, *args], env=env, input=given, text=True, capture_output=True, check=False
    )
    after = os.times()
    asked, seconds = server.asked()
    if done.returncode or asked != pages:
        told = done.stderr.strip()[-500:]
        raise UserError(f"bench crawl: {args[0]} asked for {asked} of {pages} pages: {told}")
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return CrawlRun(round(seconds, 2), round(cpu, 2))


def _environ(home: str, hosts: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "BEATWIRE" not in name}
    return kept | {
        "BEATWIRE_HOME": home,
        "BEATWIRE_ALLOW_NETWORKS": f"{ADDRESS}/32",
        "BEATWIRE_HOSTS": ",".join(f"{host(number)}={ADDRESS}" for number in range(hosts)),
        "BEATWIRE_CRAWL_DELAY": "0",
    }
