"""Our tables of sentences (``tests/specs/claims``), each row through the whole reader."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.nlp.reader import Text
from processors.records import Claim
from tests.specs.claims import (
    acquisition,
    chip_count,
    date,
    export_control,
    fine,
    funding,
    headcount,
    investment,
    loss,
    price,
    revenue,
    training_cost,
    valuation,
)
from tests.specs.claims.case import Case, Said
from tests.support.reading import shared_reader

TABLES = {
    module.KIND: module.CASES
    for module in (
        acquisition, chip_count, date, export_control, fine, funding, headcount, investment, loss,
        price, revenue, training_cost, valuation,
    )
}  # fmt: skip
CASES = [case for table in TABLES.values() for case in table]
NO_FIGURES = (
    "The weather was mild.",
    "Nobody else wanted to speak about it.",
    "Reporters waited outside for an answer.",
)


def claims_of(text: str) -> list[Claim]:
    [reading] = shared_reader().read([Text(body=text)])
    return list(reading.claims)


def rows() -> list[Any]:
    """One test case a row; a row that names a gap must fail, or the name goes."""
    return [
        pytest.param(
            case,
            marks=[pytest.mark.xfail(reason=case.gap, strict=True)] if case.gap else [],
            id=f"{kind}-{case.text}",
        )
        for kind, table in TABLES.items()
        for case in table
    ]


def complaints(says: tuple[Said, ...], claims: list[Claim]) -> list[str]:
    """What differs under the kindest pairing of what is said with the claims; empty if nothing."""
    if len(says) != len(claims):
        return [f"{len(says)} wanted, {len(claims)} made"]
    pairings = (list(zip(says, order, strict=True)) for order in permutations(claims))
    return min(
        ([d for said, claim in pairs for d in said.differences(claim)] for pairs in pairings),
        key=len,
    )


@pytest.mark.parametrize("case", rows())
def test_row(case: Case) -> None:
    found = claims_of(case.text)
    assert not complaints(case.says, found), found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_places_hold_the_words(case: Case) -> None:
    for claim in claims_of(case.text):
        assert claim.evidence == case.text[claim.start : claim.end] != ""
        assert 0 <= claim.sentence.start <= claim.start
        assert claim.end <= claim.sentence.end <= len(case.text)
        assert 0 < claim.confidence <= 1
        assert claim.rule


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CASES), st.sampled_from(NO_FIGURES))
def test_a_later_sentence_without_figures_changes_no_claim(case: Case, more: str) -> None:
    alone = [said_by(claim) for claim in claims_of(case.text)]
    assert [said_by(claim) for claim in claims_of(f"{case.text}\n\n{more}")] == alone


@pytest.mark.parametrize("odd", ["ſ", "ı", "İ", "\u212a"])
def test_letters_that_only_patterns_take_for_ours_do_no_harm(odd: str) -> None:
    text = (
        "Nvidia's second-quarter sales in the first half of 2025 were six billion yen, a week ago."
    )
    usual = odd.casefold()[0].replace("ı", "i")
    for place, letter in enumerate(text):
        if letter.lower() == usual:
            spoilt = text[:place] + odd + text[place + 1 :]
            assert all(c.evidence == spoilt[c.start : c.end] for c in claims_of(spoilt))


def said_by(claim: Claim) -> tuple[object, ...]:
    """What the claim says, apart from where it stands and from whom else its sentence names.

    Object and speaker lean on the statistical parser, which reads a sentence with its neighbours.
    """
    return (
        claim.kind, claim.subject, claim.amount_low, claim.amount_high, claim.currency, claim.unit,
        claim.bound, claim.modality, claim.period, claim.date, claim.evidence, claim.rule,
    )  # fmt: skip


def test_every_table_is_of_its_kind_and_all_but_prices_has_rows_without_a_claim() -> None:
    for kind, table in TABLES.items():
        assert all(said.kind == kind for case in table for said in case.says)
        assert kind == "price" or any(not case.says for case in table), kind
    assert len({case.text for case in CASES}) == len(CASES)
