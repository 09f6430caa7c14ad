"""Which route a request will reach, known before it does."""

from collections.abc import Sequence
from re import Pattern

import msgspec
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, compile_path


class Way(msgspec.Struct, frozen=True):
    """A route as it was registered."""

    path: str
    methods: frozenset[str]
    pattern: Pattern[str]


def ways(routes: Sequence[BaseRoute]) -> list[Way]:
    """All routes of an application, those of included routers too, in the order of trying.

    Raises TypeError for what is no route of its own, such as a mounted application: nobody could
    say who may use what is inside.
    """
    found = []
    for route in iter_route_contexts(routes):
        if route.path is None or not route.methods:
            raise TypeError(f"{route.original_route!r}: only plain routes can be guarded")
        pattern, _, _ = compile_path(route.path)
        found.append(Way(route.path, frozenset(route.methods), pattern))
    return found


class Reached(msgspec.Struct, frozen=True):
    """The route of a request; ``methods`` are those of its address when its own is not one."""

    path: str
    methods: frozenset[str] = frozenset()


def reached(known: Sequence[Way], method: str, path: str) -> Reached | None:
    """What a request will reach; None for nothing."""
    fitting = [way for way in known if way.pattern.match(path)]
    for way in fitting:
        if method in way.methods:
            return Reached(way.path)
    if not fitting:
        return None
    methods = frozenset().union(*(way.methods for way in fitting))
    return Reached(fitting[0].path, methods)
