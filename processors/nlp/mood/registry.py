"""Models of mood by their names: two of ours, and those that other packages register."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from processors.nlp.mood.port import MoodModel

FAST, ACCURATE = "fast", "accurate"
GROUP = "beatwire.mood"
"""The entry-point group: a name, and a callable without arguments that returns a ``MoodModel``."""
_OURS = {FAST: "processors.nlp.mood.fast", ACCURATE: "processors.nlp.mood.accurate"}


class MoodError(ValueError):
    """A model cannot be used; one line, with what to do about it."""


@cache
def open_mood(name: str = FAST) -> "MoodModel":
    """Load the model ``name``, once a process.

    Raises MoodError when there is none, what it needs is not installed, or its weights are bad.
    """
    if name in _OURS:
        model: MoodModel = import_module(_OURS[name]).open_model()
        return model
    found = {each.name: each for each in entry_points(group=GROUP)}
    if name not in found:
        known = ", ".join((*_OURS, *sorted(found)))
        raise MoodError(f"no model of mood has this name; known: {known}")
    try:
        own: Any = found[name].load()()
    except ImportError as error:
        raise MoodError(f"{found[name].value} cannot be loaded: {error}") from error
    return own  # type: ignore[no-any-return]
