"""One soak: servers of its own, a crew, the load, and the harm in between."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import msgspec

from services.bench.machine import Machine, this_machine
from services.bootstrap import open_bus
from services.errors import TryLater
from services.settings import load_settings
from tests.support.databases import fresh_database
from tests.support.servers import PrivateServers, private_servers
from tests.support.soak.account import Account, Expected, Wait, settle, waits
from tests.support.soak.crew import CHILDREN, crew
from tests.support.soak.harm import Harmer, Window
from tests.support.soak.judging import Verdict, judge
from tests.support.soak.load import Load
from tests.support.soak.looking import look
from tests.support.soak.measuring import Sample, sampling
from tests.support.soak.plan import Fault
from tests.support.soak.steering import Steering

SERVERS = ("kafka", "elasticsearch", "postgresql", "redis")


class Wanted(msgspec.Struct, frozen=True):
    """What a run is to do."""

    articles: int
    """Events to publish."""
    seed: int
    faults: tuple[Fault, ...]
    outage: float
    """Seconds that a server stays away."""


class Soak(msgspec.Struct, frozen=True):
    """A run, as it was."""

    machine: Machine
    wanted: Wanted
    began: datetime
    seconds: float
    """From the first page to the end of the last event."""
    account: Account
    windows: tuple[Window, ...]
    complaints: tuple[str, ...]
    """What kept the run from going on as planned."""
    verdicts: tuple[Verdict, ...]


class Measured(msgspec.Struct, frozen=True):
    """What is too much for the report, and needed for the plot."""

    samples: Sequence[Sample]
    waits: Sequence[Wait]


def soak(
    wanted: Wanted, folder: Path, stop: threading.Event, tell: Callable[[str], None]
) -> tuple[Soak, Measured]:
    """Run it; ``stop`` ends the load early, and the account is made of what there is.

    Samples go into ``folder``, logs and the home into its ``run``, which is made anew. Raises
    AssertionError when a server cannot be started.
    """
    home = folder / "run"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # It tells each try of an outage.
    load = Load(wanted.articles, wanted.seed)
    with place(home, tell) as servers, crew(home, wanted.seed) as members:
        harmer = Harmer(servers, members, wanted.outage)
        file = folder / "samples.jsonl"
        with (
            sampling(file, members.members, lambda: load.published) as sampler,
            open_bus(load_settings()) as bus,
        ):
            began = datetime.now(UTC)
            steering = Steering(
                load, wanted.faults, harmer=harmer, members=members, bus=bus, tell=tell
            )
            complaints = steering.to_the_end(stop)
            seconds = sampler.elapsed()
            if not sampler.is_alive():
                complaints.append("nobody measured to the end")
        if codes := {*members.end()} - {0}:
            complaints.append(f"not everybody ended in good order: exit codes {sorted(codes)}")
        tell("everybody has gone; reading what is there")
        try:
            found = look(load_settings())
        except TryLater as error:
            raise AssertionError(f"{'; '.join([*complaints, str(error)])}; no account") from error
    expected = Expected(load.events, load.editions, load.edits, load.endings)
    account = settle(expected, found)
    measured = Measured(sampler.samples, waits(found.ends["index"]))
    verdicts = judge(account, measured.samples, measured.waits, harmer.windows)
    result = Soak(
        machine=this_machine(),
        wanted=wanted,
        began=began,
        seconds=round(seconds, 1),
        account=account,
        windows=tuple(harmer.windows),
        complaints=tuple(complaints),
        verdicts=tuple(verdicts),
    )
    return result, measured


@contextmanager
def place(home: Path, tell: Callable[[str], None]) -> Iterator[PrivateServers]:
    """Servers that may be broken, and settings of an empty pipeline on them for all processes."""
    tell("bringing up Kafka, Elasticsearch, PostgreSQL and Redis")
    with ExitStack() as stack:
        servers = stack.enter_context(private_servers(*SERVERS))
        address = {name: servers.address(name) for name in SERVERS}
        store = stack.enter_context(fresh_database(address["postgresql"]))
        settings = {
            "HOME": str(home),
            "BUS": f"{address['kafka']}/soak",
            "INDEX": f"{address['elasticsearch']}/soak",
            "STORE": store,
            "BROKER": address["redis"],
            "WORKERS": str(CHILDREN),
        }
        own = {name: value for name, value in os.environ.items() if "BEATWIRE" not in name}
        own |= {f"BEATWIRE_{name}": value for name, value in settings.items()}
        stack.enter_context(patch.dict(os.environ, own, clear=True))
        yield servers
