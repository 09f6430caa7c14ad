"""Sentences of our own that training adds to its user's: news of business and technology.

Labelled news is mostly of politics, where no stock plunges and no model tops a benchmark.
"""

from collections.abc import Iterator
from importlib.resources import files

from processors.nlp.mood.training.examples import Example
from processors.records import Polarity

FILE = "mood-examples.txt"
TIMES = 3
"""Each sentence is used with so many pairs of names."""
_SIGNS: dict[str, Polarity] = {"-": "negative", "0": "neutral", "+": "positive"}
_NAMES = [
    "Nvidia",
    "OpenAI",
    "Quillon AI",
    "Anthropic",
    "Tessera",
    "Google",
    "Meta",
    "DeepSeek",
    "Norrland Robotics",
    "Mistral",
    "AMD",
    "Halden Systems",
    "Microsoft",
    "the company",
    "Intel",
    "Apple",
    "Veldt",
    "Amazon",
    "Baidu",
    "the start-up",
    "Samsung",
    "Cohere",
    "Brightwater Labs",
    "Tesla",
    "Oracle",
    "Alphabet",
    "TSMC",
    "Perplexity",
    "Alibaba",
    "Hollis Semiconductor",
    "ByteDance",
]


def own_examples() -> list[Example]:
    """The same every time. Raises ValueError at a bad line of the file."""
    text = (files("processors.nlp") / "data" / FILE).read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [example for number, line in enumerate(lines) for example in _examples(line, number)]


def _examples(line: str, number: int) -> Iterator[Example]:
    signs, _, pattern = line.partition(" | ")
    for time in range(TIMES):
        at = (number * 7 + time * 11) % len(_NAMES)
        names = {"A": _NAMES[at], "B": _NAMES[(at + 3 + time) % len(_NAMES)]}
        text = pattern.format_map(names)
        text = text[0].upper() + text[1:]
        for sign, slot in zip(signs, names, strict=False):
            start = len(pattern[: pattern.index(f"{{{slot}}}")].format_map(names))
            if sign not in _SIGNS:
                raise ValueError(f"{FILE}: {signs!r} is not made of -, 0 and +")
            yield Example(text, start, start + len(names[slot]), _SIGNS[sign])
