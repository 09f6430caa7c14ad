"""Which articles come first: those that have the words in the more prominent places.

Each word or phrase that is looked for adds the weights of all places where it stands; equal sums
come newest first. The order depends on nothing but the article itself. So it is the same in every
engine, on every replica, before and after a merge, and a word that is repeated 5,000 times counts
no more than one that is used often.
"""

from processors.query.tree import Near, Node, Where, Words, sought

WEIGHTS = {"title": 4.0, "lead": 2.0, "often": 1.0, "body": 1.0}
"""Field of terms to weight: whole numbers, so that sums are exact in any order."""
SINGLE = frozenset({"often"})
"""Fields that hold terms without their order: no phrase is in them."""

Phrase = tuple[Where, tuple[str, ...]]
"""Terms that follow one another, and the texts that they are looked for in."""


def phrases(query: Node) -> list[Phrase]:
    """What moves an article up: of words near each other each one, of beginnings nothing."""
    found: dict[Phrase, None] = {}
    for text in sought(query):
        match text:
            case Words(terms=words, where=where):
                found[where, words] = None
            case Near(terms=words, where=where):
                found.update(((where, (word,)), None) for word in words)
    return list(found)


def weights(phrase: Phrase) -> list[tuple[str, float]]:
    """The fields in which a phrase counts, and how much."""
    where, words = phrase
    return [
        (field, weight)
        for field, weight in WEIGHTS.items()
        if where in ("", field) and (len(words) == 1 or field not in SINGLE)
    ]
