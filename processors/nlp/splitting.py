"""spaCy's tokenizer with its own patterns, asked only where they can match: the same tokens.

The tokenizer keeps how it split a word only outside a memory zone, so that it tries four patterns
on most words of a text. Their finds all hold a sign, and most words are of letters alone.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from spacy.language import Language

type Search = Callable[[str], re.Match[str] | None]
_CLOSING = frozenset(',;:!?)]"”')
"""Signs that are a suffix by themselves wherever they end a word."""
_ANY = re.compile(".", re.DOTALL)


def quicken_splitting(nlp: Language) -> None:
    """Have a tokenizer like the loaded one, which asks its patterns less often.

    A new one: to change a pattern of the old one reads all of its exceptions anew, each time.
    """
    loaded: Any = nlp.tokenizer
    nlp.tokenizer = type(loaded)(
        nlp.vocab,
        rules=loaded.rules,
        prefix_search=_prefix(loaded.prefix_search),
        suffix_search=_suffix(loaded.suffix_search),
        infix_finditer=_infixes(loaded.infix_finditer),
        token_match=loaded.token_match,
        url_match=_url(loaded.url_match),
        faster_heuristics=loaded.faster_heuristics,
    )


def _prefix(search: Search) -> Search:
    def prefix(word: str) -> re.Match[str] | None:
        first = word[:1]
        plain = first.isascii() and first.isalnum() and "$" not in word  # ``US$5`` begins with one
        return None if plain else search(word)

    return prefix


def _suffix(search: Search) -> Search:
    def suffix(word: str) -> re.Match[str] | None:
        if word.isascii() and word.isalpha():
            return None
        if word[-1:] in _CLOSING:
            return _ANY.match(word, len(word) - 1)
        return search(word)

    return suffix


def _infixes(find: Callable[[str], Iterable[re.Match[str]]]) -> Callable[[str], Any]:
    def infixes(word: str) -> Iterable[re.Match[str]]:
        return () if word.isascii() and word.isalnum() else find(word)

    return infixes


def _url(match: Search) -> Search:
    def url(word: str) -> re.Match[str] | None:
        return match(word) if "." in word else None

    return url
