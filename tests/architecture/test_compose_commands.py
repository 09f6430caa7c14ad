"""Every command in docker-compose.yml is one that the program takes, with options that it has."""

import re
import signal
from collections.abc import Iterator
from typing import Any

import click
import pytest
import typer

from services.settings import Settings
from tests.support import compose

OWN = {name: each["command"] for name, each in compose.services().items() if "build" in each}
HANDLED = (signal.SIGINT, signal.SIGTERM)


def parse(group: Any, argv: list[str], shared: object = None) -> dict[str, Any]:
    """Parse without running anything; the parameters of the innermost command.

    Typer brings its own Click, so this leans on the methods that both have.
    """
    context = group.make_context(argv[0], argv[1:])
    context.obj = shared
    rest = [*context._protected_args, *context.args]
    _, command, rest = group.resolve_command(context, rest)
    inner = command.make_context(command.name, rest, parent=context)
    return {"": command.name, **inner.params, "rest": inner.args}


def beatwire(argv: list[str]) -> dict[str, Any]:
    from services.cli.commands import app

    assert argv[0] == "beatwire"
    return parse(typer.main.get_command(app), argv)


def celery(argv: list[str]) -> dict[str, Any]:
    from celery.bin.base import CLIContext
    from celery.bin.celery import celery as group

    from services.workers.app import app

    assert argv[:2] == ["celery", "--app=services.workers.app"]
    return parse(group, argv, CLIContext(app, no_color=True, workdir=None))


def option(service: str, name: str) -> str:
    (found,) = [part for part in OWN[service] if part.startswith(f"--{name}=")]
    return str(found.partition("=")[2])


@pytest.fixture
def handlers() -> Iterator[None]:
    """Signals are handled as before when the test has ended."""
    before = {number: signal.getsignal(number) for number in HANDLED}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_each_service_runs_one_of_our_programs() -> None:
    programs = {name: argv[0] for name, argv in OWN.items()}
    assert set(programs.values()) == {"beatwire", "celery", "python"}
    assert OWN["crawl"][:3] == ["python", "-m", "crawlers"]


@pytest.mark.parametrize(
    ("service", "taken"),
    [
        ("setup", {"": "setup", "as_json": False}),
        ("dispatch-read", {"": "work", "stage": "read", "drain": False}),
        ("dispatch-index", {"": "work", "stage": "index", "drain": False}),
        ("dispatch-alert", {"": "work", "stage": "alert", "drain": False}),
        ("deliver", {"": "deliver", "drain": False}),
        ("web", {"": "serve", "port": 8321}),
    ],
)
def test_the_command_takes_it(service: str, taken: dict[str, Any]) -> None:
    parsed = beatwire(OWN[service])
    assert parsed["rest"] == []
    assert taken.items() <= parsed.items()


def test_the_published_port_leads_to_the_pages() -> None:
    assert beatwire(OWN["web"])["host"] == "0.0.0.0"


def test_a_wrong_option_would_be_seen() -> None:
    with pytest.raises(Exception, match="No such option"):
        beatwire(["beatwire", "work", "read", "--workers", "3"])
    with pytest.raises(click.UsageError, match="No such option"):
        celery(["celery", "--app=services.workers.app", "worker", "--gossip=no"])


@pytest.mark.usefixtures("handlers")
def test_the_crawl_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from crawlers import run

    calls: list[float] = []

    def every(seconds: float, seeds: list[str], _stop: run.Stop, _beat: object) -> int:
        assert not seeds
        calls.append(seconds)
        return 0

    monkeypatch.setattr(run, "run_every", every)
    assert run.main(OWN["crawl"][3:]) == 0
    assert calls == [Settings.model_fields["poll_every"].default]
    with pytest.raises(SystemExit) as refused:
        run.main([*OWN["crawl"][3:], "--forever"])
    assert refused.value.code == 2


def test_the_worker_takes_it() -> None:
    from services.workers.app import app

    parsed = celery(OWN["worker"])
    assert parsed["rest"] == []
    assert parsed["concurrency"] == int(compose.example()["WORKER_PROCESSES"])
    assert parsed["loglevel"]
    assert (parsed["without_gossip"], parsed["without_mingle"]) == (True, True)
    assert set(parsed["queues"]) == set(app.conf.task_queues)


def test_the_health_check_of_the_worker_takes_it() -> None:
    (shell,) = compose.services()["worker"]["healthcheck"]["test"][1:]
    parsed = celery(shell.replace("$HOSTNAME", "host").split())
    assert (parsed[""], parsed["command"], parsed["rest"]) == ("inspect", "ping", [])
    assert parsed["destination"] == ["celery@host"]
    assert parsed["timeout"] < 40


def test_flower_takes_it() -> None:
    from tornado.options import options

    parsed = celery(OWN["flower"])
    assert parsed[""] == "flower"
    given = [re.match(r"--(\w+)=", part) for part in OWN["flower"][3:]]
    assert {"port", "address"} == {found[1] for found in given if found}
    assert all(name[1] in options for name in given if name)
    (published,) = compose.services()["flower"]["ports"]
    assert published.endswith(f":{option('flower', 'port')}")


@pytest.mark.parametrize("service", ["crawl", "dispatch-read", "dispatch-alert", "deliver"])
def test_the_common_health_check_takes_it(service: str) -> None:
    test = compose.services()[service]["healthcheck"]["test"]
    assert test[0] == "CMD"
    assert beatwire(test[1:]) == {"": "status", "as_json": True, "rest": []}
