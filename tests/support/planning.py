"""Costs for tests of the plan: every stage alike, and round figures."""

from services.planning.costs import STAGES, Bytes, Cost, Costs, Long, Measured


def even_costs(seconds: float, *, batch: float = 0.0, slice: int = 16) -> Costs:
    """Each event takes so many seconds, more or less by half."""
    cost = Cost(event=seconds, batch=batch, slice=slice, spread=(0.5, 1.0, 1.5))
    return Costs(
        measured=Measured("2026-11-30", 2, "a processor", "3.12.1"),
        load=0.1,
        articles=100,
        stages=dict.fromkeys(STAGES, cost),
        facts=0.003,
        thousand_topics=0.0001,
        alert=0.002,
        join=0.003,
        bytes=Bytes(page=30_000, article=5_000, store=2_000, index=10_000),
        long=Long(
            read_megabytes=500, megabytes_a_million_topics=800, servers=seconds, told="a test"
        ),
    )
