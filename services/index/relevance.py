"""Which articles come first: those that have the words in the more prominent places.

A word or phrase that matches adds the weights of all places where it stands; equal sums come
newest first. The order depends on nothing but the articles themselves. So it is the same in every
engine, on every replica, before and after a merge, and a word that is repeated 5,000 times counts
no more than one that is used often.
"""

from processors.query.tree import Words

WEIGHTS = {"title": 4.0, "lead": 2.0, "often": 1.0, "body": 1.0}
"""Field of terms to weight. A word stands in all of them that hold it."""


def places(words: Words) -> dict[str, float]:
    """The fields in which a word or phrase is looked for; phrases have no frequent form."""
    if len(words.terms) == 1:
        return WEIGHTS
    return {field: weight for field, weight in WEIGHTS.items() if field != "often"}
