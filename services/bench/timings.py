"""Many times of one thing, as the figures that are told of them."""

from collections.abc import Sequence

import msgspec


class Timing(msgspec.Struct, frozen=True):
    """Milliseconds."""

    count: int
    p50: float
    p95: float
    p99: float
    worst: float


def timing(seconds: Sequence[float]) -> Timing:
    """Of at least one time. A percentile is a time that was measured, the nearest above."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)

    return Timing(len(ordered), at(0.5), at(0.95), at(0.99), at(1.0))
