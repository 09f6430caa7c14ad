"""The time that a figure covers."""

import pytest

from processors.nlp.reader import Text
from tests.support.reading import shared_reader


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Nvidia's revenue was $30 billion in 2024.", "2024"),
        ("Nvidia's revenue was $30 billion in the first half of 2024.", "2024-H1"),
        ("Nvidia's revenue was $30 billion in the third quarter of 2024.", "2024-Q3"),
        ("Nvidia's revenue was $30 billion in the second quarter.", "Q2"),
        ("Microsoft will spend $30 billion on data centres this year.", "this_year"),
        ("Microsoft spent $30 billion on data centres last year.", "last_year"),
        ("Microsoft will spend $30 billion on data centres next year.", "next_year"),
        ("Microsoft will spend $30 billion on data centres over four years.", "P4Y"),
        ("From 2025 to 2028 Microsoft will spend $30 billion on data centres.", "2025/2028"),
        ("OpenAI has annual recurring revenue of $12 billion.", "per_year"),
        ("Microsoft spent $30 billion on data centres.", None),
    ],
)
def test_the_period_of_a_figure(text: str, period: str | None) -> None:
    [reading] = shared_reader().read([Text(text)])
    [claim] = reading.claims
    assert claim.period == period


def test_each_part_of_a_sentence_has_its_own_period() -> None:
    text = "OpenAI lost $5 billion in 2024; in 2023 it was $2 billion."
    [reading] = shared_reader().read([Text(text)])
    assert [claim.period for claim in reading.claims] == ["2024", "2023"]
