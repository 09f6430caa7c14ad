"""Words one slip away from a word: what a reader may have meant."""

from collections.abc import Iterator, Mapping

from processors.query.terms import forms

SHORTEST = 4
"""Letters of a word that may be a slip."""
LONGEST = 30
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def form_of(word: str) -> str:
    """The word as an index has it; empty for what is not one word of a fitting length."""
    found = forms(word)
    return found[0] if len(found) == 1 and SHORTEST <= len(found[0]) <= LONGEST else ""


def slips(form: str) -> list[str]:
    """All words that differ by one letter more, less or other, or by two that changed places."""
    return sorted({one for one in _slips(form) if one != form})


def _slips(form: str) -> Iterator[str]:
    letters = _LETTERS + "".join(sorted(set(form) - set(_LETTERS)))
    for at in range(len(form) + 1):
        head, tail = form[:at], form[at:]
        yield from (head + letter + tail for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def likeliest(counts: Mapping[str, int]) -> str:
    """The word that most articles have, of equals the first by the alphabet; empty for none."""
    there = [(-count, word) for word, count in counts.items() if count]
    return min(there)[1] if there else ""
