"""How a source is, in words: the same on the command line, on the page and for programs."""

from datetime import datetime, timedelta

from services.store.watching import SourceState
from services.words import counted

STATES = ("fine", "late", "silent", "gone", "paused", "new")
TROUBLED = frozenset({"late", "silent", "gone"})
"""Those that somebody should look at."""
_STEPS = ((86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"))


def rhythm_words(usual: float | None) -> str:
    """``one every 6 hours``, ``one every day``; empty when it is not known."""
    return f"one every {span_words(usual).removeprefix('1 ')}" if usual is not None else ""


def span_words(seconds: float) -> str:
    """``45 seconds``, ``6 hours``, ``1.5 days``: two figures at most, nothing below 0."""
    seconds = max(0.0, seconds)
    for size, unit in _STEPS:
        if seconds >= size:
            number = seconds / size
            rounded = round(number, 1 if number < 10 else 0)
            whole = rounded == int(rounded)
            return counted(int(rounded), unit) if whole else f"{rounded:g} {unit}s"
    return counted(round(seconds), "second")


def state_words(state: SourceState, now: datetime) -> str:
    """``silent for 3 days: nothing new for three times its usual interval``."""
    said: str = state.state
    if state.since is not None:
        said += f" for {span_words((now - state.since).total_seconds())}"
    if state.reason:
        said += f": {state.reason}"
    if state.state == "fine" and state.next_look is not None and state.next_look > now:
        said += f", looked at again in {span_words((state.next_look - now) / timedelta(seconds=1))}"
    return said
