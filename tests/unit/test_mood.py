"""Sentiment goes to the entity that its words are about, and to no one where there are none."""

import pytest

from processors.nlp.mood.aggregate import SHRINK, mood_of
from processors.nlp.mood.port import Feeling
from processors.nlp.reader import Reading, Text
from processors.records import Mood, Span
from tests.support.reading import shared_reader as reader

GOOD = Feeling(0.05, 0.1, 0.85)
BAD = Feeling(0.9, 0.05, 0.05)
DULL = Feeling(0.05, 0.9, 0.05)


def read(text: str, *targets: str) -> Reading:
    spans = tuple(
        Span(start=text.index(target), end=text.index(target) + len(target)) for target in targets
    )
    (reading,) = reader().read([Text(text, targets=spans)])
    return reading


def felt(text: str) -> dict[str, Mood]:
    return {mood.entity: mood for mood in read(text).moods}


@pytest.mark.parametrize(
    ("text", "name", "polarity"),
    [
        ("Nvidia's shares plunged after a terrible quarter.", "nvidia", "negative"),
        ("Mistral was sued over stolen books.", "mistral", "negative"),
        ("Reviewers praised Mistral for its impressive new assistant.", "mistral", "positive"),
        ("The new chip is a remarkable success for Nvidia.", "nvidia", "positive"),
    ],
)
def test_one_entity(text: str, name: str, polarity: str) -> None:
    assert felt(text)[name].polarity == polarity


ONE_MOOD = pytest.mark.xfail(strict=True, reason="the model draws both names to one mood here")


@pytest.mark.parametrize(
    ("text", "worse", "better"),
    [
        (
            "While Google stumbled badly, Anthropic impressed everyone with a brilliant model.",
            "google",
            "anthropic",
        ),
        (
            "Meta was found guilty of fraud, while Mistral won an award for its honest work.",
            "meta",
            "mistral",
        ),
        (
            "Apple was ridiculed for its late and clumsy assistant, whereas Google drew cheers.",
            "apple",
            "google",
        ),
        pytest.param(
            "OpenAI was fined for fraud, and Anthropic won praise for its excellent work.",
            "openai",
            "anthropic",
            marks=ONE_MOOD,
        ),
        pytest.param(
            "DeepSeek delighted developers; OpenAI disappointed them.",
            "openai",
            "deepseek",
            marks=ONE_MOOD,
        ),
        pytest.param(
            "Meta was humiliated by DeepSeek's stunning success.",
            "meta",
            "deepseek",
            marks=ONE_MOOD,
        ),
    ],
)
def test_two_entities_in_one_sentence_differ(text: str, worse: str, better: str) -> None:
    moods = felt(text)
    assert moods[worse].score < moods[better].score
    assert moods[worse].polarity == "negative"
    assert moods[better].polarity == "positive"


@pytest.mark.parametrize(
    "text",
    [
        "Nvidia will hold its conference in June.",
        "Nvidia said the figures would be published on Friday.",
    ],
)
def test_a_text_that_says_nothing_of_an_entity_leaves_no_mood(text: str) -> None:
    assert "nvidia" not in felt(text)


def test_a_negation_turns_praise() -> None:
    plain, turned = (
        read(text, "Mistral").targets[0].score
        for text in (
            "Analysts were impressed by Mistral's model.",
            "Analysts were not impressed by Mistral's model.",
        )
    )
    assert turned < plain


def test_who_is_asked_about_is_always_answered() -> None:
    text = "The committee met on Monday, and Ms Okafor lied to everyone."
    first, second = read(text, "The committee", "Ms Okafor").targets
    assert (first.start, first.end) == (0, 13)
    assert second.polarity == "negative"
    assert second.score < first.score


def test_targets_and_moods_do_not_hang_on_what_is_read_with_them() -> None:
    texts = [
        Text("Nvidia's shares plunged. Anthropic won praise for its excellent model."),
        Text("Mistral was sued over stolen books.", targets=(Span(start=0, end=7),)),
        Text("Google opened an office, and Meta failed its audit. " * 40),
    ]
    together = reader().read(texts)
    assert together == [reader().read([text])[0] for text in texts]
    assert together == reader().read(texts)


def test_a_target_outside_of_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not a stretch"):
        reader().read([Text("Short.", targets=(Span(start=10, end=12),))])


def test_the_article_says_which_model_read_it() -> None:
    assert read("Nvidia.").made_by["beatwire-mood"] == "v2"


def test_a_list_without_end_is_read() -> None:
    assert len(read("great Nvidia " * 2000, "Nvidia").targets) == 1


def place(number: int) -> Span:
    return Span(start=number * 10, end=number * 10 + 9)


def test_neutral_sentences_do_not_dilute_one_that_speaks() -> None:
    alone = mood_of("a", {place(0): BAD})
    among = mood_of("a", {place(0): BAD, **{place(n): DULL for n in range(1, 9)}})
    assert alone == among
    assert alone is not None
    assert alone.score == round(BAD.score / (1 + SHRINK), 3)


def test_no_mood_where_all_is_surely_neutral() -> None:
    assert mood_of("a", {place(0): DULL, place(1): DULL}) is None


def test_evidence_is_what_shows_the_mood_strongest_first() -> None:
    weaker = Feeling(0.6, 0.3, 0.1)
    mood = mood_of("a", {place(0): weaker, place(1): GOOD, place(2): BAD, place(3): BAD})
    assert mood is not None
    assert mood.polarity == "negative"
    assert mood.evidence == (place(2), place(3), place(0))


def test_opposites_are_neutral() -> None:
    mood = mood_of("a", {place(0): GOOD, place(1): BAD})
    assert mood is not None
    assert mood.polarity == "neutral"
