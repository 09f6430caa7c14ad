"""One article as a query sees it: its facts, and what is worked out once where a query asks."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from processors.query.matching.facts import (
    START,
    TITLE_START,
    field_facts,
    reading_facts,
    text_facts,
)
from processors.query.matching.starts import Starts
from processors.query.terms import forms, terms
from processors.query.tree import Leaf, Where
from processors.records import Article

Places = dict[str, list[int]]


class Seen:
    """See the module. ``facts`` has what ``pairs`` and ``starts`` ask for and all the rest."""

    __slots__ = ("_places", "_spaced", "article", "body", "facts", "known", "title")

    def __init__(self, article: Article, *, pairs: bool, starts: Starts) -> None:
        self.article = article
        self.title, self.body = terms(article.title), terms(article.body)
        self.facts = text_facts(self.title, self.body, pairs=pairs)
        self.facts.update(field_facts(article), reading_facts(article))
        if starts.any:
            self.facts.update(_begun(article, starts))
        self.known: dict[Leaf, bool] = {}
        """What ``checks.holds`` found already."""
        self._spaced: dict[Where, str] = {}
        self._places: dict[Where, tuple[Places, ...]] = {}

    def spaced(self, where: Where) -> str:
        """The terms with a space on both sides of each, and a line between title and body."""
        if where not in self._spaced:
            self._spaced[where] = "\n".join(f" {' '.join(text)} " for text in self._texts(where))
        return self._spaced[where]

    def places(self, where: Where) -> tuple[Places, ...]:
        """Of each text: its terms, and where each of them stands, in order."""
        if where not in self._places:
            self._places[where] = tuple(map(_places, self._texts(where)))
        return self._places[where]

    def _texts(self, where: Where) -> tuple[tuple[str, ...], ...]:
        return (self.title,) if where else (self.title, self.body)


def _begun(article: Article, starts: Starts) -> Iterable[str]:
    title = {start for form in set(forms(article.title)) for start in starts[form]}
    body = chain.from_iterable(map(starts.__getitem__, set(forms(article.body))))
    yield from (f"{START}:{start}" for start in title.union(body))
    yield from (f"{TITLE_START}:{start}" for start in title)


def _places(text: tuple[str, ...]) -> Places:
    found: Places = defaultdict(list)
    for at, term in enumerate(text):
        found[term].append(at)
    return found
