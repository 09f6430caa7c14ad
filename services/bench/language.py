"""``beatwire bench nlp``: the language part of the read stage against the plain model."""

from collections.abc import Callable
from statistics import median

import msgspec

from services.bench.machine import Machine, seconds, this_machine


class LanguageBench(msgspec.Struct, frozen=True):
    """Medians over the rounds; a round times both on the same texts, one after the other."""

    machine: Machine
    rounds: int
    articles: int
    words: int
    beatwire_words_per_second: float
    plain_words_per_second: float
    ratio: float
    """Median of the rounds' own ratios, so that a drift of the machine's speed cancels."""


def bench_language(words: int, rounds: int, tell: Callable[[str], None]) -> LanguageBench:
    """Read at least ``words`` words of the newsroom's articles ``rounds`` times each way.

    One process, one thread of ours. The peer is the same model's full pipeline, with nothing of
    Beatwire in it.
    """
    from processors.nlp.pipeline import plain_pipeline
    from processors.nlp.reader import Text, load_reader

    texts = _texts(words)
    count = sum(len(text.split()) for text in texts)
    tell("loading both pipelines")
    reader, plain = load_reader(), plain_pipeline()
    ours, theirs = [], []
    asked = [Text(body=text) for text in texts]

    def run_plain() -> None:
        with plain.memory_zone():
            for _ in plain.pipe(texts, batch_size=32):
                pass

    for number in range(rounds + 1):
        tell("warming up" if number == 0 else f"round {number} of {rounds}")
        took = seconds(run_plain), seconds(lambda: reader.read(asked))
        if number:
            theirs.append(took[0])
            ours.append(took[1])
    return LanguageBench(
        machine=this_machine(),
        rounds=rounds,
        articles=len(texts),
        words=count,
        beatwire_words_per_second=round(count / median(ours)),
        plain_words_per_second=round(count / median(theirs)),
        ratio=round(median([a / b for a, b in zip(theirs, ours, strict=True)]), 2),
    )


def _texts(words: int) -> list[str]:
    """The newsroom's English articles, over again until there are enough words."""
    from services.demo.stories import load_stories

    stories = [story for story in load_stories() if story.front.ending == "stored"]
    texts: list[str] = []
    count = 0
    while count < words:
        text = "\n\n".join(stories[len(texts) % len(stories)].paragraphs)
        texts.append(text)
        count += len(text.split())
    return texts
