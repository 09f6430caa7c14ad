"""How a step of the pipeline declares itself: a versioned name, what it needs, what it gives.

The name (``beatwire-entities-v1``; spaCy allows no dots) is also what ``Article.made_by`` keeps, so
a stored article tells which rules read it. A changed rule takes a new version.
"""

from collections.abc import Callable, Iterable

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

PREFIX = "beatwire-"
type Step = Callable[[Doc], Doc]


class Declared(msgspec.Struct, frozen=True):
    """A step and the attributes of ``doc._`` that it reads and writes."""

    name: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]


DECLARED: dict[str, Declared] = {}


def component(
    name: str, *, needs: Iterable[str] = (), gives: Iterable[str] = ()
) -> Callable[[Step], Step]:
    """Register a function as the pipeline's step ``name``."""

    def register(step: Step) -> Step:
        declare(name, needs=needs, gives=gives)
        Language.component(name, func=step)
        return step

    return register


def declare(name: str, *, needs: Iterable[str] = (), gives: Iterable[str] = ()) -> None:
    """Note what a step that registers itself (one with settings) reads and writes."""
    DECLARED[name] = Declared(name, tuple(needs), tuple(gives))


def check_order(names: Iterable[str]) -> None:
    """Raise ValueError when a step stands before the one that gives what it needs."""
    given: set[str] = set()
    for name in names:
        step = DECLARED.get(name)
        if step is None:
            continue
        if missing := sorted(set(step.needs) - given):
            raise ValueError(f"{name} needs {', '.join(missing)}, which no earlier step gives")
        given.update(step.gives)


def versions(names: Iterable[str]) -> dict[str, str]:
    """``{"beatwire-entities": "v1"}`` of all our steps among ``names``."""
    ours = (name.rpartition("-") for name in names if name.startswith(PREFIX))
    return {name: version for name, _, version in ours}
