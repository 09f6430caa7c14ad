"""The kinds of claims, one module each. A new kind is a module here, named in ``FIGURE_KINDS``."""

from typing import get_args

from processors.nlp.claims.kinds import (
    acquisition,
    chip_count,
    date,
    export_control,
    fine,
    funding,
    headcount,
    investment,
    loss,
    not_claims,
    price,
    revenue,
    training_cost,
    valuation,
)
from processors.nlp.claims.kinds.base import Kind, Trigger
from processors.nlp.quantities.quantity import Sort

FIGURE_KINDS: tuple[Kind, ...] = (
    training_cost.KIND,
    valuation.KIND,
    funding.KIND,
    acquisition.KIND,
    fine.KIND,
    loss.KIND,
    revenue.KIND,
    price.KIND,
    investment.KIND,
    headcount.KIND,
    chip_count.KIND,
    date.KIND,
    not_claims.MARKET,
    not_claims.USERS,
    not_claims.OTHER_CHIPS,
    not_claims.LIVES,
)
KINDS_OF: dict[str, tuple[Kind, ...]] = {
    sort: tuple(kind for kind in FIGURE_KINDS if kind.sort == sort) for sort in get_args(Sort)
}
"""Those that a figure of a sort may be of."""
EXPORT_CONTROL = export_control.KIND

__all__ = ["EXPORT_CONTROL", "FIGURE_KINDS", "KINDS_OF", "Kind", "Trigger"]
