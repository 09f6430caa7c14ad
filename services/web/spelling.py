"""A query with its likely slips put right, for the link “did you mean”."""

import re
from collections.abc import Iterator, Mapping

from processors.query.tree import Node, Prefix, sought
from services.index import Index

MOST_WORDS = 16
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def did_you_mean(index: Index, query: str, node: Node) -> str:
    """The query with words that no article has put right; empty where nothing is wrong."""
    words = list(dict.fromkeys(_looked_for(node)))[:MOST_WORDS]
    better = index.suggest(words) if words else {}
    meant = replaced(query, better)
    return meant if meant != query else ""


def _looked_for(node: Node) -> Iterator[str]:
    for text in sought(node):
        if not isinstance(text, Prefix):
            yield from _WORD.findall(text.text)


def replaced(query: str, better: Mapping[str, str]) -> str:
    """The query with each of these words put right, where it is a word and no field's name."""
    if not better:
        return query
    either = "|".join(re.escape(word) for word in sorted(better, key=len, reverse=True))
    return re.sub(rf"(?<![\w'’])(?:{either})(?![\w'’]|:\S)", lambda found: better[found[0]], query)
