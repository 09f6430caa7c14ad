"""Figures read the same way everywhere, and never say more or less than the claim."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.figures import amount, claim_line, dollars, figure
from processors.records import Claim


def money(low: float | None, high: float | None, **fields: Any) -> Claim:
    given_fields = {"kind": "investment", "subject": "Examplar", "currency": "USD", **fields}
    return Claim(amount_low=low, amount_high=high, **given_fields)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (money(5.6e6, 5.6e6), "$5.6M"),
        (money(5.576e6, 5.576e6), "$5.576M"),
        (money(78_123_456, 78_123_456), "$78,123,456"),
        (money(78e6, 78e6, bound="about"), "~$78M"),
        (money(65e9, None, bound="at_least"), "≥ $65B"),
        (money(None, 2e9, bound="at_most"), "≤ $2B"),
        (money(60e9, 65e9, bound="range"), "$60–65B"),
        (money(600e6, 1.2e9, bound="range"), "$600M–$1.2B"),
        (money(500e9, 500e9), "$500B"),
        (money(3e12, 3e12), "$3T"),
        (money(1e6, 1e6), "$1M"),
        (money(0.07 * 1e9, 0.07 * 1e9), "$70M"),
        (money(200_000, 200_000), "$200,000"),
        (money(1e8, 1e9, bound="vague"), "hundreds of millions"),
        (money(1e8, 1e12, bound="vague"), "hundreds of millions to billions"),
        (money(1e7, 1e9, bound="vague"), "tens to hundreds of millions"),
        (money(1e9, 1e12, bound="vague"), "billions"),
        (money(1e9, 1e12, bound="vague", currency="EUR"), "billions (EUR)"),
        (money(2e8, 7e8, bound="vague"), "$200–700M"),
        (money(20e6, 20e6, currency="CHF"), "CHF 20M"),
        (money(50_000, 50_000, currency=None, unit="chips"), "50,000 chips"),
        (money(1e3, 1e6, currency=None, unit="people", bound="vague"), "thousands of people"),
        (
            money(10_000, 20_000, currency=None, unit="people", bound="range"),
            "10,000–20,000 people",
        ),
        (money(0.55, 0.55, unit="per_million_tokens"), "$0.55 per million tokens"),
        (money(2.5, 2.5, unit="per_month"), "$2.50 per month"),
        (money(0.014, 0.014), "$0.014"),
        (money(1.0, 1.0, currency=None, unit="per_reactor"), "1 per reactor"),
        (money(None, None), ""),
        (Claim(kind="date", subject="DeepSeek", object="founded", date="2023"), "founded 2023"),
        (Claim(kind="export_control", subject="United States", object="AI chips"), ""),
    ],
)
def test_a_figure_reads(claim: Claim, text: str) -> None:
    assert figure(claim) == text


def test_a_claim_is_one_line() -> None:
    claim = money(5.6e6, 5.6e6, kind="training_cost", object="R1", modality="reported")
    assert claim_line(claim) == "training cost · Examplar · $5.6M · R1 · reported"
    founded = Claim(kind="date", subject="Examplar", object="founded", date="2023")
    assert claim_line(founded) == "date · Examplar · founded 2023 · done"
    assert claim_line(Claim(kind="loss", subject=None, modality="denied")) == "loss · denied"


@given(st.integers(min_value=1, max_value=10**14))
def test_no_whole_amount_is_rounded(value: int) -> None:
    text = amount(float(value), "USD").removeprefix("$")
    scale = {"M": 10**6, "B": 10**9, "T": 10**12}.get(text[-1], 1)
    assert round(float(text.rstrip("MBT").replace(",", "")) * scale) == value


@given(st.floats(min_value=0.0, max_value=1e18), st.floats(min_value=0.0, max_value=1e18))
def test_any_pair_of_amounts_has_a_figure(low: float, high: float) -> None:
    for bound in ("exact", "about", "range", "vague", "at_least", "at_most"):
        assert figure(money(low, high, bound=bound))


@pytest.mark.parametrize(
    ("claim", "stated"),
    [
        (money(5.6e6, 5.6e6), (5.6e6, 5.6e6)),
        (money(65e9, None, bound="at_least"), (65e9,)),
        (money(10e6, 10e6, currency="EUR"), ()),
        (money(10e6, 10e6, currency="EUR", usd_low=11e6, usd_high=11e6), (11e6, 11e6)),
        (money(500, 500, currency=None, unit="chips"), ()),
        (money(float("nan"), float("inf")), ()),
    ],
)
def test_dollars_are_converted_or_as_stated(claim: Claim, stated: tuple[float, ...]) -> None:
    assert dollars(claim) == stated
