"""Pieces of words as BERT's uncased models count them: the longest known piece first."""

import gzip
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

FILE = "mood-pieces.txt.gz"
"""The published vocabulary of ``bert-base-uncased``, a piece a line; see ``NOTICE.md``."""
START, END, UNKNOWN = 101, 102, 100
LONGEST_WORD = 100


@cache
def pieces() -> dict[str, int]:
    """Each piece and its number."""
    packed = (files("processors.nlp") / "data" / FILE).read_bytes()
    lines = gzip.decompress(packed).decode().split("\n")
    return {piece: number for number, piece in enumerate(lines)}


@lru_cache(50_000)
def _word(word: str) -> tuple[int, ...]:
    known = pieces()
    if len(word) > LONGEST_WORD:
        return (UNKNOWN,)
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = word[start:end] if start == 0 else "##" + word[start:end]
            if piece in known:
                found.append(known[piece])
                start = end
                break
        else:
            return (UNKNOWN,)
    return tuple(found)


def split(token: str) -> tuple[int, ...]:
    """The pieces of one token of spaCy's; none for white space."""
    plain = unicodedata.normalize("NFD", token.lower())
    found: list[int] = []
    word = ""
    for letter in plain:
        kind = unicodedata.category(letter)
        if kind == "Mn" or (kind[0] == "C" and letter not in "\t\n\r"):
            continue
        alone = _is_sign(letter, kind)
        if alone or letter.isspace():
            found += _word(word) if word else ()
            word = ""
            found += _word(letter) if alone else ()
        else:
            word += letter
    found += _word(word) if word else ()
    return tuple(found)


def _is_sign(letter: str, kind: str) -> bool:
    """Punctuation, every sign of ASCII, and characters of Chinese, which stand alone."""
    return (
        kind[0] == "P"
        or (letter.isascii() and not letter.isalnum() and not letter.isspace())
        or "\u4e00" <= letter <= "\u9fff"
    )
