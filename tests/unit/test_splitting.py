"""Words are split as spaCy's own tokenizer splits them."""

from functools import cache
from pathlib import Path

import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from processors.nlp.splitting import quicken_splitting

PASSAGES = Path(__file__).parent.parent / "specs" / "passages.txt"
WORDS = (
    "it Nvidia don't OpenAI H100s 5 1.5 km a.com www.b.org/c?d=e US$5bn C$ A.I. state-of-the-art"
)
SIGNS = [*",;:!?)]\"”.'’…-–—$€£(“‘/&%+°²½é@", "'s", "’s", "...", "m²", "°C.", " ", "\n"]


@cache
def tokenizers() -> tuple[Language, Language]:
    own, quick = spacy.blank("en"), spacy.blank("en")
    quicken_splitting(quick)
    return own, quick


def is_split_alike(text: str) -> None:
    own, quick = (
        [(token.text, token.whitespace_, token.norm_) for token in nlp.make_doc(text)]
        for nlp in tokenizers()
    )
    assert quick == own


@settings(deadline=None)
@given(st.lists(st.sampled_from([*WORDS.split(), *SIGNS]), max_size=8).map("".join))
def test_signs_are_split_off_as_before(word: str) -> None:
    with tokenizers()[0].memory_zone(), tokenizers()[1].memory_zone():
        is_split_alike(word)


def test_a_text_is_split_as_before() -> None:
    is_split_alike(PASSAGES.read_text("utf-8"))
