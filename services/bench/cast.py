"""Who and what made-up coverage speaks of: topics with their sentences, names and sources."""

from functools import cache
from random import Random

import msgspec

from processors.nlp.gazetteer import load
from processors.records import EntityType
from services.bench.words import Vocabulary, random_of, vocabulary, zipf

SEED = 20_250_128
TOPICS = 200
SENTENCES = 250
"""Of each topic: an article takes most of its own from its topic's."""
TOPIC_WORDS = 400
TOPIC_SHARE = 0.3
"""Of the words of a topic's sentences."""
NAMES_A_TOPIC = 15
SOURCES = 120
AUTHORS = 800
SECTIONS = ("technology", "business", "markets", "policy", "world", "science", "opinion",
            "companies", "chips", "start-ups", "europe", "asia", "law", "energy")  # fmt: skip
LANGUAGES = ("en",) * 93 + ("de",) * 3 + ("fr",) * 2 + ("es", "")
FIRST = ("nvidia", "openai", "microsoft", "google", "meta", "deepseek", "anthropic", "amazon",
         "apple", "amd", "tsmc", "intel", "mistral", "xai", "sam-altman", "elon-musk", "gpt-4",
         "h100", "china", "us")  # fmt: skip
"""The ids that most is written about."""


class Name(msgspec.Struct, frozen=True):
    id: str
    name: str
    type: EntityType


class Topic(msgspec.Struct, frozen=True):
    """What belongs together: words, and whom they are about."""

    sentences: tuple[str, ...]
    names: tuple[Name, ...]


class Source(msgspec.Struct, frozen=True):
    id: str
    name: str


class Cast(msgspec.Struct, frozen=True):
    """All of it; sources and names the most frequent first."""

    names: tuple[Name, ...]
    topics: tuple[Topic, ...]
    sources: tuple[Source, ...]
    authors: tuple[str, ...]
    source_ranks: Vocabulary
    topic_ranks: Vocabulary
    name_ranks: Vocabulary


@cache
def cast() -> Cast:
    """The same in every process; takes some seconds."""
    random = random_of(SEED)
    words = vocabulary()
    names = _names(random)
    ranks = zipf([str(rank) for rank in range(len(names))], 0.9)
    return Cast(
        names=names,
        topics=tuple(_topic(random, words, names, ranks) for _ in range(TOPICS)),
        sources=tuple(
            Source(f"source-{at}", f"{words.words[2000 + at].title()} {kind}")
            for at in range(SOURCES)
            for kind in (("Wire", "Ledger", "Times", "Desk")[at % 4],)
        ),
        authors=tuple(
            f"{words.words[3000 + at].title()} {words.words[4000 + at].title()}"
            for at in range(AUTHORS)
        ),
        source_ranks=zipf([str(at) for at in range(SOURCES)], 0.8),
        topic_ranks=zipf([str(at) for at in range(TOPICS)], 0.6),
        name_ranks=ranks,
    )


def _names(random: Random) -> tuple[Name, ...]:
    known = {each.id: Name(each.id, each.name, each.type) for each in load().values()}
    first = [id for id in FIRST if id in known]
    rest = sorted(set(known) - set(first))
    random.shuffle(rest)
    return tuple(known[id] for id in (*first, *rest))


def _topic(random: Random, words: Vocabulary, names: tuple[Name, ...], ranks: Vocabulary) -> Topic:
    ranks_of = (int(200 * 300 ** random.random()) for _ in range(TOPIC_WORDS))
    own = zipf([*dict.fromkeys(words.words[rank] for rank in ranks_of)], 0.8)
    who = dict.fromkeys(names[int(rank)] for rank in ranks.draw(random, 4 * NAMES_A_TOPIC))
    return Topic(
        sentences=tuple(_sentence(random, words, own) for _ in range(SENTENCES)),
        names=tuple(who)[:NAMES_A_TOPIC],
    )


def _sentence(random: Random, words: Vocabulary, own: Vocabulary) -> str:
    count = random.randint(11, 29)
    drawn = words.draw(random, count)
    for at, word in enumerate(own.draw(random, count)):
        if random.random() < TOPIC_SHARE:
            drawn[at] = word
    return " ".join(drawn).capitalize() + "."
