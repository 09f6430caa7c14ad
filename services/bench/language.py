"""``beatwire bench nlp``: the language part of the read stage against the plain model."""

from collections.abc import Callable
from importlib.resources import files
from itertools import cycle
from statistics import median

import msgspec

from services.bench.machine import Machine, seconds, this_machine


class TextsBench(msgspec.Struct, frozen=True):
    """Medians over the rounds; a round times both on the same texts, one after the other."""

    texts: str
    """``coverage``, with figures as rare as in news, or ``newsroom``, where most tell one."""
    articles: int
    words: int
    beatwire_words_per_second: float
    plain_words_per_second: float
    ratio: float
    """Median of the rounds' own ratios, so that a drift of the machine's speed cancels."""


class LanguageBench(msgspec.Struct, frozen=True):
    """What one run found."""

    machine: Machine
    rounds: int
    mood: str
    found: tuple[TextsBench, ...]


def bench_language(
    words: int, rounds: int, mood: str, tell: Callable[[str], None]
) -> LanguageBench:
    """Read at least ``words`` words of each kind of texts ``rounds`` times each way.

    One process, one thread of ours. The peer is the same model's full pipeline, with nothing of
    Beatwire in it.

    Raises:
        MoodError: the model of mood cannot be used.
    """
    from processors.nlp.pipeline import plain_pipeline
    from processors.nlp.reader import Text, load_reader

    tell("loading both pipelines")
    plain, reader = plain_pipeline(), load_reader(mood=mood)

    def run_plain(texts: list[str]) -> None:
        with plain.memory_zone():
            for _ in plain.pipe(texts, batch_size=32):
                pass

    def compare(name: str, texts: list[str]) -> TextsBench:
        asked = [Text(body=text) for text in texts]
        ours, theirs = [], []
        for number in range(rounds + 1):
            tell(f"{name}: " + (f"round {number} of {rounds}" if number else "warming up"))
            took = seconds(lambda: run_plain(texts)), seconds(lambda: reader.read(asked))
            if number:
                theirs.append(took[0])
                ours.append(took[1])
        count = sum(len(text.split()) for text in texts)
        return TextsBench(
            texts=name,
            articles=len(texts),
            words=count,
            beatwire_words_per_second=round(count / median(ours)),
            plain_words_per_second=round(count / median(theirs)),
            ratio=round(median([a / b for a, b in zip(theirs, ours, strict=True)]), 2),
        )

    kinds = {"coverage": coverage(), "newsroom": newsroom()}
    found = tuple(compare(name, _enough(texts, words)) for name, texts in kinds.items())
    return LanguageBench(machine=this_machine(), rounds=rounds, mood=mood, found=found)


def coverage() -> list[str]:
    """Articles with as many figures, names and quotations as news of the AI industry has."""
    return [text for _, text in headed()]


def headed() -> list[tuple[str, str]]:
    """The same with their headlines before them."""
    content = (files("services.bench") / "content" / "coverage.txt").read_text("utf-8")
    parts = (article.strip().partition("\n\n") for article in content.split("\n---\n"))
    return [(headline, text) for headline, _, text in parts]


def newsroom() -> list[str]:
    """The sample newsroom's English articles: more claims than any newspaper has."""
    from services.demo.stories import load_stories

    stories = [story for story in load_stories() if story.front.ending == "stored"]
    return ["\n\n".join(story.paragraphs) for story in stories]


def _enough(texts: list[str], words: int) -> list[str]:
    """The texts, over again until they have ``words`` words."""
    taken: list[str] = []
    count = 0
    for text in cycle(texts):
        taken.append(text)
        count += len(text.split())
        if count >= words:
            break
    return taken
