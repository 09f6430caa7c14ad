"""spaCy's vocabulary in bounds, however many texts are read.

A memory zone frees the words of a batch, but spaCy's maps of words and strings keep a slot for each
word that they ever held. So they are made anew once they have seen enough words.
"""

from typing import Any

from spacy.attrs import NORM  # type: ignore[import-not-found]
from spacy.language import Language

MOST_NEW_WORDS = 60_000
"""Words made since the maps were new: they then take 2 MiB or less each.

To make them anew takes 20 ms, once in some 2,000 short articles of which nearly every word is new.
"""
_NOTHING = b"\x80"
_STATE = ("strings", "vectors", "lookups")


def renew(nlp: Language) -> None:
    """Make the maps of words and strings anew where they have seen too many words.

    Outside a memory zone only. Nothing that is read depends on it: the tokenizer keeps the known
    words that it has split, and every other word is made again when a text has it.
    """
    vocab: Any = nlp.vocab
    if len(vocab) < MOST_NEW_WORDS:  # spaCy counts words that are freed too
        return
    norm = vocab.lex_attr_getters[NORM]
    vocab.strings._reset_and_load(list(vocab.strings))
    vocab.from_bytes(_NOTHING, exclude=_STATE)
    vocab.lex_attr_getters[NORM] = norm  # which ``from_bytes`` wraps once more
