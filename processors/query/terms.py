"""The one analyser: what is indexed, asked for, matched and highlighted is cut here and only here.

Terms, joined by single spaces, are what an engine gets, under an analyser that splits at white
space and does nothing else. The rules, each with its example:

- Accents, case, width and invisible characters make no difference: ``Café`` = ``cafe``.
- Words are stemmed (``chips`` = ``chip``); a possessive goes (``OpenAI's`` = ``OpenAI``), other
  apostrophes join (``don't`` = ``dont``).
- Anything that is neither letter nor digit separates: ``low-cost`` = ``low cost``.
- Letters before digits are a term of their own: ``GPT-4`` = ``GPT 4`` = ``gpt4`` = gpt, 4.
- A number keeps its decimals and loses its thousands separators: ``5.6``, ``50,000`` = ``50000``.
- Letters right after digits: a scale is spelled out (``$5.6M`` = ``$5.6 million``), a unit is a
  term of its own (``80GB`` = ``80 GB``), a plural goes (``H100s`` = ``H100``), and anything else
  stays with the number, so that ``GPT-4o`` is not ``GPT-4``.
- A currency sign is a term of its own: ``$5.6 million`` is found as ``5.6 million`` too.
- Dotted letters are one word: ``A.I.`` = ``AI``. The country is told from the pronoun by its
  capitals: ``US`` = ``U.S.`` = ``USA``, which is not ``us``.
- ``C++`` and ``C#`` are terms. Han and kana are one term a character.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

import msgspec
import Stemmer

from processors.bounds import make_room

VERSION = 1
"""Goes up with every change of a rule: what was indexed under another version is indexed again."""
MAX_TERM = 64
"""Characters; what is longer is cut, for texts and queries alike."""
COUNTRY = "u.s"
"""The term for the United States, which ``us`` must not meet."""

_SCALES = {
    **dict.fromkeys(("k", "thousand"), "thousand"),
    **dict.fromkeys(("m", "mn", "mln", "mio", "million"), "million"),
    **dict.fromkeys(("b", "bn", "bln", "billion"), "billion"),
    **dict.fromkeys(("t", "tn", "trn", "trillion"), "trillion"),
}
_UNIT = re.compile(r"[nmck]m|[kmgtp]b|[kmgt]wh?|[mg]hz|ms|kg")
_ACRONYM_PLURAL = re.compile(r"(?:[cdgilntvx]pu|[lsv]lm|gpt|ngo|c[dfot]o|pc|vc)s")
"""Plurals that the stemmer, made for words with vowels, leaves as they are."""

_TOKEN = re.compile(
    r"(?P<dotted>(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)\.?)(?:'[sS](?!\w))?"
    r"|(?P<code>(?<!\w)(?:[cC]\+\+|[cCfF]\#)(?!\w))"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*)"
    r"(?P<tail>[^\W\d_]+)?(?:'[sS](?!\w))?"
    r"|(?P<han>[\u3040-\u30ff\u3400-\u9fff])"
    r"|(?P<word>[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:'[^\W\d_]+)*)"
    r"|(?P<sign>[$€£¥₹₩₽₪₺₫฿])"
)
_VISIBLE = re.compile(r"\S+")
_BEHIND = '.,;:!?)"'
"""Signs that are often right behind a word, and belong to no term there."""
_LONGEST_KNOWN = 32
"""Characters of a word that is kept with its terms; longer ones are rarely met again."""
_MOST_KNOWN = 65_536
_stemmer = Stemmer.Stemmer("english")


class Term(msgspec.Struct, frozen=True, gc=False):
    """A term, the characters of the text that it stands for, and its place among the terms."""

    term: str
    start: int
    end: int
    position: int


class _Folds(dict[str, str]):
    """A character without accent, width and typographic form; invisible ones are nothing."""

    def __missing__(self, char: str) -> str:
        plain = unicodedata.normalize("NFKD", char)
        kept = (c for c in plain if unicodedata.category(c) not in {"Mn", "Mc", "Me", "Cf"})
        folded = self[char] = "".join(self.get(c, c) for c in kept)
        return folded


_FOLDS = _Folds(
    {"’": "'", "‘": "'", "ʼ": "'", "′": "'", "™": "", "℠": "", "ß": "ss", "ẞ": "SS", "ı": "i"}
    | {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
)


class Piece(msgspec.Struct, frozen=True, gc=False):
    """What stands between white space: its terms, their words as written, and where they are."""

    terms: tuple[str, ...]
    forms: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def pieces(text: str) -> list[Piece]:
    """All of a text, in order."""
    return [*map(_PIECES.__getitem__, text.split())]


def piece_around(text: str, at: int) -> tuple[int, int, Piece]:
    """The piece that holds a visible character: where it begins and ends, and what it is."""
    start = at
    while start and not text[start - 1].isspace():
        start -= 1
    return piece_from(text, start) or (at, at + 1, _NOTHING)


def piece_from(text: str, at: int) -> tuple[int, int, Piece] | None:
    """The first piece that begins at a place or behind it."""
    match = _VISIBLE.search(text, at)
    return (*match.span(), _PIECES[match[0]]) if match else None


def beginnings(wanted: Iterable[str]) -> re.Pattern[str]:
    """Matches in every piece of a text that has one of the terms, or a form that begins so.

    It matches in others, too: it is there to pass over most of a text without cutting it. A term
    begins as its word does, for stems lose their ends: so its first letter tells, with no letter
    in front of it, and the second one, which may stand behind a dot, a comma or an apostrophe.
    Characters that are folded may be anything.
    """
    first, second, alone = set[str](), set(".',"), False
    for term in wanted:
        first.update(term[0], "k" if term == _THOUSAND else "")
        alone = alone or len(term) == 1 or term in _SHORTENED
        second.update("iy" if term[1:2] in ("i", "y") else term[1:2])  # ``dying`` becomes ``die``
    begin = "".join(re.escape(char + char.upper()) for char in sorted(first))
    go_on = "".join(re.escape(char + char.upper()) for char in sorted(second))
    behind = r"(?:(?<![A-Za-z])|(?<![A-Za-z].))"
    plain = f"[{begin}]{behind}" + ("" if alone else f"(?=[{go_on}])")
    return re.compile(rf"[^\x00-\x7f\s]|{plain}", re.DOTALL)


def analyse(text: str) -> list[Term]:
    """The terms of a text in order; ``text[start:end]`` is what each stands for. Never raises."""
    found: list[Term] = []
    for match in _VISIBLE.finditer(text):
        piece, at = _PIECES[match[0]], match.start()
        for term, (start, end) in zip(piece.terms, piece.spans, strict=True):
            found.append(Term(term, at + start, at + end, len(found)))
    return found


def terms(text: str) -> tuple[str, ...]:
    """The terms alone."""
    return tuple(term for piece in pieces(text) for term in piece.terms)


def forms(text: str) -> tuple[str, ...]:
    """The words as they are written, case and accents aside: what a ``Prefix`` begins."""
    return tuple(form for piece in pieces(text) for form in piece.forms)


def terms_and_forms(text: str) -> tuple[list[str], set[str]]:
    """Both at once, for an index: the terms in order, and the different words."""
    found: list[str] = []
    words: set[str] = set()
    for piece in pieces(text):
        found += piece.terms
        words.update(piece.forms)
    return found, words


def joined(text: str) -> str:
    """What an engine is given for a text: its terms with single spaces between them."""
    return " ".join(filter(None, map(_JOINED.__getitem__, text.split())))


def _cut(text: str) -> Piece:
    word = text.rstrip(_BEHIND)
    if word.isascii() and word.isalpha():
        return Piece((_word(word),), (_plain(word),), ((0, len(word)),))
    folded, origin = _fold(text)
    found: list[tuple[str, str, tuple[int, int]]] = []
    for match in _TOKEN.finditer(folded):
        form = _plain(match[0]) if match.lastgroup in ("word", "dotted") else ""
        for term, start, end in _pieces(match):
            if origin is not None:
                # Up to the next visible character, so that combining marks stay with their letter.
                start, end = origin[start], max(origin[end], origin[end - 1] + 1)  # noqa: PLW2901
            found.append((term, form or term, (start, end)))
    return Piece(*(tuple(part) for part in zip(*found, strict=True))) if found else _NOTHING


class _Known[T](dict[str, T]):
    """What is made of what stands between white space: texts repeat words.

    The oldest go once there are very many.
    """

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> T:
        made = self._make(word)
        if len(word) <= _LONGEST_KNOWN:
            if len(self) >= _MOST_KNOWN:
                make_room(self)
            self[word] = made
        return made


_NOTHING = Piece((), (), ())
_PIECES = _Known(_cut)
"""No token reaches over white space."""
_JOINED = _Known(lambda word: " ".join(_PIECES[word].terms))
"""The same in half the time for those who want the terms alone."""


def _fold(text: str) -> tuple[str, list[int] | None]:
    """The text in plain characters, and the source offset of each where they are not the same."""
    if text.isascii():
        return text, None
    pieces = [_FOLDS[char] for char in text]
    folded = "".join(pieces)
    if len(folded) == len(text) and all(len(piece) == 1 for piece in pieces):
        return folded, None
    return folded, [at for at, piece in enumerate(pieces) for _ in piece] + [len(text)]


def _pieces(match: re.Match[str]) -> list[tuple[str, int, int]]:
    """The terms of one token: one, but for a number with its scale or unit."""
    kind = match.lastgroup
    start, end = match.span(kind or 0)
    if kind in ("word", "dotted"):
        return [(_word(match[kind]), *_bare(match[kind], start, end))]
    if kind not in ("number", "tail"):
        return [(match[0].lower(), start, end)]
    number, tail = match["number"].replace(",", "")[:MAX_TERM], (match["tail"] or "").lower()
    start, middle = match.span("number")
    if tail in _SCALES or _UNIT.fullmatch(tail):
        return [(number, start, middle), (_word(_SCALES.get(tail, tail)), middle, end)]
    if tail == "s" or not tail:
        return [(number, start, middle)]
    return [((number + tail)[:MAX_TERM], start, end)]


def _bare(word: str, start: int, end: int) -> tuple[int, int]:
    """The place of a word without its possessive."""
    return (start, end - 2) if word[-2:].lower() == "'s" and len(word) > 2 else (start, end)


def _letters(word: str) -> str:
    """A word without its possessive, apostrophes and dots."""
    letters = word[:-2] if word[-2:].lower() == "'s" and len(word) > 2 else word
    return letters.replace("'", "").replace(".", "")


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    return _letters(word).casefold()[:MAX_TERM]


@lru_cache(maxsize=65536)
def _word(word: str) -> str:
    letters = _letters(word)
    plain = letters.casefold()[:MAX_TERM]
    if letters == "US" or plain == "usa" or ("." in word and plain == "us"):
        return COUNTRY
    if _ACRONYM_PLURAL.fullmatch(plain):
        return plain[:-1]
    stem: str = _stemmer.stemWord(plain)
    return stem


_THOUSAND = _word("thousand")
_SHORTENED = frozenset({COUNTRY, *map(_word, _SCALES.values())})
"""Terms that stand for less than their letters, as ``5.6M`` has a million."""
