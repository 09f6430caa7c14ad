"""The crawl's side of rendering: starts the browser's process when it is needed, and ends it.

A browser that failed over a page, for whatever reason, is killed with all of its processes, and
the next page gets a fresh one.
"""

import asyncio
import logging
import os
import shutil
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

import msgspec

from crawlers.rendering.allowance import MIB, Limits
from crawlers.rendering.jobs import IDLE_SECONDS, MOST_LINE, Job, Rendering
from crawlers.rendering.need import page_to_render
from crawlers.rendering.processes import kill_tree, memory_of, tree_of

log = logging.getLogger(__name__)

MOST_WAITING = 8
"""Pages that wait for the browser; more would keep the crawl from everything else."""
PAGES = 50
"""Pages that one browser renders."""
START_SECONDS = 15.0
MORE_SECONDS = 5.0
"""How much longer than its limit a page is waited for: the browser's process knows it, too."""
LATER_SECONDS = 60.0
"""How long none is started after one that did not start."""
WATCH_SECONDS = 0.25
_BUSY = Rendering(reason="it is empty without its scripts; too many such pages wait", ours=True)
_LATER = Rendering(reason="it is empty without its scripts; no browser could be started", ours=True)
_DIED = Rendering(reason="it is empty without its scripts and ended the browser")


class Renderer:
    """Renders one page at a time; used by one event loop."""

    def __init__(self, agent: str, limits: Limits, *, obey: bool) -> None:
        """``agent`` is our user agent; ``obey``: pages that are not to be mined are let be."""
        self._agent, self._obey, self._limits = agent, obey, limits
        self._lock = asyncio.Lock()
        self._process: Process | None = None
        self._rendered = self._waiting = 0
        self._not_before = self._used = -1e9
        self._folder = ""
        self._warned = False

    async def render_if_empty(self, url: str, body: bytes, content_type: str) -> Rendering | None:
        """What a browser makes of a page that is empty without its scripts; None for others."""
        html = page_to_render(body, content_type, url, obey=self._obey)
        return await self.render(Job(url, html)) if html else None

    async def render(self, job: Job) -> Rendering:
        """A page's text after its scripts ran, or why there is none. Never raises for a page."""
        if self._waiting >= MOST_WAITING:
            return _BUSY
        self._waiting += 1
        try:
            async with self._lock:
                return await self._render(job)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the browser, if there is one."""
        process, self._process, self._rendered = self._process, None, 0
        if process is not None and process.returncode is None:
            kill_tree(process.pid)
            await process.wait()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _render(self, job: Job) -> Rendering:
        if time.monotonic() < self._not_before:
            return _LATER
        idle = time.monotonic() - self._used > IDLE_SECONDS / 2
        if idle or self._rendered >= PAGES:
            await self.close()
        done = _DIED
        try:
            fresh = self._process is None
            process = self._process = self._process or await self._start()
            done = await self._ask(process, job, START_SECONDS if fresh else 0.0)
        except OSError as error:  # no process, no folder, no memory
            done = Rendering(reason=f"no browser could be started: {error.strerror}", ours=True)
        finally:
            # Whoever waited may have been cancelled: an answer that still comes is nobody's.
            if done.reason:
                await self.close()
        self._rendered, self._used = self._rendered + 1, time.monotonic()
        if done.ours:
            self._not_before = time.monotonic() + LATER_SECONDS
            log.warning("%s", done.reason)
        return done

    async def _start(self) -> Process:
        if os.geteuid() == 0 and not self._warned:
            self._warned = True
            log.warning("the browser of BEATWIRE_RENDER has no sandbox when root runs it")
        safe = ["-P"] if sys.flags.safe_path else []
        self._folder = tempfile.mkdtemp(prefix="beatwire-render-")
        return await asyncio.create_subprocess_exec(
            *(sys.executable, *safe, "-m", "crawlers.rendering", self._agent, self._folder),
            stdin=PIPE,
            stdout=PIPE,
            limit=MOST_LINE,
            start_new_session=True,
            env={**os.environ, "TMPDIR": self._folder},
        )

    async def _ask(self, process: Process, job: Job, more: float) -> Rendering:
        """Hand over a page, and watch time and memory until its answer is there."""
        assert process.stdin is not None  # both are pipes
        assert process.stdout is not None
        ends = time.monotonic() + self._limits.seconds + MORE_SECONDS + more
        process.stdin.write(msgspec.json.encode(job) + b"\n")
        answer = asyncio.ensure_future(process.stdout.readline())
        try:
            while not answer.done():
                await asyncio.wait([answer], timeout=WATCH_SECONDS)
                if time.monotonic() > ends:
                    return _failed(f"{self._limits.seconds:g} s were not enough for it")
                if memory_of(tree_of(process.pid)) > self._limits.memory:
                    return _failed(f"it takes more than {self._limits.memory // MIB} MiB")
            with suppress(ValueError, OSError, msgspec.DecodeError):
                return msgspec.json.decode(answer.result(), type=Rendering)
        finally:
            answer.cancel()
        return _DIED


def _failed(reason: str) -> Rendering:
    return Rendering(reason=f"it is empty without its scripts and could not be rendered: {reason}")
