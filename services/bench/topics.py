"""Made-up alert topics over made-up coverage: topic ``n`` is the same wherever it is made.

They ask for texts alone, in ways that any engine has: words, phrases, neighbours, beginnings of
words, headlines, and what OR and NOT make of them.
"""

from collections.abc import Iterator
from random import Random

from processors.query.terms import joined
from services.bench.cast import SEED, Cast, cast
from services.bench.words import random_of, vocabulary

RAREST = 200
"""How much rarer the rarest word that is asked for is than the most frequent one, of rank 300."""
KINDS = {
    "words": 30, "name": 20, "phrase": 15, "either": 10, "without": 8, "near": 7, "title": 5,
    "word": 3, "start": 2,
}  # fmt: skip
"""What topics ask for, and how many of a hundred do."""
_DRAWN = [kind for kind, share in KINDS.items() for _ in range(share)]


def topic_queries(numbers: range) -> Iterator[str]:
    """The queries of these topics, in order."""
    known = cast()
    return (_query(known, random_of(SEED + 31 * number)) for number in numbers)


def _query(known: Cast, random: Random) -> str:  # noqa: PLR0911 - one return a kind of topic
    first, second, third = _topical(known, random)
    name = random.choice(known.names).name.replace('"', "")
    match random.choice(_DRAWN):
        case "words":
            return f"{first} {second}" if random.random() < 0.5 else f"{first} {second} {third}"
        case "name":
            return f'"{name}" {first}' if random.random() < 0.6 else f'"{name}"'
        case "phrase":
            return f'"{_phrase(known, random)}"'
        case "either":
            return f'({first} OR {second}) "{name}"'
        case "without":
            return f"{first} {second} -{_word(random)}"
        case "near":
            return f'"{first} {second}"~{random.choice((3, 5, 10))}'
        case "title":
            return f"title:{first} {second}"
        case "word":
            return _word(random)
        case _:
            word = _word(random)
            return f"{word[: max(4, len(word) - 2)]}* {first}"


def _word(random: Random) -> str:
    """Of any rank, the rarer ones as often as the more frequent ones."""
    while True:
        word = vocabulary().words[int(300 * RAREST ** random.random())]
        if len(word) > 4:
            return word


def _topical(known: Cast, random: Random) -> tuple[str, str, str]:
    """Three different words of one sentence, so that some article has them together."""
    while True:
        words = {joined(word): word for word in _sentence(known, random) if len(word) > 4}
        if len(words) >= 3:
            first, second, third = random.sample([*words.values()], 3)
            return first, second, third


def _phrase(known: Cast, random: Random) -> str:
    words = _sentence(known, random)
    start, size = random.randrange(len(words) - 3), random.choice((2, 2, 3))
    return " ".join(words[start : start + size])


def _sentence(known: Cast, random: Random) -> list[str]:
    return random.choice(random.choice(known.topics).sentences).lower().rstrip(".").split()
