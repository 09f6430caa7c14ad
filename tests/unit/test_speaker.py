"""Who tells a statement, as the claims of a text name it."""

import pytest

from processors.nlp.reader import Text
from tests.support.reading import shared_reader


def speakers(text: str) -> list[str | None]:
    (reading,) = shared_reader().read([Text(text)])
    assert reading.claims, text
    return [claim.speaker for claim in reading.claims]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Anthropic raised $700 million in March, Sam Altman said.", "Sam Altman"),
        ("According to SemiAnalysis, DeepSeek spent $1.1 billion on GPUs.", "SemiAnalysis"),
        (
            "DeepSeek spent over $410 million on GPUs, estimates by SemiAnalysis show.",
            "SemiAnalysis",
        ),
        ("Mistral raised $420 million in May, the company disclosed.", "Mistral AI"),
        (
            "Anthropic's chief executive Dario Amodei told reporters that the firm raised "
            "$3 billion in June.",
            "Dario Amodei",
        ),
        ("Reuters reported that Cohere raised $330 million.", "Reuters"),
    ],
)
def test_the_text_attributes_it(text: str, who: str) -> None:
    assert speakers(text) == [who]


@pytest.mark.parametrize(
    "text",
    [
        "Mistral raised $420 million in May.",
        "xAI raised $6 billion in May, people familiar with the matter said.",
    ],
)
def test_nobody_who_is_named_tells_it(text: str) -> None:
    assert speakers(text) == [None]


def test_a_done_claim_has_no_speaker() -> None:
    text = "Nvidia bought Run:ai for $700 million. Cohere said that it had raised $500 million."
    (reading,) = shared_reader().read([Text(text)])
    for claim in reading.claims:
        assert (claim.speaker is None) == (claim.modality == "done")


def test_a_medium_in_the_dateline_is_not_the_subject() -> None:
    text = "LONDON (Reuters) - Revenue at OpenAI came to $13 billion last year."
    (reading,) = shared_reader().read([Text(text)])
    assert [claim.subject for claim in reading.claims] == ["OpenAI"]
