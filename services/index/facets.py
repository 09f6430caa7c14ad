"""What is shown of a facet, whichever engine has counted."""

from collections import Counter
from collections.abc import Iterable, Sequence

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
    best: dict[str, tuple[int, str]] = {}
    for label, count in counts:
        value, _, called = label.partition(BETWEEN)
        totals[value] += count
        if called:
            best[value] = max(best.get(value, (0, "")), (count, called))
    names = {value: called for value, (_, called) in best.items()}
    shown = [
        FacetCount(names[value] if name == "section" else value, names.get(value, value), n)
        for value, n in _first(name, totals.items())
    ]
    return tuple(told_apart(shown))


def _first(name: str, counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))[: MOST[name]]


def told_apart(shown: Sequence[FacetCount]) -> list[FacetCount]:
    """Values that share a label (two feeds of one publisher) show which is which."""
    often = Counter(facet.label for facet in shown)
    return [
        replace(facet, label=f"{facet.label} ({facet.value})") if often[facet.label] > 1 else facet
        for facet in shown
    ]
