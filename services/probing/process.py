"""A process with its probes: what each one that runs for long begins with."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.probing.dependencies import Need, dependencies
from services.probing.endpoint import listen
from services.probing.exposition import show
from services.probing.health import Health
from services.probing.probes import Probes
from services.probing.pulse import TURN_SECONDS, Pulse
from services.settings import Settings


def begin(
    settings: Settings,
    process: str,
    needs: tuple[Need, ...],
    *,
    turn: float = TURN_SECONDS,
    hands_out: bool = True,
    look_at: Callable[[], str] | None = None,
    deadly: bool = False,
) -> Probes:
    """Answer at the port of the metrics, before anything else is opened.

    ``needs``, ``hands_out`` and ``look_at`` say what it depends on (``dependencies``). ``deadly``:
    the process ends when its loop stands still (``Pulse``). Raises UserError when there is no port.
    """
    found = dependencies(settings, needs, look_at, hands_out=hands_out)
    pulse = Pulse(turn, deadly=deadly, trace=sys.stderr if settings.log == "text" else None)
    probes = Probes(process, Health(found), pulse)
    _show(settings, probes)
    listen(settings, probes)
    return probes


@contextmanager
def probed(
    settings: Settings,
    process: str,
    needs: tuple[Need, ...],
    *,
    turn: float = TURN_SECONDS,
    hands_out: bool = True,
    look_at: Callable[[], str] | None = None,
) -> Iterator[Probes]:
    """As ``begin``, and deadly until the end of the block."""
    probes = begin(
        settings, process, needs, turn=turn, hands_out=hands_out, look_at=look_at, deadly=True
    )
    try:
        yield probes
    finally:
        probes.pulse.end()


def _show(settings: Settings, probes: Probes) -> None:
    """What every process tells besides its counters."""
    # Late, since counters that children share are made after they are.
    from services.probing.looked_up import Build, Home, Ready

    for collector in (Build(probes.process), Home(settings.home), Ready(probes.health.look)):
        show(collector)
