"""What an article's own fields tell of its claims, and what only its claims can tell."""

import pytest

from processors.query.tree import Amount, BoundIs, ClaimIs, Condition, Dated, ModalityIs, PartyIs
from services.index.tantivy_made import Bounded, ask_article, columns, made
from tests.support.articles import claim

LARGE = Amount("usd", ">", 1e6)
MANY = Amount("count", ">", 100)
PLANNED, FLOOR = ModalityIs("planned"), BoundIs("at_least")


def asked(kind: str | None, *conditions: Condition) -> str | None:
    """The field or the first term that is asked for."""
    found = ask_article(ClaimIs(kind, conditions))
    match found:
        case Bounded(field=field):
            return field
        case (first, *_):
            return first
        case _:
            return None


@pytest.mark.parametrize(
    ("kind", "conditions", "where"),
    [
        (None, (), "any any any"),
        ("funding", (), "funding any any"),
        ("funding", (PLANNED,), "funding planned any"),
        (None, (FLOOR, PLANNED), "any planned at_least"),
        ("funding", (LARGE,), "usd_funding_any"),
        (None, (PLANNED, LARGE), "usd_any_planned"),
        ("headcount", (MANY,), "count_headcount"),
        ("headcount", (MANY, PLANNED), None),
        ("funding", (LARGE, FLOOR), None),
        ("funding", (LARGE, LARGE), None),
        (None, (PLANNED, ModalityIs("denied")), None),
        ("funding", (PartyIs("subject", "Meta"),), "funding subject #Meta"),
        (None, (PartyIs("speaker", "meta"),), "any speaker #meta"),
        ("funding", (PartyIs("subject", "meta"), PLANNED), None),
        ("date", (Dated("=", "2025"),), None),
    ],
)
def test_what_the_article_is_asked(
    kind: str | None, conditions: tuple[Condition, ...], where: str | None
) -> None:
    assert asked(kind, *conditions) == where
    assert where is None or " " in where or where in set(columns())


def test_claims_are_told_together_and_figures_apart() -> None:
    found = made(
        [
            claim("funding", 2e6, 3e6, modality="planned", bound="range"),
            claim("headcount", 70_000.0, unit="people"),
        ]
    )
    assert {"any any any", "funding planned range", "headcount any exact"} <= set(found["made"])
    assert "funding subject examplar" in found["made"]
    assert "headcount planned any" not in found["made"]
    assert "funding planned exact" not in found["made"]
    assert found["usd_funding_planned"] == found["usd_any_any"] == [2e6, 3e6]
    assert found["usd_any_done"] == found["usd_headcount_any"] == []
    assert found["count_headcount"] == found["count_any"] == [70_000.0, 70_000.0]
    assert {name for name in found if name != "made"} <= set(columns())


def test_no_claims_tell_nothing() -> None:
    assert made([]) == {"made": []}
