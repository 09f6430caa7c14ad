"""What is shown of a facet, whichever engine has counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nsmallest

from msgspec.structs import replace

from processors.figures import kind_words
from services.index import FacetCount
from services.index.documents import BETWEEN

MOST = {"source": 100, "entity": 20, "claim": 20, "language": 20, "section": 20}
"""Values shown of each: the most frequent."""


def by_value(name: str, counts: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
    """A facet whose values speak for themselves."""
    return tuple(FacetCount(value, kind_words(value), n) for value, n in _first(name, counts))


def by_label(name: str, counts: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
    """A facet whose values have names, counted by labels (``documents.BETWEEN``).

    A value is called as most of its articles call it. A section is asked for by its name.
    """
    totals: Counter[str] = Counter()
    called: dict[str, list[tuple[int, str]]] = {}
    for label, count in counts:
        value, _, words = label.partition(BETWEEN)
        totals[value] += count
        called.setdefault(value, []).append((count, words))
    shown = []
    for value, count in _first(name, totals.items()):
        names = [pair for pair in called[value] if pair[1]]
        words = max(names)[1] if names else value
        shown.append(FacetCount(words if name == "section" else value, words, count))
    return tuple(told_apart(shown))


def _first(name: str, counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return nsmallest(MOST[name], counts, key=lambda pair: (-pair[1], pair[0]))


def told_apart(shown: Sequence[FacetCount]) -> list[FacetCount]:
    """Values that share a label (two feeds of one publisher) show which is which."""
    often = Counter(facet.label for facet in shown)
    return [
        replace(facet, label=f"{facet.label} ({facet.value})") if often[facet.label] > 1 else facet
        for facet in shown
    ]
