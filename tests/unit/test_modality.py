"""How claims are asserted, when, and what asserts none."""

import pytest

from processors.nlp.reader import Text
from processors.records import Claim
from tests.support.reading import shared_reader


def claims(text: str) -> list[Claim]:
    (reading,) = shared_reader().read([Text(text)])
    return list(reading.claims)


@pytest.mark.parametrize(
    ("text", "modalities"),
    [
        ("Clearview AI was fined €20 million in Greece for its face recognition.", ["done"]),
        (
            "OpenAI expects revenue of $9 billion this year, against $2 billion last year.",
            ["planned", "done"],
        ),
        ("Anthropic will raise $2 billion in June.", ["planned"]),
        (
            "Nvidia plans a chip after the US government restricted exports of the H20 to China.",
            ["done"],
        ),
        ("A $250 million funding round for Mistral expired without closing.", ["denied"]),
        (
            "Cohere raised $500 million in May, but its bank said that it did not have it.",
            ["denied"],
        ),
        ("Mistral denied that it had raised $800 million.", ["denied"]),
        ("xAI is in talks to raise $4 billion, a person close to it said.", ["rumoured"]),
        ("Cohere said that it had raised $500 million in May.", ["reported"]),
    ],
)
def test_modality(text: str, modalities: list[str]) -> None:
    assert [claim.modality for claim in claims(text)] == modalities


@pytest.mark.parametrize(
    "text",
    [
        "Will Microsoft spend $70 billion on data centres?",
        "Jensen Huang was asked whether Nvidia would invest $10 billion in Anthropic.",
        "Nvidia's shares closed at $181 after OpenAI ordered its chips.",
        "Authors get about $3,000 per work in the copyright settlement with Anthropic.",
        "OpenAI will build 10 gigawatts of Nvidia systems.",
        "Nvidia, now worth $4.1 trillion, makes most AI chips.",
    ],
)
def test_no_claim(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize("words", ["a year earlier", "a year before", "a year ago", "last year"])
def test_a_year_earlier_is_a_time_and_no_rate(words: str) -> None:
    found = claims(f"Nvidia's revenue rose to $44 billion, up from $26 billion {words}.")
    assert [claim.period for claim in found][-1] == "last_year"


def test_a_rate_stays_a_rate() -> None:
    (found,) = claims("Anthropic's revenue runs at $5 billion a year.")
    assert found.period == "per_year"


def test_a_conversion_in_brackets_is_no_second_claim() -> None:
    (found,) = claims("Alibaba spent 1.9 billion yuan (about $272 million) on AI chips.")
    assert (found.currency, found.amount_low) == ("CNY", 1.9e9)
