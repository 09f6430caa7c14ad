"""Which articles come first: those that have the words in the more prominent places.

Each word or phrase that is looked for adds the weights of all places where it stands; equal sums
come newest first. The order depends on nothing but the article itself. So it is the same in every
engine, on every replica, before and after a merge, and a word that is repeated 5,000 times counts
no more than one that is used often.
"""

from collections.abc import Iterator

from processors.query.tree import Near, Node, Where, Words, sought

WEIGHTS = {"title": 4.0, "lead": 2.0, "often": 1.0, "body": 1.0}
"""Field of terms to weight: whole numbers, so that sums are exact in any order."""
SINGLE = frozenset({"often"})
"""Fields that hold terms without their order: no phrase is in them."""


def weighed(query: Node) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Field, term or phrase, and weight of everything that moves an article up."""
    for where, words in dict.fromkeys(_phrases(query)):
        for field, weight in WEIGHTS.items():
            if where in ("", field) and (len(words) == 1 or field not in SINGLE):
                yield field, words, weight


def _phrases(query: Node) -> Iterator[tuple[Where, tuple[str, ...]]]:
    """What is weighed: of words near each other each one, of beginnings nothing."""
    for text in sought(query):
        match text:
            case Words(terms=words, where=where):
                yield where, words
            case Near(terms=words, where=where):
                yield from ((where, (word,)) for word in words)
