"""An installation for one run of a bench, and the real commands in it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal, NamedTuple

from services.bench.pages import ADDRESS, hosts
from services.bootstrap import trial_servers
from services.errors import UserError
from services.settings import Settings

COMMAND = (sys.executable, "-m", "services.cli")

Backend = Literal["embedded", "real"]


class Trial(NamedTuple):
    """An installation for one run: its settings, for this process and as environment."""

    settings: Settings
    env: Mapping[str, str]


@contextmanager
def trial(backend: Backend, processes: int) -> Iterator[Trial]:
    """An empty installation; the real one on the servers of the settings, and removed again."""
    servers: AbstractContextManager[dict[str, str]]
    servers = trial_servers(Settings()) if backend == "real" else nullcontext({})
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as home, servers as addresses:
        env = {name: value for name, value in os.environ.items() if "BEATWIRE" not in name}
        env |= {
            "BEATWIRE_HOME": home,
            "BEATWIRE_ALLOW_NETWORKS": f"{ADDRESS}/32",
            "BEATWIRE_HOSTS": ",".join(f"{host}={ADDRESS}" for host in hosts()),
            "BEATWIRE_CRAWL_DELAY": "0",
            "BEATWIRE_WORKERS": str(processes),
        }
        env |= {f"BEATWIRE_{name.upper()}": address for name, address in addresses.items()}
        unset = dict.fromkeys(("bus", "index", "store", "broker"), "")
        settings = Settings.model_validate({"home": home, **unset, **addresses})
        yield Trial(settings, env)


@contextmanager
def started(args: Sequence[str], env: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([*COMMAND, *args], env=env, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def command(args: Sequence[str], env: Mapping[str, str], seconds: float | None = None) -> None:
    """Run a command to its end. Raises UserError when it fails or takes more than ``seconds``."""
    try:
        done = subprocess.run(
            [*COMMAND, *args],
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(f"bench: {args[0]} took longer than {seconds:.0f} s") from error
    if done.returncode:
        raise UserError(f"bench: {args[0]} failed: {done.stderr.strip()[-500:]}")
