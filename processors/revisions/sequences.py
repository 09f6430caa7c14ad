"""Which parts two sequences share, in time that grows with their length and not with its square.

What both begin and end with is shared. In between, parts that each side has once and that stand in
the same order are taken for shared (*anchors*: the longest rising chain, as patience sorting finds
it), and what lies between two anchors is compared by Myers' greedy search, which is given up after
``EDITS`` edits or when the whole comparison has used its budget. What was given up counts as
replaced, which is true, if coarse.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

EDITS = 200
"""Parts of a stretch that may come or go before it counts as replaced as a whole."""
BUDGET = 300_000
"""Steps of one comparison: about a quarter of a second of Python."""
Match = tuple[int, int, int]
"""Where a shared run begins in the one and in the other, and how long it is."""


class Budget:
    """What a comparison may still spend."""

    def __init__(self, steps: int = BUDGET) -> None:
        self.steps = steps

    def pay(self, steps: int) -> bool:
        """False when it is spent."""
        self.steps -= steps
        return self.steps > 0


class _Window(msgspec.Struct, frozen=True):
    """A stretch of both sequences, ends exclusive."""

    i1: int
    i2: int
    j1: int
    j2: int


def shared(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Match]:
    """The shared runs in order, none touching the next in both sequences."""
    return list(_joined(_matches(old, new, budget)))


def _matches(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[Match]:
    whole = _Window(0, len(old), 0, len(new))
    head = _head(old, new, whole)
    yield 0, 0, head
    whole = _Window(head, whole.i2, head, whole.j2)
    tail = _tail(old, new, whole)
    middle = _Window(whole.i1, whole.i2 - tail, whole.j1, whole.j2 - tail)
    i, j = middle.i1, middle.j1
    for at, to in [*_anchors(old, new, middle), (middle.i2, middle.j2)]:
        yield from _between(old, new, _Window(i, at, j, to), budget)
        if at < middle.i2:
            yield at, to, 1
        i, j = at + 1, to + 1
    yield middle.i2, middle.j2, tail


def _between(
    old: Sequence[str], new: Sequence[str], window: _Window, budget: Budget
) -> Iterator[Match]:
    """A stretch without anchors: its ends first, as repeated parts are common there."""
    head = _head(old, new, window)
    yield window.i1, window.j1, head
    rest = _Window(window.i1 + head, window.i2, window.j1 + head, window.j2)
    tail = _tail(old, new, rest)
    inner = _Window(rest.i1, rest.i2 - tail, rest.j1, rest.j2 - tail)
    if inner.i1 < inner.i2 and inner.j1 < inner.j2:
        yield from _myers(old, new, inner, budget)
    yield inner.i2, inner.j2, tail


def _head(old: Sequence[str], new: Sequence[str], window: _Window) -> int:
    most = min(window.i2 - window.i1, window.j2 - window.j1)
    at = 0
    while at < most and old[window.i1 + at] == new[window.j1 + at]:
        at += 1
    return at


def _tail(old: Sequence[str], new: Sequence[str], window: _Window) -> int:
    most = min(window.i2 - window.i1, window.j2 - window.j1)
    at = 0
    while at < most and old[window.i2 - 1 - at] == new[window.j2 - 1 - at]:
        at += 1
    return at


def _anchors(old: Sequence[str], new: Sequence[str], window: _Window) -> list[tuple[int, int]]:
    """Parts that both have once, in an order that both agree on."""
    once = Counter(new[window.j1 : window.j2])
    places = {new[j]: j for j in range(window.j1, window.j2) if once[new[j]] == 1}
    ours = Counter(old[window.i1 : window.i2])
    pairs = [
        (i, places[old[i]])
        for i in range(window.i1, window.i2)
        if ours[old[i]] == 1 and old[i] in places
    ]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs, in order of the first, whose seconds rise."""
    ends: list[int] = []
    """The least second that a chain of each length ends with."""
    last: list[int] = []
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        last[length : length + 1] = [at]
    chain = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _myers(
    old: Sequence[str], new: Sequence[str], window: _Window, budget: Budget
) -> Iterator[Match]:
    """The fewest edits that make the one stretch of the other, if they are few enough.

    E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986: the greedy search.
    """
    width, height = window.i2 - window.i1, window.j2 - window.j1
    reached = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(width + height, EDITS) + 1):
        trace.append(dict(reached))
        if not budget.pay(edits + 1):
            return
        for line in range(-edits, edits + 1, 2):
            down = line == -edits or (
                line != edits and reached.get(line - 1, -1) < reached.get(line + 1, -1)
            )
            x = reached[line + 1] if down else reached[line - 1] + 1
            start, y = x, x - line
            while x < width and 0 <= y < height and old[window.i1 + x] == new[window.j1 + y]:
                x, y = x + 1, y + 1
            budget.pay(x - start)
            reached[line] = x
            if x >= width and y >= height:
                yield from _back(trace, window, line)
                return


def _back(trace: Sequence[dict[int, int]], window: _Window, line: int) -> list[Match]:
    """The runs along the way that the search took, in order."""
    x, y = window.i2 - window.i1, window.j2 - window.j1
    found = []
    for edits in range(len(trace) - 1, -1, -1):
        reached = trace[edits]
        down = line == -edits or (
            line != edits and reached.get(line - 1, -1) < reached.get(line + 1, -1)
        )
        line = line + 1 if down else line - 1
        came = reached[line] if edits else 0
        start = (came if down else came + 1) if edits else 0
        if x > start:
            found.append((window.i1 + start, window.j1 + y - (x - start), x - start))
        x, y = came, came - line
    return found[::-1]


def _joined(matches: Iterator[Match]) -> Iterator[Match]:
    """Without empty runs, and neighbours made one."""
    i = j = size = 0
    for at, to, length in matches:
        if not length:
            continue
        if size and (i + size, j + size) == (at, to):
            size += length
            continue
        if size:
            yield i, j, size
        i, j, size = at, to, length
    if size:
        yield i, j, size
