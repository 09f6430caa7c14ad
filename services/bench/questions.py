"""The fixed mix of 200 searches over made-up coverage."""

from functools import cache
from random import Random
from typing import Literal, get_args

import msgspec

from processors.query.terms import joined
from services.bench.cast import SECTIONS, SEED, Cast, cast
from services.bench.words import random_of, vocabulary
from services.index import Sort

Kind = Literal[
    "words", "phrases", "facets", "histogram", "claims", "prefix", "near", "mood", "by date"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
COUNTS = {"words": 40, "phrases": 20, "facets": 30, "histogram": 20, "claims": 30, "prefix": 15,
          "near": 15, "mood": 10, "by date": 20}  # fmt: skip
BANDS = ((60, 400), (400, 3_000), (3_000, 20_000))
"""Ranks of words that are searched for: in one article of three, of thirty, of many."""
_CLAIMS = (
    "claim:training_cost(usd<{1}M)", "claim:funding(usd>{1}M modality:planned)", "claim:investment",
    "claim:valuation usd:>{1}B", "claim:any(usd>{1}B)", "claim:revenue(subject:{0})",
    "claim:chip_count(count>{1}k)", "claim:any(subject:{0} usd:1M..{1}M)",
    "claim:export_control after:2025-01-{1:02}", "claim:date(date:2025-03)", "{0} claim:fine",
    "claim:acquisition(modality:rumoured)", "claim:headcount(count<{1}00 subject:{0})",
    "claim:training_cost(subject:{0})", "claim:price(usd<{1})", "claim:any(modality:denied)",
)  # fmt: skip


class Question(msgspec.Struct, frozen=True):
    kind: Kind
    text: str
    sort: Sort = "relevance"


@cache
def questions() -> tuple[Question, ...]:
    """Always the same ones."""
    random = random_of(SEED)
    known = cast()
    makers = {
        "words": _words, "phrases": _phrase, "facets": _facet, "histogram": _days,
        "claims": _claim, "prefix": _prefix, "near": _near, "mood": _mood, "by date": _words,
    }  # fmt: skip
    found = []
    for kind in KINDS:
        for at in range(COUNTS[kind]):
            sort: Sort = "relevance"
            if kind == "by date":
                sort = ("newest", "oldest")[at % 2]
            found.append(Question(kind, makers[kind](known, random, at), sort))
    return tuple(found)


def _word(random: Random, at: int) -> str:
    low, high = BANDS[at % len(BANDS)]
    return random.choice([word for word in vocabulary().words[low:high] if len(word) > 3])


def _words(known: Cast, random: Random, at: int) -> str:
    """One to three words of one topic or of any, or a word beside a name."""
    if at % 4 == 3:
        return f"{random.choice(known.names[:40]).name} {_word(random, at)}"
    if at % 4 == 2:
        return " ".join(random.sample(_topical(known, random), 2 + at % 2))
    return " ".join(_word(random, at + more) for more in range(1 + at % 2))


def _topical(known: Cast, random: Random) -> list[str]:
    """Different words of one sentence, so that some article has them together."""
    sentence = random.choice(random.choice(known.topics).sentences)
    words = [word for word in sentence.lower().rstrip(".").split() if len(word) > 3]
    return [*{joined(word): word for word in words}.values()]


def _phrase(known: Cast, random: Random, at: int) -> str:
    sentence = random.choice(random.choice(known.topics).sentences).lower().rstrip(".").split()
    start = random.randrange(len(sentence) - 3)
    return f'"{" ".join(sentence[start : start + 2 + at % 2])}"'


def _facet(known: Cast, random: Random, at: int) -> str:
    name = random.choice(known.names[:200])
    filters = (
        f"entity:{name.id}", f"source:{known.sources[at % 30].id}",
        f'section:"{random.choice(SECTIONS)}"', f"lang:en entity:{name.id}", "lang:de",
        f'author:"{random.choice(known.authors)}"', f"is:original entity:{name.id}",
        f"entity:{name.id} -source:{known.sources[0].id}", "person:altman",
    )  # fmt: skip
    clause = filters[at % len(filters)]
    return clause if at % 3 else f"{clause} {_word(random, at)}"


def _days(_: Cast, random: Random, at: int) -> str:
    """Everything, a quarter, a month or a day, with a word or without."""
    year, month = random.randint(2023, 2025), random.randint(1, 9)
    spans = (
        "", f"after:{year}-{month:02}-01 before:{year}-{month + 3:02}-01",
        f"after:{year}-{month:02}-01 before:{year}-{month + 1:02}-01",
        f"after:{year}-{month:02}-07 before:{year}-{month:02}-08", f"after:{year}",
    )  # fmt: skip
    return f"{spans[at % len(spans)]} {_word(random, at) if at % 2 else ''}".strip()


def _claim(known: Cast, random: Random, at: int) -> str:
    return _CLAIMS[at % len(_CLAIMS)].format(random.choice(known.names[:40]).id, 5 + at)


def _prefix(_: Cast, random: Random, at: int) -> str:
    word = _word(random, at)
    start = f"{word[: max(3, len(word) - 2 - at % 3)]}*"
    return start if at % 3 else f"{start} {_word(random, at + 1)}"


def _near(known: Cast, random: Random, at: int) -> str:
    one, other = random.sample(_topical(known, random), 2)
    return f'"{one} {other}"~{(3, 8, 20)[at % 3]}'


def _mood(known: Cast, _: Random, at: int) -> str:
    name = known.names[at].id
    return f"mood:{name}{('<-0.3', '>0.5', '<0')[at % 3]}"
