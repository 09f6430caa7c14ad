"""The quick layer gives the numbers of spaCy's own."""

from typing import Any

import numpy as np
import pytest
from spacy.language import Language

from processors.nlp import encoder
from processors.nlp.encoder import Encoder
from processors.nlp.pipeline import plain_pipeline

TEXTS = [
    "DeepSeek said that it spent $5.6 million to train R1.",
    "Meta's plan: $65 billion in 2025, for 1.3 million GPUs!",
    "",
    "Unheard-of wordlings, such as brobdingnagesque ones, have no vector of their own.",
    " ".join(f"word{number}" for number in range(700)),
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return plain_pipeline()


def layers(nlp: Language) -> list[Any]:
    """The shared one, and the recogniser's own."""
    recogniser: Any = nlp.get_pipe("ner")
    shared: Any = nlp.get_pipe("tok2vec")
    return [shared.model, recogniser.model.get_ref("tok2vec").layers[0]]


@pytest.mark.parametrize("which", [0, 1], ids=["shared", "recogniser"])
def test_it_gives_the_numbers_of_spacys_layer(nlp: Language, which: int) -> None:
    layer, docs = layers(nlp)[which], [nlp.make_doc(text) for text in TEXTS]
    found = Encoder(layer, nlp.vocab).encode(docs)
    for mine, theirs in zip(found, layer.predict(docs), strict=True):
        assert mine.shape == theirs.shape
        assert np.allclose(mine, theirs, atol=1e-4)


def test_a_word_that_was_forgotten_has_the_same_numbers_when_it_comes_again(
    nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = layers(nlp)[0]
    docs = [nlp.make_doc(text) for text in TEXTS]
    wanted = Encoder(layer, nlp.vocab).encode(docs)
    monkeypatch.setattr(encoder, "MOST_WORDS", 16)
    forgetful = Encoder(layer, nlp.vocab)
    for _ in range(2):
        for doc, numbers in zip(docs, wanted, strict=True):
            (found,) = forgetful.encode([doc])
            assert np.allclose(found, numbers, atol=1e-5)
    assert len(forgetful._known) == 16
