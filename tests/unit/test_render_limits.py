"""What a rendered page may load, how many may wait, and what is said before anything starts."""

import asyncio
import os
import subprocess
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from crawlers.rendering import renderer as renderer_module
from crawlers.rendering.allowance import Limits
from crawlers.rendering.browser import decide
from crawlers.rendering.jobs import Job, Rendering
from crawlers.rendering.processes import kill_tree, memory_of, tree_of
from crawlers.rendering.renderer import MOST_WAITING, Renderer
from services.errors import SettingsError
from services.rendering import check_renderer
from services.settings import Settings

PAGE = "https://paper.example/a"
LIMITS = Limits(seconds=0.5)


@pytest.mark.parametrize(
    ("kind", "method", "url", "decision"),
    [
        ("script", "GET", PAGE, "load"),
        ("xhr", "GET", PAGE, "load"),
        ("fetch", "POST", PAGE, "load"),
        ("stylesheet", "GET", PAGE, "empty"),
        ("fetch", "DELETE", PAGE, "refuse"),
        ("script", "GET", "file:///etc/passwd", "refuse"),
        ("script", "GET", "chrome://version/", "refuse"),
        ("document", "GET", PAGE, "refuse"),  # of a frame
        *[
            (kind, "GET", PAGE, "refuse")
            for kind in ("image", "media", "font", "ping", "websocket", "eventsource", "other")
        ],
    ],
)
def test_scripts_and_their_data_are_loaded_and_nothing_else(
    kind: str, method: str, url: str, decision: str
) -> None:
    assert decide(kind, method, url) == decision


def test_the_page_is_given_once_and_led_nowhere() -> None:
    assert decide("document", "GET", PAGE, page=True, first=True) == "page"
    assert decide("document", "GET", PAGE, page=True, first=False) == "stay"


def with_browser(monkeypatch: pytest.MonkeyPatch, program: str) -> list[Process]:
    """Have a shell script stand for the process of the browser; those that were started."""
    started: list[Process] = []

    async def start(self: Renderer) -> Process:
        started.append(
            await asyncio.create_subprocess_exec("sh", "-c", program, stdin=PIPE, stdout=PIPE)
        )
        return started[-1]

    monkeypatch.setattr(Renderer, "_start", start)
    monkeypatch.setattr(renderer_module, "START_SECONDS", 0.0)
    monkeypatch.setattr(renderer_module, "MORE_SECONDS", 0.5)
    return started


def rendered(limits: Limits = LIMITS, times: int = 1) -> list[Rendering]:
    """What a renderer says to so many pages, one after the other."""

    async def run() -> list[Rendering]:
        renderer = Renderer("Beatwire", limits, obey=False)
        try:
            return [await renderer.render(Job(PAGE, "<p>")) for _ in range(times)]
        finally:
            await renderer.close()

    return asyncio.run(run())


def test_a_browser_serves_one_page_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    started = with_browser(monkeypatch, """while read job; do echo '{"html": "<p>x"}'; done""")
    assert rendered(times=3) == [Rendering(html="<p>x")] * 3
    assert len(started) == 1
    assert started[0].returncode is not None


@pytest.mark.parametrize(
    ("program", "limits", "reason"),
    [
        ("read job; sleep 60 & sleep 60", LIMITS, "0.5 s were not enough for it"),
        ("read job; sleep 60", Limits(seconds=30, memory=0), "it takes more than 0 MiB"),
        ("read job; exit 1", LIMITS, "ended the browser"),
        ("read job; echo nonsense", LIMITS, "ended the browser"),
        ("""read job; echo '{"reason": "it leads elsewhere"}'""", LIMITS, "it leads elsewhere"),
    ],
    ids=["silent", "large", "died", "nonsense", "gave up"],
)
def test_one_that_failed_is_ended_and_the_next_page_gets_a_fresh_one(
    monkeypatch: pytest.MonkeyPatch, program: str, limits: Limits, reason: str
) -> None:
    started = with_browser(monkeypatch, program)
    for done in rendered(limits, times=2):
        assert reason in done.reason
        assert not done.ours
    assert len(started) == 2
    assert all(process.returncode is not None for process in started)


def test_one_that_does_not_start_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = """read job; echo '{"reason": "it did not start", "ours": true}'"""
    started = with_browser(monkeypatch, said)
    first, second = rendered(times=2)
    assert (first.reason, first.ours) == ("it did not start", True)
    assert second.ours
    assert len(started) == 1


def test_a_machine_that_can_start_nothing_costs_no_crawl(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    [done] = rendered()
    assert (done.reason, done.ours) == (
        "no browser could be started: No space left on device",
        True,
    )


def test_no_more_pages_wait_than_the_crawl_can_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    with_browser(monkeypatch, """while read job; do sleep 0.1; echo '{"html": "x"}'; done""")

    async def run() -> list[Rendering]:
        renderer = Renderer("Beatwire", LIMITS, obey=False)
        jobs = [renderer.render(Job(PAGE, "<p>")) for _ in range(MOST_WAITING + 2)]
        try:
            return await asyncio.gather(*jobs)
        finally:
            await renderer.close()

    done = asyncio.run(run())
    assert [each.html for each in done] == ["x"] * MOST_WAITING + ["", ""]
    assert all(each.ours for each in done[MOST_WAITING:])


def test_a_process_is_ended_with_all_that_it_started() -> None:
    tree = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", tree], stdin=subprocess.PIPE) as process:
        ends = time.monotonic() + 20
        while len(pids := tree_of(process.pid)) < 2:
            assert time.monotonic() < ends
        assert memory_of(pids) > memory_of(pids[:1]) > 0
        kill_tree(process.pid)
        assert process.wait(5) == -9
    while Path(f"/proc/{pids[1]}").exists() and _runs(pids[1]):
        assert time.monotonic() < ends
    assert memory_of(pids) == 0
    assert os.getpid() in tree_of(os.getppid())


def _runs(pid: int) -> bool:
    """Whether a process is more than its entry in the table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_is_missing_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    check_renderer(Settings())
    check_renderer(Settings(render=sys.executable))
    with pytest.raises(SettingsError, match=r"^BEATWIRE_RENDER=none: there is no such program; "):
        check_renderer(Settings(render="none"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"pip install 'beatwire\[render\]'$"):
        check_renderer(Settings(render=sys.executable))
