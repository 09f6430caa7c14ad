"""Crawl processes for tests, as users start them: their outcomes, pages and memory."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from processors.records import Page, decode
from services.bootstrap import open_bus
from services.settings import Settings
from services.topics import PAGES


class Crawler:
    """Starts crawl processes in one home."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.environ = {
            **{name: value for name, value in os.environ.items() if "BEATWIRE" not in name},
            "BEATWIRE_HOME": str(home),
            "BEATWIRE_ALLOW_NETWORKS": "127.0.0.1/32",
            "BEATWIRE_HOSTS": "one.example=127.0.0.1,two.example=127.0.0.1",
            "BEATWIRE_CRAWL_DELAY": "0",
            "BEATWIRE_FETCH_TIMEOUT": "20",
        }
        self.code = 0
        self.errors = ""
        self.peak = 0
        """Most bytes of memory that the last crawl held."""

    def start(self, *arguments: str, **environ: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "crawlers", *arguments],
            env={**self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str, **environ: str) -> dict[str, str]:
        """Crawl; the outcome of every address."""
        with self.start(*arguments, **environ) as process, watching(process.pid) as memory:
            out, self.errors = process.communicate(timeout=120)
        self.code, self.peak = process.returncode, memory.peak
        self.lines = [json.loads(line) for line in out.splitlines()]
        self.summary: dict[str, Any] = self.lines[-1]["summary"] if self.lines else {}
        ends = [line for line in self.lines if "url" in line]
        urls = [line["url"] for line in ends]
        assert len(urls) == len(set(urls)), "an address ended twice"
        return {line["url"]: line["outcome"] for line in ends}

    def reason(self, url: str) -> str:
        return next(str(line["reason"]) for line in self.lines if line.get("url") == url)

    def pages(self) -> list[Page]:
        with open_bus(self.settings) as bus:
            slices = bus.poll("test", PAGES.name, most=1000, slices=PAGES.partitions)
            found = [decode(stored.event.data) for part in slices for stored in bus.read(part)]
        return [page for page in found if isinstance(page, Page)]


class Memory:
    """The most that a process held, in bytes, as far as it was looked at."""

    peak = 0

    def look(self, pid: int) -> None:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self.peak = max(self.peak, int(line.split()[1]) * 1024)


@contextmanager
def watching(pid: int) -> Iterator[Memory]:
    """Look at a process every 20 ms; the system itself keeps its highest mark meanwhile."""
    memory, done = Memory(), threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            memory.look(pid)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield memory
    finally:
        done.set()
        watcher.join()
