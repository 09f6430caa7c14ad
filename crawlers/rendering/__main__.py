"""``python -m crawlers.rendering AGENT FOLDER``: the process of the browser, started by a crawl.

Jobs come on standard input and go, rendered, to standard output. It ends with its input, or when
nothing came for a while; whoever kills it has to kill what it started, too (``processes.py``).
FOLDER is its own, and is removed when the crawl is gone.
"""

import asyncio
import os
import shutil
import sys

import msgspec
from playwright.async_api import Error as PlaywrightError

from crawlers.rendering.allowance import Limits
from crawlers.rendering.browser import render, running
from crawlers.rendering.jobs import IDLE_SECONDS, MOST_LINE, Job, Rendering
from crawlers.rendering.processes import kill_tree, tree_of
from crawlers.rendering.proxy import Proxy
from crawlers.rendering.reach import Reach
from services.settings import Settings, read_settings

NOT_STARTED = "the browser could not be started"


async def serve(settings: Settings, agent: str, folder: str, limits: Limits) -> None:
    """Render what comes, one page after the other."""
    jobs: asyncio.Queue[bytes] = asyncio.Queue()
    reading = asyncio.ensure_future(_read(jobs, folder))
    reach = Reach(settings.allow_networks, settings.hosts)
    program = shutil.which(settings.render) or settings.render
    async with Proxy(reach) as proxy, running(program, folder, proxy) as browser:
        while True:
            try:
                line = await asyncio.wait_for(jobs.get(), IDLE_SECONDS)
            except TimeoutError:
                break
            job = msgspec.json.decode(line, type=Job)
            say(await render(browser, agent, job, proxy, limits))
    reading.cancel()


async def _read(jobs: "asyncio.Queue[bytes]", folder: str) -> None:
    """Queue lines; when the crawl is gone, all of this ends at once, whatever it was doing."""
    reader = asyncio.StreamReader(limit=MOST_LINE)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        jobs.put_nowait(line)
    for pid in tree_of(os.getpid())[1:]:
        kill_tree(pid)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def say(rendering: Rendering) -> None:
    """One line to the crawl."""
    sys.stdout.buffer.write(msgspec.json.encode(rendering) + b"\n")
    sys.stdout.buffer.flush()


def main() -> int:
    """Serve until the input ends."""
    try:
        settings = read_settings()
        limits = Limits(seconds=settings.fetch_timeout)
        asyncio.run(serve(settings, sys.argv[1], sys.argv[2], limits))
    except PlaywrightError as error:
        first = next((line for line in str(error).splitlines() if line.strip()), "")
        say(Rendering(reason=f"{NOT_STARTED}: {first[:300]}", ours=True))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
