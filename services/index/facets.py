"""What is shown of a facet, whichever engine has counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from processors.figures import kind_words
from services.index import FacetCount
from services.index.documents import BETWEEN

MOST = {"source": 100, "entity": 20, "claim": 20, "month": 500}
"""Values shown of each; the most frequent, months the newest."""


def chosen(name: str, counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The values of a facet that are shown: most frequent first, months newest first."""
    if name == "month":
        ordered = sorted(counts, reverse=True)
    else:
        ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return ordered[: MOST[name]]


def facet(
    name: str, counts: Sequence[tuple[str, int]], names: Mapping[str, str]
) -> tuple[FacetCount, ...]:
    """Chosen values with their labels; ``names`` has those of sources and entities."""
    label: Callable[[str], str] = kind_words if name == "claim" else lambda v: names.get(v, v)
    return tuple(told_apart([FacetCount(value, label(value), n) for value, n in counts]))


def told_apart(shown: Sequence[FacetCount]) -> list[FacetCount]:
    """Values that share a label (two feeds of one publisher) show which is which."""
    often = Counter(facet.label for facet in shown)
    return [
        replace(facet, label=f"{facet.label} ({facet.value})") if often[facet.label] > 1 else facet
        for facet in shown
    ]


def names_of(labels: Iterable[tuple[str, int]]) -> dict[str, str]:
    """For each id the name under which most of the articles found have it, from labels counted."""
    best: dict[str, tuple[int, str]] = {}
    for label, count in labels:
        value, _, name = label.partition(BETWEEN)
        if name:
            best[value] = max(best.get(value, (0, "")), (count, name))
    return {value: name for value, (_, name) in best.items()}
